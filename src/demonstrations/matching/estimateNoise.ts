/**
 * How noisy positions are, and how far driving differs from straight on, read off matched trips by
 * medians, which wrong matches hardly move:
 *
 *   σ = 1.4826 median |z − x|          β = median | d(x, x′) − |z − z′| | / ln 2
 *
 * Reference: Newson & Krumm (2009), §5.1 and 5.2.
 */

import type { MatchedTrip } from './matchTrip.ts';

export interface NoiseEstimate {
  /** Metres. */
  readonly sigma: number;
  /** Metres. */
  readonly beta: number;
}

/**
 * @param trips [positions × 2] x and y of each trip in metres
 * @param matched the same trips, matched with values near those sought
 * @throws RangeError where no two positions of a trip were matched in one piece
 */
export function estimateNoise(
  trips: readonly Float64Array[],
  matched: readonly MatchedTrip[],
): NoiseEstimate {
  const distances: number[] = [];
  const differences: number[] = [];
  matched.forEach(({ pieces }, trip) => {
    const at = trips[trip];
    for (const { points, positions, driven } of pieces) {
      distances.push(...points.map(({ distance }) => distance));
      driven.forEach((metres, k) => {
        const [a, b] = [positions[k], positions[k + 1]];
        const straight = Math.hypot(at[2 * b] - at[2 * a], at[2 * b + 1] - at[2 * a + 1]);
        differences.push(Math.abs(metres - straight));
      });
    }
  });
  if (differences.length === 0)
    throw new RangeError(
      'Cannot estimate noise: no two positions of a trip were matched in one piece',
    );
  return { sigma: 1.4826 * median(distances), beta: median(differences) / Math.LN2 };
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
