/**
 * Gradients of route values, for every (state, goal) that trajectories come to.
 *
 *   V = τ (log z_sd − log z_dd),   gradV = τ (ż_sd / z_sd − ż_dd / z_dd)
 *
 * with z_dd = 1 where the destination lies outside the graph. One factorisation and one tangent of
 * it per feature serve all goals that share a matrix; each goal costs one sparse solve, and one
 * more per feature (`destinationValues`).
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Goal } from '../mdp/goal.ts';
import { factorize } from '../numeric/sparseLu.ts';
import { factorizeTangent } from '../numeric/sparseLuDerivatives.ts';
import type { TaskMoments } from './criterion.ts';
import { type Reach, solveReach, solveReachTangent } from './destinationValues.ts';
import type { GoalMatrices } from './goalMatrices.ts';
import { fillMoveWeights } from './moveWeights.ts';
import { layOutRoutes, reachEach } from './routeLayout.ts';
import {
  closeTaskTangent,
  createRouteTangents,
  fillTangent,
  openTaskTangent,
} from './routeTangents.ts';
import {
  closeTask,
  createRouteWork,
  isInRange,
  logFloor,
  openTask,
  type Resolution,
  resolutionOf,
  STARTS,
} from './routeValues.ts';
import { unknownState, type ValueGradients } from './valueGradients.ts';

export interface RoutePlan {
  /** [pairs] r, feasible. */
  readonly reward: Float64Array;
  /** Whether one matrix serves all goals, or each has its own. */
  readonly served: 'shared' | 'own';
  /** Tasks that another engine answers for. */
  readonly lost: ReadonlySet<number>;
  /** Makes that engine answer for a task. */
  readonly handOver: (task: number) => ValueGradients;
}

/** What is known of one task. */
interface TaskGradients extends Reach {
  /** Where in `node` the states are that may be asked for. */
  readonly place: ReadonlyMap<number, number>;
  /** [nodes × features] ż / z */
  readonly slope: Float64Array;
}

export function routeValueGradients(
  matrices: GoalMatrices,
  goals: readonly Goal[],
  tasks: readonly TaskMoments[],
  features: FeatureMatrix,
  { reward, served, lost, handOver }: RoutePlan,
): ValueGradients {
  const { moves, temperature } = matrices;
  const width = features.names.length;
  const rows = features.per === 'pair' ? moves.pair : moves.pairState;
  const layout = layOutRoutes(matrices, goals, tasks.map(withoutRoutes));
  const work = createRouteWork(layout, moves.column.length);
  const tangents = createRouteTangents(work);
  const known = layOutTasks(matrices, goals, tasks, width);
  const handed = new Map<number, ValueGradients>();

  /** Solves tasks on the matrix of the pairs in use; null takes all. */
  function solve(usable: Uint8Array | null, among: readonly number[]): void {
    fillMoveWeights(moves, reward, temperature, usable, work.m);
    const isFeasible = factorize(work.factors, work.m) < 0;
    const resolution = isFeasible ? resolutionOf(work, usable !== null) : null;
    const solved = among.filter((task) => {
      const found = known[task];
      if (found && resolution && isInRange(resolution) && solveTask(task, found, resolution))
        return true;
      handed.set(task, handOver(task));
      return false;
    });
    for (let k = 0; k < width; k++) {
      fillTangent(moves, rows, features, k, temperature, tangents.mDot);
      factorizeTangent(work.factors, tangents.mDot, tangents.dot);
      for (const task of solved) {
        const found = known[task];
        if (found) solveSlopes(task, found, k);
      }
    }
  }

  /** Solves z where y starts as large as it can; returns whether every z survived underflow. */
  function solveTask(task: number, found: TaskGradients, resolution: Resolution): boolean {
    for (const scale of STARTS) {
      work.scale[task] = scale;
      openTask(work, task);
      solveReach(work, found);
      closeTask(work, task);
      const floor = logFloor(work, task, resolution) + Math.log(scale);
      const survived = [...found.place.values()].every(
        (r) => Math.log(found.z[r]) > floor && found.z[r] < Number.POSITIVE_INFINITY,
      );
      if (survived) return true;
    }
    return false;
  }

  function solveSlopes(task: number, found: TaskGradients, k: number): void {
    openTaskTangent(work, tangents, task);
    const zDot = new Float64Array(found.node.length);
    solveReachTangent(work, tangents, found, zDot);
    closeTaskTangent(work, tangents, task);
    for (const r of found.place.values()) found.slope[r * width + k] = zDot[r] / found.z[r];
  }

  for (const task of lost) handed.set(task, handOver(task));
  const kept = [...tasks.keys()].filter((task) => !lost.has(task));
  if (served === 'shared') solve(null, kept);
  else for (const task of kept) solve(matrices.usable(task), [task]);

  return {
    at(task, time, state, out) {
      const { absorbing, stopState } = goals[tasks[task].goal];
      if (absorbing && stopState.includes(state)) {
        out.fill(0);
        return 0;
      }
      const elsewhere = handed.get(task);
      if (elsewhere) return elsewhere.at(0, time, state, out);
      const found = known[task];
      const here = found?.place.get(state);
      if (!found || here === undefined) throw unknownState(task, time, state);
      const { z, slope, place } = found;
      for (let k = 0; k < width; k++) out[k] = temperature * slope[here * width + k];
      // With several absorbing states each task has its own matrix, without the moves out of them.
      const end = absorbing && stopState.length === 1 ? place.get(stopState[0]) : undefined;
      if (end === undefined)
        return temperature * (Math.log(z[here]) - Math.log(work.scale[task]) + layout.level[task]);
      for (let k = 0; k < width; k++) out[k] -= temperature * slope[end * width + k];
      return temperature * (Math.log(z[here]) - Math.log(z[end]));
    },
  };
}

/** The task with its exits only. */
function withoutRoutes(task: TaskMoments): TaskMoments {
  const none = new Int32Array(0);
  return { ...task, state: none, time: none, weight: new Float64Array(0) };
}

/** Null where a state that is visited has no row: its goal is out of reach. */
function layOutTasks(
  { moves, pattern }: GoalMatrices,
  goals: readonly Goal[],
  tasks: readonly TaskMoments[],
  width: number,
): (TaskGradients | null)[] {
  const nodeOf = (state: number) =>
    moves.rowOfState[state] < 0 ? -1 : pattern.position[moves.rowOfState[state]];
  const nodes = tasks.map(({ goal, visited }) => {
    const { absorbing, stopState } = goals[goal];
    const ends = absorbing ? [...stopState].filter((s) => nodeOf(s) >= 0) : [];
    const others = [...visited].filter((s) => !absorbing || !stopState.includes(s));
    return new Map([...others, ...ends].map((s) => [s, nodeOf(s)]));
  });
  const reached = reachEach(
    nodes.map((of) => [...of.values()].filter((node) => node >= 0)),
    pattern,
    'upper',
  );
  const rank = new Int32Array(pattern.size);
  return nodes.map((of, task) => {
    const node = reached.node.subarray(reached.start[task], reached.start[task + 1]);
    node.forEach((i, r) => {
      rank[i] = r;
    });
    if ([...of.values()].includes(-1)) return null;
    return {
      node,
      z: new Float64Array(node.length),
      place: new Map([...of].map(([s, i]) => [s, rank[i]])),
      slope: new Float64Array(node.length * width),
    };
  });
}
