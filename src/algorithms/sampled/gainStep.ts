/**
 * A step of θ up a gradient that may be noisy, by how fast the gradient falls:
 *
 *   Δ = ρ H (H² + S / d²)⁻¹ g,   shrunk until Δᵀ H Δ ≤ δ and |Δ| ≤ ℓ
 *
 * S is the covariance of g: without noise the step is Newton's, ρ H⁻¹ g, and where moving by d would
 * change g by less than its noise hardly a step is made, so that nothing wanders where the data say
 * nothing. ½ Δᵀ H Δ is about how far the policy moves (in nats per decision), and |Δ| how far its
 * values do: whoever plans must be able to follow. Where nothing is known of H one scale is shared by
 * all parameters, since a scale for each would turn the noise of weak ones into steps of full size:
 * Δ = ρ g / |g|.
 *
 * References: Robbins & Monro (1951); Amari (1998), Neural Computation 10 (natural gradient).
 */

import { symmetricEigen } from '../../numeric/symmetricEigen.ts';

/** δ */
const FARTHEST = 0.1;
/** ℓ, features at unit spread. */
const LONGEST = 1;
/** So far, features at unit spread, estimates may well be from where they stand. */
const EXPECTED = 3;
/** An eigenvalue below this share of the largest is round-off. */
const ROUND_OFF = 1e-12;

/** A linear map of vectors [free]. */
export type LinearMap = (x: Float64Array) => Float64Array;

/** An eigenvector of H, its eigenvalue, and the variance of g along it. */
export interface Axis {
  /** [free] of unit length. */
  readonly vector: Float64Array;
  readonly curvature: number;
  readonly noise: number;
}

/** Returns the axes of H, the flattest first; null where H is unknown or 0. */
export function axesOf(
  information: Float64Array | null,
  covariance: Float64Array | null,
  size: number,
): Axis[] | null {
  if (size === 0 || !information?.every(Number.isFinite)) return null;
  const { values, vectors } = symmetricEigen(information, size);
  if (!(values[size - 1] > 0)) return null;
  return Array.from(values, (curvature, j) => {
    const vector = vectors.slice(j * size, (j + 1) * size);
    let noise = 0;
    if (covariance)
      for (let k = 0; k < size; k++)
        for (let l = 0; l < size; l++) noise += vector[k] * covariance[k * size + l] * vector[l];
    return { vector, curvature, noise: Math.max(noise, 0) };
  });
}

/** Returns x ↦ H (H² + S / d²)⁻¹ x; without noise H⁻¹, but 0 along what is flat. */
export function gainAlong(axes: readonly Axis[]): LinearMap {
  const flat = ROUND_OFF * axes[axes.length - 1].curvature;
  return (x) => {
    const out = new Float64Array(x.length);
    for (const { vector, curvature, noise } of axes) {
      if (!(curvature > flat)) continue;
      let along = 0;
      for (let k = 0; k < out.length; k++) along += vector[k] * x[k];
      along *= curvature / (curvature * curvature + noise / EXPECTED ** 2);
      for (let k = 0; k < out.length; k++) out[k] += along * vector[k];
    }
    return out;
  };
}

/**
 * Returns Δ.
 *
 * @param gain ρ, 0 < ρ ≤ 1
 */
export function gainStep(
  gradient: Float64Array,
  axes: readonly Axis[] | null,
  gain: number,
): Float64Array {
  if (!axes) {
    const length = Math.hypot(...gradient);
    return gradient.map((g) => (length > 0 ? (gain * g) / length : 0));
  }
  const step = gainAlong(axes)(gradient).map((x) => gain * x);
  let moved = 0;
  for (const { vector, curvature } of axes)
    moved += Math.max(curvature, 0) * vector.reduce((sum, v, k) => sum + v * step[k], 0) ** 2;
  const share = Math.min(1, Math.sqrt(FARTHEST / moved), LONGEST / Math.hypot(...step));
  return step.map((x) => share * x);
}
