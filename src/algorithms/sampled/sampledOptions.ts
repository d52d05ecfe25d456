/** How a reward is fitted where dynamics are met in samples only. */

import { z } from 'zod';

export const SampledOptions = z.strictObject({
  rounds: z
    .int()
    .min(1)
    .optional()
    .describe('Rounds of planning, comparing and stepping at most (default 256)'),
  rollouts: z
    .int()
    .min(40)
    .optional()
    .describe('Rollouts of a round (default 2000; 400 whole ones where features are matched)'),
  learningSteps: z
    .int()
    .positive()
    .optional()
    .describe('Steps of soft Q-learning in a round (default 100 per choice, 16000 at least)'),
  precision: z
    .number()
    .positive()
    .optional()
    .describe(
      'Standard error to which a gap is measured before it counts as closed: per decision, features at unit spread (default: twice as well as the demonstrations know it, 0.0005 to 0.015)',
    ),
  entropy: z
    .enum(['nats', 'uniform'])
    .optional()
    .describe(
      'What choice is worth: nats, as the exact fits count, or relative to choosing at random, so that being alive is worth nothing by itself (default nats)',
    ),
  unseen: z
    .enum(['error', 'pooled'])
    .optional()
    .describe(
      'Choices of which a log has no outcome: an error (default), or taken to turn out as that action did elsewhere',
    ),
});
/** What a caller may write. */
export type SampledOptions = z.input<typeof SampledOptions>;

export interface SampledSettings {
  readonly rounds: number;
  readonly rollouts: number;
  readonly learningSteps: number;
  /** Null where the demonstrations say how well gaps must be known. */
  readonly precision: number | null;
  readonly entropy: 'nats' | 'uniform';
  readonly unseen: 'error' | 'pooled';
}

/** @param choices how many pairs are learned about, layers counted */
export function sampledSettings(
  given: SampledOptions | undefined,
  choices: number,
  objective: 'likelihood' | 'feature-matching' = 'likelihood',
): SampledSettings {
  const options = SampledOptions.parse(given ?? {});
  return {
    rounds: options.rounds ?? 256,
    rollouts: options.rollouts ?? (objective === 'likelihood' ? 2000 : 400),
    learningSteps: options.learningSteps ?? Math.max(16_000, 100 * choices),
    precision: options.precision ?? null,
    entropy: options.entropy ?? 'nats',
    unseen: options.unseen ?? 'error',
  };
}
