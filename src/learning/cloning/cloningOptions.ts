/** How a policy is cloned. */

import { z } from 'zod';
import { headNames } from './clonedPolicy.ts';

export const CloningOptions = z.strictObject({
  head: z
    .enum(headNames)
    .optional()
    .describe('Family of distributions; by the actions: categorical, or gaussian-one-spread'),
  components: z.int().positive().default(4).describe('Gaussians of a mixture'),
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  activation: z.enum(['relu', 'tanh']).default('tanh').describe('Of hidden layers'),
  rate: z.number().positive().default(1e-3).describe('Learning rate'),
  batch: z.int().positive().default(32).describe('Decisions of an update'),
  weightDecay: z.number().nonnegative().default(0).describe('L2: rate · this is taken off weights'),
  heldOut: z
    .number()
    .min(0)
    .lt(1)
    .default(0.2)
    .describe('Share of trajectories that say when to stop'),
  patience: z
    .int()
    .positive()
    .default(1000)
    .describe('Updates, but at least three epochs, without a better held-out likelihood'),
  maxUpdates: z.int().positive().default(20_000).describe('Give up after so many, in whole epochs'),
  final: z
    .boolean()
    .default(true)
    .describe('Whether all trajectories are trained on once it is known how long'),
  classWeights: z
    .union([z.literal('none'), z.literal('balanced'), z.array(z.number().nonnegative())])
    .default('none')
    .describe('What decisions for each numbered action count; balanced: all actions alike'),
});
export type CloningOptions = z.input<typeof CloningOptions>;
