/**
 * What a fitted method expected at every held-out decision, reduced to four numbers each:
 *
 *   log π(chosen),   Σₐ (π(a) − [a chosen])²,   maxₐ π(a),   [chosen = argmaxₐ π(a)]
 *
 * A likeliest choice that ties with others counts in parts, 1 / (how many tie).
 */

import type { Fit } from '../../algorithms/algorithm.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';

/** Per decision, trajectory after trajectory and step after step; weights are not applied. */
export interface HeldOutChoices {
  /** [decisions] −Infinity where the method called the choice impossible. */
  readonly logProbability: Float64Array;
  /** [decisions] Brier score, 0 … 2. */
  readonly brier: Float64Array;
  /** [decisions] probability of the likeliest choice. */
  readonly confidence: Float64Array;
  /** [decisions] 1 where the likeliest choice was taken. */
  readonly hit: Float64Array;
}

/** Log-probabilities this close together are the same; rounding parts equal choices by less. */
const TIE = 1e-9;

/** Scores a fit on the trajectories of `heldOut`; null where it has no finite value there. */
export function scoreChoices(
  fit: Pick<Fit, 'predictChoices'>,
  heldOut: Problem,
): HeldOutChoices | null {
  const { rowStart } = heldOut.trajectories;
  const decisions = decisionsPerTrajectory(heldOut);
  const decisionOfRow = new Int32Array(heldOut.trajectories.state.length);
  let total = 0;
  decisions.forEach((count, i) => {
    // Only a last row may hold no decision.
    for (let d = 0; d < count; d++) decisionOfRow[rowStart[i] + d] = total++;
  });
  const scores: HeldOutChoices = {
    logProbability: new Float64Array(total),
    brier: new Float64Array(total),
    confidence: new Float64Array(total),
    hit: new Float64Array(total),
  };
  const complete = fit.predictChoices(heldOut.trajectories, (row, logs, chosen) => {
    const d = decisionOfRow[row];
    let largest = Number.NEGATIVE_INFINITY;
    for (let a = 0; a < logs.length; a++) largest = Math.max(largest, logs[a]);
    let tied = 0;
    let brier = 0;
    for (let a = 0; a < logs.length; a++) {
      if (logs[a] >= largest - TIE) tied++;
      brier += (Math.exp(logs[a]) - (a === chosen ? 1 : 0)) ** 2;
    }
    scores.logProbability[d] = logs[chosen];
    scores.brier[d] = brier;
    scores.confidence[d] = Math.exp(largest);
    scores.hit[d] = logs[chosen] >= largest - TIE ? 1 / tied : 0;
  });
  return complete ? scores : null;
}
