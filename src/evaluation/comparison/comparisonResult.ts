/**
 * The shape of a comparison: what methods predict of behaviour they were not fitted to, over the
 * folds of a study.
 */

import { z } from 'zod';

const reasons = z
  .record(z.string(), z.string())
  .optional()
  .describe('Why the keys of this object that are null have no value');

export const Calibration = z.object({
  error: z
    .number()
    .describe('Expected calibration error: Σ share of a bin · |accuracy − confidence|'),
  bins: z.array(
    z.object({
      low: z.number(),
      high: z.number(),
      count: z
        .number()
        .describe('Decisions whose likeliest choice had a probability in (low, high]'),
      confidence: z.number().nullable().describe('Mean probability of the likeliest choice'),
      accuracy: z.number().nullable().describe('How often the likeliest choice was the one taken'),
      reasons,
    }),
  ),
});
export type Calibration = z.infer<typeof Calibration>;

const FoldScore = z.object({
  name: z.string(),
  trajectories: z.int().describe('Held out, with a decision'),
  decisions: z.int(),
  perDecision: z.number().nullable(),
  perTrajectory: z.number().nullable(),
  reasons,
});

const Match = {
  exact: z.number().describe('Share of trips predicted state by state'),
  editDistance: z
    .number()
    .describe('States to insert, drop or replace, per state of the recorded route'),
};

export const RouteScore = z.object({
  predictions: z.int().describe('Trips that reach their goal, each time they are held out'),
  ...Match,
  nearest: z.object(Match).describe('Beside the nearest route recorded between the same ends'),
});
export type RouteScore = z.infer<typeof RouteScore>;

export const FeatureGap = z.object({
  name: z.string(),
  demonstrated: z.number().describe('Mean sum per held-out trajectory'),
  expected: z
    .number()
    .nullable()
    .describe('The same of the method, from the same starts to the same goals, watched as long'),
  gap: z.number().nullable().describe('Demonstrated minus expected'),
  standardError: z.number().nullable().describe('Of the gap, over trajectories'),
  z: z.number().nullable().describe('Gap in standard errors'),
  reasons,
});
export type FeatureGap = z.infer<typeof FeatureGap>;

/** What whole trips say of a method. */
const outcomeShape = {
  routes: RouteScore.nullable().describe('Of the most likely whole route'),
  features: z.array(FeatureGap),
  visitDistance: z
    .number()
    .nullable()
    .describe('Total variation between recorded and expected shares of decisions by state'),
  valueDifference: z
    .object({
      soft: z
        .number()
        .nullable()
        .describe('Soft value of the true reward less what the method gets of it, per trajectory'),
      hard: z
        .number()
        .nullable()
        .describe('The same without entropy, both acting greedily: lost by trusting the method'),
      reasons,
    })
    .optional()
    .describe('Expected value difference from the held-out starts, where the true reward is known'),
  epic: z
    .number()
    .nullable()
    .optional()
    .describe('EPIC distance to the true reward: 0 same, 1 opposite (Gleave et al. 2021)'),
};
const OutcomeScores = z.object({
  ...outcomeShape,
  features: z.array(FeatureGap).nullable(),
  reasons,
});
export type OutcomeScores = z.infer<typeof OutcomeScores>;

export const MethodScore = z.object({
  logLikelihood: z.number().nullable().describe('Of what was held out, each trajectory once'),
  perDecision: z.number().nullable(),
  perTrajectory: z.number().nullable(),
  foldMean: z
    .object({ perDecision: z.number(), perTrajectory: z.number() })
    .nullable()
    .describe("Plain mean over the folds' own numbers"),
  top1: z.number().nullable().describe('Share of decisions whose likeliest choice was taken'),
  brier: z.number().nullable().describe('Mean Σₐ (π(a) − [a was taken])², from 0 to 2'),
  calibration: Calibration.nullable(),
  routes: outcomeShape.routes.optional(),
  features: z.array(FeatureGap).nullable().optional(),
  visitDistance: outcomeShape.visitDistance.optional(),
  valueDifference: outcomeShape.valueDifference,
  epic: outcomeShape.epic,
  folds: z.array(FoldScore),
  reasons,
});
export type MethodScore = z.infer<typeof MethodScore>;

const Interval = z.object({
  estimate: z.number(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  reasons,
});

export const Difference = z.object({
  method: z.string(),
  reference: z.string(),
  perDecision: Interval.nullable().describe(
    'Method minus reference: below 0 the reference is better',
  ),
  perTrajectory: Interval.nullable(),
  foldsWon: z
    .number()
    .nullable()
    .describe('Share of folds in which the method predicts better; a tie counts half'),
  reasons,
});
export type Difference = z.infer<typeof Difference>;

export const ComparisonScores = z.object({
  reference: z.string(),
  folds: z.int(),
  trajectories: z.int().describe('Distinct ones that were held out and hold a decision'),
  decisions: z.int(),
  bootstrap: z.object({
    draws: z.int(),
    level: z.number(),
    unit: z.literal('trajectory'),
    seed: z.int(),
    stream: z.string(),
  }),
  shortest: z
    .object({ by: z.string().describe('Feature whose sum is least, or steps'), routes: RouteScore })
    .optional()
    .describe('What shortest paths predict, beside the routes of the methods'),
  methods: z.record(z.string(), MethodScore),
  differences: z.array(Difference),
});
export type ComparisonScores = z.infer<typeof ComparisonScores>;
