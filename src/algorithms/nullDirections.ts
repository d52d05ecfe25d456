/**
 * Which combinations of columns a tall matrix maps to zero, exactly or all but exactly.
 *
 * The matrix comes row by row and is not kept; the combinations are first found by the eigenvalues
 * of the sketch's Gram matrix, good to about 1e-8, then written with few columns each and polished
 * by least squares on the sketch.
 */

import { complementInverse } from '../numeric/complementInverse.ts';
import { createRowSketch } from '../numeric/rowSketch.ts';
import { symmetricEigen } from '../numeric/symmetricEigen.ts';

/** Told a combination's rows: [rows × width] of numbers, one row at a time. */
export type TellRows = (visit: (row: Float64Array) => void) => boolean;

/** What a combination leaves, as a share of its own size, that is nothing but round-off. */
const EXACT = 1e-9;
/** What it may leave to be called all but zero. */
const NEAR = 1e-5;
/** Coefficients below this share of the largest are left out. */
const NEGLIGIBLE = 1e-7;
const POLISHES = 3;

/** Parts directions into those that are mapped to zero and a basis of what is left of them. */
export interface NullParting {
  /** [columns] each, few entries where possible, the largest 1. */
  readonly nil: Float64Array[];
  readonly rest: Float64Array[];
}

/**
 * @param basis directions [columns], linearly independent
 * @param tell tells the rows of the matrix times each direction of the basis
 * @param size what the rows would measure if nothing cancelled
 * @returns null where the rows could not be told
 */
export function partNull(
  basis: readonly Float64Array[],
  tell: TellRows,
  size: number,
): NullParting | null {
  const width = basis.length;
  const { gram, rows } = sketchGram(width, tell) ?? { gram: null, rows: 0 };
  if (!gram) return null;
  const { values, vectors } = symmetricEigen(gram, width);
  const nil: Float64Array[] = [];
  const rest: Float64Array[] = [];
  for (let e = 0; e < width; e++) {
    const v = new Float64Array(basis[0].length);
    for (let j = 0; j < width; j++)
      for (let i = 0; i < v.length; i++) v[i] += vectors[e * width + j] * basis[j][i];
    const left = Math.sqrt(Math.max(0, values[e]) / Math.max(1, rows));
    (left <= NEAR * size ? nil : rest).push(v);
  }
  return { nil: reduceRows(nil), rest };
}

/** SᵀS of a sketch of the rows, and how many rows there were. */
function sketchGram(
  width: number,
  tell: TellRows,
): { gram: Float64Array; matrix: Float64Array; sums: number; rows: number } | null {
  const sketch = createRowSketch(width);
  let rows = 0;
  const told = tell((row) => {
    rows++;
    sketch.add(row);
  });
  if (!told) return null;
  const { matrix, sums } = sketch;
  const gram = new Float64Array(width * width);
  for (let i = 0; i < sums; i++)
    for (let j = 0; j < width; j++) {
      const x = matrix[i * width + j];
      if (x === 0) continue;
      for (let k = 0; k < width; k++) gram[j * width + k] += x * matrix[i * width + k];
    }
  return { gram, matrix, sums, rows };
}

/** The columns that a direction involves. */
export function supportOf(v: Float64Array): number[] {
  const largest = v.reduce((max, vi) => Math.max(max, Math.abs(vi)), 0);
  return [...v.keys()].filter((i) => Math.abs(v[i]) > NEGLIGIBLE * largest);
}

/**
 * Returns the direction with its coefficients made as exact as the rows allow.
 *
 * @param tell tells the rows of single columns: those of the direction's support, in order
 */
export function polish(v: Float64Array, tell: TellRows): Float64Array {
  const support = supportOf(v);
  const width = support.length;
  const out = new Float64Array(v.length);
  for (const i of support) out[i] = v[i];
  const lead = support.reduce((best, i, j) => (out[i] === 1 ? j : best), 0);
  const sketch = width > 1 ? sketchGram(width, tell) : null;
  if (!sketch) return out;
  const others = support.map((_, j) => j).filter((j) => j !== lead);
  const size = others.length;
  const gram = new Float64Array(size * size);
  others.forEach((a, i) => {
    others.forEach((b, j) => {
      gram[i * size + j] = sketch.gram[a * width + b];
    });
  });
  const inverse = complementInverse(gram, size, []);
  if (!inverse) return out;
  for (let round = 0; round < POLISHES; round++) {
    const pull = new Float64Array(size);
    for (let r = 0; r < sketch.sums; r++) {
      let left = 0;
      for (let j = 0; j < width; j++) left += sketch.matrix[r * width + j] * out[support[j]];
      for (let i = 0; i < size; i++) pull[i] += left * sketch.matrix[r * width + others[i]];
    }
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) out[support[others[i]]] -= inverse[i * size + j] * pull[j];
  }
  return out;
}

/** How nearly single rows are zero: the largest of them, against what they could be. */
export function howNearlyZero(tell: TellRows, size: number): 'exactly' | 'nearly' | 'not' {
  let largest = 0;
  const told = tell((row) => {
    largest = Math.max(largest, Math.abs(row[0]));
  });
  if (!told || !(largest <= NEAR * size)) return 'not';
  return largest <= EXACT * size ? 'exactly' : 'nearly';
}

/**
 * Another basis of the same directions, reduced so that each involves few parameters (Gauss–Jordan
 * with the largest pivot): "a constant" and "b is twice c" instead of two mixtures of both.
 */
export function reduceRows(rows: Float64Array[]): Float64Array[] {
  const used = new Set<number>();
  for (const row of rows) {
    const pivot = [...row.keys()]
      .filter((i) => !used.has(i))
      .reduce((a, b) => (Math.abs(row[b]) > Math.abs(row[a]) ? b : a));
    used.add(pivot);
    const scale = row[pivot];
    for (let i = 0; i < row.length; i++) row[i] /= scale;
    for (const other of rows) {
      if (other === row) continue;
      const factor = other[pivot];
      for (let i = 0; i < row.length; i++) other[i] -= factor * row[i];
    }
  }
  return rows;
}
