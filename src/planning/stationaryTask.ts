/**
 * One goal's decision problem cut out of the world: the states that matter for it, the pairs that
 * are usable, and what stopping is worth where.
 *
 * Without discounting the states are those that the task's trajectories can come to and from which
 * the goal is reached for certain. With discounting every state keeps a finite value, so all stay,
 * and a state without pairs is terminal with value 0.
 */

import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { distanceOrder, reachableFrom, taskSupport } from '../mdp/reachability.ts';

export interface StationaryTask {
  /** The restricted problem, states renumbered by their distance to the goal. */
  readonly mdp: Mdp;
  /** [task states] reward of ending there at once; −Infinity where that is impossible. */
  readonly stop: Float64Array;
  /** [task states] the world's state. */
  readonly worldState: Int32Array;
  /** [task pairs] the world's pair. */
  readonly worldPair: Int32Array;
  /** [world states] the task's state, −1 where it does not matter. */
  readonly taskState: Int32Array;
}

/**
 * @param goal null where trajectories head for nothing in particular
 * @param visited states that the task's trajectories visit
 */
export function stationaryTask(
  world: Mdp,
  goal: Goal | null,
  visited: Int32Array,
  discount: number,
): StationaryTask {
  const { stateCount, pairCount, pairStart } = world;
  let keep: Uint8Array | null = null;
  let allowed: Uint8Array | null = null;
  if (goal && discount === 1) {
    const support = taskSupport(world, goal);
    allowed = support.allowed;
    const reached = reachableFrom(world, visited, allowed);
    keep = reached.map((r, s) => r & support.live[s]);
  } else if (goal?.absorbing) {
    allowed = new Uint8Array(pairCount).fill(1);
    for (const s of goal.stopState) allowed.fill(0, pairStart[s], pairStart[s + 1]);
  }

  const order = goal ? distanceOrder(world, goal.stopState) : null;
  const worldState = new Int32Array(stateCount);
  let states = 0;
  for (let i = 0; i < stateCount; i++) {
    const s = order ? order[i] : i;
    if (keep?.[s] !== 0) worldState[states++] = s;
  }
  const task = restrict(world, worldState.slice(0, states), allowed);

  const stop = new Float64Array(states).fill(Number.NEGATIVE_INFINITY);
  if (discount < 1)
    for (let i = 0; i < states; i++)
      if (task.mdp.pairStart[i] === task.mdp.pairStart[i + 1]) stop[i] = 0;
  goal?.stopState.forEach((s, i) => {
    if (task.taskState[s] >= 0) stop[task.taskState[s]] = goal.stopReward[i];
  });
  return { ...task, stop };
}

/** The part of the world on `worldState`, in that order, with the allowed pairs only. */
function restrict(
  world: Mdp,
  worldState: Int32Array,
  allowed: Uint8Array | null,
): Omit<StationaryTask, 'stop'> {
  const taskState = new Int32Array(world.stateCount).fill(-1);
  worldState.forEach((s, i) => {
    taskState[s] = i;
  });
  let pairs = 0;
  let transitions = 0;
  for (const s of worldState)
    for (let pair = world.pairStart[s]; pair < world.pairStart[s + 1]; pair++) {
      if (allowed?.[pair] === 0) continue;
      pairs++;
      transitions += world.transitionStart[pair + 1] - world.transitionStart[pair];
    }

  const pairStart = new Int32Array(worldState.length + 1);
  const transitionStart = new Int32Array(pairs + 1);
  const nextState = new Int32Array(transitions);
  const probability = new Float64Array(transitions);
  const worldPair = new Int32Array(pairs);
  let p = 0;
  let t = 0;
  worldState.forEach((s, i) => {
    for (let pair = world.pairStart[s]; pair < world.pairStart[s + 1]; pair++) {
      if (allowed?.[pair] === 0) continue;
      for (let k = world.transitionStart[pair]; k < world.transitionStart[pair + 1]; k++) {
        nextState[t] = taskState[world.nextState[k]];
        probability[t++] = world.probability[k];
      }
      worldPair[p++] = pair;
      transitionStart[p] = t;
    }
    pairStart[i + 1] = p;
  });
  const mdp: Mdp = {
    stateCount: worldState.length,
    pairCount: pairs,
    pairStart,
    transitionStart,
    nextState,
    probability,
  };
  return { mdp, worldState, worldPair, taskState };
}
