/**
 * Cells around so many centres that lie where the points are dense (k-means, Lloyd's sweeps from the
 * starts of k-means++): a point belongs to the nearest centre. The same points, seed and number give
 * the same cells, numbered in the order of their centres.
 *
 * Reference: D. Arthur, S. Vassilvitskii (2007), k-means++, SODA, 1027–1035.
 */

import { kmeans } from 'ml-kmeans';
import { z } from 'zod';
import { createRng } from '../../numeric/rng.ts';
import type { Discretizer, DiscretizerRule, SavedDiscretizer } from './discretizer.ts';
import { inRows } from './lattice.ts';
import { countPoints } from './learningPoints.ts';
import { nearestCenter } from './nearestCenter.ts';

export const KMeansOptions = z.strictObject({
  cells: z.int().positive().describe('How many'),
  dimension: z.int().positive().default(2).describe('Coordinates of a point'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Of the centres it starts from'),
  maxIterations: z.int().positive().default(300).describe('Sweeps after which it stops'),
  reach: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('A point farther than this from every centre is in no cell; null: all are in one'),
});
export type KMeansOptions = z.input<typeof KMeansOptions>;

export const SavedKMeans = z.strictObject({
  rule: z.literal('k-means'),
  name: z.string(),
  reach: z.number().positive().nullable(),
  centers: z.array(z.array(z.number()).min(1)).min(1),
});

export function kMeansCells(options: KMeansOptions): DiscretizerRule {
  const { cells, dimension, seed, maxIterations, reach } = KMeansOptions.parse(options);
  const name = `${cells} cells of k-means`;
  return {
    name,
    dimension,
    learn(points) {
      const count = countPoints(points, dimension, name);
      const rows = Array.from({ length: count }, (_, i) =>
        Array.from(points.subarray(i * dimension, (i + 1) * dimension)),
      );
      const different = new Set(rows.map((row) => row.join(','))).size;
      if (different < cells)
        throw new RangeError(
          `Cannot learn ${name}: wanted at least ${cells} different points, got ${different}`,
        );
      const { centroids } = kmeans(rows, cells, {
        seed: Math.floor(createRng(seed, 'k-means')() * 2 ** 31),
        maxIterations,
      });
      const centers = centroids.map((center) => [...center]).sort(inRows);
      return restoreKMeans({ rule: 'k-means', name, reach, centers });
    },
  };
}

/** States are named by their numbers. */
export function restoreKMeans(saved: SavedDiscretizer): Discretizer {
  const { name, centers, reach } = SavedKMeans.parse(saved);
  const dimension = centers[0].length;
  if (centers.some(({ length }) => length !== dimension))
    throw new RangeError(`Cannot restore ${name}: all centres must have ${dimension} coordinates`);
  const flat = Float64Array.from(centers.flat());
  const nearest = nearestCenter(flat, dimension);
  return {
    name,
    dimension,
    stateCount: centers.length,
    stateName: String,
    stateOf: (point) => nearest(point, reach ?? Number.POSITIVE_INFINITY),
    center(state, out) {
      out.set(flat.subarray(state * dimension, (state + 1) * dimension));
    },
    saved,
  };
}
