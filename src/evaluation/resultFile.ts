/**
 * The shape of `result.json`, the one file that every run leaves behind. Names here are a contract:
 * keys may be added, these stay.
 *
 * A number that does not exist is null, and the same object says why under `reasons`.
 */

import { z } from 'zod';
import { ClassesResult } from './classesResult.ts';
import { ComparisonScores } from './comparison/comparisonResult.ts';
import { LearningCurve } from './comparison/curveResult.ts';
import { Transfer } from './comparison/transferResult.ts';
import { TestOutcome } from './inference/testOutcome.ts';
import { QuestionResult } from './inquiry/questionResult.ts';
import { SamplingResult } from './samplingResult.ts';
import { SimulatedFile } from './simulated/simulatedResult.ts';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');

export const FileSummary = z.object({
  name: z.string(),
  sha256: z.string(),
  rows: z.int().nonnegative(),
});

const bar = { low: z.int(), high: z.int(), count: z.int() };

export const DataHistograms = z.object({
  trajectories: z
    .array(z.object({ ...bar, cutOff: z.int() }))
    .describe('How many hold from low to high decisions, and how many of those are cut off'),
  states: z
    .array(z.object(bar))
    .describe('How many saw from low to high decisions; states without a choice left out'),
});
export type DataHistograms = z.infer<typeof DataHistograms>;

export const DataSummary = z.object({
  trajectories: z.int(),
  decisions: z.int().describe('Choices made, stops by an exit included; not weighted'),
  states: z.int(),
  actions: z.int().describe('Distinct names of actions'),
  goals: z.int(),
  counted: z
    .boolean()
    .optional()
    .describe('Decisions were counted: trajectories are kinds of decisions, each of many'),
  cutOff: z
    .int()
    .describe('Trajectories that end elsewhere than their goal, or before the horizon'),
  empty: z.int().describe('Trajectories without any decision'),
  files: z.array(FileSummary),
  warnings: z.array(z.string()).optional(),
  histograms: DataHistograms.optional(),
  choices: z
    .array(z.object({ action: z.string(), count: z.int() }))
    .optional()
    .describe('Decisions by action, where there are few, in the order of the world'),
});
export type DataSummary = z.infer<typeof DataSummary>;

export const ModelSummary = z.object({
  time: z.enum(['discounted', 'finite', 'undiscounted']).describe('How far ahead people look'),
  discount: z.number().describe('Worth of the next step'),
  horizon: z.int().optional().describe('Number of decisions, where finite'),
  temperature: z.number().describe('Entropy weight, in units of reward'),
  features: z.array(z.string()),
  l2: z.number().describe('Penalty λ: subtracts (λ/2) Σ θ² from the likelihood'),
  start: z.record(z.string(), z.number()).optional(),
  fix: z.record(z.string(), z.number()).optional(),
  bounds: z
    .record(z.string(), z.tuple([z.number().nullable(), z.number().nullable()]))
    .optional()
    .describe('Lowest and highest values; null for an open end'),
  holdOut: z.string().optional().describe('The fold left out of the fit'),
});
export type ModelSummary = z.infer<typeof ModelSummary>;

/** A number by each kind of standard error. */
const StandardErrors = z.object({
  hessian: z.number().nullable().describe('Of the inverse curvature'),
  outerProduct: z.number().nullable().describe('Of the products of the scores of decisions'),
  outerProductTrajectory: z.number().nullable().describe('The same of trajectories'),
  sandwich: z
    .number()
    .nullable()
    .describe('Robust: clustered by trajectory, or by person where they are known'),
  reasons,
});

const interval = z.tuple([z.number(), z.number()]).nullable();
const Intervals = z.object({
  level: z.number().describe('How often such intervals cover the truth, were the model true'),
  hessian: interval,
  outerProduct: interval,
  outerProductTrajectory: interval,
  sandwich: interval,
  reasons,
});

const StandardErrorsWithFirstStage = z.object({
  hessian: z.number().nullable().describe('Two steps (Murphy & Topel), of the inverse curvature'),
  sandwich: z.number().nullable().describe('Two steps, robust: clustered by trajectory'),
  fullLikelihood: z.number().nullable().describe('Of choices and first stage estimated at once'),
  reasons,
});

export const ParameterResult = z.object({
  name: z.string(),
  estimate: z.number().nullable(),
  standardErrors: StandardErrors.nullable(),
  intervals: Intervals.nullable()
    .optional()
    .describe('Wald intervals by each kind of standard error'),
  z: StandardErrors.nullable().optional().describe('Estimate / standard error, by kind'),
  p: StandardErrors.nullable()
    .optional()
    .describe('Two-sided, of a true value of 0, by kind of standard error'),
  standardErrorsWithFirstStage: StandardErrorsWithFirstStage.nullable()
    .optional()
    .describe('That the dynamics were estimated from the same log counted in, where asked'),
  held: z.enum(['fixed', 'at-bound']).optional().describe('Set where it was not free to move'),
  reasons,
});
export type ParameterResult = z.infer<typeof ParameterResult>;

const FirstStage = z.object({
  logLikelihood: z.number(),
  parameters: z.array(z.object({ name: z.string(), estimate: z.number() })),
});

const UnidentifiedDirection = z.object({
  direction: z.record(z.string(), z.number()),
  words: z.string(),
});

export const MethodResult = z.object({
  method: z.string().optional().describe('The method, where it has another name in this result'),
  features: z.array(z.string()).optional().describe('What it sees, where that may differ'),
  stop: z.enum([
    'converged',
    'max-iterations',
    'line-search-failed',
    'infeasible',
    'unbounded',
    'not-finite',
    'matched-within-error',
    'stopped-early',
  ]),
  stopReason: z.string().optional().describe('What the stop means, where it is not `converged`'),
  logLikelihood: z.number().nullable().describe('Of the decisions used to fit, without penalty'),
  gradientNorm: z
    .number()
    .nullable()
    .describe('Largest component of the score per decision, features scaled to unit spread'),
  evaluations: z.int(),
  seconds: z.number().describe('Fitting, preparation included, reading not'),
  parameters: z.array(ParameterResult),
  heldOut: z
    .object({
      trajectories: z.int(),
      decisions: z.int(),
      logLikelihood: z.number().nullable(),
      reasons,
    })
    .nullable(),
  clusteredBy: z
    .enum(['trajectory', 'person'])
    .optional()
    .describe('What the sandwich is clustered by; by trajectory where absent'),
  objective: z.enum(['likelihood', 'feature-matching']).optional(),
  dual: z.number().nullable().optional().describe('The max-ent dual, where features were matched'),
  smoothing: z.number().nullable().optional().describe('α added to every count in predictions'),
  start: z.record(z.string(), z.number()).optional().describe('The feasible start that was found'),
  spectralRadius: z.number().nullable().optional().describe('At the refused start; finite below 1'),
  feasibleStart: z.record(z.string(), z.number()).nullable().optional(),
  network: z
    .object({
      hidden: z.array(z.int()),
      l2: z.number(),
      iterations: z.int().nullable().describe('Of learning; null where nothing was held out'),
      plans: z.int().optional().describe('Goals planned for, beside those of the linear fits'),
      goalsPerStep: z.int().optional().describe('Of Adam; all goals by L-BFGS where absent'),
      rate: z.number().optional().describe('Learning rate of Adam'),
      linearLogLikelihood: z.number().nullable().describe('Of the linear reward alone'),
      heldOut: z
        .object({
          trajectories: z.int(),
          linear: z.number().nullable(),
          network: z.number().nullable(),
          reasons,
        })
        .nullable()
        .describe('Log-likelihood of the trajectories that said how long to learn'),
      engine: z.string(),
    })
    .optional()
    .describe('Beside the linear part, whose estimates are the parameters'),
  unidentified: z.array(UnidentifiedDirection).optional(),
  unbounded: z.array(z.string()).optional().describe('Parameters that run to infinity'),
  heldByPenalty: z
    .object({ unidentified: z.array(UnidentifiedDirection), unbounded: z.array(z.string()) })
    .optional()
    .describe('What the data alone leave open or send to infinity, where there is a penalty'),
  equalProbabilityLogLikelihood: z
    .number()
    .optional()
    .describe('Of the same decisions, every available choice equally likely'),
  posteriorLogLikelihood: z
    .number()
    .nullable()
    .optional()
    .describe('Of whole trajectories, luck included, given that they were optimal'),
  nullLogLikelihood: z
    .number()
    .nullable()
    .optional()
    .describe('Of the same decisions, every parameter 0 that was not fixed'),
  rhoSquared: z
    .number()
    .nullable()
    .optional()
    .describe('1 − log-likelihood / that of equal probabilities'),
  freeParameters: z.int().optional().describe('Numbers that were estimated freely'),
  aic: z.number().nullable().optional().describe('2 k − 2 log-likelihood, k free parameters'),
  bic: z.number().nullable().optional().describe('k log(decisions) − 2 log-likelihood'),
  firstStage: FirstStage.optional(),
  fullLogLikelihood: z.number().nullable().optional().describe('Choices and first stage together'),
  ...ClassesResult.shape,
  ...SamplingResult.shape,
  reasons,
});
export type MethodResult = z.infer<typeof MethodResult>;

export const PublishedResult = z.object({
  quantity: z.string(),
  published: z.number(),
  ours: z.number().nullable(),
  difference: z.number().nullable().describe('Ours minus published'),
  source: z.string(),
  passed: z.boolean().optional().describe('Whether the difference is within the stated tolerance'),
  reasons,
});
export type PublishedResult = z.infer<typeof PublishedResult>;

export const ExperimentResult = z.object({
  data: DataSummary,
  model: ModelSummary,
  methods: z.record(z.string(), MethodResult),
  published: z.array(PublishedResult),
});
export type ExperimentResult = z.infer<typeof ExperimentResult>;

export const CellResult = ExperimentResult.extend({ name: z.string() });
export type CellResult = z.infer<typeof CellResult>;

export const ComparisonResult = ComparisonScores.extend({
  transfer: Transfer.optional().describe(
    'Set where everything else is about a world that changed after the fit',
  ),
  curve: LearningCurve.optional(),
  published: z.array(PublishedResult),
});
export type ComparisonResult = z.infer<typeof ComparisonResult>;

const FitReference = z.object({ cell: z.string().optional(), method: z.string().optional() });

export const StudyTestResult = TestOutcome.extend({
  name: z.string(),
  hypothesis: z.string().describe('What is doubted, in words'),
  restricted: FitReference.describe('The fit under the hypothesis'),
  full: FitReference,
  published: z.array(PublishedResult).describe('What others printed as the statistic'),
});
export type StudyTestResult = z.infer<typeof StudyTestResult>;

const heading = {
  format: z.literal(1),
  revealed: z.string().describe('Version of the program'),
  study: z.string(),
  title: z.string().describe('What is asked, in a line'),
  meaning: z.string().optional().describe('What the numbers mean, in words'),
  source: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What was run; paths start from the folder of this file'),
  seed: z.int(),
  backend: z.string().nullable().describe('Engine of the neural parts; null where there are none'),
  tests: z.array(StudyTestResult).optional().describe('Of hypotheses about the fits'),
};

export const ResultFile = z.union([
  z.object({ ...heading, ...ExperimentResult.shape }),
  z.object({
    ...heading,
    cells: z.array(CellResult),
    comparison: ComparisonResult.optional().describe('Of the methods, where the cells are folds'),
  }),
]);
export type ResultFile = z.infer<typeof ResultFile>;

/** What a study of theory leaves: answers, and nothing of what a fit would give. */
export const InquiryFile = z.object({
  ...heading,
  data: z.null(),
  methods: z.strictObject({}),
  published: z.tuple([]),
  questions: z.array(QuestionResult),
  reasons,
});
export type InquiryFile = z.infer<typeof InquiryFile>;

/** Whatever `revealed run` may leave. */
export const RunFile = z.union([...ResultFile.options, InquiryFile, ...SimulatedFile.options]);
export type RunFile = z.infer<typeof RunFile>;

/** The experiments of a result: its cells, or the single one under the study's name. */
export function cellsOf(result: ResultFile): CellResult[] {
  return 'cells' in result ? result.cells : [{ ...result, name: result.study }];
}
