/**
 * The points that a discretiser learns from: those of the tracks that are not held out, or, where
 * they are too many, as many drawn from them without preference.
 *
 * Reference: Vitter (1985), ACM Transactions on Mathematical Software 11, 37–57, algorithm R.
 */

import { createRng } from '../../numeric/rng.ts';
import type { Track } from './track.ts';

export interface LearnedPoints {
  /** [points · dimension] */
  readonly points: Float64Array;
  /** Points that there were to learn from. */
  readonly seen: number;
  /** Folds they came from, sorted; empty where tracks have none. */
  readonly folds: readonly string[];
}

/** @param test folds that are held out */
export async function learnedPoints(
  tracks: AsyncIterable<Track> | Iterable<Track>,
  dimension: number,
  test: readonly string[],
  most: number,
  seed: number,
): Promise<LearnedPoints> {
  const rng = createRng(seed, 'points to learn from');
  const kept: number[] = [];
  const folds = new Set<string>();
  let seen = 0;
  for await (const { name, points, places, fold } of tracks) {
    if (fold !== null && test.includes(fold)) continue;
    if (!points || points.length !== places.length * dimension)
      throw new RangeError(
        `Cannot learn states: points must have ${dimension} coordinates, got ${points ? points.length / places.length : 'none'} in track "${name}"`,
      );
    if (fold !== null) folds.add(fold);
    for (let row = 0; row < places.length; row++) {
      const slot = seen < most ? seen : Math.floor(rng() * (seen + 1));
      seen++;
      if (slot >= most) continue;
      for (let k = 0; k < dimension; k++) kept[slot * dimension + k] = points[row * dimension + k];
    }
  }
  if (seen === 0)
    throw new RangeError(
      test.length > 0
        ? `Cannot learn states: no track is left outside the folds that are held out (${test.join(', ')})`
        : 'Cannot learn states: no track is left',
    );
  return { points: Float64Array.from(kept), seen, folds: [...folds].sort() };
}
