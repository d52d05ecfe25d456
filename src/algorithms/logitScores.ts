/** Scores of choices without a future: the features of what was chosen minus those expected. */

import type { VisitChoice } from './behavior.ts';
import { addFeatures, type VisitScore } from './decisionScores.ts';
import type { Problem } from './problem.ts';

/**
 * Tells `visit` ( f(s, a) − Σ_b π(b | s) f(s, b) ) / τ of every choice of the trajectories that
 * count (weight above 0); a stop has no features.
 *
 * @param choices tells about every choice, in order
 */
export function eachLogitScore(
  { world, features, trajectories, temperature }: Problem,
  choices: (visit: VisitChoice) => void,
  visit: VisitScore,
): void {
  const { pairStart } = world.mdp;
  const { rowStart, state, pair, weight } = trajectories;
  const score = new Float64Array(features.names.length);
  let i = 0;
  choices((row, logProbabilities) => {
    while (rowStart[i + 1] <= row) i++;
    if (weight[i] === 0) return;
    const s = state[row];
    score.fill(0);
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++) {
      const share = Math.exp(logProbabilities[p - pairStart[s]]);
      addFeatures(features, s, p, score, -share / temperature);
    }
    if (pair[row] >= 0) addFeatures(features, s, pair[row], score, 1 / temperature);
    visit(i, row, score);
  });
}
