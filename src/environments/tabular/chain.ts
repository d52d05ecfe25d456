/**
 * Chain: forward step by step to a large reward at the end, or back to the start at once for a small
 * one; now and then the other thing happens.
 *
 * Reference: Strens (2000), A Bayesian framework for reinforcement learning, ICML; Gym's NChain-v0.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';

export const ChainOptions = z.strictObject({
  length: z.int().min(2).default(5).describe('Number of states'),
  slip: z.number().min(0).max(1).default(0.2).describe('Probability that the other thing happens'),
  small: z.number().default(2).describe('Reward of going back'),
  large: z.number().default(10).describe('Reward of going forward at the end'),
  timeLimit: z.int().positive().default(1000).describe('Steps of an episode'),
});
export type ChainOptions = z.input<typeof ChainOptions>;

export function chain(options: ChainOptions = {}): TabularTask {
  const { length, slip, small, large, timeLimit } = ChainOptions.parse(options);
  return tabularTask({
    stateNames: Array.from({ length }, (_, s) => String(s)),
    actionNames: ['forward', 'back'],
    outcomes: (s, action) => {
      const last = s === length - 1;
      const forward = { to: last ? s : s + 1, reward: last ? large : 0 };
      const back = { to: 0, reward: small };
      const [meant, other] = action === 0 ? [forward, back] : [back, forward];
      return [
        { ...meant, probability: 1 - slip },
        ...(slip > 0 ? [{ ...other, probability: slip }] : []),
      ];
    },
    initial: 0,
    timeLimit,
  });
}
