/**
 * A reward of steps as the loop sees it, exchangeable as any reward is: forward from parameters to
 * what steps pay, and back from a weight on each step to the parameters.
 *
 *   r = r_θ(o, a, o′),   g ← g + Σᵢ wᵢ ∂r(stepᵢ) / ∂θ
 */

import type { StepFeatures } from '../../features/stepFeatures.ts';
import type { StepRows } from './stepRows.ts';

export interface StepReward {
  /** Of the parameters; unique. */
  readonly names: readonly string[];
  /** Overwrites `out` [rows] with what each step pays. */
  evaluate(theta: Float64Array, rows: StepRows, out: Float64Array | Float32Array): void;
  /**
   * Adds to the gradient [parameters].
   *
   * @param theta where the gradient is taken
   * @param weight [rows]
   */
  pullBack(theta: Float64Array, rows: StepRows, weight: Float64Array, gradient: Float64Array): void;
}

/** r = θ · φ(o, a, o′) */
export function linearStepReward({ names }: StepFeatures): StepReward {
  const size = names.length;
  return {
    names,
    evaluate(theta, { count, features }, out) {
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += theta[k] * features[i * size + k];
        out[i] = sum;
      }
    },
    pullBack(_theta, { count, features }, weight, gradient) {
      for (let i = 0; i < count; i++)
        for (let k = 0; k < size; k++) gradient[k] += weight[i] * features[i * size + k];
    },
  };
}
