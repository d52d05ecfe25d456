/**
 * Which class each trajectory belongs to, as far as what it did tells.
 *
 *   ρᵢₖ = share_k exp ℓᵢ(θ_k) / Σ_j share_j exp ℓᵢ(θ_j),   log Lᵢ = log Σ_k share_k exp ℓᵢ(θ_k)
 */

/**
 * Overwrites `out` [trajectories × classes] with ρ and `total` [trajectories] with log L.
 *
 * @param logLikelihoods [classes][trajectories] ℓᵢ(θ_k); one that is −Infinity rules a class out
 */
export function memberships(
  logLikelihoods: readonly Float64Array[],
  share: Float64Array,
  out: Float64Array,
  total: Float64Array,
): void {
  const classes = share.length;
  for (let i = 0; i < total.length; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) {
      const log = Math.log(share[k]) + logLikelihoods[k][i];
      out[i * classes + k] = log;
      largest = Math.max(largest, log);
    }
    if (largest === Number.NEGATIVE_INFINITY) {
      total[i] = largest;
      for (let k = 0; k < classes; k++) out[i * classes + k] = share[k];
      continue;
    }
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      out[i * classes + k] = Math.exp(out[i * classes + k] - largest);
      sum += out[i * classes + k];
    }
    for (let k = 0; k < classes; k++) out[i * classes + k] /= sum;
    total[i] = largest + Math.log(sum);
  }
}

/** Mean over trajectories of −Σ ρ log ρ, as a share of log K: 0 where every class is certain. */
export function assignmentEntropy(posterior: Float64Array, weight: Float64Array): number {
  const classes = posterior.length / weight.length;
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < weight.length; i++) {
    weights += weight[i];
    for (let k = 0; k < classes; k++) {
      const rho = posterior[i * classes + k];
      if (rho > 0) sum -= weight[i] * rho * Math.log(rho);
    }
  }
  return weights > 0 && classes > 1 ? sum / (weights * Math.log(classes)) : 0;
}
