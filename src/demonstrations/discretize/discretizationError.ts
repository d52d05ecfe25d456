/**
 * How much is lost where points become states.
 *
 *   rms = √( mean of |x − centre(state of x)|² )   over the points that have a state
 */

import type { Discretizer } from './discretizer.ts';

export interface DiscretizationError {
  readonly points: number;
  /** In the unit of the coordinates; null where no point has a state. */
  readonly rms: number | null;
  /** Largest distance from a point to the centre of its state; null likewise. */
  readonly largest: number | null;
  /** Share of the points without a state; null where there are no points. */
  readonly outside: number | null;
  /** States that hold at least one of the points. */
  readonly statesSeen: number;
}

/** @param points [points × dimension] */
export function discretizationError(
  discretizer: Discretizer,
  points: Float64Array,
): DiscretizationError {
  const { dimension, stateCount, stateOf, center } = discretizer;
  if (points.length % dimension !== 0)
    throw new RangeError(
      `Cannot measure a ${discretizer.name}: wanted points of ${dimension} coordinates, got ${points.length} numbers`,
    );
  const count = points.length / dimension;
  const middle = new Float64Array(dimension);
  const seen = new Uint8Array(stateCount);
  let [inside, sum, most] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const point = points.subarray(i * dimension, (i + 1) * dimension);
    const state = stateOf(point);
    if (state < 0) continue;
    center(state, middle);
    let square = 0;
    for (let d = 0; d < dimension; d++) square += (point[d] - middle[d]) ** 2;
    inside++;
    sum += square;
    most = Math.max(most, square);
    seen[state] = 1;
  }
  return {
    points: count,
    rms: inside === 0 ? null : Math.sqrt(sum / inside),
    largest: inside === 0 ? null : Math.sqrt(most),
    outside: count === 0 ? null : (count - inside) / count,
    statesSeen: seen.reduce((total, is) => total + is, 0),
  };
}
