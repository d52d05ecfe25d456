/**
 * What a fit maximises, with exact gradient and Hessian, by summing over the decisions.
 *
 *   likelihood         LL(θ) = Σ w log π(a | s)
 *   feature matching   D(θ)  = Σ w (Σₜ γᵗ r(sₜ, aₜ) − V(s₀)) / τ, the max-ent dual
 *   with L2            … − (λ / 2) ‖θ‖²
 */

import type { DenseProblem } from './denseProblem.ts';
import { type DensePlan, solveTask } from './denseSolver.ts';
import type { FitSettings } from './tables.ts';

export interface DenseObjective {
  /** What is maximised. */
  readonly value: number;
  /** The causal log-likelihood of the decisions, without penalty. */
  readonly logLikelihood: number;
  /** [features] of `value` */
  readonly gradient: number[];
  /** [features][features] of `value` */
  readonly hessian: number[][];
}

/** Returns the objective at θ, or null where a task has no finite value. */
export function denseObjective(
  problem: DenseProblem,
  theta: readonly number[],
  settings: FitSettings,
): DenseObjective | null {
  const plans: DensePlan[] = [];
  for (const task of problem.tasks) {
    const plan = solveTask(task, theta, problem);
    if (!plan) return null;
    plans.push(plan);
  }
  const l2 = settings.l2 ?? 0;
  const matching = settings.objective === 'feature-matching';
  const gradient = theta.map((t) => -l2 * t);
  const hessian = theta.map((_, k) => theta.map((_, l) => (k === l ? -l2 : 0)));
  let value = -0.5 * l2 * theta.reduce((sum, t) => sum + t * t, 0);
  let logLikelihood = 0;

  const add = (weight: number, term: number, first: number[], second: number[] | null) => {
    value += weight * term;
    for (let k = 0; k < theta.length; k++) {
      gradient[k] += weight * first[k];
      if (!second) continue;
      for (let l = 0; l < theta.length; l++) {
        hessian[k][l] += weight * second[k * theta.length + l];
      }
    }
  };

  for (const { task, time, state, move, weight } of problem.decisions) {
    const { at } = plans[task];
    const { policy } = at[Math.min(time, at.length - 1)];
    const logPolicy = policy.logPolicy[state][move];
    logLikelihood += weight * logPolicy;
    if (matching) {
      const { features, constant } = problem.tasks[task].moves[state][move];
      const reward = features.reduce((sum, f, k) => sum + f * theta[k], constant);
      const share = (weight * problem.discount ** time) / problem.temperature;
      add(share, reward, [...features], null);
    } else {
      add(weight, logPolicy, policy.gradient[state][move], policy.curvature[state][move]);
    }
  }
  if (matching) {
    for (const { task, state, weight } of problem.starts) {
      const { value: v } = plans[task].at[0];
      const share = -weight / problem.temperature;
      add(share, v.value[state], v.gradient[state], v.curvature[state]);
    }
  }
  return Number.isFinite(value) ? { value, logLikelihood, gradient, hessian } : null;
}
