/**
 * Soft policy iteration: Newton's method on the soft Bellman equation TV = V.
 *
 *   V ← V + (I − γ P_π)⁻¹ (TV − V),  π the soft-greedy policy of V
 *
 * Each step is one sparse linear solve, solved only as exactly as the next residual deserves
 * (inexact Newton; Dembo, Eisenstat & Steihaug 1982, SIAM J. Numer. Anal. 19, 400–408). T is convex
 * and monotone, so after the first step the values rise to the fixed point, quadratically: 5–25
 * steps where value iteration needs log(1/ε)/(1 − γ) sweeps. Without discounting the values rise
 * for ever where no finite solution exists: that is how an infeasible reward shows.
 */

import { maxNorm, sumNorm } from '../numeric/csr.ts';
import { EXP_TABLE } from '../numeric/fastExp.ts';
import { checkPerPair, checkPerState } from './checkLengths.ts';
import { type CollapsedPattern, collapsedPattern } from './collapsedPattern.ts';
import { createPolicySolver, type PolicySolver } from './policySolver.ts';
import { type SoftBellman, softBellmanPass, uniformPolicyPass } from './softBellman.ts';
import type { PlanStop, SoftPlanner } from './softPlanner.ts';

export interface SoftPolicyIterationOptions {
  /** Stop when max |TV − V| falls below this many τ. */
  readonly tolerance?: number;
  /** Give up after this many Newton steps. */
  readonly maxSteps?: number;
  /** Fills [states] a first guess of the values for a reward; see `uniformGuess` for the default. */
  readonly firstGuess?: (reward: Float64Array, value: Float64Array) => void;
}

/** Values beyond this many τ (plus the rewards' own size per step) mean that nothing holds them. */
const RUNAWAY = 1e9;
/** A last Newton step of undiscounted values, relative to them, that still counts as none. */
const STEP_ACCURACY = 1e-7;
/** Relative accuracy of the adjoint and tangent solves, in the norms of their right-hand sides. */
const SOLVE_ACCURACY = 1e-11;

export class SoftPolicyIteration implements SoftPlanner {
  readonly value: Float64Array;
  readonly policy: Float64Array;
  /** Newton steps of the latest plan. */
  steps = 0;
  /** Largest |TV − V| of the latest plan. */
  residualNorm = Number.NaN;

  readonly #problem: SoftBellman;
  readonly #pattern: CollapsedPattern;
  readonly #solver: PolicySolver;
  readonly #options: SoftPolicyIterationOptions;
  readonly #residual: Float64Array;
  readonly #step: Float64Array;
  #warm = false;

  constructor(problem: SoftBellman, options: SoftPolicyIterationOptions = {}) {
    const { mdp, stop, discount, temperature } = problem;
    if (!(discount >= 0 && discount <= 1))
      throw new RangeError(`Cannot plan: the discount must be in [0, 1], got ${discount}`);
    if (!(temperature > 0 && temperature < Number.POSITIVE_INFINITY))
      throw new RangeError(
        `Cannot plan softly: the temperature must be above 0, got ${temperature}; at 0 there is policyIteration`,
      );
    checkPerState('plan', 'stop', stop, mdp);
    this.#problem = problem;
    this.#options = options;
    this.#pattern = collapsedPattern(problem.mdp);
    this.#solver = createPolicySolver(this.#pattern.matrix);
    this.value = new Float64Array(problem.mdp.stateCount);
    this.policy = new Float64Array(problem.mdp.pairCount);
    this.#residual = new Float64Array(problem.mdp.stateCount);
    this.#step = new Float64Array(problem.mdp.stateCount);
  }

  plan(reward: Float64Array): PlanStop {
    checkPerPair('plan', 'reward', reward, this.#problem.mdp);
    // A warm start far from the new solution can be worse than none; so a failure is retried cold.
    if (this.#warm && this.#iterate(reward) === 'converged') return 'converged';
    this.value.fill(0);
    if (this.#options.firstGuess) this.#options.firstGuess(reward, this.value);
    else if (this.#problem.discount === 1) this.#uniformGuess(reward);
    const stop = this.#iterate(reward);
    this.#warm = stop === 'converged';
    return stop;
  }

  forget(): void {
    this.#warm = false;
    this.#solver.forget();
  }

  #iterate(reward: Float64Array): PlanStop {
    const { discount, temperature } = this.#problem;
    const { tolerance = 1e-10, maxSteps = 400 } = this.#options;
    const { value } = this;
    const target = tolerance * temperature;
    const failure: PlanStop = discount < 1 ? 'max-iterations' : 'infeasible';
    const bound = RUNAWAY * (temperature + maxNorm(reward));
    for (this.steps = 0; ; this.steps++) {
      const error = this.#pass(reward);
      this.residualNorm = error;
      if (!Number.isFinite(error) || this.steps >= maxSteps) return failure;
      // Round-off of the values themselves is a floor under the residual.
      const settled = error <= Math.max(target, 4e-16 * maxNorm(value));
      if (!this.#solver.refresh(settled)) return failure;
      if (settled && discount < 1) return 'converged';
      const forcing = Math.max(0.1 * error * Math.min(1, error / temperature), 0.1 * target);
      this.#step.set(this.#residual);
      if (!this.#solver.solve(this.#residual, this.#step, forcing)) return failure;
      // Where looping for ever just pays, residuals vanish as the values rise: look at the step.
      if (settled && maxNorm(this.#step) <= STEP_ACCURACY * (temperature + maxNorm(value)))
        return 'converged';
      for (let s = 0; s < value.length; s++) value[s] += this.#step[s];
      if (discount === 1 && !(maxNorm(value) < bound)) return failure;
    }
  }

  /**
   * Without discounting, starts from the value of choosing uniformly: it is finite wherever the
   * goal can be reached for certain, and the values rise from there.
   */
  #uniformGuess(reward: Float64Array): void {
    uniformPolicyPass(this.#problem, reward, this.#pattern, this.#residual);
    if (!this.#solver.refresh()) return;
    const tolerance = 1e-6 * maxNorm(this.#residual);
    if (!this.#solver.solve(this.#residual, this.value, tolerance)) this.value.fill(0);
  }

  #pass(reward: Float64Array): number {
    const { value, policy } = this;
    return softBellmanPass(
      this.#problem,
      reward,
      value,
      this.#pattern,
      policy,
      this.#residual,
      EXP_TABLE,
    );
  }

  solveTransposed(c: Float64Array, out: Float64Array): void {
    if (this.#problem.discount === 0) out.set(c);
    else this.#solver.solveTransposed(c, out, SOLVE_ACCURACY * sumNorm(c));
  }

  solve(b: Float64Array, out: Float64Array, accuracy = SOLVE_ACCURACY): void {
    if (this.#problem.discount === 0) out.set(b);
    else this.#solver.solve(b, out, accuracy * maxNorm(b));
  }
}
