/**
 * The step that minimises a quadratic model in a ball,
 *
 *   min gᵀp + ½ pᵀHp   over ‖p‖ ≤ Δ,
 *
 * from the eigendecomposition H = Σ λ v vᵀ. With c = vᵀg it is p = −Σ c / (λ + μ) v, where μ ≥ 0
 * is 0 for an interior solution and otherwise solves 1/‖p(μ)‖ = 1/Δ with H + μI positive
 * semidefinite; where no μ does (the hard case), p is filled up along the lowest eigenvector.
 * Along directions in which the model is flat, up to round-off, p is zero: minimum-norm steps.
 *
 * Reference: Moré & Sorensen (1983), Computing a trust region step, SIAM Journal on Scientific and
 * Statistical Computing 4(3).
 */

import { dot } from '../numeric/csr.ts';
import type { SymmetricEigen } from '../numeric/symmetricEigen.ts';

/** A curvature below this fraction of the terms it is the sum of may be nothing but round-off. */
const RANK_TOLERANCE = 1e-10;
/** Curvature below this share of the largest is that of rounded terms, unless a slope belongs to it. */
const FLAT = 1e-13;
/** Eigenvalues below this fraction of the largest are looked at more closely. */
const SUSPICIOUS = 1e-6;

/** The model along its own axes. */
export interface Spectrum {
  /** [size] eigenvalues; 0 where they are nothing but round-off. */
  readonly curvature: Float64Array;
  /** Where `curvature` is lowest; meaningless where size is 0. */
  readonly lowest: number;
  /** [size] vᵀg; 0 in directions that are flat. */
  readonly slope: Float64Array;
  /** [size × size] row j is the axis of curvature[j]. */
  readonly axes: Float64Array;
}

/**
 * Returns the model along its axes.
 *
 * @param hessian [size × size] of which `eigen` is the decomposition
 * @param flatSlope a slope up to this, in a direction without curvature, counts as none
 */
export function spectrumOf(
  hessian: Float64Array,
  eigen: SymmetricEigen,
  gradient: Float64Array,
  flatSlope: number,
): Spectrum {
  const size = gradient.length;
  const { values, vectors } = eigen;
  const largest = size ? Math.max(Math.abs(values[0]), Math.abs(values[size - 1])) : 0;
  const curvature = values.slice();
  const slope = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    const axis = vectors.subarray(j * size, (j + 1) * size);
    slope[j] = dot(axis, gradient);
    if (Math.abs(curvature[j]) > SUSPICIOUS * largest) continue;
    curvature[j] = curvatureAlong(hessian, axis);
    const flat = Math.abs(curvature[j]) <= FLAT * largest;
    if (flat && Math.abs(slope[j]) <= flatSlope) slope[j] = 0;
  }
  const lowest = curvature.indexOf(curvature.reduce((a, b) => Math.min(a, b), Infinity));
  return { curvature, lowest, slope, axes: vectors };
}

/**
 * Returns vᵀHv, or 0 where that is round-off next to |v|ᵀ|H||v|. Unlike a comparison with the
 * largest eigenvalue this does not take variables of very different units for a flat direction.
 */
function curvatureAlong(hessian: Float64Array, axis: Float64Array): number {
  const size = axis.length;
  let sum = 0;
  let gross = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const term = axis[i] * hessian[i * size + j] * axis[j];
      sum += term;
      gross += Math.abs(term);
    }
  }
  return Math.abs(sum) > RANK_TOLERANCE * gross ? sum : 0;
}

/** Returns the length of the Newton step with |λ| for λ: the natural first radius. */
export function newtonLength({ curvature, slope }: Spectrum): number {
  let sum = 0;
  for (let j = 0; j < slope.length; j++) {
    if (slope[j] !== 0 && curvature[j] !== 0) sum += (slope[j] / curvature[j]) ** 2;
  }
  return Math.sqrt(sum);
}

/** Overwrites `out` [size] with the minimiser of the model over ‖p‖ ≤ radius. */
export function trustRegionStep(spectrum: Spectrum, radius: number, out: Float64Array): void {
  const { curvature, lowest, slope, axes } = spectrum;
  const size = slope.length;
  out.fill(0);
  if (size === 0) return;
  const least = Math.max(0, -curvature[lowest]);
  const isShort = lengthAt(spectrum, least) <= radius;
  const shift = isShort ? least : shiftFor(spectrum, radius, least);
  const along = slope.map((c, j) => axisStep(curvature[j] + shift, c));
  if (least > 0) fillUp(along, lowest, slope[lowest] > 0 ? -1 : 1, radius);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) out[i] += along[j] * axes[j * size + i];
  }
}

/** Lengthens a step that falls short of the radius along one axis, as the hard case asks. */
function fillUp(along: Float64Array, axis: number, sign: 1 | -1, radius: number): void {
  const squared = dot(along, along);
  if (squared > 0.99 * radius * radius) return;
  along[axis] = sign * Math.sqrt(radius * radius - (squared - along[axis] ** 2));
}

/** Returns −c / (λ + μ); 0 where there is no slope, whatever the curvature. */
function axisStep(curvature: number, slope: number): number {
  return slope === 0 ? 0 : -slope / curvature;
}

/** Returns ‖p(μ)‖, +Infinity where a slope meets no curvature. */
function lengthAt({ curvature, slope }: Spectrum, shift: number): number {
  let sum = 0;
  for (let j = 0; j < slope.length; j++) sum += axisStep(curvature[j] + shift, slope[j]) ** 2;
  return Math.sqrt(sum);
}

/**
 * Returns the μ > least at which ‖p(μ)‖ = radius, by Newton's method on 1/‖p‖, which is almost
 * linear in μ, inside a bracket; where no double is good enough, the next that is not too short.
 */
function shiftFor(spectrum: Spectrum, radius: number, least: number): number {
  const { curvature, slope } = spectrum;
  let low = least;
  let high = least + Math.max(Math.hypot(...slope) / radius, 4 * Number.EPSILON * least);
  let shift = high;
  for (let i = 0; i < 100; i++) {
    const length = lengthAt(spectrum, shift);
    if (Math.abs(length - radius) <= 1e-8 * radius) return shift;
    if (length > radius) low = shift;
    else high = shift;
    let bend = 0;
    for (let j = 0; j < slope.length; j++) {
      if (slope[j] !== 0) bend += slope[j] ** 2 / (curvature[j] + shift) ** 3;
    }
    shift += ((length - radius) / radius) * (length ** 2 / bend);
    if (!(shift > low && shift < high)) shift = 0.5 * (low + high);
  }
  return high;
}
