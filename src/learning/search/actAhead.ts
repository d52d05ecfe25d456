/** One episode in which every step is planned anew. */

import type { Action, Simulator } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { AheadPlanner } from './plansAhead.ts';

export interface AheadEpisode<A extends Action = Action> {
  readonly return: number;
  /** Number of decisions. */
  readonly length: number;
  readonly terminated: boolean;
  readonly actions: readonly A[];
  /** [length] */
  readonly rewards: readonly number[];
}

/**
 * Acts until the episode is over or `maxSteps` are done.
 *
 * @param start a state, or what draws one
 * @throws RangeError where neither a time limit nor `maxSteps` bounds the episode
 * @throws Error where the planner imagines in the simulator that it acts in
 */
export function actAhead<A extends Action>(
  planner: AheadPlanner<A>,
  simulator: Simulator<A>,
  start: ArrayLike<number> | Rng,
  maxSteps = Infinity,
): AheadEpisode<A> {
  const most = Math.min(maxSteps, simulator.timeLimit);
  if (most === Infinity)
    throw new RangeError('Cannot act: the world has no time limit; give maxSteps');
  if (planner.model.simulator === simulator)
    throw new Error(
      'Cannot act: the planner imagines in the very simulator that it acts in; give its model one of its own',
    );
  planner.forget();
  if (typeof start === 'function') simulator.reset(start);
  else simulator.startAt(start);
  const actions: A[] = [];
  const rewards: number[] = [];
  while (rewards.length < most && !simulator.terminated) {
    const { action } = planner.plan(simulator.state);
    actions.push(action);
    rewards.push(simulator.step(action));
  }
  return {
    return: rewards.reduce((sum, reward) => sum + reward, 0),
    length: rewards.length,
    terminated: simulator.terminated,
    actions,
    rewards,
  };
}
