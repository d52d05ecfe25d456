/**
 * Whether a finite soft value exists in undiscounted goal problems.
 *
 * Where moves are deterministic it does exactly if the spectral radius of the goal's matrix of move
 * weights is below 1: paths to the goal then have a finite total weight. Where moves are noisy this
 * is sufficient only: by Jensen's inequality E exp(V / τ) ≥ exp(E V / τ), so M overstates what luck
 * is worth. log radius(M(θ)) is convex in θ for a reward linear in θ, as is the barrier
 *
 *   −log det(I − M / σ) = Σₖ tr(Mᵏ) / (k σᵏ)
 *
 * that keeps the radius below σ.
 *
 * Reference: Kingman (1961), A convexity property of positive matrices, Quart. J. Math. 12, 283–284.
 */

import { createFactors, createTriangular, factorize } from '../numeric/sparseLu.ts';
import { factorizeReverse } from '../numeric/sparseLuDerivatives.ts';
import { spectralRadius } from '../numeric/spectralRadius.ts';
import type { GoalMatrices } from './goalMatrices.ts';
import { fillMoveWeights, pullBackMoveWeights } from './moveWeights.ts';

/** A matrix of `GoalMatrices`: the shared one, or that of a task. */
export type MatrixName = 'shared' | number;

export interface Feasibility {
  /** Returns the log of the largest radius of any task's own matrix, −∞ without cycles. */
  logRadius(reward: Float64Array): { readonly logRadius: number; readonly task: number };
  /** Returns the log of the radius of one matrix, or `atLeast` where it is not above that. */
  logRadiusOf(name: MatrixName, reward: Float64Array, atLeast?: number): number;
  /** Returns whether the radius of one matrix is below exp(logSigma). */
  isBelow(name: MatrixName, reward: Float64Array, logSigma: number): boolean;
  /**
   * Returns −log det(I − M / σ) and adds its gradient in the reward to `surplus` [pairs];
   * +Infinity where the radius is not below σ.
   */
  barrier(name: MatrixName, reward: Float64Array, logSigma: number, surplus: Float64Array): number;
}

/** log weights above this are scaled down, lest they overflow. */
const LARGE_LOG_WEIGHT = 300;

export function createFeasibility(matrices: GoalMatrices): Feasibility {
  const { moves, pattern, temperature, taskCount } = matrices;
  const factors = createFactors(pattern);
  const bar = createTriangular(pattern);
  const m = new Float64Array(moves.column.length);
  const mBar = new Float64Array(moves.column.length);
  const scaled = new Float64Array(matrices.pairCount);

  /** Fills M / exp(logSigma). */
  function fill(name: MatrixName, reward: Float64Array, logSigma: number): void {
    for (let pair = 0; pair < scaled.length; pair++)
      scaled[pair] = reward[pair] - temperature * logSigma;
    const usable = name === 'shared' ? null : matrices.usable(name);
    fillMoveWeights(moves, scaled, temperature, usable, m);
  }

  function isBelow(name: MatrixName, reward: Float64Array, logSigma: number): boolean {
    fill(name, reward, logSigma);
    return factorize(factors, m) < 0;
  }

  function logRadiusOf(
    name: MatrixName,
    reward: Float64Array,
    atLeast = Number.NEGATIVE_INFINITY,
  ): number {
    let largest = 0;
    for (const pair of moves.pair) largest = Math.max(largest, reward[pair] / temperature);
    const shift = Math.max(0, largest - LARGE_LOG_WEIGHT);
    fill(name, reward, shift);
    return shift + Math.log(spectralRadius(factors, m, Math.exp(atLeast - shift)));
  }

  return {
    isBelow,
    logRadiusOf,
    logRadius(reward) {
      let logRadius = Number.NEGATIVE_INFINITY;
      let task = -1;
      for (let other = 0; other < taskCount; other++) {
        const own = logRadiusOf(other, reward, logRadius);
        if (task >= 0 && !(own > logRadius)) continue;
        logRadius = own;
        task = other;
      }
      return { logRadius, task };
    },
    barrier(name, reward, logSigma, surplus) {
      if (!isBelow(name, reward, logSigma)) return Number.POSITIVE_INFINITY;
      let value = 0;
      for (let k = 0; k < pattern.size; k++) {
        value -= Math.log(factors.pivot[k]);
        bar.pivot[k] = -factors.inversePivot[k];
      }
      bar.lower.fill(0);
      bar.upper.fill(0);
      factorizeReverse(factors, bar, mBar);
      pullBackMoveWeights(moves, mBar, temperature, surplus);
      return value;
    },
  };
}
