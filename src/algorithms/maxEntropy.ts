/**
 * Maximum entropy inverse reinforcement learning as it was first written down: the reward under which
 * the recorded trajectories, luck included, are most likely given that they were optimal.
 *
 *   θ̂ = argmax Σ w log p(x | s₀, O, θ) − (λ/2) Σ θ²
 *
 * Where moves are certain that is the causal likelihood, and causal entropy answers. Elsewhere it
 * credits people with choosing their luck: its estimates are biased towards what chance did, which
 * is what the causal likelihood mends. It stands here beside it, to be compared.
 *
 * The decisions' log-likelihood is that of people who act on the estimated reward and take the moves
 * as they come.
 *
 * References: Ziebart, Maas, Bagnell & Dey (2008), AAAI; Ziebart, Bagnell & Dey (2010), ICML, sec. 4.
 */

import { isDeterministic } from '../mdp/mdp.ts';
import {
  createPosteriorCriterion,
  type PosteriorCriterion,
} from '../planning/posteriorCriterion.ts';
import { rewardAt } from '../rewards/linearReward.ts';
import type { Algorithm, Fit } from './algorithm.ts';
import { causalEntropy } from './causalEntropy.ts';
import { addFeatures } from './decisionScores.ts';
import type { Information } from './information.ts';
import { linearFit } from './linearFit.ts';
import { logLikelihoodAt } from './logLikelihoodAt.ts';
import { planArrays } from './planArrays.ts';
import { plannedBehavior } from './plannedBehavior.ts';
import { plannedChoices } from './plannedChoices.ts';
import { decisionsPerTrajectory, type Problem } from './problem.ts';
import { momentProducts } from './scoreProducts.ts';

export const maxEntropy: Algorithm = {
  name: 'max-entropy',
  summary: 'Maximum entropy of whole trajectories: as if people had chosen their luck too',
  *fit(problem, options) {
    const { world, time, temperature, trajectories } = problem;
    if (isDeterministic(world.mdp)) {
      const { objective: _, ...likelihood } = options;
      const fit = yield* causalEntropy.fit(problem, likelihood);
      return {
        ...fit,
        details: { ...fit.details, posteriorLogLikelihood: fit.logLikelihood },
      };
    }
    if (time.kind !== 'finite' || time.discount !== 1)
      throw new RangeError(
        'Cannot fit max-entropy: where moves are not certain, the likelihood of whole trajectories needs an end without discount; give --horizon and no --discount, or use causal-entropy',
      );
    const criterion = createPosteriorCriterion(world.mdp, trajectories, time.horizon, temperature);
    const linear = yield* linearFit(problem, criterion, options, null);
    const { theta, identification } = linear;
    const reward = theta && rewardAt(problem, theta);
    const predict = (part: Problem): number | null => (theta ? logLikelihoodAt(part, theta) : null);
    const fit: Fit = {
      stop: linear.stop,
      stopReason: linear.stopReason,
      logLikelihood: predict(problem),
      gradientNorm: linear.gradientNorm,
      evaluations: linear.evaluations,
      parameters: linear.parameters,
      unidentified: identification?.unidentified ?? [],
      unbounded: identification?.unbounded ?? [],
      freedom: linear.freedom,
      information:
        reward && linear.curvature
          ? { ...linear.curvature, ...trajectoryProducts(problem, criterion, reward) }
          : null,
      details: { posteriorLogLikelihood: linear.value },
      arrays: reward ? { reward, ...planArrays(problem, reward) } : {},
      predict: (others) => predict({ ...problem, trajectories: others }),
      predictChoices: (others, visit) =>
        reward !== null && plannedChoices({ ...problem, trajectories: others }, reward, visit),
      behaviorIn: (there) => theta && plannedBehavior(there, rewardAt(there, theta)),
    };
    return fit;
  },
};

/** Products of the scores of whole trajectories: Σ f / τ + ∂ log β at the end − at the start. */
function trajectoryProducts(
  problem: Problem,
  criterion: PosteriorCriterion,
  reward: Float64Array,
): Omit<Information, 'free' | 'spread' | 'hessian' | 'flat'> {
  const { world, features, trajectories, time, temperature } = problem;
  const { stateCount, pairStart, transitionStart } = world.mdp;
  const horizon = time.kind === 'finite' ? time.horizon : 0;
  const width = features.names.length;
  criterion.evaluate(reward, new Float64Array(reward.length));
  const gradients = new Float64Array((horizon + 1) * stateCount * width);
  criterion.messageGradients(features, gradients);
  const moves = new Float64Array(world.mdp.nextState.length);
  const { count, rowStart, state, pair, weight } = trajectories;
  const decisions = decisionsPerTrajectory(problem);
  const score = new Float64Array(width);
  const addMessage = (t: number, s: number, share: number): void => {
    for (let k = 0; k < width; k++) score[k] += share * gradients[(t * stateCount + s) * width + k];
  };
  return momentProducts(width, trajectories, (visit) => {
    for (let i = 0; i < count; i++) {
      if (decisions[i] === 0 || weight[i] === 0) continue;
      const first = rowStart[i];
      const last = rowStart[i + 1] - 1;
      score.fill(0);
      for (let row = first; row <= last; row++)
        if (pair[row] >= 0) addFeatures(features, state[row], pair[row], score, 1 / temperature);
      addMessage(0, state[first], -1);
      const p = pair[last];
      if (p < 0) {
        if (pairStart[state[last]] < pairStart[state[last] + 1])
          addMessage(last - first, state[last], 1);
      } else {
        criterion.movesAfter(last - first, moves);
        for (let k = transitionStart[p]; k < transitionStart[p + 1]; k++)
          addMessage(last - first + 1, world.mdp.nextState[k], moves[k]);
      }
      visit(i, score);
    }
  });
}
