/**
 * Maximum causal entropy inverse reinforcement learning, exact.
 *
 *   θ̂ = argmax Σ N(s,a) log π_θ(a | s) − (λ/2) Σ θ²        (likelihood, the default)
 *   θ̂ = argmax θ·f̂ − Σ V_θ(start) / τ − …                  (feature matching, the max-ent dual)
 *
 * with π_θ the soft-optimal policy of the reward r = Fθ. The two agree where demonstrations are
 * complete; where they are cut off, or luck moved the travellers, only the likelihood is unbiased.
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML, thm. 3; Rust (1987), Econometrica 55, eq. 4.7;
 * Fosgerau, Frejinger & Karlström (2013), Transp. Res. B 56, eq. 13.
 */

import type { Trajectories } from '../mdp/trajectories.ts';
import { featureMatchingMoments, likelihoodMoments } from '../planning/moments.ts';
import { rewardAt } from '../rewards/linearReward.ts';
import type { Algorithm, Fit } from './algorithm.ts';
import { createCriterion } from './createCriterion.ts';
import { feasibleRegion } from './feasibleRegion.ts';
import { linearFit } from './linearFit.ts';
import { logLikelihoodAt, nullLogLikelihood } from './logLikelihoodAt.ts';
import { planArrays } from './planArrays.ts';
import { plannedBehavior } from './plannedBehavior.ts';
import { plannedChoices } from './plannedChoices.ts';
import { plannedInformation } from './plannedInformation.ts';
import type { Problem } from './problem.ts';

export const causalEntropy: Algorithm = {
  name: 'causal-entropy',
  summary: 'Maximum causal entropy: the reward under which the behaviour is soft-optimal',
  *fit(problem, options) {
    const { world, goals, trajectories, time, initial } = problem;
    const matching = options.objective === 'feature-matching';
    const likelihood = likelihoodMoments(world.mdp, goals, trajectories, time);
    const moments = matching
      ? featureMatchingMoments(world.mdp, goals, trajectories, time, initial)
      : likelihood;
    const criterion = createCriterion(problem, moments);
    const region = time.kind === 'undiscounted' ? feasibleRegion(problem, moments) : null;

    const linear = yield* linearFit(problem, criterion, options, region);
    const { theta, identification } = linear;
    const logLikelihoodOf = (part: Problem): number | null =>
      theta ? logLikelihoodAt(part, theta) : null;
    const details: Record<string, unknown> = {
      objective: matching ? 'feature-matching' : 'likelihood',
      nullLogLikelihood: nullLogLikelihood(problem, options.fix),
    };
    if (matching) details.dual = linear.value;
    if (linear.refusal) Object.assign(details, linear.refusal);
    if (linear.heldByPenalty) details.heldByPenalty = linear.heldByPenalty;
    if (linear.foundStart) details.start = linear.foundStart;
    const arrays: Record<string, Float64Array> = {};
    let information: Fit['information'] = null;
    if (theta) {
      arrays.reward = rewardAt(problem, theta);
      Object.assign(arrays, planArrays(problem, arrays.reward));
      information = plannedInformation(
        problem,
        matching ? 'feature-matching' : 'likelihood',
        criterion,
        moments,
        arrays.reward,
        linear.curvature,
      );
    }
    const fit: Fit = {
      stop: linear.stop,
      stopReason: linear.stopReason,
      // At a runaway the likelihood of a dual's θ is of no meaning.
      logLikelihood: !matching
        ? linear.value
        : linear.stop === 'unbounded'
          ? null
          : logLikelihoodOf(problem),
      gradientNorm: linear.gradientNorm,
      evaluations: linear.evaluations,
      parameters: linear.parameters,
      unidentified: identification?.unidentified ?? [],
      unbounded: identification?.unbounded ?? [],
      freedom: linear.freedom,
      information,
      details,
      arrays,
      predict: (others: Trajectories) => logLikelihoodOf({ ...problem, trajectories: others }),
      predictChoices: (others, visit) =>
        arrays.reward !== undefined &&
        plannedChoices({ ...problem, trajectories: others }, arrays.reward, visit),
      behaviorIn: (there) => theta && plannedBehavior(there, rewardAt(there, theta)),
    };
    return fit;
  },
};
