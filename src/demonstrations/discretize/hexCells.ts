/**
 * Hexagons, corners up and down: every point belongs to the nearest of centres that lie so far apart
 * in all six directions, so that all neighbours of a cell are equally near.
 *
 *   centre of (q, r) = origin + w (q + r / 2, r √3 / 2)        w: from one centre to the next
 *
 * Reference: A. Patel, Hexagonal Grids (redblobgames.com/grids/hexagons), axial coordinates.
 */

import { z } from 'zod';
import type { DiscretizerRule, SavedDiscretizer } from './discretizer.ts';
import {
  type Lattice,
  type LatticeDiscretizer,
  latticeDiscretizer,
  latticeFields,
  visitedCells,
} from './lattice.ts';
import { countPoints } from './learningPoints.ts';

export const HexOptions = z.strictObject({
  width: z.number().positive().describe('From the middle of a cell to that of its neighbour'),
  origin: z.tuple([z.number(), z.number()]).default([0, 0]).describe('The middle of one cell'),
  leastPoints: latticeFields.leastPoints,
  reach: latticeFields.reach,
  unit: latticeFields.unit,
});
export type HexOptions = z.input<typeof HexOptions>;

export const SavedHexagons = z.strictObject({
  rule: z.literal('hexagons'),
  name: z.string(),
  width: z.number().positive(),
  origin: z.tuple([z.number(), z.number()]),
  reach: z.number().min(0),
  cells: z.array(z.tuple([z.int(), z.int()])),
});

const ROW = Math.sqrt(3) / 2;

export function hexCells(options: HexOptions): DiscretizerRule<LatticeDiscretizer> {
  const { width, origin, leastPoints, reach, unit } = HexOptions.parse(options);
  const name = `hexagons of ${width}${unit === '' ? '' : ` ${unit}`}`;
  return {
    name,
    dimension: 2,
    learn(points) {
      countPoints(points, 2, name);
      const cells = visitedCells(hexLattice(width, origin), points, leastPoints);
      return restoreHexagons({ rule: 'hexagons', name, width, origin, reach, cells });
    },
  };
}

export function restoreHexagons(saved: SavedDiscretizer): LatticeDiscretizer {
  const { name, width, origin, cells, reach } = SavedHexagons.parse(saved);
  return latticeDiscretizer(hexLattice(width, origin), { name, cells, reach, saved });
}

function hexLattice(width: number, origin: readonly [number, number]): Lattice {
  return {
    dimension: 2,
    indexOf(point, out) {
      const r = (point[1] - origin[1]) / (width * ROW);
      const q = (point[0] - origin[0]) / width - r / 2;
      roundHexagon(q, r, out);
    },
    middleOf(index, out) {
      const [q, r] = [index[0], index[1]];
      out[0] = origin[0] + width * (q + r / 2);
      out[1] = origin[1] + width * ROW * r;
    },
  };
}

/** Writes the cell nearest to (q, r): all three coordinates rounded, the one that moved most made to fit. */
function roundHexagon(q: number, r: number, out: Float64Array): void {
  const s = -q - r;
  const [nearQ, nearR, nearS] = [Math.round(q), Math.round(r), Math.round(s)];
  const [dq, dr, ds] = [Math.abs(nearQ - q), Math.abs(nearR - r), Math.abs(nearS - s)];
  out[0] = dq > dr && dq > ds ? -nearR - nearS : nearQ;
  out[1] = dq > dr && dq > ds ? nearR : dr > ds ? -nearQ - nearS : nearR;
}
