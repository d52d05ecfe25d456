/**
 * How sure predictions are, given how sure the estimates are: θ = θ̂ + L u with L Lᵀ the covariance
 * and u ~ N(0, I).
 *
 * - delta method: Var q = Σⱼ (∂q / ∂uⱼ)², by central differences of fourth order along the columns of
 *   L (the principal axes of the covariance), a small share of a standard deviation each way:
 *
 *     ∂q/∂u ≈ (8 (q(h) − q(−h)) − (q(2h) − q(−2h))) / (12 h)
 *
 *   The second-order formula beside it says how exact that is.
 * - draws: the quantiles of q(θ̂ + L u), in pairs u, −u, so that what is linear in u averages out.
 *
 * Two worlds are looked at together, with the same u: their difference is surer than either.
 */

import type { Rng } from '../../numeric/rng.ts';
import { symmetricEigen } from '../../numeric/symmetricEigen.ts';

/** Two vectors at one θ, null where the reward has no finite value there. */
export type PairOfPredictions = (theta: Float64Array) => {
  readonly baseline: Float64Array | null;
  readonly changed: Float64Array | null;
};

/** Columns of L, one per direction in which the estimates are uncertain. */
export function principalAxes(covariance: Float64Array): Float64Array[] {
  const size = Math.sqrt(covariance.length);
  // In units of the standard errors: parameters may differ by many orders of magnitude.
  const scale = Float64Array.from({ length: size }, (_, k) => Math.sqrt(covariance[k * size + k]));
  const correlation = covariance.map((c, i) => {
    const both = scale[Math.floor(i / size)] * scale[i % size];
    return both > 0 ? c / both : 0;
  });
  const { values, vectors } = symmetricEigen(correlation, size);
  return [...values.keys()]
    .filter((j) => values[j] > 1e-12 * size)
    .map((j) =>
      Float64Array.from({ length: size }, (_, k) => {
        return Math.sqrt(values[j]) * vectors[j * size + k] * scale[k];
      }),
    );
}

export interface DeltaErrors {
  /** [quantities] standard errors; null where the reward is infeasible next to the estimates. */
  readonly baseline: Float64Array | null;
  readonly changed: Float64Array | null;
  /** [pairs of quantities] of changed − baseline */
  readonly difference: Float64Array | null;
  /** Largest difference between the derivatives of second and fourth order, in standard errors. */
  readonly inexactness: number;
}

/** Share of a standard deviation that a difference steps. */
const STEP = 0.02;

/** @param common [pairs of quantities] index into baseline and changed of what is in both */
export function deltaErrors(
  predict: PairOfPredictions,
  theta: Float64Array,
  axes: readonly Float64Array[],
  common: readonly (readonly [baseline: number, changed: number])[],
): DeltaErrors {
  let inexactness = 0;
  const at = (axis: Float64Array, u: number) =>
    predict(theta.map((value, k) => value + u * axis[k]));
  let base: Float64Array | null = null;
  let changed: Float64Array | null = null;
  const difference = new Float64Array(common.length);
  let baseFails = false;
  let changedFails = false;
  for (const axis of axes) {
    const [l2, l1, r1, r2] = [-2, -1, 1, 2].map((n) => at(axis, n * STEP));
    const b = slope(l2.baseline, l1.baseline, r1.baseline, r2.baseline);
    const c = slope(l2.changed, l1.changed, r1.changed, r2.changed);
    if (b) base = addSquares(base, b.fourth);
    else baseFails = true;
    if (c) changed = addSquares(changed, c.fourth);
    else changedFails = true;
    if (b && c)
      common.forEach(([i, j], n) => {
        difference[n] += (c.fourth[j] - b.fourth[i]) ** 2;
      });
    for (const found of [b, c])
      found?.fourth.forEach((x, i) => {
        const size = Math.abs(x);
        const off = Math.abs(x - found.second[i]);
        if (size > 1e-6 * found.largest && off > inexactness * size) inexactness = off / size;
      });
  }
  const roots = (x: Float64Array | null): Float64Array | null => x?.map(Math.sqrt) ?? null;
  return {
    baseline: baseFails ? null : roots(base),
    changed: changedFails ? null : roots(changed),
    difference: baseFails || changedFails ? null : difference.map(Math.sqrt),
    inexactness,
  };
}

function slope(
  l2: Float64Array | null,
  l1: Float64Array | null,
  r1: Float64Array | null,
  r2: Float64Array | null,
): { second: Float64Array; fourth: Float64Array; largest: number } | null {
  if (!l2 || !l1 || !r1 || !r2) return null;
  const second = l1.map((x, i) => (r1[i] - x) / (2 * STEP));
  const fourth = l1.map((x, i) => (8 * (r1[i] - x) - (r2[i] - l2[i])) / (12 * STEP));
  return { second, fourth, largest: fourth.reduce((a, x) => Math.max(a, Math.abs(x)), 0) };
}

function addSquares(sum: Float64Array | null, x: Float64Array): Float64Array {
  const out = sum ?? new Float64Array(x.length);
  x.forEach((value, i) => {
    out[i] += value * value;
  });
  return out;
}

export interface DrawnIntervals {
  /** [quantities] ends of the central interval. */
  readonly baseline: Ends | null;
  readonly changed: Ends | null;
  readonly difference: Ends | null;
  readonly draws: number;
  /** How many draws had no finite value, of each; they are not in the intervals. */
  readonly infeasible: { readonly baseline: number; readonly changed: number };
}

export interface Ends {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Draws as many θ, antithetic in pairs, and takes the quantiles (1 ∓ level) / 2 of every quantity.
 *
 * @param onDraw is told after every draw
 */
export function drawnIntervals(
  predict: PairOfPredictions,
  theta: Float64Array,
  axes: readonly Float64Array[],
  common: readonly (readonly [baseline: number, changed: number])[],
  { draws, level, rng }: { readonly draws: number; readonly level: number; readonly rng: Rng },
  onDraw?: (done: number) => void,
): DrawnIntervals {
  const base: Float64Array[] = [];
  const changed: Float64Array[] = [];
  const both: Float64Array[] = [];
  const infeasible = { baseline: 0, changed: 0 };
  let u = new Float64Array(axes.length);
  for (let draw = 0; draw < draws; draw++) {
    u = draw % 2 === 1 ? u.map((x) => -x) : u.map(() => normal(rng));
    const point = theta.slice();
    axes.forEach((axis, j) => {
      for (let k = 0; k < point.length; k++) point[k] += u[j] * axis[k];
    });
    const found = predict(point);
    if (found.baseline) base.push(found.baseline);
    else infeasible.baseline++;
    if (found.changed) changed.push(found.changed);
    else infeasible.changed++;
    if (found.baseline && found.changed) {
      const { baseline: b, changed: c } = found;
      both.push(Float64Array.from(common, ([i, j]) => c[j] - b[i]));
    }
    onDraw?.(draw + 1);
  }
  return {
    baseline: ends(base, level),
    changed: ends(changed, level),
    difference: ends(both, level),
    draws,
    infeasible,
  };
}

/** Quantiles need some draws on either side. */
const FEWEST = 20;

function ends(rows: readonly Float64Array[], level: number): Ends | null {
  if (rows.length < FEWEST) return null;
  const width = rows[0].length;
  const low = new Float64Array(width);
  const high = new Float64Array(width);
  const column = new Float64Array(rows.length);
  for (let i = 0; i < width; i++) {
    for (let row = 0; row < rows.length; row++) column[row] = rows[row][i];
    column.sort();
    low[i] = quantile(column, (1 - level) / 2);
    high[i] = quantile(column, (1 + level) / 2);
  }
  return { low, high };
}

/** Linear between order statistics (type 7 of Hyndman & Fan 1996). */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** A standard normal draw (Box & Muller 1958); one of the two. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
