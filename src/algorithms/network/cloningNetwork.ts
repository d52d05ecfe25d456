/**
 * Behaviour cloning with a network on the features: single choices, whatever follows from them.
 *
 *   π(a | s) ∝ exp( (θ·f(s, a) + n_w(f(s, a))) / τ )
 */

import type { Algorithm } from '../algorithm.ts';
import { choiceSituations } from '../choiceSituations.ts';
import { choiceCriterion, conditionalLogit } from '../conditionalLogit.ts';
import { logitBehavior, visitLogitChoices } from '../logitBehavior.ts';
import { fitNetwork } from './fitNetwork.ts';
import { widestLayer } from './networkOptions.ts';

export const cloningNetwork: Algorithm = {
  name: 'behavior-cloning-network',
  summary: 'Behaviour cloning with a network on the features beside the linear choice model',
  widestLayer: ({ network }) => widestLayer(network),
  fit: (problem, options) =>
    fitNetwork(problem, options, {
      linear: conditionalLogit,
      criterion: (part) =>
        choiceCriterion(part.world.mdp, choiceSituations(part), part.temperature),
      choices(part, reward, visit) {
        visitLogitChoices(part, reward, visit);
        return true;
      },
      behavior: logitBehavior,
      arrays: () => ({}),
    }),
};
