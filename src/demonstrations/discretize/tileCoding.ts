/**
 * Several grids laid over each other, each shifted against the last: points share the more tiles the
 * nearer they are, so what is learned of one carries over to its neighbours.
 *
 *   tile of x in tiling i = ⌊(x − origin) / width + i (2 d + 1) / n⌋ on axis d,   n tilings
 *
 * With n a power of 2 all shifts along an axis differ, and every edge of every tiling lies at a
 * multiple of width / n. A *state* is a cell of that fine grid: all its points lie in the same tiles.
 * The *features* of a state are its n tiles, one column each, 1 where it lies in the tile: a reward
 * linear in them has one weight per tile. The tiles of one tiling sum to 1 in every state, so the
 * data leave n − 1 (or, with a constant, n) directions open that change nothing.
 *
 * Reference: R. Sutton, A. Barto (2018), Reinforcement Learning, §9.5.4; shifts by the first odd
 * numbers after Miller & Glanz (1996).
 */

import { z } from 'zod';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { DiscretizerRule, SavedDiscretizer } from './discretizer.ts';
import {
  type Lattice,
  type LatticeDiscretizer,
  latticeDiscretizer,
  latticeFields,
  visitedCells,
} from './lattice.ts';
import { countPoints, perAxis } from './learningPoints.ts';

const TILINGS = [1, 2, 4, 8, 16, 32, 64] as const;

export const TileOptions = z.strictObject({
  tilings: z.literal(TILINGS).default(8).describe('How many; best at least 4 per axis'),
  width: z
    .union([z.number().positive(), z.array(z.number().positive())])
    .describe('Of a tile, on all axes or one by one'),
  dimension: z.int().positive().default(2).describe('Coordinates of a point'),
  origin: z
    .union([z.number(), z.array(z.number())])
    .default(0)
    .describe('A point where tiles of the first tiling meet'),
  reach: latticeFields.reach,
});
export type TileOptions = z.input<typeof TileOptions>;

export const SavedTiles = z.strictObject({
  rule: z.literal('tiles'),
  name: z.string(),
  tilings: z.literal(TILINGS),
  width: z.array(z.number().positive()),
  origin: z.array(z.number()),
  reach: z.number().min(0),
  cells: z.array(z.array(z.int())),
});

export interface TileCoding extends LatticeDiscretizer {
  /** How many tiles any state lies in, over all tilings. */
  readonly tileCount: number;
  /** [states × tilings] the tiles of each state, numbered from 0 over all tilings. */
  readonly tiles: Int32Array;
  /** Returns one row per state and one column per tile, named `tile 2: 0,-1` by tiling and place. */
  readonly features: () => FeatureMatrix;
}

export function tileCoding(options: TileOptions): DiscretizerRule<TileCoding> {
  const { tilings, dimension, reach, ...rest } = TileOptions.parse(options);
  const width = perAxis(rest.width, dimension, 'width');
  const origin = perAxis(rest.origin, dimension, 'origin');
  const widths = new Set(width).size === 1 ? `${width[0]}` : width.join(' × ');
  const name = `${tilings} tilings of ${widths}`;
  return {
    name,
    dimension,
    learn(points) {
      countPoints(points, dimension, name);
      const cells = visitedCells(fineLattice(width, origin, tilings), points, 1);
      return restoreTiles({
        rule: 'tiles',
        name,
        tilings,
        width: [...width],
        origin: [...origin],
        reach,
        cells,
      });
    },
  };
}

export function restoreTiles(saved: SavedDiscretizer): TileCoding {
  const { name, tilings, width, origin, cells, reach } = SavedTiles.parse(saved);
  const lattice = fineLattice(width, origin, tilings);
  const states = latticeDiscretizer(lattice, { name, cells, reach, saved });
  const numbers = new Map<string, number>();
  const tiles = new Int32Array(cells.length * tilings);
  cells.forEach((cell, s) => {
    for (let i = 0; i < tilings; i++) {
      const tile = `tile ${i}: ${cell.map((k, d) => Math.floor((k + i * (2 * d + 1)) / tilings)).join(',')}`;
      const number = numbers.get(tile) ?? numbers.size;
      numbers.set(tile, number);
      tiles[s * tilings + i] = number;
    }
  });
  return {
    ...states,
    tileCount: numbers.size,
    tiles,
    features() {
      const values = new Float64Array(cells.length * numbers.size);
      tiles.forEach((tile, at) => {
        values[Math.floor(at / tilings) * numbers.size + tile] = 1;
      });
      return { names: [...numbers.keys()], per: 'state', values };
    },
  };
}

/** The grid that all edges of all tilings make together. */
function fineLattice(
  width: readonly number[],
  origin: readonly number[],
  tilings: number,
): Lattice {
  return {
    dimension: width.length,
    indexOf(point, out) {
      for (let d = 0; d < out.length; d++)
        out[d] = Math.floor(((point[d] - origin[d]) / width[d]) * tilings);
    },
    middleOf(index, out) {
      for (let d = 0; d < out.length; d++)
        out[d] = origin[d] + ((index[d] + 0.5) * width[d]) / tilings;
    },
  };
}
