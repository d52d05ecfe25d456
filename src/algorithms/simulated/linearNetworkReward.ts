/**
 * A reward of steps that is linear in named features, and has a network beside that takes up what they
 * do not tell:
 *
 *   r(o, a, o′) = θ · φ(o, a, o′) + f_w(o, a)
 *
 * What θ and w may share the penalty (λ/2) Σ w² gives to θ.
 *
 * Reference: Wulfmeier, Ondruska & Posner (2015), arXiv 1507.04888 (the network).
 */

import { z } from 'zod';
import type { StepFeatures } from '../../features/stepFeatures.ts';
import type { NetworkStepReward } from './networkStepReward.ts';
import { linearStepReward } from './stepReward.ts';

export const LinearNetworkRewardOptions = z.strictObject({
  l2: z
    .number()
    .nonnegative()
    .default(1)
    .describe('λ of the penalty (λ/2) Σ w² on the numbers of the network'),
});
export type LinearNetworkRewardOptions = z.input<typeof LinearNetworkRewardOptions>;

/**
 * @param network what is beside the linear part
 * @returns parameters: those of the features, then those of the network
 */
export function linearNetworkReward(
  features: StepFeatures,
  network: NetworkStepReward,
  given: LinearNetworkRewardOptions = {},
): NetworkStepReward {
  const { l2 } = LinearNetworkRewardOptions.parse(given);
  if (network.linear.length > 0)
    throw new RangeError('Cannot put a linear part beside a network: it has one already');
  const twice = features.names.find((name) => network.names.includes(name));
  if (twice !== undefined)
    throw new RangeError(
      `Cannot put a linear part beside a network: "${twice}" is a number of the network; name the feature otherwise`,
    );
  const linear = linearStepReward(features);
  const size = features.names.length;
  const parts = (theta: Float64Array) => [theta.subarray(0, size), theta.subarray(size)] as const;
  return {
    names: [...features.names, ...network.names],
    linear: features.names,
    networkL2: l2,
    settings: network.settings,
    start: Float64Array.of(...new Float64Array(size), ...network.start),
    evaluate(theta, rows, out) {
      const [ofFeatures, ofNetwork] = parts(theta);
      const known = new Float64Array(rows.count);
      linear.evaluate(ofFeatures, rows, known);
      network.evaluate(ofNetwork, rows, out);
      for (let i = 0; i < rows.count; i++) out[i] += known[i];
    },
    pullBack(theta, rows, weight, gradient) {
      const [ofFeatures, ofNetwork] = parts(theta);
      const [first, others] = parts(gradient);
      linear.pullBack(ofFeatures, rows, weight, first);
      network.pullBack(ofNetwork, rows, weight, others);
    },
  };
}
