/** The flags that describe an experiment on plain tables: what `fit` and `compare` share. */

import { z } from 'zod';
import { NetworkOptions } from '../algorithms/network/networkOptions.ts';
import { methodNames } from '../algorithms/registry.ts';
import { SampledOptions } from '../algorithms/sampled/sampledOptions.ts';
import { minimizers } from '../optimizers/registry.ts';
import { TablesExperiment } from '../study/tablesExperiment.ts';
import { numberFlag, wholeNumberFlag } from './command.ts';
import { boundsFlag, listFlag, namedNumbersFlag, widthsFlag } from './flags.ts';

export const experimentFlags = {
  transitions: z.string().describe('Moves: state [, action], next_state [, probability]'),
  features: z.string().describe('Features: state [, action [, next_state]], one column each'),
  trajectories: z
    .string()
    .describe(
      'Behaviour: trajectory, step, state [, action] [, goal] [, weight] [, fold] [, person]',
    ),
  discount: numberFlag().optional().describe('Worth of the next step; below 1: infinite horizon'),
  horizon: wholeNumberFlag().optional().describe('Finite horizon of so many decisions'),
  exits: z.string().optional().describe('Exits to destinations: goal, state [, reward]'),
  initial: z.string().optional().describe('Start distribution: state, probability'),
  methods: listFlag(methodNames)
    .optional()
    .describe(`Which methods, separated by commas (${methodNames.join(', ')})`),
  objective: z
    .enum(['likelihood', 'feature-matching'])
    .optional()
    .describe('likelihood (default) or feature-matching'),
  temperature: numberFlag()
    .pipe(TablesExperiment.shape.temperature.unwrap())
    .optional()
    .describe('Entropy weight τ, in units of reward (default 1)'),
  start: namedNumbersFlag().optional().describe('First values: name=value,…'),
  fix: namedNumbersFlag().optional().describe('Parameters held at a value: name=value,…'),
  bounds: boundsFlag()
    .optional()
    .describe('Admissible values: name=low:high,… (an end may be empty)'),
  l2: numberFlag()
    .pipe(TablesExperiment.shape.l2.unwrap())
    .optional()
    .describe('Penalty λ: subtracts (λ/2) Σ θ² (default 0)'),
  missingFeatures: z
    .enum(['error', 'zero'])
    .optional()
    .describe('Pairs without a row of features: error (default) or zero'),
  optimizer: z
    .enum(Object.keys(minimizers) as [keyof typeof minimizers])
    .optional()
    .describe(`How to maximise: ${Object.keys(minimizers).join(', ')}`),
  tolerance: numberFlag()
    .pipe(TablesExperiment.shape.tolerance.unwrap())
    .optional()
    .describe('Largest score per decision that counts as zero'),
  maxIterations: wholeNumberFlag()
    .pipe(TablesExperiment.shape.maxIterations.unwrap())
    .optional()
    .describe('Give up after this many iterations'),
  classes: wholeNumberFlag()
    .pipe(TablesExperiment.shape.classes.unwrap())
    .optional()
    .describe('latent-classes: how many classes of demonstrators (default 2)'),
  restarts: wholeNumberFlag()
    .pipe(TablesExperiment.shape.restarts.unwrap())
    .optional()
    .describe('latent-classes: from how many starts they are sought (default 6)'),
  rounds: wholeNumberFlag()
    .pipe(SampledOptions.shape.rounds.unwrap())
    .optional()
    .describe(`causal-entropy-simulator: ${lowered(SampledOptions.shape.rounds)}`),
  planner: SampledOptions.shape.planner.describe(
    `causal-entropy-simulator: ${lowered(SampledOptions.shape.planner)}`,
  ),
  rollouts: wholeNumberFlag()
    .pipe(SampledOptions.shape.rollouts.unwrap())
    .optional()
    .describe(`causal-entropy-simulator: ${lowered(SampledOptions.shape.rollouts)}`),
  learningSteps: wholeNumberFlag()
    .pipe(SampledOptions.shape.learningSteps.unwrap())
    .optional()
    .describe(`causal-entropy-simulator: ${lowered(SampledOptions.shape.learningSteps)}`),
  precision: numberFlag()
    .pipe(SampledOptions.shape.precision.unwrap())
    .optional()
    .describe(`causal-entropy-simulator: ${lowered(SampledOptions.shape.precision)}`),
  entropy: SampledOptions.shape.entropy.describe(
    `causal-entropy-simulator: ${lowered(SampledOptions.shape.entropy)}`,
  ),
  unseen: SampledOptions.shape.unseen.describe(
    `causal-entropy-log: ${lowered(SampledOptions.shape.unseen)}`,
  ),
  networkHidden: widthsFlag()
    .optional()
    .describe(`networks: ${lowered(NetworkOptions.shape.hidden)} (default 16,16)`),
  networkL2: ofNetwork(numberFlag(), 'l2'),
  networkHeldOut: ofNetwork(numberFlag(), 'heldOut'),
  networkPatience: ofNetwork(wholeNumberFlag(), 'patience'),
  networkMaxIterations: ofNetwork(wholeNumberFlag(), 'maxIterations'),
  networkGoalsPerStep: wholeNumberFlag()
    .pipe(NetworkOptions.shape.goalsPerStep.unwrap())
    .optional()
    .describe(`networks: ${lowered(NetworkOptions.shape.goalsPerStep)}`),
  networkRate: ofNetwork(numberFlag(), 'rate'),
  skipClassCheck: z
    .boolean()
    .optional()
    .describe('latent-classes: leave out the fits with one class less and one more'),
};

/** The description of an option, to stand after a colon. */
function lowered({ description = '' }: z.ZodType): string {
  return description.charAt(0).toLowerCase() + description.slice(1);
}

/** A flag for a number of networks, read by its schema. */
function ofNetwork(
  text: z.ZodType<number, string>,
  option: 'l2' | 'heldOut' | 'patience' | 'maxIterations' | 'rate',
) {
  const schema = NetworkOptions.shape[option];
  return text
    .pipe(schema.unwrap())
    .optional()
    .describe(`networks: ${lowered(schema)} (default ${schema.parse(undefined)})`);
}

/** Options of an experiment from its flags: those of networks stand together. */
export function experimentOptions(flags: Record<string, unknown>): Record<string, unknown> {
  const network: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(flags)) {
    const [, first, rest] = /^network([A-Z])(.*)$/.exec(name) ?? [];
    if (first === undefined) others[name] = value;
    else network[first.toLowerCase() + rest] = value;
  }
  return Object.keys(network).length > 0 ? { ...others, network } : others;
}

/** Drops the options that were not given, so that defaults stay defaults. */
export function definedOnly(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
