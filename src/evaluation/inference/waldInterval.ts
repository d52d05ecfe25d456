/**
 * Wald intervals and z tests of single parameters:
 *
 *   θ̂ ± Φ⁻¹((1 + level) / 2) · s.e.,   z = θ̂ / s.e.,   p = Pr(|Z| > |z|)
 */

import { normalQuantile, normalTwoSided } from '../../numeric/normal.ts';

/** The level of intervals where nobody asks for another. */
export const LEVEL = 0.95;

export interface WaldInference {
  readonly interval: readonly [low: number, high: number];
  /** Against a true value of 0. */
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
}

/** @param error standard error, above 0 */
export function waldInference(estimate: number, error: number, level = LEVEL): WaldInference {
  const reach = normalQuantile((1 + level) / 2) * error;
  const z = estimate / error;
  return { interval: [estimate - reach, estimate + reach], z, p: normalTwoSided(z) };
}
