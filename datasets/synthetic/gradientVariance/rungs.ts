/**
 * The rungs of the ladder, and what each is exactly: every trajectory is looked at.
 *
 * The best constant baseline is not among the library's estimators, because nobody knows it before
 * the episode. With S = Σ_t ∇ log π(a_t | s_t) the total variance of (R − b) S is a parabola in b,
 *
 *   Var(b) = Var(R S) − 2 b C + b² Var(S),   C = ( Var(0) + Var(S) − Var(1) ) / 2,
 *
 * least at b* = C / Var(S). Where every episode lasts T decisions, subtracting b is subtracting b / T
 * from every reward, which is how Var(1) and Var(b*) are enumerated.
 *
 * Reference: Greensmith, Bartlett & Baxter (2004), JMLR 5, section 4.
 */

import {
  type EstimatorMoments,
  estimatorMoments,
  type GradientEstimator,
  type PolicyObjective,
  type Rollout,
  stepWeights,
} from 'revealed';
import { objectiveOf, type SmallWorld } from './smallWorld.ts';

const BEST = 'best-constant';
export const rungs = [
  'whole-return',
  'reward-to-go',
  'constant-baseline',
  BEST,
  'state-baseline',
  'state-time-baseline',
  'action-value',
  'advantage',
] as const;
export type Rung = (typeof rungs)[number];

/** In words, as they stand in tables and pictures. */
export const rungNames: Readonly<Record<Rung, string>> = {
  'whole-return': 'whole return',
  'reward-to-go': 'reward to go',
  'constant-baseline': 'whole, less its mean',
  [BEST]: 'whole, less the best constant',
  'state-baseline': 'to go, less the state’s mean value',
  'state-time-baseline': 'to go, less the value then',
  'action-value': 'true action value',
  advantage: 'true advantage',
};

export interface Ladder {
  readonly exact: PolicyObjective;
  /** b*. */
  readonly bestConstant: number;
  readonly moments: Readonly<Record<Rung, EstimatorMoments>>;
  /** How far the means are from the gradient at most, as a share of its largest component. */
  readonly meanError: number;
}

export function ladderOf(small: SmallWorld, horizon: number, temperature = 0): Ladder {
  const { mdp } = small.task.world;
  const { reward, initial } = small.task;
  const exact = objectiveOf(small, horizon, temperature);
  const moments = (estimator: GradientEstimator): EstimatorMoments =>
    estimatorMoments(mdp, reward, initial, exact, estimator);
  /** Of the whole return less a constant. */
  const less = (constant: number): EstimatorMoments => {
    const lowered = lowerRewards(small, constant / horizon);
    const exactThere = objectiveOf(lowered, horizon, temperature);
    return estimatorMoments(mdp, lowered.task.reward, initial, exactThere, 'whole-return');
  };
  const whole = moments('whole-return');
  const score = moments('likelihood').totalVariance;
  const bestConstant = (whole.totalVariance + score - less(1).totalVariance) / 2 / score;
  const found = Object.fromEntries(
    rungs.map((rung) => {
      if (rung === BEST) return [rung, less(bestConstant)];
      return [rung, rung === 'whole-return' ? whole : moments(rung)];
    }),
  ) as Record<Rung, EstimatorMoments>;
  const size = Math.max(...exact.gradient.map(Math.abs));
  const meanError = Math.max(
    ...rungs.flatMap((rung) =>
      [...found[rung].mean].map((x, pair) => Math.abs(x - exact.gradient[pair]) / size),
    ),
  );
  return { exact, bestConstant, moments: found, meanError };
}

function lowerRewards({ task, policy }: SmallWorld, by: number): SmallWorld {
  return { policy, task: { ...task, reward: task.reward.map((r) => r - by) } };
}

/** Writes ψ_t [steps] of an episode, of any rung. */
export function rungWeights(
  rung: Rung,
  small: SmallWorld,
  exact: PolicyObjective,
  bestConstant: number,
  episode: Rollout,
  out: Float64Array,
): void {
  stepWeights(rung === BEST ? 'whole-return' : rung, small.task.world.mdp, exact, episode, out);
  if (rung === BEST) for (let t = 0; t < episode.length; t++) out[t] -= bestConstant;
}
