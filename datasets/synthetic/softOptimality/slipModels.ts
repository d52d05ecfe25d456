/** ε-optimal choice, fitted: of many rewards whose optimal choices were looked up, the likeliest. */

import { epsilonOptimalLog, likeliestEpsilon, type SlipCounts } from 'revealed';

/** A reward that was tried, and which recorded choices are optimal under it. */
export interface TriedReward<Reward> {
  readonly reward: Reward;
  readonly counts: SlipCounts;
}

export interface SlipFit<Reward> {
  readonly reward: Reward;
  readonly epsilon: number;
  readonly logLikelihood: number;
  /** Returns log π of what was taken at a decision. */
  log(decision: number): number;
}

/**
 * Returns the likeliest of the rewards for the decisions that `keep` accepts; of several that are
 * equally likely the middle one, in the order given.
 */
export function likeliestReward<Reward>(
  tried: readonly TriedReward<Reward>[],
  keep?: (decision: number) => boolean,
): SlipFit<Reward> {
  const fits = tried.map(({ counts }) => likeliestEpsilon(counts, keep));
  const most = Math.max(...fits.map(({ logLikelihood }) => logLikelihood));
  // rounding parts what adds up the same logarithms in another order
  const equal = fits.flatMap(({ logLikelihood }, i) => (logLikelihood >= most - 1e-9 ? [i] : []));
  const at = equal[Math.floor((equal.length - 1) / 2)];
  const { reward, counts } = tried[at];
  const epsilon = fits[at].epsilon ?? 0;
  return {
    reward,
    epsilon,
    logLikelihood: fits[at].logLikelihood,
    log: (decision) => epsilonOptimalLog(counts, decision, epsilon),
  };
}
