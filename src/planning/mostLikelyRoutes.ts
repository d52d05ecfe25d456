/**
 * The most likely whole route to a goal, on a graph without discounting.
 *
 * A soft-optimal traveller takes a route from o, ending with the stop, with probability
 *
 *   Π π(a | s) = exp((Σ r(s, a) + stop − V(o)) / τ)
 *
 * so whatever τ, the most likely route is the one of the best total reward: a shortest path with
 * costs −r, found by label correction (Bellman 1958), nearest states first. With the reward −length
 * it is the shortest route.
 *
 * Following the most likely move at each step is another thing: that may even go in circles.
 */

import type { Goal } from '../mdp/goal.ts';
import { isDeterministic, type Mdp } from '../mdp/mdp.ts';
import { distanceOrder } from '../mdp/reachability.ts';

export interface MostLikelyRoutes {
  /** [states] largest total reward until the goal; −Infinity where it is out of reach. */
  readonly value: Float64Array;
  /** [states] the pair to take; −1 where the route ends, or none leads to the goal. */
  readonly pair: Int32Array;
}

/** Smaller gains are round-off: loops worth nothing must not look as if they paid. */
const LEAST_GAIN = 1e-12;

/**
 * Returns the best routes to a goal from everywhere, under `reward` [pairs].
 *
 * Throws where there is none because going round in circles pays, which no feasible reward allows.
 *
 * @param order [states] in which they are looked at; any is right, and the fewer sweeps are needed the
 *   better values fall along it. By the number of moves to the goal where it is absent
 */
export function mostLikelyRoutes(
  mdp: Mdp,
  goal: Goal,
  reward: Float64Array,
  order: Int32Array = distanceOrder(mdp, goal.stopState),
): MostLikelyRoutes {
  const { stateCount, pairCount, pairStart, nextState } = mdp;
  if (!isDeterministic(mdp))
    throw new RangeError('Cannot find routes: every pair must have exactly one successor');
  if (reward.length !== pairCount)
    throw new RangeError(
      `Cannot find routes: reward must have ${pairCount} entries (one per pair), got ${reward.length}`,
    );
  const value = new Float64Array(stateCount).fill(Number.NEGATIVE_INFINITY);
  const best = new Int32Array(stateCount).fill(-1);
  const isLast = new Uint8Array(stateCount);
  goal.stopState.forEach((s, i) => {
    value[s] = goal.stopReward[i];
    if (goal.absorbing) isLast[s] = 1;
  });
  // A best route without circles is found in fewer sweeps than there are states.
  for (let sweep = 0; sweep <= stateCount; sweep++) {
    let improved = false;
    for (const s of order) {
      if (isLast[s]) continue;
      const end = pairStart[s + 1];
      for (let pair = pairStart[s]; pair < end; pair++) {
        const candidate = reward[pair] + value[nextState[pair]];
        if (!(candidate > value[s] + LEAST_GAIN)) continue;
        value[s] = candidate;
        best[s] = pair;
        improved = true;
      }
    }
    if (!improved) return { value, pair: best };
  }
  throw new RangeError('Cannot find routes: going round in circles pays under this reward');
}

/** Returns the states of the best route from `origin`, both ends included; null where there is none. */
export function followRoute(
  { nextState }: Mdp,
  { value, pair }: MostLikelyRoutes,
  origin: number,
): Int32Array | null {
  if (value[origin] === Number.NEGATIVE_INFINITY) return null;
  const states = [origin];
  for (let s = origin; pair[s] >= 0; ) {
    s = nextState[pair[s]];
    states.push(s);
  }
  return Int32Array.from(states);
}
