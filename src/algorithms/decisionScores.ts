/**
 * Scores of single decisions: how the log-probability of what was done moves with θ.
 *
 *   ∂ log π(a | s) / ∂θ = ( f(s, a) + γ Σₛ′ p(s′ | s, a) gradV(s′) − gradV(s) ) / τ
 *   stopping by an exit:  − gradV(s) / τ
 *
 * They sum to the gradient of the log-likelihood, and have expectation 0 decision by decision.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { discountOf } from '../mdp/timeStructure.ts';
import type { Moments } from '../planning/criterion.ts';
import type { ValueGradients } from '../planning/valueGradients.ts';
import { eachDecision } from './eachDecision.ts';
import type { Problem } from './problem.ts';

/** Told of a decision's score [features], unweighted and good until the next one. */
export type VisitScore = (trajectory: number, row: number, score: Float64Array) => void;

/**
 * Tells `visit` about every decision of the trajectories that count (weight above 0).
 *
 * @param moments what `gradients` numbers its tasks by
 */
export function eachPlannedScore(
  { world, features, trajectories, time, temperature }: Problem,
  moments: Moments,
  gradients: ValueGradients,
  visit: VisitScore,
): void {
  const { transitionStart, nextState, probability } = world.mdp;
  const discount = discountOf(time);
  const taskOf = new Map(moments.tasks.map(({ goal }, task) => [goal, task]));
  const { rowStart, state, pair, goal, weight } = trajectories;
  const score = new Float64Array(features.names.length);
  const gradient = new Float64Array(score.length);
  eachDecision(trajectories, (i, row) => {
    const task = taskOf.get(goal[i]);
    if (weight[i] === 0 || task === undefined) return;
    const t = row - rowStart[i];
    const p = pair[row];
    gradients.at(task, t, state[row], gradient);
    for (let k = 0; k < score.length; k++) score[k] = -gradient[k];
    if (p >= 0) {
      addFeatures(features, state[row], p, score);
      for (let n = transitionStart[p]; n < transitionStart[p + 1]; n++) {
        // Nothing ahead counts where the discount is 0.
        if (discount === 0) break;
        gradients.at(task, t + 1, nextState[n], gradient);
        const share = discount * probability[n];
        for (let k = 0; k < score.length; k++) score[k] += share * gradient[k];
      }
    }
    for (let k = 0; k < score.length; k++) score[k] /= temperature;
    visit(i, row, score);
  });
}

/** Adds `weight` · f(s, a) to `out`. */
export function addFeatures(
  { names, per, values }: FeatureMatrix,
  state: number,
  pair: number,
  out: Float64Array,
  weight = 1,
): void {
  const row = (per === 'pair' ? pair : state) * names.length;
  for (let k = 0; k < out.length; k++) out[k] += weight * values[row + k];
}
