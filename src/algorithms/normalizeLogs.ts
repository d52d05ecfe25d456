/** Scores into log-probabilities: xᵢ − log Σ exp(x), without overflow. */

/** Overwrites `scores` with the logarithms of shares that sum to 1; −∞ stays a share of nothing. */
export function normalizeLogs(scores: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) largest = Math.max(largest, scores[i]);
  if (largest === Number.NEGATIVE_INFINITY) return;
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp(scores[i] - largest);
  const logSum = largest + Math.log(sum);
  for (let i = 0; i < scores.length; i++) scores[i] -= logSum;
}
