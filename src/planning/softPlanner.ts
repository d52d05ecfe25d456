/**
 * The contract between a plan and what is asked of it, for stationary problems (discounted, or
 * undiscounted with a goal). One plan answers three questions: the value and policy under a
 * reward, the adjoint of the value (who contributes to V), and its tangent (how V moves).
 */

/** How planning went. Not converging is an answer, not an error. */
export type PlanStop = 'converged' | 'infeasible' | 'max-iterations';

export interface SoftPlanner {
  /** [states] soft-optimal value V(s) after `plan`. */
  readonly value: Float64Array;
  /** [pairs] policy π(a | s) after `plan`; what is missing to 1 is the probability of stopping. */
  readonly policy: Float64Array;
  /** Plans for `reward` [pairs], warm-started from the plan before. */
  plan(reward: Float64Array): PlanStop;
  /** Forgets the plan before: what is planned next has the same bits as with a new planner. */
  forget(): void;
  /**
   * Overwrites `out` [states] with D = (I − γ P_π)⁻ᵀ c for the latest plan. What `out` holds before
   * is taken as a first guess, as in `solve`.
   */
  solveTransposed(c: Float64Array, out: Float64Array): void;
  /**
   * Overwrites `out` [states] with x = (I − γ P_π)⁻¹ b for the latest plan.
   *
   * @param accuracy residual allowed, relative to max |b|
   */
  solve(b: Float64Array, out: Float64Array, accuracy?: number): void;
}
