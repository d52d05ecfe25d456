/**
 * The likelihood of recorded decisions as a function of θ, for methods whose reward or utility is
 * linear in features: at any θ its value, scores and curvature, and its maximum where some parameters
 * are held. What tests and profiles are made of.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Criterion } from '../planning/criterion.ts';
import { likelihoodMoments } from '../planning/moments.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { FitOptions, FitProgress } from './algorithm.ts';
import type { VisitChoice } from './behavior.ts';
import { choiceSituations } from './choiceSituations.ts';
import { choiceCriterion } from './conditionalLogit.ts';
import { createCriterion } from './createCriterion.ts';
import { eachPlannedScore, type VisitScore } from './decisionScores.ts';
import { type FeasibleRegion, feasibleRegion } from './feasibleRegion.ts';
import { type LinearFit, linearFit } from './linearFit.ts';
import { visitLogitChoices } from './logitBehavior.ts';
import { eachLogitScore } from './logitScores.ts';
import { plannedChoices } from './plannedChoices.ts';
import type { Problem } from './problem.ts';

/** The likelihood at one θ; good until the model is asked for anything else. */
export interface LikelihoodAt {
  readonly logLikelihood: number;
  /** Returns [parameters × parameters] second derivatives in θ. */
  curvature(): Float64Array;
  /** Tells the score of every decision of the trajectories that count, trajectory after trajectory. */
  eachScore(visit: VisitScore): void;
  /** Tells how likely every choice is; any order. */
  eachChoice(visit: VisitChoice): void;
}

export interface LikelihoodModel {
  readonly problem: Problem;
  /** Null where the reward is infeasible. */
  at(theta: Float64Array): LikelihoodAt | null;
  /**
   * Maximises the likelihood, minus the penalty where there is one.
   *
   * @param features in place of the problem's: other parameters of the same likelihood
   */
  maximize(options: FitOptions, features?: FeatureMatrix): Generator<FitProgress, LinearFit>;
}

/** The methods whose parameters have a likelihood. */
export const likelihoodMethods = ['causal-entropy', 'behavior-cloning-features'] as const;

/** @throws RangeError where the method maximises no likelihood of parameters */
export function likelihoodModel(problem: Problem, method: string): LikelihoodModel {
  if (method === 'causal-entropy') return plannedModel(problem);
  if (method === 'behavior-cloning-features') return logitModel(problem);
  throw new RangeError(
    `Cannot look at the likelihood of "${method}": only ${likelihoodMethods.join(' and ')} have one with parameters`,
  );
}

function plannedModel(problem: Problem): LikelihoodModel {
  const { world, goals, trajectories, time } = problem;
  const moments = likelihoodMoments(world.mdp, goals, trajectories, time);
  const criterion = createCriterion(problem, moments);
  const regionOf = (part: Problem): FeasibleRegion | null =>
    time.kind === 'undiscounted' ? feasibleRegion(part, moments) : null;
  return modelOf(problem, criterion, regionOf, {
    scores(visit) {
      if (!criterion.valueGradients) throw new TypeError('Cannot score: no gradients of values');
      eachPlannedScore(problem, moments, criterion.valueGradients(problem.features), visit);
    },
    choices: (reward, visit) => void plannedChoices(problem, reward, visit),
  });
}

function logitModel(problem: Problem): LikelihoodModel {
  const { world, temperature } = problem;
  const criterion = choiceCriterion(world.mdp, choiceSituations(problem), temperature);
  return modelOf(problem, criterion, () => null, {
    scores: (visit, reward) =>
      eachLogitScore(problem, (choice) => visitLogitChoices(problem, reward, choice), visit),
    choices: (reward, visit) => visitLogitChoices(problem, reward, visit),
  });
}

/** How a method tells its decisions, at the reward that its criterion evaluated last. */
interface Teller {
  scores(visit: VisitScore, reward: Float64Array): void;
  choices(reward: Float64Array, visit: VisitChoice): void;
}

function modelOf(
  problem: Problem,
  criterion: Criterion,
  regionOf: (part: Problem) => FeasibleRegion | null,
  teller: Teller,
): LikelihoodModel {
  const { world, features } = problem;
  const size = features.names.length;
  return {
    problem,
    at(theta) {
      const reward = new Float64Array(world.mdp.pairCount);
      linearReward(world.mdp, features).evaluate(theta, reward);
      const logLikelihood = criterion.evaluate(reward, new Float64Array(reward.length));
      if (!Number.isFinite(logLikelihood)) return null;
      return {
        logLikelihood,
        curvature() {
          const out = new Float64Array(size * size);
          criterion.curvature(features, out);
          return out;
        },
        eachScore: (visit) => teller.scores(visit, reward),
        eachChoice: (visit) => teller.choices(reward, visit),
      };
    },
    maximize(options, others = features) {
      const part = { ...problem, features: others };
      return linearFit(part, criterion, options, regionOf(part));
    },
  };
}
