/**
 * Bins along every axis, equally wide or holding equally many points; a state is one bin of each.
 *
 *   uniform:   edges at low + k (high − low) / n, from the least to the largest value seen
 *   quantile:  edges at the k/n quantiles of the values seen; equal edges make fewer bins
 *
 * An edge belongs to the bin above it, the largest value to the last bin. What stands for a bin is
 * its middle (uniform), or the median of the values in it (quantile). Values beyond the first and
 * last edge belong to the first and last bin, or to none.
 */

import { z } from 'zod';
import type { Discretizer, DiscretizerRule, SavedDiscretizer } from './discretizer.ts';
import { countPoints, perAxis } from './learningPoints.ts';

export const BinOptions = z.strictObject({
  kind: z.enum(['uniform', 'quantile']).describe('Equally wide, or with equally many points'),
  bins: z
    .union([z.int().positive(), z.array(z.int().positive())])
    .describe('How many, on all axes or one by one'),
  dimension: z.int().positive().default(1).describe('Coordinates of a point'),
  beyond: z
    .enum(['clamp', 'none'])
    .default('clamp')
    .describe('Whether values that were never seen belong to the outermost bins, or to none'),
});
export type BinOptions = z.input<typeof BinOptions>;

export const SavedBins = z.strictObject({
  rule: z.literal('bins'),
  name: z.string(),
  beyond: z.enum(['clamp', 'none']),
  /** Per axis: bins + 1 edges, ascending. */
  edges: z.array(z.array(z.number()).min(2)),
  /** Per axis: what stands for each bin. */
  middles: z.array(z.array(z.number()).min(1)),
});

export function axisBins(options: BinOptions): DiscretizerRule {
  const { kind, dimension, beyond, bins } = BinOptions.parse(options);
  const counts = perAxis(bins, dimension, 'bins');
  const name = `${kind} bins, ${counts.join(' × ')}`;
  return {
    name,
    dimension,
    learn(points) {
      const count = countPoints(points, dimension, name);
      const axes = counts.map((wanted, d) => {
        const values = Float64Array.from({ length: count }, (_, i) => points[i * dimension + d]);
        return kind === 'uniform'
          ? uniform(values.sort(), wanted)
          : quantile(values.sort(), wanted);
      });
      return restoreBins({
        rule: 'bins',
        name,
        beyond,
        edges: axes.map(({ edges }) => edges),
        middles: axes.map(({ middles }) => middles),
      });
    },
  };
}

/** States are numbered with the first axis changing fastest, and named by their bins: `0,3`. */
export function restoreBins(saved: SavedDiscretizer): Discretizer {
  const { name, edges, middles, beyond } = SavedBins.parse(saved);
  const sizes = middles.map(({ length }) => length);
  edges.forEach((along, d) => {
    if (along.length !== sizes[d] + 1 || along.some((edge, k) => k > 0 && !(edge >= along[k - 1])))
      throw new RangeError(
        `Cannot restore ${name}: axis ${d + 1} must have ${sizes[d] + 1} ascending edges, got ${along.length}`,
      );
  });
  const binsOf = (state: number): number[] => {
    let left = state;
    return sizes.map((size) => {
      const bin = left % size;
      left = Math.floor(left / size);
      return bin;
    });
  };
  return {
    name,
    dimension: sizes.length,
    stateCount: sizes.reduce((product, size) => product * size, 1),
    stateName: (state) => binsOf(state).join(','),
    stateOf(point) {
      let state = 0;
      for (let d = sizes.length - 1; d >= 0; d--) {
        const bin = binOf(edges[d], point[d], beyond === 'clamp');
        if (bin < 0) return -1;
        state = state * sizes[d] + bin;
      }
      return state;
    },
    center(state, out) {
      binsOf(state).forEach((bin, d) => {
        out[d] = middles[d][bin];
      });
    },
    saved,
  };
}

/** @param sorted ascending */
function uniform(sorted: Float64Array, wanted: number) {
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  if (low === high) return { edges: [low, high], middles: [low] };
  const edges = Array.from({ length: wanted + 1 }, (_, k) =>
    k === wanted ? high : low + (k * (high - low)) / wanted,
  );
  return { edges, middles: edges.slice(1).map((edge, k) => (edge + edges[k]) / 2) };
}

/** @param sorted ascending */
function quantile(sorted: Float64Array, wanted: number) {
  const { length } = sorted;
  const inner = Array.from(
    { length: wanted - 1 },
    (_, k) => sorted[Math.floor(((k + 1) * length) / wanted)],
  ).filter((edge, k, all) => edge > sorted[0] && (k === 0 || edge > all[k - 1]));
  const edges = [sorted[0], ...inner, sorted[length - 1]];
  let first = 0;
  const middles = edges.slice(1).map((edge, k) => {
    let end = first;
    const isLast = k === edges.length - 2;
    while (end < length && (isLast || sorted[end] < edge)) end++;
    const median = (sorted[(first + end - 1) >> 1] + sorted[(first + end) >> 1]) / 2;
    first = end;
    return median;
  });
  return { edges, middles };
}

/** @param edges ascending; only the last bin may be empty of width */
function binOf(edges: readonly number[], x: number, clamps: boolean): number {
  const last = edges.length - 2;
  if (Number.isNaN(x)) return -1;
  if (x < edges[0]) return clamps ? 0 : -1;
  if (x > edges[last + 1]) return clamps ? last : -1;
  let low = 0;
  let high = last;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle] <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}
