/**
 * Linear solves with I − γ P_π and its transpose, for whatever policy was assembled last.
 *
 * Direct (unpivoted sparse LU, exact for these M-matrices) where the factors are tiny. Else
 * preconditioned BiCGStab, until that has cost about as much on one matrix as factoring it, and
 * direct from then on: rent, then buy, for about twice the price of the better at most. A plan's
 * steps ask once and roughly; what follows a plan may ask many times and exactly. Where factors are
 * out of reach symmetric Gauss–Seidel sweeps are the road that always arrives.
 */

import { bicgstab, createBicgstabWork } from '../numeric/bicgstab.ts';
import { type Csr, sumNorm } from '../numeric/csr.ts';
import { splitTransposed } from '../numeric/gaussSeidelSplit.ts';
import {
  gaussSeidelSweep,
  inverseDiagonal,
  multiplyIdentityMinusTransposed,
} from '../numeric/identityMinus.ts';
import { analyzeLu, type LuPattern } from '../numeric/luPattern.ts';
import {
  createFactors,
  factorize,
  type LuFactors,
  solveLu,
  solveLuTransposed,
} from '../numeric/sparseLu.ts';

/** So many states are analysed at once: it takes no time. */
const SMALL = 2000;
/** A factorisation with fewer multiply-subtracts is quicker than one solve by iterating. */
const DIRECT_LIMIT = 5e5;
/** One with more is never worth its time and memory. */
const FACTOR_LIMIT = 4e8;
/** One iteration of BiCGStab, in multiply-subtracts of a factorisation per entry of the matrix. */
const ITERATION_COST = 3;
/** Finding out what a factorisation would cost is worth about so many iterations of BiCGStab. */
const ANALYSIS_COST = 150;
/** An iterate this many times above its tolerance is still taken: the rest is round-off. */
const SLACK = 10;
const MAX_SWEEPS = 20_000;

export interface PolicySolver {
  /**
   * Takes note that the matrix has new values. Returns false where I − γ P_π is singular.
   *
   * @param final whether this is the policy of a finished plan, about which more may be asked
   */
  refresh(final?: boolean): boolean;
  /** Forgets what solving has cost so far, which decides how it goes on. */
  forget(): void;
  /** Solves (I − γ P_π) x = b; `x` holds a guess on entry. Returns false where that failed. */
  solve(b: Float64Array, x: Float64Array, tolerance: number): boolean;
  /** Solves (I − γ P_π)ᵀ x = b; `x` holds a guess on entry. Returns false where that failed. */
  solveTransposed(b: Float64Array, x: Float64Array, tolerance: number): boolean;
}

/** Chooses the solver that suits the pattern of `matrix`. */
export function createPolicySolver(matrix: Csr): PolicySolver {
  const pattern = matrix.size <= SMALL ? analyze(matrix, DIRECT_LIMIT) : null;
  return pattern ? directSolver(matrix, pattern) : rentingSolver(matrix);
}

function analyze({ size, rowStart, column }: Csr, limit: number): LuPattern | null {
  return analyzeLu(size, rowStart, column, { maxMultiplySubtracts: limit });
}

function directSolver(matrix: Csr, pattern: LuPattern): PolicySolver {
  const factors = createFactors(pattern);
  return {
    refresh: () => factorize(factors, matrix.value) < 0,
    forget() {},
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

function rentingSolver(matrix: Csr): PolicySolver {
  const work = createBicgstabWork(matrix.size);
  // Where the factors are, once analysed; null where they are out of reach.
  let pattern: LuPattern | null | undefined;
  let factors: LuFactors | null = null;
  let bought = false;
  // In iterations, on this matrix.
  let spent = 0;
  let budget = ANALYSIS_COST;
  // Whether factors were bought for the final policy of the plan before: then so they will be again.
  let isFinal = false;
  let boughtForFinal = false;

  function iterate(b: Float64Array, x: Float64Array, tolerance: number, transposed: boolean) {
    if (bought || spent >= budget) return false;
    if (!x.every(Number.isFinite)) x.fill(0);
    const maxIterations = Math.min(1000, budget - spent);
    const residual = bicgstab(matrix, b, x, work, { tolerance, transposed, maxIterations });
    spent += work.iterations;
    return residual <= SLACK * tolerance;
  }

  /** Returns factors of the matrix, or null where it is singular or they are out of reach. */
  function buy(): LuFactors | null {
    if (!pattern) return null;
    factors ??= createFactors(pattern);
    bought ||= factorize(factors, matrix.value) < 0;
    if (isFinal) boughtForFinal = bought;
    return bought ? factors : null;
  }

  function rent(b: Float64Array, x: Float64Array, tolerance: number, transposed: boolean) {
    if (iterate(b, x, tolerance, transposed)) return true;
    if (pattern !== undefined) return false;
    pattern = analyze(matrix, FACTOR_LIMIT);
    budget = pattern
      ? pattern.multiplySubtracts / (ITERATION_COST * matrix.column.length)
      : Number.POSITIVE_INFINITY;
    return iterate(b, x, tolerance, transposed);
  }

  return {
    refresh(final = false) {
      if (isFinal && !bought) boughtForFinal = false;
      isFinal = final;
      bought = false;
      spent = final && boughtForFinal ? budget : 0;
      return true;
    },
    forget() {
      pattern = undefined;
      factors = null;
      budget = ANALYSIS_COST;
      bought = isFinal = boughtForFinal = false;
      spent = 0;
    },
    solve(b, x, tolerance) {
      if (rent(b, x, tolerance, false)) return true;
      if (!pattern) return sweepSolve(matrix, work.inverse, b, x, tolerance);
      const exact = buy();
      if (exact) solveLu(exact, b, x);
      return exact !== null;
    },
    solveTransposed(b, x, tolerance) {
      if (rent(b, x, tolerance, true)) return true;
      if (!pattern) return sweepSolveTransposed(matrix, work, b, x, tolerance);
      const exact = buy();
      if (exact) solveLuTransposed(exact, b, x);
      return exact !== null;
    },
  };
}

function sweepSolve(
  matrix: Csr,
  inverse: Float64Array,
  b: Float64Array,
  x: Float64Array,
  tolerance: number,
): boolean {
  if (!x.every(Number.isFinite)) x.fill(0);
  inverseDiagonal(matrix, inverse);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++)
    if (gaussSeidelSweep(matrix, inverse, b, x) <= tolerance) return true;
  return false;
}

function sweepSolveTransposed(
  matrix: Csr,
  { inverse, vectors: [residual, half, step] }: ReturnType<typeof createBicgstabWork>,
  b: Float64Array,
  x: Float64Array,
  tolerance: number,
): boolean {
  if (!x.every(Number.isFinite)) x.fill(0);
  inverseDiagonal(matrix, inverse);
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    multiplyIdentityMinusTransposed(matrix, x, residual);
    for (let i = 0; i < x.length; i++) residual[i] = b[i] - residual[i];
    if (sumNorm(residual) <= tolerance) return true;
    splitTransposed.fromResidual(matrix, inverse, residual, half);
    splitTransposed.toSolution(matrix, inverse, half, step);
    for (let i = 0; i < x.length; i++) x[i] += step[i];
  }
  return false;
}
