/**
 * The gap between demonstrated and expected features as the loop sees it: of the free parameters, per
 * decision, features at unit spread, the pull of the penalty included, and with its standard error.
 */

import { normalQuantile } from '../../numeric/normal.ts';
import type { ParameterSpace } from '../parameters.ts';
import type { SampledSettings } from './sampledOptions.ts';
import type { SampledPlanner, SampledSurplus } from './sampledPlanner.ts';

/** Where no error is asked for, gaps are known at least so well, and no better than that. */
const COARSEST = 0.015;
const FINEST = 0.0005;
/** A gap is measured with so many times the rollouts of a round at first, */
const FIRST_EFFORT = 5;
/** and with at most so many. */
const MOST_EFFORT = 50;
/** So often all gaps together count as none where they are none. */
const CONFIDENCE = 0.95;
/** So many times plans are learned anew for a measurement, to tell the luck in them too. */
const BLOCKS = 20;

export interface Gap {
  /** [free] demonstrated − expected. */
  readonly value: Float64Array;
  /** [free] its Monte-Carlo standard error. */
  readonly error: Float64Array;
  /** [free] the error that is small enough to call a gap closed. */
  readonly wanted: Float64Array;
  /** Independent estimates of `value`; none where it has no error. */
  readonly replicates: readonly Float64Array[];
  /** [free × free] how fast it falls; null where unknown. */
  readonly information: Float64Array | null;
  /** Information below so many variances of the gap along a direction may be none. */
  readonly informationNoise: number;
  /** [free × free] of `value`: its Monte-Carlo covariance. */
  readonly covariance: Float64Array;
  /** [free] whether it is stopped by a bound. */
  readonly isHeld: readonly boolean[];
  /** Largest |value| among those that no bound holds. */
  readonly largest: number;
  /** Standard errors within which all gaps lie, 19 times of 20, where there are none. */
  readonly within: number;
  /** Whether every gap that no bound holds is within its error, and the errors are small enough. */
  readonly isClosed: boolean;
}

export interface GapOptions {
  readonly settings: SampledSettings;
  /** λ of the penalty (λ/2) Σ θ², perhaps one for each parameter. */
  readonly l2: number | Float64Array;
  readonly decisions: number;
}

/** @param theta where the surplus was measured */
export function gapIn(
  { gradient, replicates, information, informationNoise }: SampledSurplus,
  { free, spread, lower, upper }: ParameterSpace,
  theta: Float64Array,
  { settings, l2, decisions }: GapOptions,
): Gap {
  const size = free.length;
  const total = gradient.length;
  const ridgeOf = (k: number): number => (typeof l2 === 'number' ? l2 : l2[k]) / decisions;
  const inUnits = (g: Float64Array): Float64Array =>
    Float64Array.from(free, (k, i) => (g[k] - ridgeOf(k) * theta[k]) / spread[i]);
  const value = inUnits(gradient);
  const inX = replicates.map(inUnits);
  const covariance = covarianceOfMean(inX, value);
  const error = value.map((_, i) => Math.sqrt(covariance[i * (size + 1)]));
  const isHeld = Array.from(free, (k, i) => {
    const x = theta[k] * spread[i];
    return (x <= lower[i] && value[i] < 0) || (x >= upper[i] && value[i] > 0);
  });
  const h = information && new Float64Array(size * size);
  if (h && information)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const ridge = i === j ? ridgeOf(free[i]) : 0;
        h[i * size + j] =
          (information[free[i] * total + free[j]] + ridge) / (spread[i] * spread[j]);
      }
  const wanted = value.map((_, i) =>
    wantedError(settings.precision, h?.[i * (size + 1)] ?? 0, decisions),
  );
  const within = normalQuantile(0.5 + 0.5 * CONFIDENCE ** (1 / Math.max(size, 1)));
  let largest = 0;
  let isClosed = true;
  value.forEach((gap, i) => {
    if (isHeld[i]) return;
    largest = Math.max(largest, Math.abs(gap));
    isClosed &&= Math.abs(gap) <= within * error[i] && error[i] <= wanted[i];
  });
  return {
    value,
    error,
    replicates: inX,
    information: h,
    informationNoise,
    wanted,
    covariance,
    isHeld,
    largest,
    within,
    isClosed,
  };
}

/** Σ (g − ḡ)(g − ḡ)ᵀ / (n (n − 1)) */
function covarianceOfMean(rows: readonly Float64Array[], mean: Float64Array): Float64Array {
  const size = mean.length;
  const covariance = new Float64Array(size * size);
  const scale = 1 / (rows.length * (rows.length - 1));
  for (const row of rows)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        covariance[i * size + j] += scale * (row[i] - mean[i]) * (row[j] - mean[j]);
  return covariance;
}

/**
 * How well a gap must be known: as was asked, else twice as well as so many demonstrations know it
 * themselves, ½ √(H / N), within limits.
 */
function wantedError(asked: number | null, information: number, decisions: number): number {
  if (asked !== null) return asked;
  const ownError = 0.5 * Math.sqrt(Math.max(information, 0) / decisions);
  return Math.min(Math.max(ownError, FINEST), COARSEST);
}

/** H without the parameters that a bound holds, which no step shall move. */
export function loosePart(information: Float64Array | null, { isHeld }: Gap): Float64Array | null {
  if (!information) return null;
  const size = isHeld.length;
  return information.map((h, ij) => (isHeld[Math.floor(ij / size)] || isHeld[ij % size] ? 0 : h));
}

/**
 * Compares a plan with the demonstrations at length, with as many rollouts as the errors that are
 * wanted need, up to a limit. The plan is learned on between blocks of rollouts, so that the spread of
 * blocks holds the luck in learning too.
 *
 * @param theta held still
 */
export function measureGap(
  planner: SampledPlanner,
  space: ParameterSpace,
  theta: Float64Array,
  stepSize: number,
  options: GapOptions,
): Gap {
  const { rollouts } = options.settings;
  const compare = (effort: number): Gap => {
    const each = Math.ceil((effort * rollouts) / BLOCKS);
    const blocks = Array.from({ length: BLOCKS }, () => {
      planner.settle(theta, stepSize);
      return planner.surplus(each);
    });
    return gapIn(together(blocks), space, theta, options);
  };
  const first = compare(FIRST_EFFORT);
  const excess = first.error.reduce((most, e, i) => Math.max(most, e / first.wanted[i]), 0);
  if (excess <= 1) return first;
  // the error itself is known to about a sixth
  const effort = FIRST_EFFORT * 1.4 * excess ** 2;
  return compare(Math.ceil(Math.min(effort, MOST_EFFORT)));
}

/** Blocks of rollouts as one surplus, each block an independent estimate. */
function together(blocks: readonly SampledSurplus[]): SampledSurplus {
  const count = blocks.length;
  const meanOf = (rows: readonly Float64Array[]): Float64Array =>
    rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / count);
  const told = blocks.flatMap(({ information }) => (information ? [information] : []));
  return {
    gradient: meanOf(blocks.map(({ gradient }) => gradient)),
    replicates: blocks.map(({ gradient }) => gradient),
    information: told.length === count ? meanOf(told) : null,
    // noise of a mean of as many, whose gradients vary as many times as much
    informationNoise: blocks[0].informationNoise * Math.sqrt(count),
  };
}
