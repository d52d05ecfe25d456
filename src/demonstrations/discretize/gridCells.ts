/**
 * A grid of boxes, and where in it one can be: where people were seen, or everywhere in the box that
 * holds them, and not in cells that are given as obstacles.
 *
 *   cell of x = ⌊(x − origin) / size⌋   axis by axis; an edge belongs to the cell above it
 *
 * A point within rounding of an edge may fall on either side of it.
 */

import { z } from 'zod';
import type { DiscretizerRule, SavedDiscretizer } from './discretizer.ts';
import {
  inRows,
  type Lattice,
  type LatticeDiscretizer,
  latticeDiscretizer,
  latticeFields,
  visitedCells,
} from './lattice.ts';
import { countPoints, perAxis } from './learningPoints.ts';

export const GridOptions = z.strictObject({
  dimension: z.int().positive().default(2).describe('Coordinates of a point'),
  size: z
    .union([z.number().positive(), z.array(z.number().positive())])
    .describe('Width of a cell, of all axes or one by one'),
  origin: z
    .union([z.number(), z.array(z.number())])
    .default(0)
    .describe('A point where cells meet'),
  states: z
    .enum(['visited', 'box'])
    .default('visited')
    .describe('Cells with points in them, or every cell of the smallest box that holds all points'),
  leastPoints: latticeFields.leastPoints,
  leastObstacle: z
    .int()
    .positive()
    .default(1)
    .describe('A region of fewer cells than this where nobody was is no obstacle, but chance'),
  obstacles: z.array(z.array(z.int())).default([]).describe('Cells where nobody can be'),
  reach: latticeFields.reach,
  unit: latticeFields.unit,
});
export type GridOptions = z.input<typeof GridOptions>;

export const SavedGrid = z.strictObject({
  rule: z.literal('grid'),
  name: z.string(),
  size: z.array(z.number().positive()),
  origin: z.array(z.number()),
  reach: z.number().min(0),
  cells: z.array(z.array(z.int())),
});

/** A box of a grid beyond this many cells is refused: it is a unit mistaken, not a world. */
const MOST_CELLS = 10_000_000;

export function gridCells(options: GridOptions): DiscretizerRule<LatticeDiscretizer> {
  const { dimension, states, leastPoints, leastObstacle, obstacles, reach, unit, ...rest } =
    GridOptions.parse(options);
  const size = perAxis(rest.size, dimension, 'size');
  const origin = perAxis(rest.origin, dimension, 'origin');
  const widths = new Set(size).size === 1 ? `${size[0]}` : size.join(' × ');
  const name = `grid of ${widths}${unit === '' ? '' : ` ${unit}`}`;
  const closed = new Set(
    obstacles.map((cell) => perAxis(cell, dimension, 'an obstacle').join(',')),
  );
  return {
    name,
    dimension,
    learn(points) {
      countPoints(points, dimension, name);
      const seen = visitedCells(gridLattice(size, origin), points, leastPoints);
      const cells =
        states === 'box'
          ? boxOf(seen, name)
          : leastObstacle > 1
            ? withoutHoles(seen, boxOf(seen, name), leastObstacle)
            : seen;
      const open = cells.filter((cell) => !closed.has(cell.join(',')));
      return restoreGrid({
        rule: 'grid',
        name,
        size: [...size],
        origin: [...origin],
        reach,
        cells: open,
      });
    },
  };
}

export function restoreGrid(saved: SavedDiscretizer): LatticeDiscretizer {
  const { name, size, origin, cells, reach } = SavedGrid.parse(saved);
  return latticeDiscretizer(gridLattice(size, origin), { name, cells, reach, saved });
}

function gridLattice(size: readonly number[], origin: readonly number[]): Lattice {
  return {
    dimension: size.length,
    indexOf(point, out) {
      for (let d = 0; d < out.length; d++) out[d] = Math.floor((point[d] - origin[d]) / size[d]);
    },
    middleOf(index, out) {
      for (let d = 0; d < out.length; d++) out[d] = origin[d] + (index[d] + 0.5) * size[d];
    },
  };
}

/** Every cell of the smallest box that holds these, row by row. */
function boxOf(cells: readonly (readonly number[])[], name: string): number[][] {
  const low = cells[0].map((_, d) =>
    cells.reduce((least, cell) => Math.min(least, cell[d]), Infinity),
  );
  const high = cells[0].map((_, d) =>
    cells.reduce((most, cell) => Math.max(most, cell[d]), -Infinity),
  );
  const count = low.reduce((product, from, d) => product * (high[d] - from + 1), 1);
  if (count > MOST_CELLS)
    throw new RangeError(
      `Cannot learn a ${name}: the box of all points has ${count} cells, more than ${MOST_CELLS}; are the units right?`,
    );
  let box: number[][] = [[]];
  low.forEach((from, d) => {
    const along = Array.from({ length: high[d] - from + 1 }, (_, k) => from + k);
    box = box.flatMap((cell) => along.map((k) => [...cell, k]));
  });
  return box.sort(inRows);
}

/** Adds the cells of the box that lie in regions of fewer than so many unvisited cells. */
function withoutHoles(
  seen: readonly (readonly number[])[],
  box: readonly (readonly number[])[],
  leastObstacle: number,
): (readonly number[])[] {
  const left = new Map(box.map((cell) => [cell.join(','), cell]));
  for (const cell of seen) left.delete(cell.join(','));
  const filled: (readonly number[])[] = [...seen];
  while (left.size > 0) {
    const [[key, start]] = left;
    left.delete(key);
    const region = [start];
    for (const cell of region)
      cell.forEach((k, d) => {
        for (const beside of [cell.with(d, k - 1), cell.with(d, k + 1)]) {
          if (left.delete(beside.join(','))) region.push(beside);
        }
      });
    if (region.length < leastObstacle) filled.push(...region);
  }
  return filled.sort(inRows);
}
