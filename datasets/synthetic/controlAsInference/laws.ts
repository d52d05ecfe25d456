/** What theory says of every decision problem at every temperature, checked. */

import type { Finding, VariationalGap } from 'revealed';
import type { InferenceAt } from './inferenceAt.ts';

/** Rounding: sums of hundreds of terms in double precision. */
const ROUNDING = 1e-9;

/**
 * The findings that must hold.
 *
 * @param solved by temperature
 * @param hard what the best plan without entropy comes to at each
 */
export function lawsOf(
  solved: readonly InferenceAt[],
  hard: readonly VariationalGap[],
  decisions: number,
  mostActions: number,
): Finding[] {
  const size = (at: InferenceAt): number => 1 + Math.abs(at.posterior.logEvidence);
  const least = (values: readonly number[]): number => Math.min(...values);
  const slack = least(solved.map((at) => at.maxEnt.divergence.total / size(at)));
  const unaccounted = Math.max(
    ...solved.flatMap((at) =>
      [at.maxEnt, at.executed].map(
        ({ divergence: { total, initial, policy, dynamics } }) =>
          Math.abs(total - initial - policy - dynamics) / size(at),
      ),
    ),
  );
  const ahead = least(
    solved.map((at, i) => (at.maxEnt.elbo - Math.max(at.executed.elbo, hard[i].elbo)) / size(at)),
  );
  const bound = decisions * Math.log(mostActions);
  const room = least(
    solved.map(
      ({ temperature, maxEnt }, i) =>
        bound - (hard[i].expectedReward - maxEnt.expectedReward) / temperature,
    ),
  );
  const law = (claim: string, holds: boolean, evidence: string): Finding => ({
    claim,
    holds,
    evidence,
    law: true,
  });
  return [
    law(
      'The ELBO of the maximum-entropy plan is never above the log evidence',
      slack >= -ROUNDING,
      `smallest difference ${slack.toExponential(2)} of the evidence`,
    ),
    law(
      'What lies between them is the divergence of the start, the policy and the moves',
      unaccounted <= ROUNDING,
      `at most ${unaccounted.toExponential(1)} of the evidence is left over`,
    ),
    law(
      'No plan has a higher ELBO than the maximum-entropy plan, neither the posterior’s nor the hard one',
      ahead >= -ROUNDING,
      `smallest lead ${ahead.toExponential(2)} of the evidence`,
    ),
    law(
      'The maximum-entropy plan gets within τ T log |A| of the best return',
      room >= -ROUNDING,
      `closest to the bound ${room.toFixed(3)} of ${bound.toFixed(3)} nats`,
    ),
  ];
}
