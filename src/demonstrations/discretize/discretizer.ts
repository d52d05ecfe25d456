/**
 * A discretiser: from points in space (positions, sensor readings) to a finite number of states. It
 * is learned from points, which should be those of the training folds only, and then frozen.
 */
export interface Discretizer {
  /** In words, with its resolution: `grid of 0.5 m`. */
  readonly name: string;
  /** Coordinates of a point. */
  readonly dimension: number;
  readonly stateCount: number;
  /** Name of a state, unique; what tables say. */
  readonly stateName: (state: number) => string;
  /** Returns the state of a point [dimension], or −1 where it lies in none. */
  readonly stateOf: (point: ArrayLike<number>) => number;
  /** Writes the point that stands for a state. */
  readonly center: (state: number, out: Float64Array) => void;
}

/** How states are made of points; `learn` is called once, with points [count · dimension]. */
export interface DiscretizerRule {
  readonly name: string;
  readonly dimension: number;
  readonly learn: (points: Float64Array) => Discretizer;
}
