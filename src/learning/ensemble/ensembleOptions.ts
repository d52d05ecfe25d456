/** What an ensemble of learned dynamics is, and how one plans in it. */

import { z } from 'zod';

export const EnsembleOptions = z.strictObject({
  members: z.int().positive().default(5).describe('Networks, each with a sample of its own'),
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  form: z
    .enum(['deterministic', 'probabilistic'])
    .default('deterministic')
    .describe('Whether a member tells only the mean of a change, or its variance too'),
  rate: z.number().positive().default(1e-3).describe('Learning rate of Adam'),
  batch: z.int().positive().default(64).describe('Steps of a batch'),
  weightDecay: z.number().min(0).default(0).describe('Share of the parameters lost, over the rate'),
});
export type EnsembleOptions = z.input<typeof EnsembleOptions>;

export const EnsemblePlanOptions = z.strictObject({
  horizon: z.int().positive().default(20).describe('Steps ahead T'),
  samples: z.int().positive().default(24).describe('Plans drawn in each round'),
  rounds: z.int().positive().default(2).describe('How often the distribution moves'),
  elites: z.int().positive().default(4).describe('How many of the best plans it moves to'),
  smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0.1)
    .describe('Share of what the distribution was that it keeps'),
  correlation: z
    .number()
    .min(0)
    .lt(1)
    .default(0.6)
    .describe('How much of the noise of a plan goes on from step to step'),
  discount: z.number().min(0).max(1).default(0.99).describe('Worth of the next step γ'),
  particles: z
    .int()
    .positive()
    .default(1)
    .describe('Times a plan is imagined and averaged, each by other members'),
});
export type EnsemblePlanOptions = z.input<typeof EnsemblePlanOptions>;

export const EnsembleControlOptions = z.strictObject({
  warmUp: z
    .int()
    .positive()
    .default(400)
    .describe('First steps: uniform actions, then the first lesson'),
  trainEvery: z.int().positive().default(200).describe('Steps from lesson to lesson'),
  updates: z.int().positive().default(400).describe('Batches of a lesson, for each member'),
  seed: z.union([z.number(), z.string()]).default(0).describe('Seed of every random draw'),
  ...EnsembleOptions.shape,
  ...EnsemblePlanOptions.shape,
});
export type EnsembleControlOptions = z.input<typeof EnsembleControlOptions>;
