/**
 * A policy with one parameter per pair, and what every policy gradient is made of.
 *
 *   π(a | s) = exp θ(s, a) / Σ_b exp θ(s, b)
 *   ∂/∂θ(s, b)  log π(a | s) = 1[a = b] − π(b | s)
 *
 * so the gradient of Σ w(s, a) log π(a | s) is w(s, b) − π(b | s) Σₐ w(s, a). With w counting the
 * choices of an expert that is maximum likelihood; with w counting one's own choices, each times what
 * it led to, it is REINFORCE: the same gradient, weighted.
 *
 * References: Williams (1992), Machine Learning 8; Sutton & Barto (2018), §13.1 and 13.3.
 */

import type { Mdp } from '../../mdp/mdp.ts';

/** Returns [pairs] π(a | s) for the preferences `theta` [pairs]. */
export function softmaxPolicy(mdp: Mdp, theta: Float64Array): Float64Array {
  const { stateCount, pairCount, pairStart } = mdp;
  if (theta.length !== pairCount)
    throw new RangeError(
      `Cannot form a policy: theta must have ${pairCount} entries (one per pair), got ${theta.length}`,
    );
  const policy = new Float64Array(pairCount);
  for (let s = 0; s < stateCount; s++) softmaxRow(theta, pairStart[s], pairStart[s + 1], policy);
  return policy;
}

/** Writes exp(x[i]) / Σ exp(x) for start ≤ i < end; `out` may be `x`. */
export function softmaxRow(
  x: Float64Array,
  start: number,
  end: number,
  out: Float64Array,
  temperature = 1,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) if (x[i] > largest) largest = x[i];
  let sum = 0;
  for (let i = start; i < end; i++) {
    out[i] = Math.exp((x[i] - largest) / temperature);
    sum += out[i];
  }
  for (let i = start; i < end; i++) out[i] /= sum;
}

/**
 * Overwrites `gradient` [pairs] with that of Σ w(s, a) log π(a | s) by θ.
 *
 * @param policy [pairs] π
 * @param weight [pairs] w, of any sign
 */
export function scoreGradient(
  { stateCount, pairStart }: Mdp,
  policy: Float64Array,
  weight: Float64Array,
  gradient: Float64Array,
): void {
  for (let s = 0; s < stateCount; s++) {
    let total = 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) total += weight[pair];
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      gradient[pair] = weight[pair] - policy[pair] * total;
  }
}
