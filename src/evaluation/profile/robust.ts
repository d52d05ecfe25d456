/**
 * How far a number lies from most others, by measures that a few far ones do not move.
 *
 *   z = (x − median) / (1.4826 · median |x − median|)
 *
 * The factor makes it a standard score where numbers are normal. Reference: Iglewicz & Hoaglin (1993),
 * How to detect and handle outliers, who call |z| > 3.5 an outlier.
 */

export const OUTLIER = 3.5;

const TO_DEVIATION = 1.4826;

/** Returns [numbers] the robust scores; null where more than half of the numbers are the same. */
export function robustScores(numbers: Float64Array): Float64Array | null {
  const middle = quantile(numbers, 0.5);
  if (middle === null) return null;
  const spread = quantile(
    numbers.map((x) => Math.abs(x - middle)),
    0.5,
  );
  return spread ? numbers.map((x) => (x - middle) / (TO_DEVIATION * spread)) : null;
}

/** The number below which so large a share lies, between neighbours by their distance; null of none. */
export function quantile(numbers: ArrayLike<number>, share: number): number | null {
  if (numbers.length === 0) return null;
  const sorted = Float64Array.from(numbers).sort();
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
