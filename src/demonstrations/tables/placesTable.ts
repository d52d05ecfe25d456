/** Where states lie, from the table of states that a pipeline writes beside its moves: `state, x1, x2`. */

import { z } from 'zod';
import type { Layout } from '../../mdp/layout.ts';
import { numbersOf } from './nameIndex.ts';
import { openTable } from './readTable.ts';
import { Decimal, Id } from './tableCells.ts';

const COLUMNS = { required: ['state', 'x1', 'x2'], optional: [], further: 'ignored' } as const;
const Row = z.object({ state: Id, x1: Decimal, x2: Decimal });

/** Furthest that a centre may lie from its place on the lattice, in cells. */
const OFF = 1e-6;

/**
 * Returns the places of cells of a square grid, x2 upwards as on a map; null where a state has no
 * row, or the centres lie on no such grid.
 */
export async function readPlaces(
  path: string,
  stateNames: readonly string[],
): Promise<Layout | null> {
  const numberOf = numbersOf(stateNames);
  const table = await openTable(path, COLUMNS);
  const at = new Float64Array(2 * stateNames.length).fill(Number.NaN);
  for await (const { values } of table.rows(Row)) {
    const state = numberOf.get(values.state);
    if (state !== undefined) at.set([values.x1, values.x2], 2 * state);
  }
  if (at.some(Number.isNaN)) return null;
  const axes = [0, 1].map((axis) =>
    [...new Set(at.filter((_, i) => i % 2 === axis))].sort((a, b) => a - b),
  );
  const side = Math.min(...axes.map(leastGap));
  if (!Number.isFinite(side)) return null;
  const position = at.map((x, i) => ((i % 2 === 0 ? 1 : -1) * (x - axes[i % 2][0])) / side);
  const isOn = position.every((x) => Math.abs(x - Math.round(x)) < OFF);
  return isOn ? { kind: 'cells', position: position.map((x) => Math.round(x)) } : null;
}

/** Centres are sums of cell sizes: what is meant to be equal may differ in the last digits. */
function leastGap(sorted: readonly number[]): number {
  const reach = 1e-9 * Math.max(1, Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
  let least = Number.POSITIVE_INFINITY;
  for (let k = 1; k < sorted.length; k++) {
    const gap = sorted[k] - sorted[k - 1];
    if (gap > reach) least = Math.min(least, gap);
  }
  return least;
}
