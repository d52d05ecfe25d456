/** Steps of a simulator as they were seen, for models to be learned from. */

import type { Action, Simulator } from '../../environments/simulator.ts';
import type { Rng } from '../../numeric/rng.ts';

export interface SeenTransition<A extends Action = Action> {
  readonly state: ArrayLike<number>;
  readonly action: A;
  readonly reward: number;
  readonly next: ArrayLike<number>;
  /** Whether the task was over, rather than the time. */
  readonly terminated: boolean;
}

/** Draws an action, all alike. */
export function randomAction<A extends Action>(actions: Simulator<A>['actions'], rng: Rng): A {
  if (actions.kind === 'discrete') return Math.floor(rng() * actions.count) as A;
  return actions.low.map((low, i) => low + (actions.high[i] - low) * rng()) as A;
}

/** Returns `count` steps of episodes in which actions are drawn at random. */
export function randomTransitions<A extends Action>(
  simulator: Simulator<A>,
  count: number,
  { startRng, actionRng }: { readonly startRng: Rng; readonly actionRng: Rng },
): SeenTransition<A>[] {
  const seen: SeenTransition<A>[] = [];
  let isOver = true;
  while (seen.length < count) {
    if (isOver) simulator.reset(startRng);
    const state = simulator.state.slice();
    const action = randomAction<A>(simulator.actions, actionRng);
    const reward = simulator.step(action);
    const { terminated, truncated } = simulator;
    seen.push({ state, action, reward, next: simulator.state.slice(), terminated });
    isOver = terminated || truncated;
  }
  return seen;
}
