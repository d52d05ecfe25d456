/**
 * How sure θ is. Monte Carlo: how far x may be from where the gap closes, by what the last comparison
 * measured, how sure that was, and how much the mean of the iterates still moved. Outer products: what
 * so many decisions leave open. Both are without end along directions that rollouts say nothing of.
 */

import { meanRow } from '../../numeric/meanRow.ts';
import type { ParameterSpace } from '../parameters.ts';
import { type Axis, axesOf, gainAlong } from './gainStep.ts';
import { type Gap, loosePart } from './sampledGap.ts';

/** An eigenvalue below this share of the largest is round-off. */
const ROUND_OFF = 1e-10;
/** A parameter whose share in a direction is below this takes no part in it. */
const NO_PART = 0.02;

export interface ThetaUncertainty {
  /** [free] Monte-Carlo standard error of each free θ; zero where nothing was random, NaN where unknown. */
  readonly thetaError: Float64Array;
  /** [free] standard error of θ from the outer product of scores; NaN where unknown or held by a bound. */
  readonly outerProductError: Float64Array;
  /** Directions [free] in θ along which rollouts show no change of what is decided. */
  readonly flat: readonly Float64Array[];
}

/** @param window the iterates that were averaged; none where they were not */
export function uncertaintyOf(
  gap: Gap,
  window: readonly Float64Array[],
  { free, spread }: ParameterSpace,
  decisions: number,
): ThetaUncertainty {
  const size = free.length;
  const { isHeld } = gap;
  const axes = axesOf(loosePart(gap.information, gap), gap.covariance, size) ?? [];
  const least = ROUND_OFF * (axes.at(-1)?.curvature ?? 0);
  const isFlat = ({ curvature, noise }: Axis): boolean =>
    !(curvature > Math.max(least, 3 * gap.informationNoise * noise));
  // what a bound holds has no curvature left, and yet is no open direction
  const flat = axes.filter(
    (axis) => isFlat(axis) && axis.vector.every((v, i) => !isHeld[i] || Math.abs(v) < NO_PART),
  );
  const sharp = axes.filter((axis) => !isFlat(axis)).map((axis) => ({ ...axis, noise: 0 }));
  const isOpen = (i: number): boolean =>
    axes.length === 0 || flat.some(({ vector }) => Math.abs(vector[i]) > NO_PART);
  const inverse = sharp.length > 0 ? gainAlong(sharp) : (x: Float64Array) => x;
  const left = inverse(gap.value);
  const wander = errorOfMean(window.slice(Math.floor(window.length / 2)), size);
  const pushed = gap.replicates.map((one) => inverse(one.map((g, i) => g - gap.value[i])));
  const scale = 1 / (pushed.length * (pushed.length - 1));
  const simulated = (i: number): number =>
    pushed.reduce((sum, one) => sum + scale * one[i] ** 2, left[i] ** 2 + wander[i] ** 2);
  const sampled = (i: number): number =>
    sharp.reduce((sum, { vector, curvature }) => sum + vector[i] ** 2 / (curvature * decisions), 0);
  const errors = (variance: (i: number) => number): Float64Array =>
    Float64Array.from(free, (_, i) =>
      isOpen(i) ? Number.NaN : Math.sqrt(variance(i)) / spread[i],
    );
  return {
    thetaError: gap.replicates.length === 0 ? new Float64Array(size) : errors(simulated),
    outerProductError: errors(sampled).map((e, i) => (isHeld[i] ? Number.NaN : e)),
    flat: flat.map(({ vector }) => vector.map((v, i) => v / spread[i])),
  };
}

/** Standard error of the mean of a sequence that remembers, by the means of four parts of it. */
function errorOfMean(rows: readonly Float64Array[], size: number): Float64Array {
  const parts = 4;
  const length = Math.floor(rows.length / parts);
  if (length < 1) return new Float64Array(size);
  const means = Array.from({ length: parts }, (_, b) =>
    meanRow(rows.slice(b * length, (b + 1) * length)),
  );
  const whole = meanRow(means);
  return whole.map((m, i) =>
    Math.sqrt(means.reduce((sum, row) => sum + (row[i] - m) ** 2, 0) / (parts * (parts - 1))),
  );
}
