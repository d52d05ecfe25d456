/**
 * Fitted Q-iteration: learning to act from a log alone, by one regression after another.
 *
 *   y_i  = r_i + γ W(s′_i; w),   W = max or τ log Σ exp(· / τ) of wᵀφ over what could be chosen
 *   w   ← argmin Σ_i (y_i − wᵀφ_i)² + λ |w|²
 *
 * linear in features. With one indicator per pair it is value iteration on the observed frequencies;
 * with few features the regression and the maximum need not go together, so it can diverge, and that is
 * reported. The Bellman error 𝓔 = (1/n) Σ (wᵀφ_i − y_i(w))² of the result is 0 only where Q is optimal
 * on the log.
 *
 * The tree ensembles of Ernst et al. are not offered: ml-random-forest 2.1 (last changed in 2022) takes
 * seconds to fit a thousand rows, and every fit needs dozens of such regressions.
 *
 * References: Ernst, Geurts & Wehenkel (2005), JMLR 6; Munos & Szepesvári (2008), JMLR 9.
 */

import { z } from 'zod';
import { choleskySolver } from '../../numeric/choleskySolver.ts';
import { greedyValue, softValue } from './nextValue.ts';
import type { TransitionLog } from './transitionLog.ts';

export const FittedQOptions = z.strictObject({
  discount: z.number().min(0).max(1).describe('Worth of the next step γ'),
  temperature: z.number().min(0).default(0).describe('τ of soft optimality; 0 for the maximum'),
  prior: z
    .enum(['one', 'uniform'])
    .default('one')
    .describe('Entropy in nats (one) or relative to choosing at random (uniform)'),
  ridge: z.number().min(0).default(1e-6).describe('λ, added to the sums of squares of features'),
  tolerance: z.number().positive().default(1e-8).describe('Stop when max |Δ Q| falls below this'),
  maxIterations: z.int().positive().default(1000).describe('Give up after this many regressions'),
});
/** What a caller may write. */
export type FittedQOptions = z.input<typeof FittedQOptions>;
type Settings = z.output<typeof FittedQOptions>;

export interface FittedQProgress {
  readonly iteration: number;
  /** Largest change of a fitted value on the log. */
  readonly change: number;
  /** Root mean square of what the regression left over. */
  readonly misfit: number;
  /** [features] w; overwritten by the next. */
  readonly weights: Float64Array;
}

export interface FittedQ {
  /** [features] w. */
  readonly weights: Float64Array;
  /** [rows] wᵀφ of every row of the log. */
  readonly actionValue: Float64Array;
  /** 𝓔, mean squared, of the result; null where it has none because it is not finite. */
  readonly bellmanError: number | null;
  readonly stop: 'converged' | 'max-iterations' | 'not-finite';
  readonly iterations: number;
}

/**
 * @throws RangeError where the log is empty or, without ridge, its features do not determine weights
 */
export function* fittedQIteration(
  log: TransitionLog,
  options: FittedQOptions,
): Generator<FittedQProgress, FittedQ> {
  const settings = FittedQOptions.parse(options);
  const { featureCount } = log;
  const count = log.taken.length;
  if (count === 0) throw new RangeError('Cannot fit values: the log has no steps');
  const solve = regression(log, settings.ridge);
  const weights = new Float64Array(featureCount);
  let actionValue: Float64Array = new Float64Array(log.features.length / featureCount);
  const target = new Float64Array(count);
  for (let iteration = 1; ; iteration++) {
    writeTargets(log, actionValue, settings, target);
    solve(target, weights);
    const next = valuesOfRows(log, weights);
    let [change, left] = [0, 0];
    for (let i = 0; i < count; i++) {
      const moved = Math.abs(next[log.taken[i]] - actionValue[log.taken[i]]);
      if (!(moved <= change)) change = moved;
      left += (target[i] - next[log.taken[i]]) ** 2;
    }
    actionValue = next;
    yield { iteration, change, misfit: Math.sqrt(left / count), weights };
    const finite = Number.isFinite(change) && Number.isFinite(left);
    const converged = change <= settings.tolerance;
    if (converged || !finite || iteration >= settings.maxIterations)
      return {
        weights,
        actionValue,
        bellmanError: finite ? bellmanError(log, actionValue, settings) : null,
        stop: converged ? 'converged' : finite ? 'max-iterations' : 'not-finite',
        iterations: iteration,
      };
  }
}

/**
 * Returns 𝓔 = (1/n) Σ (Q_i − y_i(Q))², mean squared, of any values on a log.
 *
 * @param actionValue [rows] Q
 */
export function bellmanError(
  log: TransitionLog,
  actionValue: Float64Array,
  options: FittedQOptions,
): number {
  if (log.taken.length === 0)
    throw new RangeError('Cannot compute a Bellman error: the log has no steps');
  const target = new Float64Array(log.taken.length);
  writeTargets(log, actionValue, FittedQOptions.parse(options), target);
  let sum = 0;
  for (let i = 0; i < target.length; i++) sum += (actionValue[log.taken[i]] - target[i]) ** 2;
  return sum / target.length;
}

function writeTargets(
  { reward, nextFirst, nextEnd, terminated }: TransitionLog,
  actionValue: Float64Array,
  { discount, temperature, prior }: Settings,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    const worth =
      terminated[i] === 1
        ? 0
        : temperature === 0
          ? greedyValue(actionValue, nextFirst[i], nextEnd[i])
          : softValue(actionValue, nextFirst[i], nextEnd[i], temperature, prior);
    out[i] = reward[i] + discount * worth;
  }
}

/** Factors Φᵀ Φ + λ I; returns what overwrites `weights` with the best for targets. */
function regression(
  { featureCount: size, features, taken }: TransitionLog,
  ridge: number,
): (target: Float64Array, weights: Float64Array) => void {
  const normal = new Float64Array(size * size);
  for (const row of taken)
    for (let j = 0; j < size; j++) {
      const x = features[row * size + j];
      if (x === 0) continue;
      for (let k = 0; k <= j; k++) normal[j * size + k] += x * features[row * size + k];
    }
  for (let j = 0; j < size; j++) normal[j * size + j] += ridge;
  const solve = choleskySolver(normal, size);
  if (!solve)
    throw new RangeError(
      'Cannot fit values: the features of the log do not determine weights; add ridge or leave some out',
    );
  const sums = new Float64Array(features.length / size);
  return (target, weights) => {
    // steps that took one row share its features
    sums.fill(0);
    for (let i = 0; i < taken.length; i++) sums[taken[i]] += target[i];
    weights.fill(0);
    for (let row = 0; row < sums.length; row++) {
      if (sums[row] === 0) continue;
      for (let j = 0; j < size; j++) weights[j] += features[row * size + j] * sums[row];
    }
    solve(weights);
  };
}

function valuesOfRows(
  { featureCount, features }: TransitionLog,
  weights: Float64Array,
): Float64Array {
  const values = new Float64Array(features.length / featureCount);
  for (let row = 0; row < values.length; row++) {
    let sum = 0;
    for (let k = 0; k < featureCount; k++) sum += weights[k] * features[row * featureCount + k];
    values[row] = sum;
  }
  return values;
}
