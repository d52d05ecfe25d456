/**
 * BiCGStab with the symmetric Gauss–Seidel preconditioner for (I − A) x = b and its transpose.
 *
 * Reference: van der Vorst (1992), SIAM J. Sci. Stat. Comput. 13, 631–644; right-preconditioned as
 * in Saad (2003), §9.3. Without the preconditioner it is unreliable on discounts near 1.
 */

import { type Csr, dot, maxNorm, sumNorm } from './csr.ts';
import {
  inverseDiagonal,
  multiplyIdentityMinus,
  multiplyIdentityMinusTransposed,
  precondition,
  preconditionTransposed,
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
  const apply = transposed ? preconditionTransposed : precondition;
  const norm = transposed ? sumNorm : maxNorm;
  const { inverse } = work;
  const [r, shadow, p, v, s, t, pHat, sHat] = work.vectors;
  const size = a.size;
  inverseDiagonal(a, inverse);

  work.iterations = 0;
  let last = Number.POSITIVE_INFINITY;
  for (;;) {
    multiply(a, x, r);
    for (let i = 0; i < size; i++) r[i] = b[i] - r[i];
    let residual = norm(r);
    // A restart that no longer helps has met round-off or a breakdown: say how far it came.
    if (residual <= tolerance || work.iterations >= maxIterations || !(residual < 0.5 * last))
      return residual;
    last = residual;

    shadow.set(r);
    p.fill(0);
    v.fill(0);
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
      apply(a, inverse, p, pHat);
      multiply(a, pHat, v);
      alpha = rho / dot(shadow, v);
      for (let i = 0; i < size; i++) s[i] = r[i] - alpha * v[i];
      apply(a, inverse, s, sHat);
      multiply(a, sHat, t);
      const tt = dot(t, t);
      omega = tt > 0 ? dot(t, s) / tt : 0;
      if (!Number.isFinite(alpha) || !Number.isFinite(omega)) break;
      for (let i = 0; i < size; i++) {
        x[i] += alpha * pHat[i] + omega * sHat[i];
        r[i] = s[i] - omega * t[i];
      }
      residual = norm(r);
      if (!(residual < 1e300)) return residual;
    }
  }
}
