/**
 * Maximum causal entropy with a reward that need not be linear: a network on the same features beside
 * the linear part, planned for exactly.
 *
 *   θ̂, ŵ ≈ argmax Σ N(s,a) log π_{θ,w}(a | s) − (λ/2) Σ θ² − (μ/2) Σ w²
 *
 * The surplus of demonstrated over expected visits is pulled back through the network.
 *
 * Reference: Wulfmeier, Ondruska & Posner (2015), Maximum entropy deep inverse reinforcement learning,
 * arXiv 1507.04888.
 */

import { likelihoodMoments } from '../../planning/moments.ts';
import type { Algorithm } from '../algorithm.ts';
import { causalEntropy } from '../causalEntropy.ts';
import { createCriterion } from '../createCriterion.ts';
import { planArrays } from '../planArrays.ts';
import { plannedBehavior } from '../plannedBehavior.ts';
import { plannedChoices } from '../plannedChoices.ts';
import { fitNetwork } from './fitNetwork.ts';
import { widestLayer } from './networkOptions.ts';

export const causalEntropyNetwork: Algorithm = {
  name: 'causal-entropy-network',
  summary: 'Causal entropy with a network on the features beside the linear reward',
  widestLayer: ({ network }) => widestLayer(network),
  fit: (problem, options) =>
    fitNetwork(problem, options, {
      linear: causalEntropy,
      criterion(part) {
        const { world, goals, trajectories, time } = part;
        return createCriterion(part, likelihoodMoments(world.mdp, goals, trajectories, time));
      },
      choices: plannedChoices,
      behavior: plannedBehavior,
      arrays: planArrays,
    }),
};
