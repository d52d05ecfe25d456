/** Which of the four goals a policy goes to from the origin, over many episodes. */

import { createRng, MultiGoalPoint, type ReplayControl } from 'revealed';

export const goals = ['east', 'west', 'north', 'south'] as const;
export const ROLLOUTS = 400;

export interface GoalShares {
  /** [goals] of all episodes. */
  readonly shares: readonly number[];
  /** Share of the episodes that reached none. */
  readonly none: number;
  /** Mean steps. */
  readonly length: number;
}

export function goalShares(
  actor: Pick<ReplayControl<Float64Array>, 'act'>,
  seed: string,
): GoalShares {
  const world = new MultiGoalPoint();
  const rng = createRng(seed, 'evaluation');
  const counts = goals.map(() => 0);
  let steps = 0;
  for (let episode = 0; episode < ROLLOUTS; episode++) {
    world.startAt([0, 0]);
    while (!world.terminated && !world.truncated) {
      world.step(actor.act(world.observation, rng));
      steps++;
    }
    const [x, y] = world.state;
    if (world.terminated) counts[Math.abs(x) > Math.abs(y) ? (x > 0 ? 0 : 1) : y > 0 ? 2 : 3]++;
  }
  const shares = counts.map((count) => count / ROLLOUTS);
  const reached = counts.reduce((sum, count) => sum + count, 0);
  return { shares, none: 1 - reached / ROLLOUTS, length: steps / ROLLOUTS };
}
