/**
 * BiCGStab with the symmetric Gauss–Seidel preconditioner for (I − A) x = b and its transpose.
 *
 * Reference: van der Vorst (1992), SIAM J. Sci. Stat. Comput. 13, 631–644; preconditioned from both
 * sides (`gaussSeidelSplit`). Without the preconditioner it is unreliable on discounts near 1.
 */

import { type Csr, dot, maxNorm, sumNorm } from './csr.ts';
import { split, splitTransposed } from './gaussSeidelSplit.ts';
import {
  inverseDiagonal,
  multiplyIdentityMinus,
  multiplyIdentityMinusTransposed,
} from './identityMinus.ts';

/** Work arrays of one solver, reused between solves. */
export interface BicgstabWork {
  readonly inverse: Float64Array;
  readonly vectors: readonly Float64Array[];
  /** Iterations of the latest solve. */
  iterations: number;
}

export function createBicgstabWork(size: number): BicgstabWork {
  return {
    inverse: new Float64Array(size),
    vectors: Array.from({ length: 8 }, () => new Float64Array(size)),
    iterations: 0,
  };
}

export interface BicgstabOptions {
  /** Stop when the norm of the residual falls to this. */
  readonly tolerance: number;
  /** Solve (I − A)ᵀ x = b instead; the residual is then judged by its 1-norm, else its max norm. */
  readonly transposed?: boolean;
  readonly maxIterations?: number;
}

/** The true residual is looked at when the preconditioned one is this close, or now and then. */
const NEAR = 3;
const LOOK_EVERY = 16;

/**
 * Improves `x` in place until the residual is at most `tolerance`. Returns the residual norm
 * reached, which is larger (or NaN) where the method broke down.
 *
 * The residual is accumulated by recurrence; it is recomputed before success is reported.
 */
export function bicgstab(
  a: Csr,
  b: Float64Array,
  x: Float64Array,
  work: BicgstabWork,
  { tolerance, transposed = false, maxIterations = 1000 }: BicgstabOptions,
): number {
  const multiply = transposed ? multiplyIdentityMinusTransposed : multiplyIdentityMinus;
  const halves = transposed ? splitTransposed : split;
  const norm = transposed ? sumNorm : maxNorm;
  const { inverse } = work;
  const [r, shadow, p, v, s, t, y, scratch] = work.vectors;
  const size = a.size;
  inverseDiagonal(a, inverse);

  work.iterations = 0;
  let last = Number.POSITIVE_INFINITY;
  for (;;) {
    multiply(a, x, scratch);
    for (let i = 0; i < size; i++) scratch[i] = b[i] - scratch[i];
    let residual = norm(scratch);
    // A restart that no longer helps has met round-off or a breakdown: say how far it came.
    if (residual <= tolerance || work.iterations >= maxIterations || !(residual < 0.5 * last))
      return residual;
    last = residual;

    halves.fromResidual(a, inverse, scratch, r);
    const near = NEAR * tolerance * (norm(r) / residual);
    shadow.set(r);
    p.fill(0);
    v.fill(0);
    y.fill(0);
    let rho = 1;
    let alpha = 1;
    let omega = 1;
    while (residual > tolerance && work.iterations < maxIterations) {
      work.iterations++;
      const next = dot(shadow, r);
      const beta = (next / rho) * (alpha / omega);
      if (!Number.isFinite(beta)) break;
      rho = next;
      for (let i = 0; i < size; i++) p[i] = r[i] + beta * (p[i] - omega * v[i]);
      halves.multiply(a, inverse, p, scratch, v);
      alpha = rho / dot(shadow, v);
      for (let i = 0; i < size; i++) s[i] = r[i] - alpha * v[i];
      halves.multiply(a, inverse, s, scratch, t);
      const tt = dot(t, t);
      omega = tt > 0 ? dot(t, s) / tt : 0;
      if (!Number.isFinite(alpha) || !Number.isFinite(omega)) break;
      for (let i = 0; i < size; i++) {
        y[i] += alpha * p[i] + omega * s[i];
        r[i] = s[i] - omega * t[i];
      }
      const preconditioned = norm(r);
      if (!(preconditioned < 1e300)) return preconditioned;
      if (preconditioned > near && work.iterations % LOOK_EVERY !== 0) continue;
      halves.toResidual(a, inverse, r, scratch);
      residual = norm(scratch);
    }
    halves.toSolution(a, inverse, y, scratch);
    for (let i = 0; i < size; i++) x[i] += scratch[i];
  }
}
