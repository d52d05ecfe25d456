/**
 * Messages from the end of a trajectory backwards, given that it was optimal, in logs:
 *
 *   log β_t(s, a) = log p(a | s) + r(s, a) / τ + log Σₛ′ p(s′ | s, a) β_{t+1}(s′)
 *   log β_t(s)    = log Σₐ β_t(s, a),   0 at the end and where there is no choice
 *
 * Reference: Levine (2018), arXiv:1805.00909, section 2.3.
 */

import type { Mdp } from '../mdp/mdp.ts';

/** [pairs] log p(a | s) + r(s, a) / τ. */
export function logWeights(
  { stateCount, pairStart }: Mdp,
  reward: Float64Array,
  temperature: number,
  uniform: boolean,
): Float64Array {
  const weights = reward.map((r) => r / temperature);
  if (uniform)
    for (let s = 0; s < stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        weights[pair] -= Math.log(pairStart[s + 1] - pairStart[s]);
  return weights;
}

/** Writes log β_t and the posterior policy of time t from log β_{t+1}. */
export function backwards(
  mdp: Mdp,
  logWeight: Float64Array,
  t: number,
  logMessage: Float64Array,
  policy: Float64Array,
): void {
  const { stateCount, pairCount, pairStart } = mdp;
  const here = t * stateCount;
  const row = policy.subarray(t * pairCount, (t + 1) * pairCount);
  const ahead = logMessage.subarray(here + stateCount, here + 2 * stateCount);
  for (let s = 0; s < stateCount; s++) {
    if (pairStart[s] === pairStart[s + 1]) continue;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      row[pair] = logWeight[pair] + logExpected(mdp, pair, ahead);
    const options = row.subarray(pairStart[s], pairStart[s + 1]);
    const total = logSumExp(options);
    logMessage[here + s] = total;
    for (let i = 0; i < options.length; i++) options[i] = Math.exp(options[i] - total);
  }
}

/** log Σₛ′ p(s′ | s, a) exp(x(s′)). */
export function logExpected(
  { transitionStart, nextState, probability }: Mdp,
  pair: number,
  x: Float64Array,
): number {
  const end = transitionStart[pair + 1];
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = transitionStart[pair]; k < end; k++)
    if (probability[k] > 0) largest = Math.max(largest, x[nextState[k]]);
  let sum = 0;
  for (let k = transitionStart[pair]; k < end; k++)
    sum += probability[k] * Math.exp(x[nextState[k]] - largest);
  return largest + Math.log(sum);
}

/** Writes p(s′ | s, a) exp(x(s′)) / Σ [transitions]. */
export function posteriorMoves(mdp: Mdp, x: Float64Array, out: Float64Array): void {
  const { pairCount, transitionStart, nextState, probability } = mdp;
  for (let pair = 0; pair < pairCount; pair++) {
    const total = logExpected(mdp, pair, x);
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      out[k] = probability[k] * Math.exp(x[nextState[k]] - total);
  }
}

/** log Σ exp(x), −Infinity for nothing. */
export function logSumExp(x: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (const xi of x) if (xi > largest) largest = xi;
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (const xi of x) sum += Math.exp(xi - largest);
  return largest + Math.log(sum);
}
