/** The curvature that choices contribute: the covariance of the gradients of their values. */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';

/** A probability of stopping below this is what rounding leaves of 1 − Σ π. */
const ROUND_OFF = 1e-13;

/**
 * Adds Σₛ weight(s) Cov_{a ~ π(·|s)}(gradQ) to `out` [features × features], where
 * gradQ_k(s, a) = f_k(s, a) + γ Σ p(s′|s,a) gradV_k(s′).
 *
 * The policy may sum to less than 1: what is missing is a choice without gradient (stopping).
 *
 * @param tangents per feature, [states] gradV_k
 * @param policy [pairs], read from `policyStart` on
 * @param weight [states], read from `weightStart` on; may be negative
 */
export function addCovariance(
  mdp: Mdp,
  { names, per, values }: FeatureMatrix,
  tangents: readonly Float64Array[],
  policy: Float64Array,
  weight: Float64Array,
  discount: number,
  out: Float64Array,
  policyStart = 0,
  weightStart = 0,
): void {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const width = names.length;
  // One row of gradV per state: the inner loop below then walks along memory.
  const gradient = new Float64Array(stateCount * width);
  for (let k = 0; k < width; k++) {
    const tangent = tangents[k];
    for (let s = 0; s < stateCount; s++) gradient[s * width + k] = tangent[s];
  }
  let mostPairs = 0;
  for (let s = 0; s < stateCount; s++)
    mostPairs = Math.max(mostPairs, pairStart[s + 1] - pairStart[s]);
  const rows = new Float64Array(mostPairs * width);
  const mean = new Float64Array(width);
  for (let s = 0; s < stateCount; s++) {
    const visits = weight[weightStart + s];
    if (visits === 0) continue;
    const first = pairStart[s];
    const last = pairStart[s + 1];
    const here = s * width;
    let stopping = 1;
    mean.fill(0);
    for (let pair = first; pair < last; pair++) {
      const row = (pair - first) * width;
      const share = policy[policyStart + pair];
      stopping -= share;
      if (share === 0) continue;
      const own = (per === 'pair' ? pair : s) * width;
      // Relative to gradV(s), which is about their mean: far from cancellation when γ is near 1.
      for (let k = 0; k < width; k++) rows[row + k] = values[own + k] - gradient[here + k];
      for (let t = transitionStart[pair]; t < transitionStart[pair + 1]; t++) {
        const p = discount * probability[t];
        const next = nextState[t] * width;
        for (let k = 0; k < width; k++) rows[row + k] += p * gradient[next + k];
      }
      for (let k = 0; k < width; k++) mean[k] += share * rows[row + k];
    }
    if (stopping > ROUND_OFF) {
      for (let k = 0; k < width; k++) mean[k] -= stopping * gradient[here + k];
      for (let k = 0; k < width; k++) {
        const scaled = visits * stopping * (gradient[here + k] + mean[k]);
        for (let j = 0; j <= k; j++) out[k * width + j] += scaled * (gradient[here + j] + mean[j]);
      }
    }
    for (let pair = first; pair < last; pair++) {
      const row = (pair - first) * width;
      const share = policy[policyStart + pair];
      if (share === 0) continue;
      for (let k = 0; k < width; k++) rows[row + k] -= mean[k];
      for (let k = 0; k < width; k++) {
        const scaled = visits * share * rows[row + k];
        for (let j = 0; j <= k; j++) out[k * width + j] += scaled * rows[row + j];
      }
    }
  }
  for (let k = 0; k < width; k++)
    for (let j = 0; j < k; j++) out[j * width + k] = out[k * width + j];
}
