/** Scores and log-likelihoods of whole trajectories: the units that are independent of each other. */

import type { LikelihoodAt } from '../../algorithms/likelihoodModel.ts';
import type { Problem } from '../../algorithms/problem.ts';

export interface TrajectoryScores {
  /** Indices of the trajectories with decisions and a weight above 0, ascending. */
  readonly counted: Int32Array;
  /** [counted × parameters] ∂ log-likelihood / ∂θ of each, unweighted. */
  readonly scores: Float64Array;
}

export function trajectoryScores(at: LikelihoodAt, problem: Problem): TrajectoryScores {
  const size = problem.features.names.length;
  const counted: number[] = [];
  const rows: Float64Array[] = [];
  at.eachScore((i, _row, score) => {
    if (counted[counted.length - 1] !== i) {
      counted.push(i);
      rows.push(new Float64Array(size));
    }
    const own = rows[rows.length - 1];
    for (let k = 0; k < size; k++) own[k] += score[k];
  });
  const scores = new Float64Array(rows.length * size);
  rows.forEach((row, n) => {
    scores.set(row, n * size);
  });
  return { counted: Int32Array.from(counted), scores };
}

/** [trajectories] log-likelihood of each, its weight included; 0 of one without decisions. */
export function trajectoryLogLikelihoods(
  at: Pick<LikelihoodAt, 'eachChoice'>,
  { trajectories }: Problem,
): Float64Array {
  const { count, rowStart, weight } = trajectories;
  const trajectoryOf = new Int32Array(rowStart[count]);
  for (let i = 0; i < count; i++) trajectoryOf.fill(i, rowStart[i], rowStart[i + 1]);
  const total = new Float64Array(count);
  at.eachChoice((row, logProbabilities, chosen) => {
    const i = trajectoryOf[row];
    if (weight[i] > 0) total[i] += weight[i] * logProbabilities[chosen];
  });
  return total;
}
