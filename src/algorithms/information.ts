/**
 * What a fit leaves behind for inference: the curvature at the estimates, the products of scores,
 * and which directions of θ the data say nothing about.
 *
 *   hessian          −∂² of what was maximised, penalty included
 *   decisionScores   Σ_d s_d s_dᵀ,  s_d = w_i ∂ log π(a | s) / ∂θ
 *   trajectoryScores Σ_i s_i s_iᵀ,  s_i = Σ_{d in i} s_d
 *   personScores     Σ_p s_p s_pᵀ,  s_p = Σ_{i of p} s_i
 *
 * A weight multiplies a trajectory's likelihood, and so its scores. Where features were matched the
 * scores of trajectories are their contributions to the moments, and decisions have none.
 */
export interface Information extends Curvature, ScoreProducts {}

/** The curvature at the estimates, for the parameters that were free to move. */
export interface Curvature {
  /** [free] indices of these parameters among all; those that a bound stopped are not among them. */
  readonly free: Int32Array;
  /** [free] spread of each one's feature: what follows is about x = θ · spread. */
  readonly spread: Float64Array;
  /** [free × free] in x */
  readonly hessian: Float64Array;
  /** Directions [free] in x, linearly independent, that leave the maximised function as it is. */
  readonly flat: readonly Float64Array[];
}

/** Products of scores, summed; in θ. */
export interface ScoreProducts {
  /** What the scores are derivatives of: log-likelihoods, or nothing (they are moments). */
  readonly scoresOf: 'likelihood' | 'moments';
  /** [parameters × parameters]; null where decisions have no scores. */
  readonly decisionScores: Float64Array | null;
  /** [parameters × parameters] */
  readonly trajectoryScores: Float64Array;
  /** Whether decisions were counted, not followed: what is said of trajectories then means nothing. */
  readonly counted: boolean;
  /** [parameters × parameters]; null where nothing says whose trajectories are. */
  readonly personScores: Float64Array | null;
  /** Number of persons whose trajectories count; null likewise. */
  readonly persons: number | null;
  /** Number of decisions and of trajectories with decisions that count (weight above 0). */
  readonly decisions: number;
  readonly trajectories: number;
}
