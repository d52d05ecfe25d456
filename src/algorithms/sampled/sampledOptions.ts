/** How a reward is fitted where dynamics are met in samples only, and who plans for it. */

import { z } from 'zod';

export const SampledOptions = z.strictObject({
  rounds: z
    .int()
    .min(1)
    .optional()
    .describe('Rounds of planning, comparing and stepping at most (default 256)'),
  planner: z
    .enum(['exact', 'replay', 'rollouts', 'network'])
    .optional()
    .describe(
      'Who plans: soft Q-learning that keeps every simulated step and replays it until values settle (replay, the default) or learns from each once (rollouts), a network that does so from replayed steps (network), or with the dynamics as they are (exact)',
    ),
  rollouts: z
    .int()
    .min(40)
    .optional()
    .describe(
      'Rollouts of a comparison with the demonstrations (default 20000; whole ones, where features are matched, 4000; a tenth of that in each round but with replay)',
    ),
  learningSteps: z
    .int()
    .positive()
    .optional()
    .describe(
      'Simulated steps to begin with, of which more are taken as needed; but with replay, of each round (default 100 per choice, 16000 at least; 2000 for a network, which learns ten times from each)',
    ),
  precision: z
    .number()
    .positive()
    .optional()
    .describe(
      'Standard error to which a gap is known before it counts as closed: per decision, features at unit spread (default: so well that luck in the simulator adds a fiftieth to what the demonstrations leave open; but with replay twice as well as they know it, 0.0005 to 0.015)',
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

export type PlannerName = 'exact' | 'replay' | 'rollouts' | 'network';

export interface SampledSettings {
  readonly rounds: number;
  readonly planner: PlannerName;
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
  const planner = options.planner ?? 'replay';
  const compared = objective === 'likelihood' ? 20_000 : 4000;
  return {
    rounds: options.rounds ?? 256,
    planner,
    rollouts: options.rollouts ?? (planner === 'replay' ? compared : compared / 10),
    learningSteps:
      options.learningSteps ?? (planner === 'network' ? 2000 : Math.max(16_000, 100 * choices)),
    precision: options.precision ?? null,
    entropy: options.entropy ?? 'nats',
    unseen: options.unseen ?? 'error',
  };
}
