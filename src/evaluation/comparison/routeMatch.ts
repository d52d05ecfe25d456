/**
 * How well whole routes are predicted: the most likely route under a reward beside the one recorded.
 *
 *   edit distance = fewest states to insert, drop or replace / states of the recorded route
 *
 * People between the same ends differ, and one prediction cannot match them all. So each prediction
 * is also compared with whichever of their recorded routes is nearest, a distance beyond 1 counting
 * as 1, as in Zhao & Liang (2023), Transportation Research Part C 149, 104079.
 */

import type { Goal } from '../../mdp/goal.ts';
import type { Mdp } from '../../mdp/mdp.ts';
import type { Trajectories } from '../../mdp/trajectories.ts';
import {
  followRoute,
  type MostLikelyRoutes,
  mostLikelyRoutes,
} from '../../planning/mostLikelyRoutes.ts';

/** Means over trajectories, by weight; null where there is none to compare. */
export interface RouteMatch {
  /** How many were compared: those that reach their goal and hold a decision. */
  readonly trajectories: number;
  /** Share predicted state by state. */
  readonly exact: number | null;
  readonly editDistance: number | null;
  /** The same beside the nearest route recorded between the same ends. */
  readonly nearest: { readonly exact: number | null; readonly editDistance: number | null };
}

/** Distances to predicted routes, trajectory by trajectory. */
export interface RouteDistances {
  /** [trajectories] per state of the recorded route; NaN where it does not reach its goal. */
  readonly own: Float64Array;
  /** [trajectories] of the nearest route recorded between the same ends, at most 1. */
  readonly nearest: Float64Array;
}

/** A trip that reaches its goal. */
interface Route {
  readonly trajectory: number;
  readonly goal: number;
  readonly states: Int32Array;
}

/** Compares recorded routes with the best ones under `reward` [pairs]. */
export function routeMatch(
  mdp: Mdp,
  goals: readonly Goal[],
  trajectories: Trajectories,
  reward: Float64Array,
): RouteMatch {
  return meanMatch(
    routeDistances(mdp, goals, trajectories, (g) => mostLikelyRoutes(mdp, goals[g], reward)),
    trajectories.weight,
  );
}

/** Returns the means of distances by weight, over the trajectories that have one. */
export function meanMatch({ own, nearest }: RouteDistances, weight: Float64Array): RouteMatch {
  let [count, total, exact, edits, nearestExact, nearestEdits] = [0, 0, 0, 0, 0, 0];
  own.forEach((distance, i) => {
    if (Number.isNaN(distance)) return;
    count++;
    total += weight[i];
    exact += distance === 0 ? weight[i] : 0;
    edits += weight[i] * distance;
    nearestExact += nearest[i] === 0 ? weight[i] : 0;
    nearestEdits += weight[i] * nearest[i];
  });
  const mean = (sum: number): number | null => (total > 0 ? sum / total : null);
  return {
    trajectories: count,
    exact: mean(exact),
    editDistance: mean(edits),
    nearest: { exact: mean(nearestExact), editDistance: mean(nearestEdits) },
  };
}

/**
 * Returns how far recorded routes are from predicted ones.
 *
 * @param routesTo asked once per goal; null where there is no prediction: distances are Infinity
 */
export function routeDistances(
  mdp: Mdp,
  goals: readonly Goal[],
  trajectories: Trajectories,
  routesTo: (goal: number) => MostLikelyRoutes | null,
): RouteDistances {
  const between = new Map<string, Route[]>();
  for (const route of completeRoutes(mdp, goals, trajectories)) {
    const others = between.get(endsOf(route));
    if (others) others.push(route);
    else between.set(endsOf(route), [route]);
  }
  const bestTo = new Map<number, MostLikelyRoutes | null>();
  const own = new Float64Array(trajectories.count).fill(Number.NaN);
  const nearest = own.slice();
  for (const alike of between.values()) {
    const [{ goal, states }] = alike;
    if (!bestTo.has(goal)) bestTo.set(goal, routesTo(goal));
    const best = bestTo.get(goal) ?? null;
    const predicted = best && (followRoute(mdp, best, states[0]) ?? states.subarray(0, 1));
    const distances = alike.map((route) =>
      predicted
        ? editDistance(route.states, predicted) / route.states.length
        : Number.POSITIVE_INFINITY,
    );
    const least = predicted ? Math.min(1, ...distances) : Number.POSITIVE_INFINITY;
    alike.forEach(({ trajectory }, i) => {
      own[trajectory] = distances[i];
      nearest[trajectory] = least;
    });
  }
  return { own, nearest };
}

/** Returns how few elements of `a` must be inserted, dropped or replaced to make it `b`. */
export function editDistance(a: Int32Array, b: Int32Array): number {
  // Levenshtein (1966), one row of the table at a time.
  const row = Int32Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = row[0];
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const above = row[j];
      const replaced = diagonal + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, above + 1, row[j - 1] + 1);
      diagonal = above;
    }
  }
  return row[b.length];
}

function completeRoutes(
  { nextState }: Mdp,
  goals: readonly Goal[],
  { count, rowStart, state, pair, goal, stopped }: Trajectories,
): Route[] {
  const routes: Route[] = [];
  for (let i = 0; i < count; i++) {
    const heading = goals[goal[i]];
    const last = rowStart[i + 1] - 1;
    if (!heading || last < rowStart[i]) continue;
    const states = [...state.subarray(rowStart[i], last + 1)];
    if (pair[last] >= 0) states.push(nextState[pair[last]]);
    const isThere = heading.absorbing
      ? heading.stopState.includes(states[states.length - 1])
      : stopped[i] === 1;
    if (!isThere || (states.length === 1 && !stopped[i])) continue;
    routes.push({ trajectory: i, goal: goal[i], states: Int32Array.from(states) });
  }
  return routes;
}

function endsOf({ goal, states }: Route): string {
  return `${states[0]} ${goal}`;
}
