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
  /** All there is to it, as plain JSON; `restoreDiscretizer` makes the same one of it. */
  readonly saved: SavedDiscretizer;
}

/** A discretiser as plain JSON: by which rule it was made, and what that rule learned. */
export interface SavedDiscretizer {
  readonly rule: string;
  readonly [learned: string]: unknown;
}

/** How states are made of points; `learn` is called once, with points [count · dimension]. */
export interface DiscretizerRule<Learned extends Discretizer = Discretizer> {
  readonly name: string;
  readonly dimension: number;
  readonly learn: (points: Float64Array) => Learned;
}
