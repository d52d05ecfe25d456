/**
 * The criterion of undiscounted goal problems with deterministic moves, for any number of goals at
 * the price of about one.
 *
 *   (I − M) z = b,   V = τ log z,   M(s, s′) = Σₐ exp(r(s, a) / τ),   b = exp(stop reward / τ)
 *
 * M is the same for every goal, so it is factored once (`routeLayout`, `routeValues`); the gradient
 * is reverse mode through the factorisation and costs the same for any number of features.
 *
 * The shared matrix has the moves out of absorbing goals, and parts that some goals never see. It
 * may have no finite solution where every goal has one: then each goal is solved on its own part.
 * A goal whose weights underflow is handed over to a criterion that works with logarithms.
 */

import type { Goal } from '../mdp/goal.ts';
import { isDeterministic, type Mdp } from '../mdp/mdp.ts';
import { factorize } from '../numeric/sparseLu.ts';
import { factorizeReverse } from '../numeric/sparseLuDerivatives.ts';
import type { Criterion, Moments, TaskMoments } from './criterion.ts';
import { createGoalMatrices } from './goalMatrices.ts';
import { fillMoveWeights, pullBackMoveWeights } from './moveWeights.ts';
import { addRouteCurvature } from './routeCurvature.ts';
import { layOutRoutes } from './routeLayout.ts';
import { logResidual } from './routeResidual.ts';
import { createRouteTangents, type RouteTangents } from './routeTangents.ts';
import { routeValueGradients } from './routeValueGradients.ts';
import {
  closeTask,
  createRouteWork,
  isInRange,
  logScale,
  openRepresentable,
  type Resolution,
  resolutionOf,
  reverseOrigin,
  reverseTask,
  solveOrigin,
} from './routeValues.ts';

export interface RouteCriterionOptions {
  /** τ > 0 */
  readonly temperature: number;
  /** Makes an exact criterion of Σ c V / τ alone for a task whose weights underflow. */
  readonly handOver: (task: TaskMoments) => Criterion;
}

/** A factorisation and what is solved on it. */
interface Round {
  /** [pairs] the pairs in use; null takes all. */
  readonly usable: Uint8Array | null;
  readonly tasks: readonly number[];
  readonly origins: readonly number[];
}

/** log z may be off by this much; it is 1e-14 where all is well. */
const TOLERANCE = 1e-8;

export function createRouteCriterion(
  mdp: Mdp,
  goals: readonly Goal[],
  moments: Moments,
  { temperature, handOver }: RouteCriterionOptions,
): Criterion {
  if (!isDeterministic(mdp))
    throw new RangeError('Cannot value routes: every pair must have exactly one successor');
  const { pairCount } = mdp;
  const matrices = createGoalMatrices(mdp, goals, moments, temperature);
  const { moves } = matrices;
  const layout = layOutRoutes(matrices, goals, moments.tasks);
  const work = createRouteWork(layout, moves.column.length);
  const { factors, bar, m, mBar } = work;
  let tangents: RouteTangents | null = null;

  const everyTask = moments.tasks.map((_, task) => task);
  const shared: Round = {
    usable: null,
    tasks: everyTask,
    origins: Array.from({ length: layout.origins.start.length - 1 }, (_, origin) => origin),
  };
  // With one task the shared matrix is its own.
  const canShare = everyTask.length === 1 || !layout.separate.includes(1);
  const own = new Map<number, Round>();
  const handed = new Map<number, Criterion>();
  const handedSurplus = new Float64Array(pairCount);

  // Of the latest evaluation: which matrices served, and which tasks were handed over.
  const latest = new Float64Array(pairCount);
  let served: 'shared' | 'own' = 'shared';
  const lost = new Set<number>();
  let worstTask = 0;
  let trust: 'unknown' | 'good' | 'none' = 'unknown';

  function ownRound(task: number): Round {
    const { routeStart, routeOrigin } = layout;
    const round = own.get(task) ?? {
      usable: matrices.usable(task),
      tasks: [task],
      origins: [...routeOrigin.subarray(routeStart[task], routeStart[task + 1])],
    };
    own.set(task, round);
    return round;
  }

  /** Factors the matrix of a round; one whose weights overflow is neither feasible nor not. */
  function factorizeRound(
    reward: Float64Array,
    { usable }: Round,
  ): 'feasible' | 'infeasible' | 'overflow' {
    fillMoveWeights(moves, reward, temperature, usable, m);
    if (m.includes(Number.POSITIVE_INFINITY)) return 'overflow';
    const failure = factorize(factors, m);
    if (failure < 0) return 'feasible';
    return Number.isNaN(factors.pivot[failure]) ? 'overflow' : 'infeasible';
  }

  /** Solves the tasks of a factored round: returns Σ c log z and adds its gradient to `surplus`. */
  function solveRound({ usable, tasks, origins }: Round, surplus: Float64Array): number {
    const resolution = resolutionOf(work, usable !== null);
    if (!isInRange(resolution)) return handOverAll(tasks);
    bar.pivot.fill(0);
    bar.lower.fill(0);
    bar.upper.fill(0);
    work.uBar.fill(0);
    for (const origin of origins) solveOrigin(work, origin);
    if (trust === 'unknown') trust = isResidualSmall(tasks, resolution) ? 'good' : 'none';
    let value = 0;
    for (const task of tasks) value += solveTask(task, resolution);
    for (const origin of origins) reverseOrigin(work, origin);
    factorizeReverse(factors, bar, mBar);
    pullBackMoveWeights(moves, mBar, temperature, surplus);
    return value;
  }

  /** Returns 0, what these tasks contribute here. */
  function handOverAll(tasks: readonly number[]): number {
    for (const task of tasks) lost.add(task);
    return 0;
  }

  /** Returns Σ c log z of one task, or 0 where it has to be handed over. */
  function solveTask(task: number, resolution: Resolution): number {
    const { routeStart, routeWeight, cutOff } = layout;
    if (routeStart[task] === routeStart[task + 1] && !cutOff[task]) return 0;
    if (trust === 'none' || cutOff[task] || !openRepresentable(work, task, resolution))
      return handOverAll([task]);
    let value = 0;
    const offset = logScale(work, task);
    for (let route = routeStart[task]; route < routeStart[task + 1]; route++)
      value += routeWeight[route] * (Math.log(work.z[route]) - offset);
    reverseTask(work, task);
    closeTask(work, task);
    return value;
  }

  /** Looks at the destination with the smallest value, where errors would show first. */
  function isResidualSmall(tasks: readonly number[], resolution: Resolution): boolean {
    let farthest = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (const task of tasks) {
      if (!openRepresentable(work, task, resolution)) continue;
      closeTask(work, task);
      for (let r = layout.routeStart[task]; r < layout.routeStart[task + 1]; r++) {
        const value = Math.log(work.z[r]) - logScale(work, task);
        if (value >= smallest) continue;
        smallest = value;
        farthest = task;
      }
    }
    return farthest < 0 || logResidual(work, farthest) <= TOLERANCE;
  }

  /** Returns Σ c log z of all tasks, or −∞; adds its gradient to `surplus`. */
  function solveTasks(reward: Float64Array, surplus: Float64Array): number {
    served = 'shared';
    const together = canShare ? factorizeRound(reward, shared) : 'infeasible';
    if (together === 'feasible') return solveRound(shared, surplus);
    if (together === 'overflow') return handOverAll(everyTask);
    if (everyTask.length === 1) return Number.NEGATIVE_INFINITY;
    served = 'own';
    let value = 0;
    // A goal that was infeasible tends to be so again: begin with it.
    for (const task of [worstTask, ...everyTask.filter((other) => other !== worstTask)]) {
      const outcome = factorizeRound(reward, ownRound(task));
      if (outcome === 'infeasible') {
        worstTask = task;
        return Number.NEGATIVE_INFINITY;
      }
      if (outcome === 'feasible') value += solveRound(ownRound(task), surplus);
      else handOverAll([task]);
    }
    return value;
  }

  return {
    curvatureIsDear: true,
    evaluate(reward, surplus) {
      latest.set(reward);
      lost.clear();
      let rewards = moments.stopReward;
      for (let pair = 0; pair < pairCount; pair++) {
        const count = moments.counts[pair];
        surplus[pair] = count / temperature;
        // 0 · ∞ would be NaN; a pair that nobody took adds nothing whatever it is worth.
        if (count !== 0) rewards += count * reward[pair];
      }
      let value = rewards / temperature + solveTasks(reward, surplus);
      if (value === Number.NEGATIVE_INFINITY) return value;
      for (const task of lost) {
        const criterion = handed.get(task) ?? handOver(moments.tasks[task]);
        handed.set(task, criterion);
        value += criterion.evaluate(reward, handedSurplus);
        if (value === Number.NEGATIVE_INFINITY) return value;
        for (let pair = 0; pair < pairCount; pair++) surplus[pair] += handedSurplus[pair];
      }
      return value;
    },

    curvature(features, out) {
      out.fill(0);
      tangents ??= createRouteTangents(work);
      const into = tangents;
      const handedTasks = [...lost];
      const kept = everyTask.filter((task) => !lost.has(task));
      const add = ({ origins }: Round, tasks: readonly number[]) =>
        addRouteCurvature(work, into, moves, features, temperature, origins, tasks, out);
      if (served === 'shared' && kept.length > 0) add(shared, kept);
      if (served === 'own')
        for (const task of kept) {
          // Rounds share their work arrays: take each up again where the evaluation left it.
          factorizeRound(latest, ownRound(task));
          solveRound(ownRound(task), handedSurplus);
          add(ownRound(task), [task]);
        }
      const part = new Float64Array(out.length);
      for (const task of handedTasks) {
        handed.get(task)?.curvature(features, part);
        for (let i = 0; i < out.length; i++) out[i] += part[i];
      }
    },

    forget() {
      worstTask = 0;
      trust = 'unknown';
      handed.clear();
    },

    valueGradients(features) {
      return routeValueGradients(matrices, goals, moments.tasks, features, {
        reward: latest,
        served,
        lost,
        handOver(task) {
          const criterion = handed.get(task) ?? handOver(moments.tasks[task]);
          handed.set(task, criterion);
          if (!lost.has(task)) criterion.evaluate(latest, handedSurplus);
          if (!criterion.valueGradients)
            throw new TypeError('Cannot hand a task over: the other criterion looks at no values');
          return criterion.valueGradients(features);
        },
      });
    },
  };
}
