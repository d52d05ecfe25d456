/**
 * Cells that repeat for ever in every direction, each known by whole numbers, of which some are
 * states: those where somebody was. What grids, hexagons and tilings have in common.
 */

import { z } from 'zod';
import type { Discretizer, SavedDiscretizer } from './discretizer.ts';
import { nearestCenter } from './nearestCenter.ts';

/** What a user may say of any lattice. */
export const latticeFields = {
  leastPoints: z.int().positive().default(1).describe('Points that make a cell a visited one'),
  reach: z
    .number()
    .min(0)
    .default(0)
    .describe('A point in no state belongs to the nearest one if its middle is at most so far'),
  unit: z.string().default('').describe('Of the coordinates, for the name'),
};

export interface Lattice {
  /** Coordinates of a point. */
  readonly dimension: number;
  /** Writes the whole numbers [dimension] of the cell that a point lies in. */
  readonly indexOf: (point: ArrayLike<number>, out: Float64Array) => void;
  /** Writes the middle of a cell. */
  readonly middleOf: (index: ArrayLike<number>, out: Float64Array) => void;
}

/** A discretiser whose states are cells of a lattice. */
export interface LatticeDiscretizer extends Discretizer {
  /** [states × dimension] the whole numbers of each state's cell. */
  readonly cells: Int32Array;
}

export interface LatticeStates {
  readonly name: string;
  /** The whole numbers of the cells that are states, distinct. */
  readonly cells: readonly (readonly number[])[];
  /** A point outside all states belongs to the nearest one if its middle is at most so far away. */
  readonly reach: number;
  readonly saved: SavedDiscretizer;
}

/** Makes states of cells, in the order given; a state is named by its whole numbers: `3,-2`. */
export function latticeDiscretizer(
  lattice: Lattice,
  { name, cells, reach, saved }: LatticeStates,
): LatticeDiscretizer {
  const { dimension, indexOf, middleOf } = lattice;
  const names = cells.map((cell) => cell.join(','));
  const stateOfName = new Map(names.map((cell, state) => [cell, state]));
  if (stateOfName.size < names.length)
    throw new RangeError(`Cannot make states of a ${name}: a cell is named twice`);
  if (cells.some((cell) => cell.some((k) => k !== (k | 0))))
    throw new RangeError(
      `Cannot make states of a ${name}: cells lie more than ${2 ** 31} widths from the origin`,
    );
  const centers = new Float64Array(cells.length * dimension);
  cells.forEach((cell, s) => {
    middleOf(cell, centers.subarray(s * dimension, (s + 1) * dimension));
  });
  const nearest = reach > 0 ? nearestCenter(centers, dimension) : null;
  const index = new Float64Array(dimension);
  return {
    name,
    dimension,
    stateCount: cells.length,
    stateName: (state) => names[state],
    stateOf(point) {
      indexOf(point, index);
      return stateOfName.get(index.join(',')) ?? nearest?.(point, reach) ?? -1;
    },
    center(state, out) {
      out.set(centers.subarray(state * dimension, (state + 1) * dimension));
    },
    cells: Int32Array.from(cells.flat()),
    saved,
  };
}

/**
 * Returns the cells that hold at least so many of the points, in the order of their whole numbers,
 * the last one first: row by row where the second is a row.
 */
export function visitedCells(
  { dimension, indexOf }: Lattice,
  points: Float64Array,
  leastPoints: number,
): number[][] {
  const counts = new Map<string, { readonly cell: number[]; count: number }>();
  const index = new Float64Array(dimension);
  for (let at = 0; at < points.length; at += dimension) {
    indexOf(points.subarray(at, at + dimension), index);
    const key = index.join(',');
    const seen = counts.get(key);
    if (seen) seen.count++;
    else counts.set(key, { cell: Array.from(index), count: 1 });
  }
  const cells = [...counts.values()].filter(({ count }) => count >= leastPoints);
  return cells.map(({ cell }) => cell).sort(inRows);
}

/** Orders cells by their last whole number, then by the one before it, and so on. */
export function inRows(a: readonly number[], b: readonly number[]): number {
  for (let d = a.length - 1; d >= 0; d--) if (a[d] !== b[d]) return a[d] - b[d];
  return 0;
}
