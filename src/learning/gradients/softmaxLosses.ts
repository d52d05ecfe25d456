/**
 * Losses of a policy that is given by preferences, one row of them per decision, with gradients: what
 * a network or a table is trained with.
 *
 *   policy gradient   L = −(1/n) Σ_i w_i A_i log π(a_i | i)
 *   entropy           L = −(1/n) Σ_i w_i H(π(· | i)),   ∂H/∂θ_b = −π_b (log π_b + H)
 *
 * Weighing every A by 1 makes the first the loss of maximum likelihood.
 *
 * Reference: Williams & Peng (1991), Connection Science 3; the conventions of rlax (DeepMind).
 */

import { softmaxRow } from './softmaxPolicy.ts';

/** Rows of preferences, all of one width. */
export interface PreferenceRows {
  /** [n × actions] θ, row-major. */
  readonly preference: Float64Array;
  readonly actionCount: number;
}

/**
 * Returns the loss and overwrites `gradient` [n × actions] with its derivative by the preferences.
 *
 * @param action [n] chosen
 * @param advantage [n] A, taken as constants
 * @param weight [n] w
 */
export function policyGradientLoss(
  { preference, actionCount }: PreferenceRows,
  action: ArrayLike<number>,
  advantage: ArrayLike<number>,
  weight: ArrayLike<number>,
  gradient: Float64Array,
): number {
  const count = action.length;
  checkRows(preference, count, actionCount);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const row = i * actionCount;
    const share = (weight[i] * advantage[i]) / count;
    loss -= share * logProbability(preference, row, row + actionCount, row + action[i]);
    softmaxRow(preference, row, row + actionCount, gradient);
    gradient[row + action[i]] -= 1;
    for (let k = row; k < row + actionCount; k++) gradient[k] *= share;
  }
  return loss;
}

/**
 * Returns the loss and overwrites `gradient` [n × actions] with its derivative by the preferences.
 *
 * @param weight [n] w
 */
export function entropyLoss(
  { preference, actionCount }: PreferenceRows,
  weight: ArrayLike<number>,
  gradient: Float64Array,
): number {
  const count = weight.length;
  checkRows(preference, count, actionCount);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const row = i * actionCount;
    const end = row + actionCount;
    softmaxRow(preference, row, end, gradient);
    let entropy = 0;
    for (let k = row; k < end; k++)
      if (gradient[k] > 0) entropy -= gradient[k] * Math.log(gradient[k]);
    const share = weight[i] / count;
    loss -= share * entropy;
    for (let k = row; k < end; k++)
      if (gradient[k] > 0) gradient[k] *= share * (Math.log(gradient[k]) + entropy);
  }
  return loss;
}

/** x[i] − log Σ exp(x) over start ≤ i < end. */
function logProbability(x: Float64Array, start: number, end: number, i: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = start; k < end; k++) if (x[k] > largest) largest = x[k];
  let sum = 0;
  for (let k = start; k < end; k++) sum += Math.exp(x[k] - largest);
  return x[i] - largest - Math.log(sum);
}

function checkRows(preference: Float64Array, count: number, actionCount: number): void {
  if (preference.length !== count * actionCount)
    throw new RangeError(
      `Cannot compute a loss: there must be ${count} × ${actionCount} preferences, got ${preference.length}`,
    );
}
