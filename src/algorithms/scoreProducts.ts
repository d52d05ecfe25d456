/** Sums the products of scores, over decisions and over trajectories. */

import type { VisitScore } from './decisionScores.ts';
import type { ScoreProducts } from './information.ts';

/**
 * Returns the score products of a likelihood.
 *
 * @param size number of parameters
 * @param weight [trajectories]
 * @param each tells about every decision that counts, trajectory after trajectory
 */
export function likelihoodProducts(
  size: number,
  weight: Float64Array,
  each: (visit: VisitScore) => void,
): ScoreProducts {
  const decisionScores = new Float64Array(size * size);
  const trajectoryScores = new Float64Array(size * size);
  const own = new Float64Array(size);
  let decisions = 0;
  let trajectories = 0;
  let current = -1;
  const close = (): void => {
    if (current < 0) return;
    addProduct(own, weight[current] ** 2, trajectoryScores);
    own.fill(0);
    trajectories++;
  };
  each((i, _row, score) => {
    if (i !== current) close();
    current = i;
    decisions++;
    addProduct(score, weight[i] ** 2, decisionScores);
    for (let k = 0; k < size; k++) own[k] += score[k];
  });
  close();
  fillUpper(decisionScores, size);
  fillUpper(trajectoryScores, size);
  return { scoresOf: 'likelihood', decisionScores, trajectoryScores, decisions, trajectories };
}

/**
 * Returns the score products of matched moments.
 *
 * @param each tells about every trajectory that counts
 */
export function momentProducts(
  size: number,
  weight: Float64Array,
  each: (visit: (trajectory: number, score: Float64Array) => void) => void,
): ScoreProducts {
  const trajectoryScores = new Float64Array(size * size);
  let trajectories = 0;
  each((i, score) => {
    addProduct(score, weight[i] ** 2, trajectoryScores);
    trajectories++;
  });
  fillUpper(trajectoryScores, size);
  return {
    scoresOf: 'moments',
    decisionScores: null,
    trajectoryScores,
    decisions: 0,
    trajectories,
  };
}

/** Adds weight · x xᵀ, the lower triangle. */
function addProduct(x: Float64Array, weight: number, out: Float64Array): void {
  const size = x.length;
  for (let k = 0; k < size; k++) {
    const scaled = weight * x[k];
    if (scaled === 0) continue;
    for (let j = 0; j <= k; j++) out[k * size + j] += scaled * x[j];
  }
}

function fillUpper(matrix: Float64Array, size: number): void {
  for (let k = 0; k < size; k++)
    for (let j = 0; j < k; j++) matrix[j * size + k] = matrix[k * size + j];
}
