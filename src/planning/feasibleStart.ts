/**
 * A reward to start from: θ for which every goal has a finite value, if there is one.
 *
 * The largest log radius over the goals is convex in θ. It is brought down by minimising barriers
 *
 *   Σ −log det(I − M(θ) / σ)     with σ brought down towards the radius reached,
 *
 * which are smooth and convex, until the radius is clearly below 1 or sinks no further. The point
 * returned is the one nearest to the given start on the way from it to there.
 */

import { lbfgs } from '../optimizers/lbfgs.ts';
import type { Objective } from '../optimizers/minimizer.ts';
import { createFeasibility, type Feasibility, type MatrixName } from './feasibility.ts';
import type { GoalMatrices } from './goalMatrices.ts';

/** A reward linear in θ, such as `linearReward` makes. */
export interface LinearModel {
  readonly size: number;
  /** Overwrites `out` [pairs] with r = F θ. */
  evaluate(theta: Float64Array, out: Float64Array): void;
  /** Overwrites `gradient` with Fᵀ surplus. */
  pullBack(theta: Float64Array, surplus: Float64Array, gradient: Float64Array): void;
}

export interface FeasibleStartOptions {
  /** [size] bounds on θ; a parameter is fixed where they are equal. */
  readonly lower?: Float64Array;
  readonly upper?: Float64Array;
}

export interface FeasibleStart {
  /** Null where none was found. */
  readonly theta: Float64Array | null;
  /**
   * A bound on the spectral radius of every goal at θ, sharp for one goal; without θ, the smallest
   * that was reached.
   */
  readonly spectralRadius: number;
}

/** A radius to be content with, and one that is clearly feasible. */
const WANTED = Math.log(0.9);
const ACCEPTED = Math.log1p(-1e-6);
/** σ comes this much nearer to the radius in each round, until they are this close in log. */
const APPROACH = 0.2;
const CLOSE = 1e-7;
const ROUNDS = 40;
const ITERATIONS = 60;
/** Bisections of the way from the start. */
const HALVINGS = 12;

/** @param start [size] where to look first, projected onto the bounds; need not be feasible */
export function feasibleStart(
  matrices: GoalMatrices,
  model: LinearModel,
  start: Float64Array,
  options: FeasibleStartOptions = {},
): FeasibleStart {
  const search = new Search(matrices, model, options);
  const from = search.inBounds(start);
  const together = search.descend(['shared'], from);
  if (search.isFeasible(['shared'], together.theta))
    return search.settle(['shared'], from, together);
  if (matrices.taskCount === 1)
    return { theta: null, spectralRadius: Math.exp(together.logRadius) };

  // The shared matrix asks for more than the goals do. Take in those that bind, one by one.
  const names: number[] = [];
  let reached = together.theta;
  for (;;) {
    const worst = search.worst(reached);
    if (worst.logRadius < ACCEPTED)
      return search.settle(
        Array.from({ length: matrices.taskCount }, (_, t) => t),
        from,
        {
          theta: reached,
          logRadius: worst.logRadius,
        },
      );
    if (names.includes(worst.task))
      return { theta: null, spectralRadius: Math.exp(worst.logRadius) };
    names.push(worst.task);
    reached = search.descend(names, reached).theta;
  }
}

interface Reached {
  readonly theta: Float64Array;
  readonly logRadius: number;
}

class Search {
  private readonly model: LinearModel;
  private readonly feasibility: Feasibility;
  private readonly lower: Float64Array;
  private readonly upper: Float64Array;
  /** [size] largest |feature|: the search runs in units of its inverse. */
  private readonly scale: Float64Array;
  private readonly reward: Float64Array;
  private readonly surplus: Float64Array;

  constructor(matrices: GoalMatrices, model: LinearModel, options: FeasibleStartOptions) {
    const { size } = model;
    this.model = model;
    this.feasibility = createFeasibility(matrices);
    this.lower = options.lower ?? new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
    this.upper = options.upper ?? new Float64Array(size).fill(Number.POSITIVE_INFINITY);
    this.reward = new Float64Array(matrices.pairCount);
    this.surplus = new Float64Array(matrices.pairCount);
    this.scale = new Float64Array(size).map((_, k) => {
      const unit = new Float64Array(size);
      unit[k] = 1;
      model.evaluate(unit, this.reward);
      return this.reward.reduce((largest, f) => Math.max(largest, Math.abs(f)), 0) || 1;
    });
  }

  inBounds(theta: Float64Array): Float64Array {
    return theta.map((value, k) => Math.min(Math.max(value, this.lower[k]), this.upper[k]));
  }

  isFeasible(names: readonly MatrixName[], theta: Float64Array, logSigma = ACCEPTED): boolean {
    this.model.evaluate(theta, this.reward);
    return names.every((name) => this.feasibility.isBelow(name, this.reward, logSigma));
  }

  worst(theta: Float64Array): { readonly logRadius: number; readonly task: number } {
    this.model.evaluate(theta, this.reward);
    return this.feasibility.logRadius(this.reward);
  }

  /** Brings the largest radius of some matrices down to what is wanted, or as far as it goes. */
  descend(names: readonly MatrixName[], from: Float64Array): Reached {
    let best: Reached = { theta: from, logRadius: this.largest(names, from) };
    let logSigma = best.logRadius + Math.log(2);
    for (let round = 0; round < ROUNDS && best.logRadius > WANTED; round++) {
      const theta = this.minimizeBarrier(names, best.theta, logSigma);
      const logRadius = this.largest(names, theta);
      const gap = logSigma - logRadius;
      if (logRadius < best.logRadius) best = { theta, logRadius };
      if (!(gap > CLOSE)) break;
      logSigma = best.logRadius + APPROACH * Math.min(gap, logSigma - best.logRadius);
    }
    return best;
  }

  /** Goes back towards the start as far as the radius stays as wanted. */
  settle(names: readonly MatrixName[], from: Float64Array, { theta }: Reached): FeasibleStart {
    let best = theta;
    if (this.isFeasible(names, theta, WANTED)) {
      let infeasible = 0;
      let feasible = 1;
      if (this.isFeasible(names, from, WANTED)) best = from;
      else
        for (let k = 0; k < HALVINGS; k++) {
          const middle = (infeasible + feasible) / 2;
          const between = from.map((value, i) => value + middle * (theta[i] - value));
          if (this.isFeasible(names, between, WANTED)) {
            feasible = middle;
            best = between;
          } else infeasible = middle;
        }
    }
    return { theta: best, spectralRadius: Math.exp(this.largest(names, best)) };
  }

  private largest(names: readonly MatrixName[], theta: Float64Array): number {
    this.model.evaluate(theta, this.reward);
    let largest = Number.NEGATIVE_INFINITY;
    for (const name of names)
      largest = Math.max(largest, this.feasibility.logRadiusOf(name, this.reward, largest));
    return largest;
  }

  /** Minimises the barrier at σ, or stops on the way where the radius is as wanted. */
  private minimizeBarrier(
    names: readonly MatrixName[],
    from: Float64Array,
    logSigma: number,
  ): Float64Array {
    const { model, feasibility, reward, surplus, scale } = this;
    const unscaled = (x: Float64Array) => x.map((value, k) => value / scale[k]);
    const scaled = (theta: Float64Array) => theta.map((value, k) => value * scale[k]);
    const objective: Objective = {
      size: model.size,
      evaluate(x, gradient) {
        const theta = unscaled(x);
        model.evaluate(theta, reward);
        surplus.fill(0);
        let value = 0;
        for (const name of names) {
          value += feasibility.barrier(name, reward, logSigma, surplus);
          if (value === Number.POSITIVE_INFINITY) return value;
        }
        model.pullBack(theta, surplus, gradient);
        for (let k = 0; k < gradient.length; k++) gradient[k] /= scale[k];
        return value;
      },
    };
    const steps = lbfgs.minimize(objective, scaled(from), {
      tolerance: 1e-6,
      maxIterations: ITERATIONS,
      lower: scaled(this.lower),
      upper: scaled(this.upper),
    });
    for (;;) {
      const next = steps.next();
      const theta = this.inBounds(unscaled(next.value.x));
      if (next.done || this.isFeasible(names, theta, WANTED)) return theta;
    }
  }
}
