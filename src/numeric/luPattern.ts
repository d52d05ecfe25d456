/**
 * Symbolic analysis of the sparse factorisation A = I − M = L U: where the factors can be nonzero.
 *
 *   row k of U     =  row k of A     ∪  ⋃ { row j of U : L_kj ≠ 0 }        right of k
 *   column k of L  =  column k of A  ∪  ⋃ { column j of L : U_jk ≠ 0 }     below k
 *
 * Rows and columns are kept apart: link graphs of roads are so unsymmetric that this halves the
 * factors. Once both L_kj and U_jk are nonzero, whatever j contributes later also comes from k, so j
 * is left out from then on (symmetric pruning).
 *
 * Reference: Eisenstat & Liu (1992), SIAM J. Matrix Anal. Appl. 13(1), 202–211.
 */

import { minimumDegree } from './minimumDegree.ts';

/** Where the factors of I − M are nonzero, for one order of elimination. */
export interface LuPattern {
  readonly size: number;
  /** [size] the row of M eliminated k-th; and [size] when each row is eliminated. */
  readonly order: Int32Array;
  readonly position: Int32Array;
  /** [size + 1] rows of M, as given. */
  readonly rowStart: Int32Array;
  /** [entries of M] when the column of the entry is eliminated. */
  readonly entryPosition: Int32Array;
  /** Strictly lower L by columns, rows ascending; its diagonal is 1. */
  readonly lowerStart: Int32Array;
  readonly lowerRow: Int32Array;
  /** Strictly upper U by rows, columns ascending; its diagonal holds the pivots. */
  readonly upperStart: Int32Array;
  readonly upperColumn: Int32Array;
  /** The same L by rows: the column of each entry, ascending, and its place in `lowerRow`. */
  readonly lowerRowStart: Int32Array;
  readonly lowerRowColumn: Int32Array;
  readonly lowerRowEntry: Int32Array;
  /** Multiply-subtracts of one factorisation. */
  readonly multiplySubtracts: number;
}

export interface LuPatternOptions {
  /** [size] order of elimination; minimum degree where absent. */
  readonly order?: Int32Array;
  /** Give up, returning null, once a factorisation would take more multiply-subtracts. */
  readonly maxMultiplySubtracts?: number;
}

/**
 * Analyses I − M for M in compressed rows. Rows need not be sorted, entries may repeat (they add
 * up), and the diagonal may be among them.
 */
export function analyzeLu(
  size: number,
  rowStart: Int32Array,
  column: Int32Array,
  options?: { readonly order?: Int32Array },
): LuPattern;
export function analyzeLu(
  size: number,
  rowStart: Int32Array,
  column: Int32Array,
  options: LuPatternOptions,
): LuPattern | null;
export function analyzeLu(
  size: number,
  rowStart: Int32Array,
  column: Int32Array,
  options: LuPatternOptions = {},
): LuPattern | null {
  const order = options.order ?? minimumDegree(size, rowStart, column);
  const position = inverseOrder(size, order);
  const entryPosition = column.map((j) => position[j]);
  const byColumn = rowsOfColumns(size, rowStart, entryPosition, position);
  const limit = options.maxMultiplySubtracts ?? Number.POSITIVE_INFINITY;

  const upper = new GrowingLists(size, column.length);
  const lower = new GrowingLists(size, column.length);
  // Steps j with L_kj ≠ 0, and with U_jk ≠ 0, that still have something of their own to add to k.
  const upperSources = new LinkedLists(size, column.length);
  const lowerSources = new LinkedLists(size, column.length);
  const pruned = new Uint8Array(size);
  const inUpper = new Int32Array(size).fill(-1);
  const inLower = new Int32Array(size).fill(-1);
  const isSource = new Int32Array(size).fill(-1);
  let multiplySubtracts = 0;

  for (let k = 0; k < size; k++) {
    const row = order[k];
    for (let e = rowStart[row]; e < rowStart[row + 1]; e++) upper.add(entryPosition[e], k, inUpper);
    for (let s = upperSources.head[k]; s >= 0; s = upperSources.next[s])
      if (!pruned[upperSources.item[s]]) upper.addTail(upperSources.item[s], k, inUpper);
    for (let e = byColumn.start[k]; e < byColumn.start[k + 1]; e++)
      lower.add(byColumn.row[e], k, inLower);
    for (let s = lowerSources.head[k]; s >= 0; s = lowerSources.next[s])
      if (!pruned[lowerSources.item[s]]) lower.addTail(lowerSources.item[s], k, inLower);

    for (let s = upperSources.head[k]; s >= 0; s = upperSources.next[s])
      isSource[upperSources.item[s]] = k;
    for (let s = lowerSources.head[k]; s >= 0; s = lowerSources.next[s])
      if (isSource[lowerSources.item[s]] === k) pruned[lowerSources.item[s]] = 1;

    lower.close(k);
    upper.close(k);
    for (let p = lower.start[k]; p < lower.start[k + 1]; p++) upperSources.push(lower.item[p], k);
    for (let q = upper.start[k]; q < upper.start[k + 1]; q++) lowerSources.push(upper.item[q], k);
    multiplySubtracts += lower.lengthOf(k) * upper.lengthOf(k);
    if (multiplySubtracts > limit) return null;
  }
  const lowerRow = lower.items();
  return {
    size,
    order,
    position,
    rowStart,
    entryPosition,
    lowerStart: lower.start,
    lowerRow,
    upperStart: upper.start,
    upperColumn: upper.items(),
    ...rowsOfLower(size, lower.start, lowerRow),
    multiplySubtracts,
  };
}

function inverseOrder(size: number, order: Int32Array): Int32Array {
  const position = new Int32Array(size).fill(-1);
  for (let k = 0; k < order.length; k++) position[order[k]] = k;
  if (order.length !== size || position.includes(-1))
    throw new RangeError(`Cannot analyse: order must hold each of ${size} rows once`);
  return position;
}

/** The transpose of the pattern, in positions. */
function rowsOfColumns(
  size: number,
  rowStart: Int32Array,
  entryPosition: Int32Array,
  position: Int32Array,
): { start: Int32Array; row: Int32Array } {
  const start = new Int32Array(size + 1);
  for (const j of entryPosition) start[j + 1]++;
  for (let j = 0; j < size; j++) start[j + 1] += start[j];
  const free = start.slice(0, size);
  const row = new Int32Array(entryPosition.length);
  for (let i = 0; i < size; i++)
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) row[free[entryPosition[e]]++] = position[i];
  return { start, row };
}

function rowsOfLower(size: number, lowerStart: Int32Array, lowerRow: Int32Array) {
  const lowerRowStart = new Int32Array(size + 1);
  for (const i of lowerRow) lowerRowStart[i + 1]++;
  for (let i = 0; i < size; i++) lowerRowStart[i + 1] += lowerRowStart[i];
  const free = lowerRowStart.slice(0, size);
  const lowerRowColumn = new Int32Array(lowerRow.length);
  const lowerRowEntry = new Int32Array(lowerRow.length);
  for (let k = 0; k < size; k++)
    for (let p = lowerStart[k]; p < lowerStart[k + 1]; p++) {
      const slot = free[lowerRow[p]]++;
      lowerRowColumn[slot] = k;
      lowerRowEntry[slot] = p;
    }
  return { lowerRowStart, lowerRowColumn, lowerRowEntry };
}

/** Ascending lists of indices, built one after another in space that grows. */
class GrowingLists {
  readonly start: Int32Array;
  item: Int32Array;
  private length = 0;

  constructor(count: number, capacity: number) {
    this.start = new Int32Array(count + 1);
    this.item = new Int32Array(2 * capacity + 16);
  }

  /** Adds `i` to list k, the one being built, if it lies beyond k and is not in it yet. */
  add(i: number, k: number, isIn: Int32Array): void {
    if (i <= k || isIn[i] === k) return;
    isIn[i] = k;
    if (this.length === this.item.length) this.item = grown(this.item);
    this.item[this.length++] = i;
  }

  /** Adds what an earlier list holds beyond k. */
  addTail(list: number, k: number, isIn: Int32Array): void {
    for (let e = this.start[list + 1] - 1; e >= this.start[list]; e--) {
      const i = this.item[e];
      if (i <= k) return;
      this.add(i, k, isIn);
    }
  }

  /** Ends list k. */
  close(k: number): void {
    this.start[k + 1] = this.length;
    if (this.length - this.start[k] > 1) this.item.subarray(this.start[k], this.length).sort();
  }

  lengthOf(k: number): number {
    return this.start[k + 1] - this.start[k];
  }

  items(): Int32Array {
    return this.item.slice(0, this.length);
  }
}

/** Linked lists that grow independently: follow `head[list]` through `next`, reading `item`. */
class LinkedLists {
  readonly head: Int32Array;
  next: Int32Array;
  item: Int32Array;
  private length = 0;

  constructor(count: number, capacity: number) {
    this.head = new Int32Array(count).fill(-1);
    this.next = new Int32Array(2 * capacity + 16);
    this.item = new Int32Array(2 * capacity + 16);
  }

  push(list: number, item: number): void {
    if (this.length === this.item.length) {
      this.next = grown(this.next);
      this.item = grown(this.item);
    }
    this.item[this.length] = item;
    this.next[this.length] = this.head[list];
    this.head[list] = this.length++;
  }
}

function grown(array: Int32Array): Int32Array {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}
