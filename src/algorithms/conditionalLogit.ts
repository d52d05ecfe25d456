/**
 * Behaviour cloning on features: a conditional logit with one coefficient per feature and no look
 * ahead, the maximum-likelihood baseline that sees exactly what the reward sees.
 *
 *   π(a | s) = exp(θ·f(s, a) / τ) / Σ_b exp(θ·f(s, b) / τ)
 *
 * Reference: McFadden (1974), Conditional logit analysis of qualitative choice behavior, eq. 12.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import type { Criterion } from '../planning/criterion.ts';
import { rewardAt } from '../rewards/linearReward.ts';
import type { Algorithm, Fit } from './algorithm.ts';
import { type ChoiceSituations, choiceSituations, widestChoice } from './choiceSituations.ts';
import { linearFit } from './linearFit.ts';
import { logitBehavior, visitLogitChoices } from './logitBehavior.ts';
import { eachLogitScore } from './logitScores.ts';
import type { Problem } from './problem.ts';
import { likelihoodProducts } from './scoreProducts.ts';

export const conditionalLogit: Algorithm = {
  name: 'behavior-cloning-features',
  summary: 'Behaviour cloning on features: a conditional logit without look ahead',
  *fit(problem, options) {
    const { world, features, temperature } = problem;
    const criterion = choiceCriterion(world.mdp, choiceSituations(problem), temperature);
    const myopic: Problem = { ...problem, time: { kind: 'discounted', discount: 0 } };
    const linear = yield* linearFit(myopic, criterion, options, null);
    const { theta } = linear;
    const reward = theta ? rewardAt(problem, theta) : new Float64Array(world.mdp.pairCount);
    const predict = (others: Trajectories): number | null => {
      if (!theta) return null;
      const situations = choiceSituations({ ...problem, trajectories: others });
      return choiceCriterion(world.mdp, situations, temperature).evaluate(
        reward,
        new Float64Array(world.mdp.pairCount),
      );
    };
    const fit: Fit = {
      stop: linear.stop,
      stopReason: linear.stopReason,
      logLikelihood: linear.value,
      gradientNorm: linear.gradientNorm,
      evaluations: linear.evaluations,
      parameters: linear.parameters,
      unidentified: linear.identification?.unidentified ?? [],
      unbounded: linear.identification?.unbounded ?? [],
      freedom: linear.freedom,
      information: linear.curvature && {
        ...linear.curvature,
        ...likelihoodProducts(features.names.length, problem.trajectories, (visit) =>
          eachLogitScore(problem, (choice) => visitLogitChoices(problem, reward, choice), visit),
        ),
      },
      details: linear.heldByPenalty ? { heldByPenalty: linear.heldByPenalty } : {},
      arrays: {},
      predict,
      predictChoices: (others, visit) => {
        if (theta) visitLogitChoices({ ...problem, trajectories: others }, reward, visit);
        return theta !== null;
      },
      behaviorIn: (there) => theta && logitBehavior(there, rewardAt(there, theta)),
    };
    return fit;
  },
};

/** The log-likelihood of choices as a criterion of the pairs' utilities. */
export function choiceCriterion(
  mdp: Mdp,
  choices: ChoiceSituations,
  temperature: number,
): Criterion {
  const { count, state, stopReward, decisions, stops, counts } = choices;
  const { pairStart } = mdp;
  const widest = widestChoice(mdp);
  const shares = new Float64Array(count * widest);

  return {
    evaluate(reward, surplus) {
      let value = 0;
      for (let pair = 0; pair < counts.length; pair++) {
        if (counts[pair] !== 0) value += counts[pair] * reward[pair];
        surplus[pair] = counts[pair];
      }
      for (let i = 0; i < count; i++) {
        const first = pairStart[state[i]];
        const last = pairStart[state[i] + 1];
        if (stops[i] > 0) value += stops[i] * stopReward[i];
        let largest = stopReward[i];
        for (let pair = first; pair < last; pair++) largest = Math.max(largest, reward[pair]);
        let sum = Math.exp((stopReward[i] - largest) / temperature);
        for (let pair = first; pair < last; pair++) {
          const share = Math.exp((reward[pair] - largest) / temperature);
          shares[i * widest + pair - first] = share;
          sum += share;
        }
        for (let pair = first; pair < last; pair++) {
          shares[i * widest + pair - first] /= sum;
          surplus[pair] -= decisions[i] * shares[i * widest + pair - first];
        }
        value -= decisions[i] * (largest + temperature * Math.log(sum));
      }
      for (let pair = 0; pair < counts.length; pair++) surplus[pair] /= temperature;
      return value / temperature;
    },

    curvature(features, out) {
      out.fill(0);
      for (let i = 0; i < count; i++)
        addChoiceCovariance(
          features,
          state[i],
          pairStart[state[i]],
          pairStart[state[i] + 1],
          shares.subarray(i * widest, (i + 1) * widest),
          -decisions[i] / (temperature * temperature),
          out,
        );
    },
  };
}

/** Adds weight · Cov(f) of one choice among `first … last − 1` and, with the rest, stopping. */
function addChoiceCovariance(
  { names, per, values }: FeatureMatrix,
  state: number,
  first: number,
  last: number,
  share: Float64Array,
  weight: number,
  out: Float64Array,
): void {
  const width = names.length;
  const row = (pair: number): number => (per === 'pair' ? pair : state) * width;
  const mean = new Float64Array(width);
  let stopping = 1;
  for (let pair = first; pair < last; pair++) {
    stopping -= share[pair - first];
    for (let k = 0; k < width; k++) mean[k] += share[pair - first] * values[row(pair) + k];
  }
  for (let k = 0; k < width; k++)
    for (let j = 0; j < width; j++) {
      let sum = Math.max(0, stopping) * mean[k] * mean[j];
      for (let pair = first; pair < last; pair++)
        sum +=
          share[pair - first] *
          (values[row(pair) + k] - mean[k]) *
          (values[row(pair) + j] - mean[j]);
      out[k * width + j] += weight * sum;
    }
}
