/**
 * The planner that has a log only: soft fitted Q-iteration under the current reward, and fitted
 * evaluation of its policy, both at their fixed points (`FittedSoftQ`). With ψ_k(o, a) what the
 * policy expects of a feature from there on, discounted, and what is read of values being linear in
 * them (`ValueReadings`), the derivatives of either objective are exact:
 *
 *   ∂Q/∂θ_k = ψ_k,   ∂V/∂θ_k = E_π ψ_k
 *   ∂²Q = fitted evaluation of γ (1 − terminated) Cov_π[ψ_k, ψ_l](o′) / τ,   ∂²V = E_π ∂²Q + Cov_π[ψ_k, ψ_l] / τ
 *
 * (where these are not those of a maximum, the mean of Cov_π / τ² over decisions stands for them).
 * Nothing is random, so that steps of the loop are Newton's. What the log does not show is taken from
 * the functions that values are linear in; that, and luck in the log, are in no error of it.
 */

import { FittedSoftQ } from '../../learning/offline/fittedSoftQ.ts';
import { isPositiveDefinite } from '../../numeric/positiveDefinite.ts';
import {
  DivergedPlan,
  type SampledPlanner,
  type SampledSurplus,
} from '../sampled/sampledPlanner.ts';
import { type OfflineLog, type OfflineProblem, offlineLog } from './offlineProblem.ts';
import { likelihoodReadings, matchingReadings, type ValueReadings } from './valueReadings.ts';

export interface OfflinePlannerOptions {
  readonly objective: 'likelihood' | 'feature-matching';
  readonly regression: 'least-squares' | 'averages';
  /** λ ≥ 0 of the regressions, per step of the log. */
  readonly ridge: number;
  readonly resume?: unknown;
}

export interface OfflinePlanner extends SampledPlanner {
  plan(theta: Float64Array): void;
  surplus(): SampledSurplus;
  readonly log: OfflineLog;
  /** Of the latest plan. */
  readonly values: FittedSoftQ;
  /** By how many the sums over demonstrations are divided: decisions, or episodes of 1 / (1 − γ) each. */
  readonly decisions: number;
}

/** Where planning stood, as plain JSON. */
interface OfflineState {
  readonly weights: readonly number[];
}

export function createOfflinePlanner(
  problem: OfflineProblem,
  { objective, regression, ridge, resume }: OfflinePlannerOptions,
): OfflinePlanner {
  const { discount, temperature, features } = problem;
  const log = offlineLog(problem);
  const { steps } = log;
  const size = features.names.length;
  const values = new FittedSoftQ(steps, problem.basis(steps), {
    discount,
    temperature,
    regression,
    ridge: ridge * steps.count,
  });
  const saved = resume as OfflineState | undefined;
  if (saved) values.weights.set(saved.weights);
  const columns = features.names.map((_, k) =>
    Float64Array.from({ length: steps.count }, (_, i) => log.features[i * size + k]),
  );
  const isLikelihood = objective === 'likelihood';
  const chosen = likelihoodReadings(log, values, size);
  const read = isLikelihood ? chosen : matchingReadings(log, values, size, discount);
  const decisions = isLikelihood ? log.decisions : (log.start.length - 1) / (1 - discount);
  const scale = 1 / (temperature * decisions);

  const plan = (theta: Float64Array): void => {
    const reward = new Float64Array(steps.count);
    columns.forEach((x, k) => {
      for (let i = 0; i < reward.length; i++) reward[i] += theta[k] * x[i];
    });
    const { found, residual, iterations } = values.plan(reward);
    if (!found)
      throw new DivergedPlan(
        `Cannot plan: soft fitted Q-iteration has no fixed point on the log that was found (after ${iterations} steps of Newton's method ${residual.toPrecision(2)} of it is left open); more ridge, averages, fewer functions or more play in the log may give one`,
      );
  };

  return {
    log,
    values,
    decisions,
    plan,
    settle: plan,
    surplus,
    logLikelihood() {
      const policy = values.policy(chosen.encoded);
      return policy.reduce((sum, p, i) => sum + (chosen.onAction[i] > 0 ? Math.log(p) : 0), 0);
    },
    steps: () => 0,
    state: () => ({ weights: [...values.weights] }) satisfies OfflineState,
  };

  function surplus(): SampledSurplus {
    const psi = columns.map((x) => values.expect(x));
    const here = expectationsAt(values, read.encoded, psi);
    const ahead = expectationsAt(values, values.encoded.next, psi);
    const gradient = Float64Array.from(
      columns,
      (_, k) => scale * (read.paid[k] + readingOf(read, here.psi[k], here.mean[k])),
    );
    const information = new Float64Array(size * size);
    for (let k = 0; k < size; k++)
      for (let l = 0; l <= k; l++) {
        const pay = covarianceOf(ahead, k, l).map(
          (c, i) => (discount * (1 - steps.terminated[i]) * c) / temperature,
        );
        const curved = values.evaluate(values.expect(pay), read.encoded);
        const spread = covarianceOf(here, k, l).map((c) => c / temperature);
        const mean = meanUnder(here.policy, curved, spread.length).map((x, i) => x + spread[i]);
        const second = -scale * readingOf(read, curved, mean);
        information[k * size + l] = second;
        information[l * size + k] = second;
      }
    const isMaximum = isPositiveDefinite(information, size);
    return {
      gradient,
      replicates: [],
      information: isMaximum ? information : scoring(psi),
      informationNoise: 0,
    };
  }

  /** mean Cov_π[ψ_k, ψ_l] / τ² over decisions: no maximum is near, but it is uphill. */
  function scoring(psi: readonly Float64Array[]): Float64Array {
    const here = expectationsAt(values, chosen.encoded, psi);
    const out = new Float64Array(size * size);
    for (let k = 0; k < size; k++)
      for (let l = 0; l < size; l++)
        out[k * size + l] =
          covarianceOf(here, k, l).reduce((sum, c) => sum + c, 0) /
          (log.decisions * temperature ** 2);
    return out;
  }
}

/** What a policy expects where values are read. */
interface Expectations {
  /** [rows × actions] */
  readonly policy: Float64Array;
  /** By feature, [rows × actions]. */
  readonly psi: readonly Float64Array[];
  /** By feature, [rows]: E_π ψ. */
  readonly mean: readonly Float64Array[];
}

function expectationsAt(
  values: FittedSoftQ,
  encoded: Float64Array,
  weights: readonly Float64Array[],
): Expectations {
  const rows = encoded.length / values.basis.size;
  const policy = values.policy(encoded);
  const psi = weights.map((u) => values.evaluate(u, encoded));
  return { policy, psi, mean: psi.map((x) => meanUnder(policy, x, rows)) };
}

/** [rows] Σₐ π(a) x(a) */
function meanUnder(policy: Float64Array, x: Float64Array, rows: number): Float64Array {
  const actionCount = policy.length / rows;
  const out = new Float64Array(rows);
  for (let i = 0; i < policy.length; i++) out[Math.floor(i / actionCount)] += policy[i] * x[i];
  return out;
}

/** [rows] Cov_π[ψ_k, ψ_l] */
function covarianceOf({ policy, psi, mean }: Expectations, k: number, l: number): Float64Array {
  const out = new Float64Array(mean[k].length);
  const actionCount = policy.length / out.length;
  for (let i = 0; i < policy.length; i++) {
    const row = Math.floor(i / actionCount);
    out[row] += policy[i] * (psi[k][i] - mean[k][row]) * (psi[l][i] - mean[l][row]);
  }
  return out;
}

/** Σ c x + Σ d y */
function readingOf({ onAction, onValue }: ValueReadings, x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += onAction[i] * x[i];
  for (let i = 0; i < y.length; i++) sum += onValue[i] * y[i];
  return sum;
}
