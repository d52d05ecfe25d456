/**
 * The quadratic model of f around a point, and the step that lowers it most near that point and
 * within the box:
 *
 *   m(p) = gᵀp + ½ pᵀHp,   ‖p‖ ≤ Δ,   lower ≤ x + p ≤ upper
 *
 * Pinned variables stay. Where the best step in the ball would leave the box, the ball becomes a
 * cube, |pᵢ| ≤ Δ, and m is minimised in what the cube and the box share, a box again, by projected
 * Newton steps from the best step against the gradient (the condition for global convergence).
 *
 * Reference: Conn, Gould & Toint (2000), Trust-Region Methods, secs. 12.1 and 12.2.
 */

import { dot } from '../numeric/csr.ts';
import { symmetricEigen } from '../numeric/symmetricEigen.ts';
import { type Box, descendInside, isPinned, moveAlong } from './box.ts';
import { newtonLength, type Spectrum, spectrumOf, trustRegionStep } from './trustRegionStep.ts';

export class QuadraticModel {
  readonly #box: Box;
  readonly #x: Float64Array;
  readonly #gradient: Float64Array;
  readonly #hessian: Float64Array;
  readonly #flatSlope: number;
  /** Variables that are not pinned, ascending. */
  readonly #free: readonly number[];
  readonly #spectrum: Spectrum;

  /** @param flatSlope a slope up to this, in a direction without curvature, counts as none */
  constructor(
    box: Box,
    x: Float64Array,
    gradient: Float64Array,
    hessian: Float64Array,
    flatSlope: number,
  ) {
    this.#box = box;
    this.#x = x;
    this.#gradient = gradient;
    this.#hessian = hessian;
    // Rounding x alone moves the gradient by this much.
    const rounding = Number.EPSILON * Math.sqrt(dot(hessian, hessian) * dot(x, x));
    this.#flatSlope = Math.max(flatSlope, rounding);
    this.#free = indices(x).filter((i) => !isPinned(box, x, gradient, i));
    this.#spectrum = this.#spectrumOf(this.#free, gradient);
  }

  /** The length of the full Newton step, the natural first radius; 0 where there is none. */
  get newtonLength(): number {
    return newtonLength(this.#spectrum);
  }

  /** Whether some direction of the free variables curves downwards. */
  get isConcaveSomewhere(): boolean {
    return this.#spectrum.curvature.some((curvature) => curvature < 0);
  }

  /** Returns m(p). */
  changeBy(step: Float64Array): number {
    return 0.5 * (dot(this.#gradient, step) + dot(this.#slopeAt(step), step));
  }

  /** Returns the step that lowers m most within the radius and the box. */
  minimizer(radius: number): Float64Array {
    const step = new Float64Array(this.#x.length);
    this.#spread(this.#spectrum, radius, this.#free, step);
    const { lower, upper } = this.#box;
    const inside = step.every((p, i) => this.#x[i] + p >= lower[i] && this.#x[i] + p <= upper[i]);
    return inside ? step : this.#minimizerInCube(radius);
  }

  #minimizerInCube(radius: number): Float64Array {
    const { lower, upper } = this.#box;
    const cube: Box = {
      lower: lower.map((bound, i) => Math.max(bound - this.#x[i], -radius)),
      upper: upper.map((bound, i) => Math.min(bound - this.#x[i], radius)),
    };
    const diameter = 2 * radius * Math.sqrt(this.#x.length);
    let step = new Float64Array(this.#x.length);
    let slope = this.#gradient;
    const direction = new Float64Array(step.length);
    const steepest = (free: Uint8Array, out: Float64Array) => {
      for (let i = 0; i < out.length; i++) out[i] = free[i] ? -slope[i] : 0;
    };
    const newton = (free: Uint8Array, out: Float64Array) => {
      const variables = indices(free).filter((i) => free[i]);
      this.#spread(this.#spectrumOf(variables, slope), diameter, variables, out);
    };
    descendInside(cube, step, slope, steepest, direction);
    step = this.#along(cube, step, slope, direction, radius / Math.sqrt(dot(direction, direction)));
    for (let round = 0; round < 10 + 2 * step.length; round++) {
      slope = this.#slopeAt(step);
      descendInside(cube, step, slope, newton, direction);
      if (!(dot(slope, direction) < -1e-14 * Math.abs(this.changeBy(step)))) break;
      step = this.#along(cube, step, slope, direction, 1);
    }
    return step;
  }

  /** Returns the longest of the projected moves along a direction, by halving, that lowers m well. */
  #along(
    cube: Box,
    step: Float64Array,
    slope: Float64Array,
    direction: Float64Array,
    firstLength: number,
  ): Float64Array<ArrayBuffer> {
    const before = this.changeBy(step);
    const target = new Float64Array(step.length);
    let length = firstLength;
    for (let i = 0; i < 60; i++, length /= 2) {
      moveAlong(cube, step, direction, length, target);
      const promised = dot(
        slope,
        target.map((end, k) => end - step[k]),
      );
      if (this.changeBy(target) - before <= 0.1 * promised) return target;
    }
    return step.slice();
  }

  /** Returns ∇m(p) = g + Hp. */
  #slopeAt(step: Float64Array): Float64Array<ArrayBuffer> {
    const size = step.length;
    const slope = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      let sum = this.#gradient[i];
      for (let j = 0; j < size; j++) sum += this.#hessian[i * size + j] * step[j];
      slope[i] = sum;
    }
    return slope;
  }

  /** Overwrites `out` with the best step in a ball in some variables, 0 in the others. */
  #spread(
    spectrum: Spectrum,
    radius: number,
    variables: readonly number[],
    out: Float64Array,
  ): void {
    const inner = new Float64Array(variables.length);
    trustRegionStep(spectrum, radius, inner);
    out.fill(0);
    variables.forEach((i, k) => {
      out[i] = inner[k];
    });
  }

  /** Returns the model in some variables alone, along its axes. */
  #spectrumOf(variables: readonly number[], slope: Float64Array): Spectrum {
    const size = this.#x.length;
    const count = variables.length;
    const block = new Float64Array(count * count);
    variables.forEach((i, row) => {
      variables.forEach((j, column) => {
        block[row * count + column] = this.#hessian[i * size + j];
      });
    });
    const own = Float64Array.from(variables, (i) => slope[i]);
    return spectrumOf(block, symmetricEigen(block, count), own, this.#flatSlope);
  }
}

function indices(array: Float64Array | Uint8Array): number[] {
  return Array.from(array.keys());
}
