/**
 * From positions along a way to the cells it leads through.
 *
 * Between two positions the way is straight. One is still in a cell until one is more than a margin
 * beyond its edge: somebody who sways on an edge, or crosses a corner, does not move to and fro.
 * Standing still is no move. Positions in no state are passed over: a way that leaves the states for
 * good ends where it left them. Between cells that are not neighbours the shortest way is taken.
 */

import type { LatticeDiscretizer } from './lattice.ts';

export interface CellPathOptions {
  /** Width of a cell. */
  readonly size: number;
  /** How far beyond its edge one is still in a cell, in widths of a cell. */
  readonly margin: number;
  /** Neighbours of a state, −1 where there is none, and how far they are. */
  readonly directions: readonly { readonly dx: number; readonly dy: number }[];
  readonly neighbor: (state: number, direction: number) => number;
}

export interface CellPath {
  /** States one after another, each a neighbour of the one before; empty where none was entered. */
  readonly states: readonly number[];
  /** How many moves were put in between states that are not neighbours. */
  readonly filled: number;
  /** Whether no way leads on to where it was next: it ends there. */
  readonly isCut: boolean;
}

/** Steps of this many to a cell are taken along a straight line. */
const STEPS_PER_CELL = 8;

/** @param positions [count × 2] x and y */
export function cellPath(
  positions: Float64Array,
  grid: LatticeDiscretizer,
  options: CellPathOptions,
): CellPath {
  const { size, margin, neighbor, directions } = options;
  const states: number[] = [];
  const middle = new Float64Array(2);
  let filled = 0;
  for (const point of stepsAlong(positions, size / STEPS_PER_CELL)) {
    const last = states.at(-1);
    if (last !== undefined) {
      grid.center(last, middle);
      const off = Math.max(Math.abs(point[0] - middle[0]), Math.abs(point[1] - middle[1]));
      if (off <= (0.5 + margin) * size) continue;
    }
    const state = grid.stateOf(point);
    if (state < 0 || state === last) continue;
    if (last === undefined || directions.some((_, d) => neighbor(last, d) === state)) {
      states.push(state);
      continue;
    }
    const between = shortestWay(last, state, grid.stateCount, options);
    if (!between) return { states, filled, isCut: true };
    filled += between.length;
    states.push(...between, state);
  }
  return { states, filled, isCut: false };
}

/** Yields the positions and points between them, at most so far apart. */
export function* stepsAlong(
  positions: Float64Array,
  most: number,
): Generator<readonly [x: number, y: number]> {
  for (let at = 0; at < positions.length; at += 2) {
    const [x, y] = [positions[at], positions[at + 1]];
    if (at > 0) {
      const [dx, dy] = [x - positions[at - 2], y - positions[at - 1]];
      const steps = Math.ceil(Math.hypot(dx, dy) / most);
      for (let k = 1; k < steps; k++)
        yield [positions[at - 2] + (k * dx) / steps, positions[at - 1] + (k * dy) / steps];
    }
    yield [x, y];
  }
}

/** Returns the states between two, or null where none lead there; among equals the first found. */
function shortestWay(
  from: number,
  to: number,
  stateCount: number,
  { directions, neighbor }: CellPathOptions,
): number[] | null {
  const length = new Float64Array(stateCount).fill(Number.POSITIVE_INFINITY);
  const before = new Int32Array(stateCount).fill(-1);
  length[from] = 0;
  // Ways between cells a few steps apart are short: whole sweeps from a queue do.
  const queue = [from];
  for (const s of queue)
    directions.forEach(({ dx, dy }, d) => {
      const next = neighbor(s, d);
      if (next < 0) return;
      const through = length[s] + Math.hypot(dx, dy);
      if (!(through < length[next] - 1e-9) || through >= length[to] - 1e-9) return;
      length[next] = through;
      before[next] = s;
      queue.push(next);
    });
  if (before[to] < 0) return null;
  const way: number[] = [];
  for (let s = before[to]; s !== from; s = before[s]) way.push(s);
  return way.reverse();
}
