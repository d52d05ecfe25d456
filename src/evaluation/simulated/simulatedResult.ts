/**
 * What a study in a simulator leaves: `result.json` with the keys that every fit has, and beside them
 * what only such a fit has, gaps with their errors and returns in the world's own rewards. Every
 * number that does not exist is null, and `reasons` says why.
 */

import { z } from 'zod';
import { Calibration } from '../comparison/comparisonResult.ts';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');

const FileSummary = z.object({ name: z.string(), sha256: z.string(), rows: z.int() });

const SimulatedData = z.object({
  trajectories: z.int().describe('Episodes fitted to'),
  decisions: z.int(),
  states: z.null(),
  actions: z.int().nullable().describe('How many there are, where they are numbered'),
  goals: z.literal(0),
  cutOff: z.int().describe('Episodes that stop though something could still come'),
  empty: z.int(),
  heldOut: z.object({ trajectories: z.int(), decisions: z.int() }).nullable(),
  files: z.array(FileSummary),
  warnings: z.array(z.string()).optional(),
  reasons,
});
export type SimulatedData = z.infer<typeof SimulatedData>;

const SimulatedModel = z.object({
  time: z.literal('discounted'),
  discount: z.number(),
  temperature: z.number(),
  features: z.array(z.string()),
  holdOut: z.string().optional(),
});

const SimulatorSummary = z.object({
  name: z
    .string()
    .nullable()
    .describe('Of one that ships with the program; null of one of its own'),
  options: z.record(z.string(), z.unknown()).optional(),
  observationSize: z.int(),
  actions: z.enum(['discrete', 'box']),
  actionSize: z.int().describe('Numbers of an action; 1 where actions are numbered'),
  timeLimit: z.number().nullable().describe('Steps; null where there is none'),
});

const MeanReturn = z.object({
  value: z.number(),
  low: z.number().nullable().describe('95 % interval of the mean'),
  high: z.number().nullable(),
  episodes: z.int(),
  reasons,
});
export type MeanReturn = z.infer<typeof MeanReturn>;

const PolicyReturns = z.object({ greedy: MeanReturn, sampled: MeanReturn });

const ParameterResult = z.object({
  name: z.string(),
  estimate: z.number().nullable(),
  standardErrors: z.null(),
  monteCarloError: z.number().nullable().describe('How much rollouts and learning leave open'),
  held: z.enum(['fixed', 'at-bound']).optional(),
  reasons,
});

const GapResult = z.object({
  name: z.string(),
  demonstrated: z.number().describe('(1 − γ) Σ γᵗ φ, mean over episodes'),
  gap: z.number().describe('Demonstrated less expected, per step'),
  error: z.number().describe('Monte-Carlo standard error of the gap'),
  isWithin: z
    .boolean()
    .describe('Whether the gap is within its error, all features together 19 times of 20'),
});
export type GapResult = z.infer<typeof GapResult>;

const RoundResult = z.object({
  round: z.int(),
  theta: z
    .record(z.string(), z.number())
    .describe('What the plan of the round was made for; empty where a network is'),
  gaps: z.record(z.string(), z.number()),
  logLikelihood: z.number().describe('Per decision, of those fitted to, less any penalty'),
  returns: z.object({ greedy: z.number(), sampled: z.number() }).optional(),
});
export type RoundResult = z.infer<typeof RoundResult>;

const HeldOutScores = z.object({
  trajectories: z.int(),
  decisions: z.int(),
  logLikelihood: z.number().nullable(),
  accuracy: z.number().nullable().describe('Share of decisions whose likeliest action was taken'),
  calibration: Calibration.nullable(),
  coverage: z
    .array(
      z.object({
        half: z.number().describe('Share of actions within the middle half of what was predicted'),
        nineTenths: z.number(),
        distance: z.number().describe('Of the ranks of actions from uniform ones'),
        decisions: z.int().describe('In which this was looked at, evenly over all'),
      }),
    )
    .nullable()
    .describe('By coordinate of an action in a box'),
  reasons,
});
export type HeldOutScores = z.infer<typeof HeldOutScores>;

export const SimulatedMethodResult = z.object({
  method: z.string(),
  features: z.array(z.string()).optional().describe('What its reward sees, where that may differ'),
  stop: z.enum([
    'matched-within-error',
    'stopped-early',
    'max-iterations',
    'unbounded',
    'not-finite',
  ]),
  stopReason: z.string(),
  logLikelihood: z
    .number()
    .nullable()
    .describe('Of the decisions fitted to; densities, in the units of the world, of boxes'),
  gradientNorm: z.null(),
  evaluations: z.int().describe('Rounds, or updates where there are none'),
  seconds: z.number().describe('Fitting; looks and judging left out'),
  parameters: z.array(ParameterResult),
  heldOut: HeldOutScores.nullable(),
  gaps: z.array(GapResult).nullable().describe('Of all features of the study'),
  returns: PolicyReturns.nullable().describe('In the rewards of the world, never shown to the fit'),
  rounds: z.array(RoundResult).nullable(),
  simulatedSteps: z.int().describe('Steps taken in the simulator to fit'),
  agent: z.string().nullable().describe('What plans, where something does'),
  reasons,
});
export type SimulatedMethodResult = z.infer<typeof SimulatedMethodResult>;

const SimulatedExperiment = z.object({
  data: SimulatedData,
  model: SimulatedModel,
  simulator: SimulatorSummary,
  baselines: z.object({
    demonstrated: MeanReturn.nullable().describe('As recorded, in the episodes fitted to'),
    random: MeanReturn.nullable().describe('Every action as likely as any other'),
    reasons,
  }),
  methods: z.record(z.string(), SimulatedMethodResult),
  published: z.tuple([]),
});
export type SimulatedExperiment = z.infer<typeof SimulatedExperiment>;

const SimulatedCell = SimulatedExperiment.extend({ name: z.string(), seed: z.int() });
export type SimulatedCell = z.infer<typeof SimulatedCell>;

const HeldOutDifference = z.object({
  method: z.string(),
  reference: z.string(),
  perDecision: z
    .number()
    .nullable()
    .describe('Log-likelihood per held-out decision above that of the reference, mean over seeds'),
  interval: z.tuple([z.number(), z.number()]).nullable().describe('By drawing episodes anew'),
  reasons,
});
export type HeldOutDifference = z.infer<typeof HeldOutDifference>;

const heading = {
  format: z.literal(1),
  revealed: z.string(),
  study: z.string(),
  title: z.string(),
  meaning: z.string().optional(),
  source: z.record(z.string(), z.unknown()).optional(),
  seed: z.int(),
  backend: z.string().describe('Engine of the networks'),
  comparison: z
    .object({ level: z.number(), differences: z.array(HeldOutDifference) })
    .optional()
    .describe('Of the methods on the episodes that were held out'),
};

export const SimulatedFile = z.union([
  z.object({ ...heading, ...SimulatedExperiment.shape }),
  z.object({ ...heading, cells: z.array(SimulatedCell) }),
]);
export type SimulatedFile = z.infer<typeof SimulatedFile>;

/** The fits of a result by seed: its cells, or the single one. */
export function simulatedCellsOf(result: SimulatedFile): SimulatedCell[] {
  return 'cells' in result
    ? result.cells
    : [{ ...result, name: `seed ${result.seed}`, seed: result.seed }];
}

/** Whether a result is of a study in a simulator. */
export function isSimulatedFile(result: object): result is SimulatedFile {
  const { cells } = result as { readonly cells?: readonly object[] };
  return 'simulator' in (cells?.[0] ?? result);
}
