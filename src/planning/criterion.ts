/**
 * A criterion says how well a reward explains demonstrations, through the plan it induces.
 *
 * Likelihood and feature matching are one expression,
 *
 *   value(r) = ( N·r + stops + Σ_g c_g·V_g ) / τ
 *
 * with N the demonstrated (discounted) pair counts and c_g sparse weights on the soft values of
 * goal g:
 *
 * - likelihood: N counts decisions, c(s′) = γ Σ N(s,a) p(s′|s,a) − N(s′), because
 *   log π(a|s) = (Q(s,a) − V(s)) / τ and Q = r + γ P V; `stops` are the rewards of exits taken
 * - feature matching (the max-ent dual): N counts with weight γᵗ, c = − starts
 *
 * Its gradient in the reward needs one adjoint solve: D = (I − γ P_π)⁻ᵀ c, and
 * ∂ value / ∂ r(s,a) = ( N(s,a) + D(s) π(a|s) ) / τ, the *surplus* of what was demonstrated over
 * what the plan expects.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { ValueGradients } from './valueGradients.ts';

/** The demonstrations, as a criterion sees them. */
export interface Moments {
  /** [pairs] N(s, a), all goals together. */
  readonly counts: Float64Array;
  /** Sum of the weighted rewards of exits taken. */
  readonly stopReward: number;
  /** One per goal that occurs; a single one with goal −1 where there are no goals. */
  readonly tasks: readonly TaskMoments[];
}

/** The sparse weights c_g on soft values of one goal. */
export interface TaskMoments {
  /** Index of the goal, or −1. */
  readonly goal: number;
  /** States that carry weight; for a finite horizon together with the decision time. */
  readonly state: Int32Array;
  /** Decision time of each entry, 0 ≤ t < horizon; all 0 in stationary problems. */
  readonly time: Int32Array;
  readonly weight: Float64Array;
  /** States that the trajectories of this goal visit, ascending; all must be able to reach it. */
  readonly visited: Int32Array;
  /** Weighted number of decisions taken, by state and time. */
  readonly decisions: {
    readonly state: Int32Array;
    readonly time: Int32Array;
    readonly weight: Float64Array;
  };
}

export interface Criterion {
  /**
   * Returns the value at `reward` [pairs] and overwrites `surplus` [pairs] with its gradient in the
   * reward. −Infinity where the reward is infeasible; `surplus` is then meaningless.
   */
  evaluate(reward: Float64Array, surplus: Float64Array): number;
  /**
   * Overwrites `out` [features × features] with the second derivatives of the value in θ for the
   * linear reward r = Fθ, at the reward of the latest `evaluate`.
   */
  curvature(features: FeatureMatrix, out: Float64Array): void;
  /**
   * The same with the data's own visits in place of the adjoint: minus the expected information,
   * Σ N(s) Cov_{a ~ π(·|s)}(∇ log π(a | s)). It is never positive, so Newton steps with it go uphill
   * where the likelihood is not concave (Fisher scoring), and it agrees with `curvature` where the
   * reward explains the data. Absent where the likelihood is concave anyway.
   */
  readonly expectedCurvature?: (features: FeatureMatrix, out: Float64Array) => void;
  /**
   * Returns how soft values move with θ, at the reward of the latest `evaluate`; good until the
   * criterion is next asked for anything. Absent where a criterion looks at no values.
   */
  readonly valueGradients?: (features: FeatureMatrix) => ValueGradients;
  /**
   * Forgets what earlier evaluations left as first guesses: what is evaluated next has the same bits
   * as in a new criterion. Absent where nothing is left.
   */
  readonly forget?: () => void;
  /** Whether a curvature costs several evaluations, so that gradients should do the long way. */
  readonly curvatureIsDear?: boolean;
}
