/** What a policy gets in whole episodes, from starts that are given, so that policies can be compared. */

import type { Simulator } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { BoxPolicy } from './boxPolicy.ts';

/** First states as the simulator's reset draws them. */
export function drawStarts(simulator: Simulator, count: number, rng: Rng): Float64Array[] {
  return Array.from({ length: count }, () => {
    simulator.reset(rng);
    return simulator.state.slice();
  });
}

/**
 * Returns the sum of rewards from each start, [starts].
 *
 * @param rng draws the actions; null: act without chance
 * @param maxSteps of an episode, where the time limit does not come first
 * @throws RangeError where nothing bounds an episode
 */
export function episodeReturns(
  simulator: Simulator<Float64Array>,
  policy: BoxPolicy,
  starts: readonly ArrayLike<number>[],
  rng: Rng | null = null,
  maxSteps = Infinity,
): Float64Array {
  const most = Math.min(maxSteps, simulator.timeLimit);
  if (most === Infinity)
    throw new RangeError('Cannot play an episode: the world has no time limit; give maxSteps');
  const action = new Float64Array(simulator.actions.low.length);
  return Float64Array.from(starts, (start) => {
    simulator.startAt(start);
    let sum = 0;
    for (let t = 0; t < most && !simulator.terminated; t++) {
      policy(simulator.observation, rng, action);
      sum += simulator.step(action);
    }
    return sum;
  });
}
