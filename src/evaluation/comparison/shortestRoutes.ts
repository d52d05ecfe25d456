/** What somebody predicts who knows nothing of people: they take the shortest path. */

import type { Problem } from '../../algorithms/problem.ts';
import { nearestName } from '../../demonstrations/nearestName.ts';
import { isDeterministic } from '../../mdp/mdp.ts';
import { mostLikelyRoutes } from '../../planning/mostLikelyRoutes.ts';
import { rewardAt } from '../../rewards/linearReward.ts';
import type { ShortestRoutes } from './methodScore.ts';
import { routeDistances } from './routeMatch.ts';

/** Every move counts 1. */
export const STEPS = 'steps';

/** Returns `by` where shortest paths by it make sense in the problem; throws a RangeError else. */
export function checkShortestBy({ features }: Problem, by: string): string {
  const { names, values } = features;
  const column = names.indexOf(by);
  if (column < 0) {
    if (by === STEPS) return by;
    const near = nearestName(by, [...names, STEPS]);
    throw new RangeError(
      `Cannot take shortest paths by "${by}": wanted ${STEPS} or a feature, ${names.map((n) => `"${n}"`).join(', ')}${near === null ? '' : `; did you mean "${near}"?`}`,
    );
  }
  for (let i = column; i < values.length; i += names.length)
    if (values[i] < 0)
      throw new RangeError(
        `Cannot take shortest paths by "${by}": a length must not be negative, got ${values[i]}; choose another feature, or ${STEPS}`,
      );
  return by;
}

/** Returns how far recorded trips are from shortest paths; null without goals, or with chance. */
export function shortestRoutes(problem: Problem, by: string): ShortestRoutes | null {
  const { world, goals, trajectories, features } = problem;
  const { mdp } = world;
  if (goals.length === 0 || !isDeterministic(mdp)) return null;
  const column = features.names.indexOf(by);
  const cost =
    column < 0
      ? new Float64Array(mdp.pairCount).fill(-1)
      : rewardAt(
          problem,
          Float64Array.from(features.names, (_, k) => (k === column ? -1 : 0)),
        );
  const { own, nearest } = routeDistances(mdp, goals, trajectories, (goal) =>
    // Where a trip may end, all ends are worth the same.
    mostLikelyRoutes(
      mdp,
      { ...goals[goal], stopReward: goals[goal].stopReward.map(() => 0) },
      cost,
    ),
  );
  return { by, routeDistance: own, nearestRoute: nearest };
}
