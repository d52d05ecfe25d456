/**
 * The memory of L-BFGS: the last steps s and the changes y of the gradient along them, which stand
 * for an inverse Hessian,
 *
 *   H ← (I − ρ s yᵀ) H (I − ρ y sᵀ) + ρ s sᵀ,   ρ = 1 / yᵀs,   H₀ = (yᵀs / yᵀy) I
 *
 * restricted to the free variables of the moment; a pair whose curvature yᵀs is not positive
 * there is passed over, so H stays positive definite.
 *
 * Reference: Nocedal & Wright (2006), Numerical Optimization, alg. 7.4.
 */

import { dot } from '../numeric/csr.ts';

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
}

/** A step whose curvature is below this fraction of |s| |y| teaches nothing but round-off. */
const FLAT = 1e-12;

export class CurvaturePairs {
  readonly #capacity: number;
  readonly #pairs: Pair[];

  /** @param pairs what `saved` returned, oldest first */
  constructor(capacity: number, pairs: readonly Pair[] = []) {
    this.#capacity = capacity;
    this.#pairs = pairs.slice(-capacity);
  }

  /** Whether nothing is known yet. */
  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  /** Adds a pair that curves upwards, dropping the oldest where the memory is full. */
  remember(step: Float64Array, change: Float64Array): void {
    if (!(dot(step, change) > FLAT * Math.sqrt(dot(step, step) * dot(change, change)))) return;
    this.#pairs.push({ step, change });
    if (this.#pairs.length > this.#capacity) this.#pairs.shift();
  }

  forget(): void {
    this.#pairs.length = 0;
  }

  /** Returns the steps and changes as plain arrays, oldest first. */
  saved(): { steps: number[][]; changes: number[][] } {
    return {
      steps: this.#pairs.map(({ step }) => [...step]),
      changes: this.#pairs.map(({ change }) => [...change]),
    };
  }

  /**
   * Overwrites `out` with −H g on the free variables and 0 elsewhere. Returns whether a pair had
   * its say; otherwise `out` is the plain −g, and its length means nothing.
   *
   * @param free [size] 1 where a variable may move
   */
  descend(gradient: Float64Array, free: Uint8Array, out: Float64Array): boolean {
    for (let i = 0; i < out.length; i++) out[i] = free[i] ? -gradient[i] : 0;
    const used: { pair: Pair; curvature: number; weight: number }[] = [];
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const pair = this.#pairs[k];
      const curvature = freeDot(pair.step, pair.change, free);
      const scale = freeDot(pair.step, pair.step, free) * freeDot(pair.change, pair.change, free);
      if (!(curvature > FLAT * Math.sqrt(scale))) continue;
      const weight = freeDot(pair.step, out, free) / curvature;
      addFree(out, -weight, pair.change, free);
      used.push({ pair, curvature, weight });
    }
    if (used.length === 0) return false;
    const newest = used[0];
    const scale = newest.curvature / freeDot(newest.pair.change, newest.pair.change, free);
    for (let i = 0; i < out.length; i++) out[i] *= scale;
    for (const { pair, curvature, weight } of used.reverse()) {
      const back = freeDot(pair.change, out, free) / curvature;
      addFree(out, weight - back, pair.step, free);
    }
    return true;
  }
}

function freeDot(a: Float64Array, b: Float64Array, free: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) if (free[i]) sum += a[i] * b[i];
  return sum;
}

/** Adds factor · x to `out` on the free variables. */
function addFree(out: Float64Array, factor: number, x: Float64Array, free: Uint8Array): void {
  for (let i = 0; i < out.length; i++) if (free[i]) out[i] += factor * x[i];
}
