/** Random sparse matrices in compressed rows, for tests of sparse kernels. */

import type { SeededRandom } from './seededRandom.ts';

export interface RandomPattern {
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
}

/** Draws about `perRow` entries in each row, unsorted; some lie on the diagonal. */
export function randomPattern(random: SeededRandom, size: number, perRow: number): RandomPattern {
  const rowStart = new Int32Array(size + 1);
  const column: number[] = [];
  for (let i = 0; i < size; i++) {
    const row = new Set<number>();
    for (let k = random.integer(0, 2 * perRow); k > 0; k--) row.add(random.integer(0, size - 1));
    column.push(...row);
    rowStart[i + 1] = column.length;
  }
  return { rowStart, column: Int32Array.from(column) };
}

/** Returns values that make each row sum to at most `sum`. */
export function randomValues(
  random: SeededRandom,
  { rowStart, column }: RandomPattern,
  sum: number,
): Float64Array {
  const values = new Float64Array(column.length);
  for (let i = 0; i + 1 < rowStart.length; i++) {
    const entries = rowStart[i + 1] - rowStart[i];
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++)
      values[e] = (sum * random.uniform()) / entries;
  }
  return values;
}

/** Returns I − M, dense. */
export function denseIdentityMinus(
  { rowStart, column }: RandomPattern,
  m: Float64Array,
): number[][] {
  const size = rowStart.length - 1;
  return Array.from({ length: size }, (_, i) => {
    const row = Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) row[column[e]] -= m[e];
    return row;
  });
}
