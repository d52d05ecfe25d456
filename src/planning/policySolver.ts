/**
 * Linear solves with I − γ P_π and its transpose, for whatever policy was assembled last.
 *
 * Direct (unpivoted sparse LU, exact for these M-matrices) where the factor stays small. Where it
 * is of middling size, preconditioned BiCGStab until that has cost about as much on this matrix as
 * factoring it, and direct from then on: a planning step asks once and roughly, a Hessian many times.
 * Else BiCGStab, with symmetric Gauss–Seidel sweeps as the road that always arrives.
 */

import { type BicgstabOptions, bicgstab, createBicgstabWork } from '../numeric/bicgstab.ts';
import { type Csr, sumNorm } from '../numeric/csr.ts';
import {
  gaussSeidelSweep,
  inverseDiagonal,
  multiplyIdentityMinusTransposed,
  preconditionTransposed,
} from '../numeric/identityMinus.ts';
import { analyzeLu, type LuPattern } from '../numeric/luPattern.ts';
import {
  createFactors,
  factorize,
  type LuFactors,
  solveLu,
  solveLuTransposed,
} from '../numeric/sparseLu.ts';

/** A factorisation with more multiply-subtracts than this is slower than one solve by iterating. */
const DIRECT_LIMIT = 4e6;
/** A factorisation with more multiply-subtracts than this is never worth its time and memory. */
const FACTOR_LIMIT = 4e8;
/** One iteration of BiCGStab, in multiply-subtracts of a factorisation per entry of the matrix. */
const ITERATION_COST = 3;
const MAX_SWEEPS = 20_000;

export interface PolicySolver {
  /**
   * Takes note that the matrix has new values. Returns false where I − γ P_π is singular.
   *
   * @param final whether this is the policy of a finished plan, about which more may be asked
   */
  refresh(final?: boolean): boolean;
  /** Solves (I − γ P_π) x = b; `x` holds a guess on entry. Returns false where that failed. */
  solve(b: Float64Array, x: Float64Array, tolerance: number): boolean;
  /** Solves (I − γ P_π)ᵀ x = b; `x` holds a guess on entry. Returns false where that failed. */
  solveTransposed(b: Float64Array, x: Float64Array, tolerance: number): boolean;
}

/** Chooses the solver that suits the pattern of `matrix`. */
export function createPolicySolver(matrix: Csr): PolicySolver {
  const pattern = analyzeLu(matrix.size, matrix.rowStart, matrix.column, {
    maxMultiplySubtracts: FACTOR_LIMIT,
  });
  if (!pattern) return krylovSolver(matrix);
  return pattern.multiplySubtracts <= DIRECT_LIMIT
    ? directSolver(matrix, pattern)
    : rentingSolver(matrix, pattern);
}

function directSolver(matrix: Csr, pattern: LuPattern): PolicySolver {
  const factors = createFactors(pattern);
  return {
    refresh: () => factorize(factors, matrix.value) < 0,
    solve(b, x) {
      solveLu(factors, b, x);
      return true;
    },
    solveTransposed(b, x) {
      solveLuTransposed(factors, b, x);
      return true;
    },
  };
}

/** An iterate this many times above its tolerance is still taken: the rest is round-off. */
const SLACK = 10;

/**
 * Iterates while that is cheap, then buys the factors: at most twice the cost of the better one. If
 * they were worth it for the final policy of the plan before, they are bought at once for the next.
 */
function rentingSolver(matrix: Csr, pattern: LuPattern): PolicySolver {
  const work = createBicgstabWork(matrix.size);
  const budget = pattern.multiplySubtracts / (ITERATION_COST * matrix.column.length);
  let factors: LuFactors | null = null;
  let bought = false;
  let spent = 0;
  let isFinal = false;
  let boughtForFinal = false;
  const iterate = (b: Float64Array, x: Float64Array, options: BicgstabOptions): boolean => {
    if (bought || spent >= budget) return false;
    const residual = bicgstab(matrix, b, x, work, { ...options, maxIterations: budget - spent });
    spent += work.iterations;
    return residual <= SLACK * options.tolerance;
  };
  const buy = (): LuFactors | null => {
    factors ??= createFactors(pattern);
    bought ||= factorize(factors, matrix.value) < 0;
    if (isFinal) boughtForFinal = bought;
    return bought ? factors : null;
  };
  return {
    refresh(final = false) {
      if (isFinal && !bought) boughtForFinal = false;
      isFinal = final;
      bought = false;
      spent = final && boughtForFinal ? budget : 0;
      return true;
    },
    solve(b, x, tolerance) {
      if (iterate(b, x, { tolerance })) return true;
      const exact = buy();
      if (exact) solveLu(exact, b, x);
      return exact !== null;
    },
    solveTransposed(b, x, tolerance) {
      if (iterate(b, x, { tolerance, transposed: true })) return true;
      const exact = buy();
      if (exact) solveLuTransposed(exact, b, x);
      return exact !== null;
    },
  };
}

function krylovSolver(matrix: Csr): PolicySolver {
  const work = createBicgstabWork(matrix.size);
  const iterate = (b: Float64Array, x: Float64Array, options: BicgstabOptions): boolean => {
    if (bicgstab(matrix, b, x, work, options) <= SLACK * options.tolerance) return true;
    if (x.every(Number.isFinite)) return false;
    x.fill(0);
    return bicgstab(matrix, b, x, work, options) <= SLACK * options.tolerance;
  };
  return {
    refresh: () => true,
    solve(b, x, tolerance) {
      if (iterate(b, x, { tolerance })) return true;
      if (!x.every(Number.isFinite)) x.fill(0);
      inverseDiagonal(matrix, work.inverse);
      for (let sweep = 0; sweep < MAX_SWEEPS; sweep++)
        if (gaussSeidelSweep(matrix, work.inverse, b, x) <= tolerance) return true;
      return false;
    },
    solveTransposed(b, x, tolerance) {
      if (iterate(b, x, { tolerance, transposed: true })) return true;
      if (!x.every(Number.isFinite)) x.fill(0);
      inverseDiagonal(matrix, work.inverse);
      const [residual, step] = work.vectors;
      for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
        multiplyIdentityMinusTransposed(matrix, x, residual);
        for (let i = 0; i < x.length; i++) residual[i] = b[i] - residual[i];
        if (sumNorm(residual) <= tolerance) return true;
        preconditionTransposed(matrix, work.inverse, residual, step);
        for (let i = 0; i < x.length; i++) x[i] += step[i];
      }
      return false;
    },
  };
}
