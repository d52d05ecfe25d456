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

/** A trip that reaches its goal. */
interface Route {
  readonly goal: number;
  readonly weight: number;
  readonly states: Int32Array;
}

/** Compares recorded routes with the best ones under `reward` [pairs]. */
export function routeMatch(
  mdp: Mdp,
  goals: readonly Goal[],
  trajectories: Trajectories,
  reward: Float64Array,
): RouteMatch {
  const routes = completeRoutes(mdp, goals, trajectories);
  const between = new Map<string, Route[]>();
  for (const route of routes) {
    const others = between.get(endsOf(route));
    if (others) others.push(route);
    else between.set(endsOf(route), [route]);
  }
  const bestTo = new Map<number, MostLikelyRoutes>();
  let [total, exact, edits, nearestExact, nearestEdits] = [0, 0, 0, 0, 0];
  for (const alike of between.values()) {
    const [{ goal, states }] = alike;
    const best = bestTo.get(goal) ?? mostLikelyRoutes(mdp, goals[goal], reward);
    bestTo.set(goal, best);
    const predicted = followRoute(mdp, best, states[0]) ?? states.subarray(0, 1);
    const distances = alike.map(
      (route) => editDistance(route.states, predicted) / route.states.length,
    );
    const nearest = Math.min(1, ...distances);
    alike.forEach(({ weight }, i) => {
      total += weight;
      exact += distances[i] === 0 ? weight : 0;
      edits += weight * distances[i];
      nearestExact += nearest === 0 ? weight : 0;
      nearestEdits += weight * nearest;
    });
  }
  const mean = (sum: number): number | null => (total > 0 ? sum / total : null);
  return {
    trajectories: routes.length,
    exact: mean(exact),
    editDistance: mean(edits),
    nearest: { exact: mean(nearestExact), editDistance: mean(nearestEdits) },
  };
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
  { count, rowStart, state, pair, goal, weight, stopped }: Trajectories,
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
    routes.push({ goal: goal[i], weight: weight[i], states: Int32Array.from(states) });
  }
  return routes;
}

function endsOf({ goal, states }: Route): string {
  return `${states[0]} ${goal}`;
}
