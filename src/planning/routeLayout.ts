/**
 * What has to be solved to value many origins and destinations on one factorisation.
 *
 * With I − M = L U, the weight of all paths from o to destination d is
 *
 *   z_od = e_oᵀ (I − M)⁻¹ b_d = (U⁻ᵀ e_o) · (L⁻¹ b_d)
 *
 * and both factors are sparse: what o reaches through U, what the exits of d reach through L. These
 * *paths* depend on the pattern only. An absorbing goal state d is left again in M, hence there
 * z_od / z_dd: the route from d to itself takes part with the opposite weight.
 *
 * States are named by when they are eliminated: *nodes*.
 */

import type { Goal } from '../mdp/goal.ts';
import type { LuPattern } from '../numeric/luPattern.ts';
import type { TaskMoments } from './criterion.ts';
import type { GoalMatrices } from './goalMatrices.ts';

/** Ascending lists of nodes, one after another. */
export interface NodeLists {
  /** [lists + 1] */
  readonly start: Int32Array;
  readonly node: Int32Array;
}

export interface RouteLayout {
  readonly pattern: LuPattern;
  /** Distinct origins: what each reaches through U, itself first. */
  readonly origins: NodeLists;
  /** Per task: what its exits reach through L. */
  readonly destinations: NodeLists;
  /** Per task: its exits (or the goal itself), with weights exp(stop reward / τ − level). */
  readonly exits: NodeLists;
  readonly exitWeight: Float64Array;
  /** [tasks] the largest stop reward / τ. */
  readonly level: Float64Array;
  /** [tasks + 1] routes of each task, with their origin and the weight c of V / τ in the criterion. */
  readonly routeStart: Int32Array;
  readonly routeOrigin: Int32Array;
  readonly routeWeight: Float64Array;
  /** [tasks] 1 where the shared matrix cannot serve: several absorbing states end the task. */
  readonly separate: Uint8Array;
  /** [tasks] 1 where an origin is not among the rows of M: its value is −∞. */
  readonly cutOff: Uint8Array;
}

/** Weights that sum to less than this share of their terms have cancelled. */
const ROUND_OFF = 1e-14;

export function layOutRoutes(
  matrices: GoalMatrices,
  goals: readonly Goal[],
  tasks: readonly TaskMoments[],
): RouteLayout {
  const { moves, pattern, temperature } = matrices;
  const nodeOf = (state: number) =>
    moves.rowOfState[state] < 0 ? -1 : pattern.position[moves.rowOfState[state]];
  const exits: number[][] = [];
  const exitWeight: number[] = [];
  const level = new Float64Array(tasks.length);
  const routes: Map<number, number>[] = [];
  const separate = new Uint8Array(tasks.length);
  const cutOff = new Uint8Array(tasks.length);

  tasks.forEach((task, t) => {
    const goal = goals[task.goal];
    const reward = new Map<number, number>();
    goal.stopState.forEach((state, i) => {
      if (nodeOf(state) >= 0 && goal.stopReward[i] > Number.NEGATIVE_INFINITY)
        reward.set(nodeOf(state), goal.stopReward[i] / temperature);
    });
    exits.push([...reward.keys()].sort((a, b) => a - b));
    level[t] = reward.size > 0 ? Math.max(...reward.values()) : 0;
    for (const node of exits[t]) exitWeight.push(Math.exp((reward.get(node) ?? 0) - level[t]));

    const weights = new Map<number, number>();
    let total = 0;
    let pinned = 0;
    task.state.forEach((state, i) => {
      const node = nodeOf(state);
      const weight = task.weight[i];
      if (weight === 0 || (goal.absorbing && reward.has(node))) return;
      if (node < 0) cutOff[t] = 1;
      else weights.set(node, (weights.get(node) ?? 0) + weight);
      total += Math.abs(weight);
    });
    for (const [node, weight] of weights) {
      if (Math.abs(weight) <= ROUND_OFF * total) weights.delete(node);
      else pinned -= weight;
    }
    if (goal.absorbing && exits[t].length === 1 && weights.size > 0)
      weights.set(exits[t][0], pinned);
    separate[t] = goal.absorbing && exits[t].length > 1 ? 1 : 0;
    routes.push(weights);
  });

  const originNode = Int32Array.from(new Set(routes.flatMap((route) => [...route.keys()]))).sort();
  const originOf = new Map<number, number>();
  originNode.forEach((node, o) => {
    originOf.set(node, o);
  });
  const routeStart = new Int32Array(tasks.length + 1);
  routes.forEach((route, t) => {
    routeStart[t + 1] = routeStart[t] + route.size;
  });
  return {
    pattern,
    origins: reachEach(
      [...originNode].map((node) => [node]),
      pattern,
      'upper',
    ),
    destinations: reachEach(exits, pattern, 'lower'),
    exits: concatenated(exits),
    exitWeight: Float64Array.from(exitWeight),
    level,
    routeStart,
    routeOrigin: Int32Array.from(
      routes.flatMap((route) => [...route.keys()].map((node) => originOf.get(node) ?? 0)),
    ),
    routeWeight: Float64Array.from(routes.flatMap((route) => [...route.values()])),
    separate,
    cutOff,
  };
}

/** What each list of nodes reaches, itself included, along the rows of U or the columns of L. */
export function reachEach(
  seeds: readonly (readonly number[])[],
  pattern: LuPattern,
  factor: 'upper' | 'lower',
): NodeLists {
  const next = factor === 'upper' ? pattern.upperStart : pattern.lowerStart;
  const node = factor === 'upper' ? pattern.upperColumn : pattern.lowerRow;
  const reachedBy = new Int32Array(pattern.size).fill(-1);
  const queue = new Int32Array(pattern.size);
  const lists = seeds.map((seed, list) => {
    let tail = 0;
    for (const i of seed) {
      reachedBy[i] = list;
      queue[tail++] = i;
    }
    for (let head = 0; head < tail; head++) {
      const end = next[queue[head] + 1];
      for (let e = next[queue[head]]; e < end; e++) {
        const i = node[e];
        if (reachedBy[i] === list) continue;
        reachedBy[i] = list;
        queue[tail++] = i;
      }
    }
    return queue.slice(0, tail).sort();
  });
  return concatenated(lists);
}

function concatenated(lists: readonly (readonly number[] | Int32Array)[]): NodeLists {
  const start = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    start[i + 1] = start[i] + list.length;
  });
  const node = new Int32Array(start[lists.length]);
  lists.forEach((list, i) => {
    node.set(list, start[i]);
  });
  return { start, node };
}
