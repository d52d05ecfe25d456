/**
 * Many rows summed into few, at random: A ↦ S A, where S adds each row, with random signs, to a few
 * of the rows of S A. What A maps to zero S A maps to zero, and for almost every S nothing else, so
 * a null space is found without keeping the rows.
 *
 * Reference: Clarkson & Woodruff (2017), Low-rank approximation and regression in input sparsity
 * time, Journal of the ACM 63(6) (there with one sum per row).
 */

import { createRng } from './rng.ts';

/** To how many sums each row is added. */
const COPIES = 3;

export interface RowSketch {
  /** Adds a row, [columns]. */
  add(row: Float64Array): void;
  /** [sums × columns] */
  readonly matrix: Float64Array;
  readonly sums: number;
}

/** @param columns of the rows; the sketch has four times as many sums and some more */
export function createRowSketch(columns: number): RowSketch {
  const sums = 4 * columns + 16;
  const matrix = new Float64Array(sums * columns);
  const uniform = createRng(0, 'row-sketch');
  return {
    matrix,
    sums,
    add(row) {
      for (let copy = 0; copy < COPIES; copy++) {
        const at = columns * Math.floor(uniform() * sums);
        const sign = uniform() < 0.5 ? -1 : 1;
        for (let j = 0; j < columns; j++) matrix[at + j] += sign * row[j];
      }
    },
  };
}
