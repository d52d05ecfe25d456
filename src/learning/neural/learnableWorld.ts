/** What a world must be to be learned in. */

import type { BoxActions, DiscreteActions, Simulator } from '../../environments/simulator.ts';

/** @throws TypeError where actions are not discrete */
export function discreteActions({ actions }: Pick<Simulator, 'actions'>): DiscreteActions {
  if (actions.kind === 'discrete') return actions;
  throw new TypeError(
    `Cannot learn: wanted a world of discrete actions, got a box of ${actions.low.length}`,
  );
}

/** @throws TypeError where actions are not a box */
export function boxActions({ actions }: Pick<Simulator, 'actions'>): BoxActions {
  if (actions.kind === 'box') return actions;
  throw new TypeError(
    `Cannot learn: wanted a world whose actions are a box, got ${actions.count} discrete actions`,
  );
}

/** @throws RangeError where an episode need not end */
export function checkEnds({ timeLimit }: Pick<Simulator, 'timeLimit'>): void {
  if (timeLimit === Number.POSITIVE_INFINITY)
    throw new RangeError('Cannot learn: the world has no time limit, so an episode need not end');
}
