/**
 * The gambler: stake any part of the capital on a coin until there is enough, or nothing left.
 *
 * Reference: Sutton & Barto (2018), example 4.3.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';

export const GamblerOptions = z.strictObject({
  goal: z.int().min(2).default(100).describe('Capital that is enough'),
  heads: z.number().min(0).max(1).default(0.4).describe('Probability that a stake is won'),
});
export type GamblerOptions = z.input<typeof GamblerOptions>;

/** Action k stakes k + 1; reaching the goal pays 1. Episodes begin with any capital alike. */
export function gambler(options: GamblerOptions = {}): TabularTask {
  const { goal, heads } = GamblerOptions.parse(options);
  return tabularTask({
    stateNames: Array.from({ length: goal + 1 }, (_, s) => String(s)),
    actionNames: Array.from({ length: Math.floor(goal / 2) }, (_, k) => `stake ${k + 1}`),
    actionsOf: (s) => Array.from({ length: Math.min(s, goal - s) }, (_, k) => k),
    outcomes: (s, action) => {
      const stake = action + 1;
      return [
        { to: s + stake, probability: heads, reward: s + stake === goal ? 1 : 0 },
        { to: s - stake, probability: 1 - heads, reward: 0 },
      ].filter(({ probability }) => probability > 0);
    },
    initial: Float64Array.from({ length: goal + 1 }, (_, s) =>
      s > 0 && s < goal ? 1 / (goal - 1) : 0,
    ),
  });
}
