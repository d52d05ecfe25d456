/**
 * Where the states of a world lie, for pictures alone: nothing is computed from it.
 *
 * - `line`: along one axis, such as mileage or age
 * - `cells`: squares of a grid, one apart
 * - `segments`: stretches from one place to another, such as directed roads
 *
 * x grows to the right and y downwards, as a map is read.
 */
export type Layout =
  | { readonly kind: 'line' /** [states] */; readonly position: Float64Array }
  | { readonly kind: 'cells' /** [states × 2] x, y */; readonly position: Float64Array }
  | {
      readonly kind: 'segments';
      /** [states × 4] x and y of both ends */
      readonly position: Float64Array;
    };
