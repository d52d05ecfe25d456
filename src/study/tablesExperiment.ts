/** An experiment from plain tables, as `revealed fit` and JSON studies name them. */

import { z } from 'zod';
import { NetworkOptions } from '../algorithms/network/networkOptions.ts';
import { methodNames } from '../algorithms/registry.ts';
import { SampledOptions } from '../algorithms/sampled/sampledOptions.ts';
import { loadPlainTables, type PlainTables } from '../demonstrations/tables/plainTables.ts';
import { type MinimizerName, minimizers } from '../optimizers/registry.ts';
import { timeStructure } from './experiment.ts';
import type { Experiment, Recordings } from './study.ts';

const classOptions = {
  classes: z
    .int()
    .min(2)
    .optional()
    .describe('How many classes of demonstrators latent-classes finds (default 2)'),
  restarts: z
    .int()
    .positive()
    .optional()
    .describe('From how many starts latent-classes seeks them (default 6)'),
};

const SpecificationOfTables = z.strictObject({
  name: z.string().min(1).describe('By which the result tells it from others'),
  method: z.enum(methodNames),
  features: z.array(z.string()).optional().describe('Which features it sees; all where absent'),
  ...classOptions,
  ...SampledOptions.shape,
  network: NetworkOptions.optional().describe('In place of the network of the others'),
});

const optimizerNames = Object.keys(minimizers) as [MinimizerName, ...MinimizerName[]];

/** The description of a fit from tables: what `revealed fit` takes as flags, as plain data. */
export const TablesExperiment = z.strictObject({
  transitions: z.string().describe('Table of moves: state [, action], next_state [, probability]'),
  features: z
    .string()
    .describe('Table of features: state [, action [, next_state]], one column each'),
  trajectories: z
    .string()
    .describe(
      'Table of behaviour: trajectory, step, state [, action] [, goal] [, weight] [, fold] [, person]',
    ),
  exits: z.string().optional().describe('Table of exits to destinations: goal, state [, reward]'),
  initial: z.string().optional().describe('Table of the start distribution: state, probability'),
  missingFeatures: z
    .enum(['error', 'zero'])
    .default('error')
    .describe('What a pair without a row of features is'),
  discount: z.number().optional().describe('Worth of the next step; below 1: infinite horizon'),
  horizon: z.number().optional().describe('Number of decisions of a finite horizon'),
  temperature: z.number().positive().default(1).describe('Entropy weight, in units of reward'),
  methods: z
    .array(z.union([z.enum(methodNames), SpecificationOfTables]))
    .min(1)
    .default(['causal-entropy', 'behavior-cloning'])
    .describe(`Which methods to run, of ${methodNames.join(', ')}`),
  objective: z
    .enum(['likelihood', 'feature-matching'])
    .default('likelihood')
    .describe('Exact likelihood of the decisions, or the max-ent dual'),
  start: z.record(z.string(), z.number()).optional().describe('First values of parameters'),
  fix: z.record(z.string(), z.number()).optional().describe('Parameters held at a value'),
  bounds: z
    .record(z.string(), z.tuple([z.number().nullable(), z.number().nullable()]))
    .optional()
    .describe('Lowest and highest values of parameters; null for none'),
  l2: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Penalty λ: subtracts (λ/2) Σ θ² from the likelihood'),
  holdOut: z.string().optional().describe('Fold to leave out of the fit and predict'),
  optimizer: z.enum(optimizerNames).optional().describe('How to maximise; chosen by the problem'),
  tolerance: z
    .number()
    .positive()
    .optional()
    .describe('Largest score per decision (features at unit spread) that counts as zero'),
  maxIterations: z.int().positive().optional().describe('Give up after this many iterations'),
  ...classOptions,
  ...SampledOptions.shape,
  network: NetworkOptions.optional().describe(
    'What causal-entropy-network and behavior-cloning-network fit beside the linear part',
  ),
  skipClassCheck: z
    .boolean()
    .optional()
    .describe('Leave out the fits with one class less and one more'),
});
/** What a caller may write. */
export type TablesExperiment = z.input<typeof TablesExperiment>;

/** The tables as an experiment brings them, with the world they describe. */
type TableRecordings = Recordings & { readonly tables: PlainTables };

/** @param resolve turns the paths as written into paths to read */
export function tablesExperiment(
  input: TablesExperiment,
  resolve: (path: string) => string = (path) => path,
): Experiment {
  const options = TablesExperiment.parse(input);
  const { transitions, features, trajectories, exits, initial } = options;
  const { discount, horizon } = options;
  const finds = options.methods.some((asked) =>
    [asked, typeof asked === 'string' ? '' : asked.method].includes('latent-classes'),
  );
  if (!finds && (options.classes ?? options.restarts ?? options.skipClassCheck) !== undefined)
    throw new RangeError(
      'Cannot use classes, restarts or skipClassCheck: only the method latent-classes finds classes; add it to --methods',
    );
  const given = Object.keys(samplingOf(options));
  const samples = options.methods.some((asked) =>
    /^causal-entropy-(simulator|log)$/.test(typeof asked === 'string' ? asked : asked.method),
  );
  if (given.length > 0 && !samples)
    throw new RangeError(
      `Cannot use ${given.join(', ')}: only causal-entropy-simulator and causal-entropy-log meet the dynamics in samples; add one to --methods`,
    );
  refuseIdleNetwork(input);
  const lookAhead = {
    ...(discount === undefined ? {} : { discount }),
    ...(horizon === undefined ? {} : { horizon }),
  };
  // Without a horizon there may be goals; the loader says what is missing where there are none.
  const time = timeStructure(lookAhead, horizon === undefined);
  const experiment: Experiment<TableRecordings> = {
    data: async () => {
      const tables = await loadPlainTables(
        {
          transitions: resolve(transitions),
          features: resolve(features),
          trajectories: resolve(trajectories),
          exits: exits === undefined ? undefined : resolve(exits),
          initial: initial === undefined ? undefined : resolve(initial),
          missingFeatures: options.missingFeatures,
        },
        time,
      );
      return { ...tables, tables };
    },
    world: ({ tables }) => tables.world,
    features: ({ tables }) => tables.features,
    ...lookAhead,
    temperature: options.temperature,
    methods: options.methods.map((asked) => {
      if (typeof asked === 'string') return asked;
      const { name, method, features: seen, classes, restarts, network, ...others } = asked;
      return {
        name,
        method,
        ...(seen ? { features: seen } : {}),
        fit: {
          ...(classes === undefined ? {} : { classes }),
          ...(restarts === undefined ? {} : { restarts }),
          ...(network ? { network } : {}),
          sampling: { ...samplingOf(options), ...samplingOf(others) },
        },
      };
    }),
    ...(options.holdOut === undefined ? {} : { holdOut: options.holdOut }),
    fit: {
      objective: options.objective,
      l2: options.l2,
      ...(options.start ? { start: options.start } : {}),
      ...(options.fix ? { fix: options.fix } : {}),
      ...(options.bounds ? { bounds: openBounds(options.bounds) } : {}),
      ...(options.optimizer ? { optimizer: options.optimizer } : {}),
      ...(options.tolerance === undefined ? {} : { tolerance: options.tolerance }),
      ...(options.maxIterations === undefined ? {} : { maxIterations: options.maxIterations }),
      ...(options.classes === undefined ? {} : { classes: options.classes }),
      ...(options.restarts === undefined ? {} : { restarts: options.restarts }),
      ...(options.network ? { network: options.network } : {}),
      ...(options.skipClassCheck ? { classCheck: false } : {}),
      ...(Object.keys(samplingOf(options)).length === 0 ? {} : { sampling: samplingOf(options) }),
    },
  };
  return experiment as unknown as Experiment;
}

/** Throws where options of a network would do nothing. */
function refuseIdleNetwork({ methods = [], network }: TablesExperiment): void {
  const isNetwork = (method: string): boolean => method.endsWith('-network');
  const own = methods.flatMap((asked) => (typeof asked === 'string' ? [] : [asked]));
  const idle = own.find((asked) => asked.network && !isNetwork(asked.method));
  const anywhere = methods.some((asked) =>
    isNetwork(typeof asked === 'string' ? asked : asked.method),
  );
  if (idle || (network && !anywhere))
    throw new RangeError(
      `Cannot use options of a network${idle ? ` for "${idle.name}"` : ''}: only causal-entropy-network and behavior-cloning-network have one; add one to --methods`,
    );
  const idleRate = [network, ...own.map((asked) => asked.network)].some(
    (given) => given?.rate !== undefined && given.goalsPerStep === undefined,
  );
  if (idleRate)
    throw new RangeError(
      'Cannot use a learning rate of the network without goalsPerStep: only Adam has one, and it takes some goals at a time; give --network-goals-per-step too',
    );
}

/** The options of sampling that were given. */
function samplingOf(options: SampledOptions): SampledOptions {
  const names = Object.keys(SampledOptions.shape) as (keyof SampledOptions)[];
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
  );
}

function openBounds(
  bounds: Record<string, [number | null, number | null]>,
): Record<string, [number, number]> {
  return Object.fromEntries(
    Object.entries(bounds).map(([name, [low, high]]) => [
      name,
      [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY],
    ]),
  );
}

/** The tables that an experiment names. */
export function tableFiles({
  transitions,
  features,
  trajectories,
  exits,
  initial,
}: TablesExperiment): string[] {
  return [transitions, features, trajectories, exits, initial].filter((file) => file !== undefined);
}
