/** One episode in a tabular world, as it was seen. */

import type { TabularSimulator } from '../environments/tabularSimulator.ts';
import { type Rng, sampleIndex } from '../numeric/rng.ts';

export interface Rollout {
  /** Number of decisions. */
  readonly length: number;
  /** [≥ length] state before each; one more entry holds the last state where it is known. */
  readonly state: ArrayLike<number>;
  /** [≥ length] pair chosen. */
  readonly pair: ArrayLike<number>;
  /** [≥ length] reward paid. */
  readonly reward: ArrayLike<number>;
  /** Whether the task was over at the end, rather than the time. */
  readonly terminated: boolean;
}

export interface RolloutOptions {
  /** Draws the start. */
  readonly startRng: Rng;
  /** Draws the actions. */
  readonly actionRng: Rng;
  /** Stop after so many decisions, where the time limit does not come first. */
  readonly maxSteps?: number;
}

/**
 * Resets and acts by `policy` [pairs] until the episode is over or `maxSteps` are done.
 *
 * @throws RangeError where neither a time limit nor `maxSteps` bounds the episode
 */
export function rollout(
  simulator: TabularSimulator,
  policy: Float64Array,
  { startRng, actionRng, maxSteps = Infinity }: RolloutOptions,
): Rollout {
  const most = Math.min(maxSteps, simulator.timeLimit);
  if (most === Infinity)
    throw new RangeError('Cannot roll out: the world has no time limit; give maxSteps');
  const { pairStart } = simulator.task.world.mdp;
  const state: number[] = [];
  const pair: number[] = [];
  const reward: number[] = [];
  simulator.reset(startRng);
  state.push(simulator.state[0]);
  while (pair.length < most) {
    const s = simulator.state[0];
    if (pairStart[s] === pairStart[s + 1]) break;
    const chosen = sampleIndex(policy, actionRng, pairStart[s], pairStart[s + 1]);
    pair.push(chosen);
    reward.push(simulator.step(chosen - pairStart[s]));
    state.push(simulator.state[0]);
    if (simulator.terminated) break;
  }
  const last = state[pair.length];
  return {
    length: pair.length,
    state,
    pair,
    reward,
    terminated: pairStart[last] === pairStart[last + 1],
  };
}
