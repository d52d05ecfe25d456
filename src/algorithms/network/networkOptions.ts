/** How a network is fitted beside a linear reward. */

import { z } from 'zod';

export const NetworkOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([16, 16]).describe('Widths of hidden layers'),
  l2: z
    .number()
    .nonnegative()
    .default(1)
    .describe('λ of the penalty (λ/2) Σ w² on the numbers of the network'),
  heldOut: z
    .number()
    .min(0)
    .lt(1)
    .default(0.2)
    .describe('Share of the trajectories that say how long to learn; 0: until it has converged'),
  patience: z
    .int()
    .positive()
    .default(20)
    .describe('Iterations without a better held-out likelihood'),
  maxIterations: z.int().positive().default(300).describe('Give up after so many'),
  goalsPerStep: z
    .int()
    .positive()
    .optional()
    .describe(
      'Goals planned for in a step of Adam, all once an iteration; all by L-BFGS if absent',
    ),
  rate: z.number().positive().default(0.01).describe('Learning rate of Adam'),
});
export type NetworkOptions = z.input<typeof NetworkOptions>;

/** Width of the widest hidden layer; 0 without any. */
export function widestLayer(given: NetworkOptions = {}): number {
  return Math.max(0, ...NetworkOptions.parse(given).hidden);
}
