/**
 * What each trajectory contributes to the moments that feature matching sets to zero:
 *
 *   m_i = ( Σₜ γᵗ f(sₜ, aₜ) − gradV(start) ) / τ
 *
 * the features it shows minus those that the plan expects from its start (or from the start
 * distribution, where one is given).
 */

import { discountOf } from '../mdp/timeStructure.ts';
import type { Moments } from '../planning/criterion.ts';
import type { ValueGradients } from '../planning/valueGradients.ts';
import { addFeatures } from './decisionScores.ts';
import { decisionsPerTrajectory, type Problem } from './problem.ts';

/** Tells `visit` about every trajectory with decisions and a weight above 0: m_i, unweighted. */
export function eachMomentScore(
  problem: Problem,
  moments: Moments,
  gradients: ValueGradients,
  visit: (trajectory: number, score: Float64Array) => void,
): void {
  const { features, trajectories, time, initial, temperature } = problem;
  const { count, rowStart, state, pair, goal, weight } = trajectories;
  const discount = discountOf(time);
  const decisions = decisionsPerTrajectory(problem);
  const taskOf = new Map(moments.tasks.map(({ goal }, task) => [goal, task]));
  const score = new Float64Array(features.names.length);
  const gradient = new Float64Array(score.length);
  for (let i = 0; i < count; i++) {
    const task = taskOf.get(goal[i]);
    if (decisions[i] === 0 || weight[i] === 0 || task === undefined) continue;
    score.fill(0);
    const first = rowStart[i];
    const subtractStart = (s: number, share: number): void => {
      gradients.at(task, 0, s, gradient);
      for (let k = 0; k < score.length; k++) score[k] -= share * gradient[k];
    };
    if (initial) {
      for (let s = 0; s < initial.length; s++) if (initial[s] > 0) subtractStart(s, initial[s]);
    } else subtractStart(state[first], 1);
    let worth = 1;
    for (let row = first; row < rowStart[i + 1]; row++) {
      if (pair[row] >= 0) addFeatures(features, state[row], pair[row], score, worth);
      worth *= discount;
    }
    for (let k = 0; k < score.length; k++) score[k] /= temperature;
    visit(i, score);
  }
}
