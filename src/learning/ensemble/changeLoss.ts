/**
 * What the outputs of a member mean, and its loss on changes that were seen, both in units of their
 * spread:
 *
 *   deterministic   L = ½ Σ_j (d_j − μ_j)²,                 ∂L/∂μ_j = μ_j − d_j
 *   probabilistic   L = ½ Σ_j ( v_j + (d_j − μ_j)² e^{−v_j} ),   v_j = v₀ + (v₁ − v₀) σ(z_j)
 *                   ∂L/∂μ_j = (μ_j − d_j) e^{−v_j},
 *                   ∂L/∂z_j = ½ (1 − (d_j − μ_j)² e^{−v_j}) (v_j − v₀)(v₁ − v_j) / (v₁ − v₀)
 *
 * The log-variance v stays between bounds: where nothing was seen it would go anywhere.
 *
 * Reference: Chua, Calandra, McAllister & Levine (2018), Deep reinforcement learning in a handful of
 * trials using probabilistic dynamics models, NeurIPS, section 4 and appendix A.1.
 */

const LEAST = -8;
const MOST = 2;

export interface ChangeLoss {
  /** Outputs for each number that changes. */
  readonly parts: 1 | 2;
  /**
   * Returns the loss of one row and writes `weight` times its slopes.
   *
   * @param outputs [… parts × size] from `start` on: means, then z
   * @param changes [size] from `from` on
   * @param slopes as long as the outputs; null where they are not wanted
   */
  at(
    outputs: Float32Array,
    start: number,
    changes: Float32Array,
    from: number,
    size: number,
    weight: number,
    slopes: Float32Array | null,
  ): number;
  /** Standard deviation of a change, from its z. */
  deviation(z: number): number;
}

export const deterministicLoss: ChangeLoss = {
  parts: 1,
  at(outputs, start, changes, from, size, weight, slopes) {
    let loss = 0;
    for (let j = 0; j < size; j++) {
      const off = outputs[start + j] - changes[from + j];
      loss += 0.5 * off * off;
      if (slopes) slopes[start + j] = weight * off;
    }
    return loss;
  },
  deviation: () => 0,
};

export const probabilisticLoss: ChangeLoss = {
  parts: 2,
  at(outputs, start, changes, from, size, weight, slopes) {
    let loss = 0;
    for (let j = 0; j < size; j++) {
      const off = outputs[start + j] - changes[from + j];
      const v = logVariance(outputs[start + size + j]);
      const precision = Math.exp(-v);
      loss += 0.5 * (v + off * off * precision);
      if (!slopes) continue;
      slopes[start + j] = weight * off * precision;
      slopes[start + size + j] =
        (weight * 0.5 * (1 - off * off * precision) * ((v - LEAST) * (MOST - v))) / (MOST - LEAST);
    }
    return loss;
  },
  deviation: (z) => Math.exp(0.5 * logVariance(z)),
};

function logVariance(z: number): number {
  return LEAST + (MOST - LEAST) / (1 + Math.exp(-z));
}
