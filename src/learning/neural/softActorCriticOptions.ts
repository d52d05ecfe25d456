/** What soft actor-critic may be told, and what an update of it says. */

import { z } from 'zod';

export const SoftActorCriticOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  batch: z.int().positive().default(256).describe('Transitions of an update'),
  rate: z.number().positive().default(1e-3).describe('Learning rate of every network'),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  smoothing: z.number().positive().max(1).default(0.005).describe('τ, of target networks'),
  valueNetwork: z.boolean().default(true).describe('Algorithm 1, with a value network'),
  temperature: z
    .union([z.number().positive(), z.literal('tuned')])
    .default(0.2)
    .describe('α, or `tuned` to the target entropy (without value network)'),
  targetEntropy: z
    .number()
    .optional()
    .describe('Of a tuned temperature, in nats; −(action numbers)'),
  prior: z
    .enum(['nats', 'uniform'])
    .default('nats')
    .describe('Entropy in nats of actions in (−1, 1), or relative to choosing at random'),
  actorObjective: z
    .enum(['least', 'first'])
    .default('least')
    .describe('Which critic the actor climbs: the least of both, or the first'),
});
export type SoftActorCriticOptions = z.input<typeof SoftActorCriticOptions>;

export interface SacSizes {
  readonly observationSize: number;
  readonly actionSize: number;
}

/** What an update came to, means over the batch. */
export interface SacLosses {
  readonly critics: readonly [number, number];
  readonly actor: number;
  /** Of the value network; null where there is none. */
  readonly value: number | null;
  /** E[−log π], in nats whatever the prior is. */
  readonly entropy: number;
  /** After the update. */
  readonly temperature: number;
}

/** Standard normal draws of an update. */
export interface SacNoise {
  readonly now: ArrayLike<number>;
  readonly next?: ArrayLike<number>;
}
