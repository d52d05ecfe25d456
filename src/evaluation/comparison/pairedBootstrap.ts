/**
 * Percentile intervals of ratios Σ a / Σ b over units drawn with replacement, all ratios from the
 * same draws, so that what is compared is compared on the same units.
 *
 * Reference: Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
 */

import type { Rng } from '../../numeric/rng.ts';

/** A ratio of two sums over units. */
export interface UnitRatio {
  /** [units] */
  readonly numerator: Float64Array;
  /** [units] */
  readonly denominator: Float64Array;
}

/** Returns [low, high] of every ratio at the level; null where draws leave it undefined. */
export function bootstrapRatios(
  ratios: readonly UnitRatio[],
  draws: number,
  level: number,
  rng: Rng,
): ([number, number] | null)[] {
  const units = ratios[0]?.numerator.length ?? 0;
  if (units < 2) return ratios.map(() => null);
  const drawn = ratios.map(() => new Float64Array(draws));
  const copies = new Int32Array(units);
  for (let draw = 0; draw < draws; draw++) {
    copies.fill(0);
    for (let k = 0; k < units; k++) copies[Math.floor(rng() * units)]++;
    ratios.forEach(({ numerator, denominator }, r) => {
      let above = 0;
      let below = 0;
      for (let i = 0; i < units; i++) {
        if (copies[i] === 0) continue;
        above += copies[i] * numerator[i];
        below += copies[i] * denominator[i];
      }
      drawn[r][draw] = above / below;
    });
  }
  return drawn.map((values) => {
    if (!values.every(Number.isFinite)) return null;
    values.sort();
    return [quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)];
  });
}

/** Quantile of ascending values, interpolated linearly between order statistics. */
function quantile(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (at - below) * (ascending[above] - ascending[below]);
}
