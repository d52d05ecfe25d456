/**
 * Distils what was chosen, by a search or by anybody, into a policy that needs no search.
 *
 *   π(a | s) ∝ exp(θᵀ f(s, a)),   θ = argmax Σ w(s, a) log π(a | s) − (λ/2) ‖θ‖²
 *
 * with w the choices to be copied: 1 for the pair chosen in each state, or how often a search tried each.
 * It is the maximum likelihood of cloning. With few features it also says what to do where nothing was
 * searched; with one indicator per pair (the default) it remembers, and λ holds back certainty.
 *
 * Reference: Anthony, Tian & Barber (2017), Thinking fast and slow with deep learning and tree search,
 * NIPS, §3.2 (chosen-action and tree-policy targets).
 */

import { z } from 'zod';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import type { Mdp } from '../../mdp/mdp.ts';
import { lbfgs } from '../../optimizers/lbfgs.ts';
import { type Objective, runToEnd, type Stop } from '../../optimizers/minimizer.ts';
import { scoreGradient, softmaxPolicy } from '../gradients/softmaxPolicy.ts';

export const DistillOptions = z.strictObject({
  l2: z.number().min(0).default(1e-4).describe('λ of the penalty (λ/2) ‖θ‖²'),
  tolerance: z.number().positive().default(1e-8).describe('Largest component of the gradient left'),
  maxIterations: z.int().positive().default(1000).describe('Give up after this many iterations'),
});
/** What a caller may write. */
export type DistillOptions = z.input<typeof DistillOptions>;

export interface DistilledPolicy {
  /** [features] θ. */
  readonly theta: Float64Array;
  /** [pairs] π. */
  readonly policy: Float64Array;
  /** Σ w log π / Σ w, in nats per choice. */
  readonly logLikelihood: number;
  readonly stop: Stop;
}

/**
 * @param choices [pairs] w ≥ 0
 * @param features per pair; one indicator for each where absent
 */
export function distillPolicy(
  mdp: Mdp,
  choices: Float64Array,
  features: FeatureMatrix | null = null,
  options: DistillOptions = {},
): DistilledPolicy {
  const { l2, tolerance, maxIterations } = DistillOptions.parse(options);
  const { pairCount } = mdp;
  if (choices.length !== pairCount || !choices.every((w) => w >= 0 && w < Infinity))
    throw new RangeError(
      `Cannot distil: choices must be ${pairCount} numbers ≥ 0 (one per pair), got ${choices.length}`,
    );
  const total = choices.reduce((sum, w) => sum + w, 0);
  if (total === 0) throw new RangeError('Cannot distil: there are no choices to copy');
  if (features && (features.per !== 'pair' || features.values.length % pairCount !== 0))
    throw new RangeError(
      'Cannot distil: features must be per pair, or no action differs from another',
    );
  const preferences = features ? linearPreferences(features, pairCount) : ownPreferences(pairCount);
  const choiceGradient = new Float64Array(pairCount);
  const objective: Objective = {
    size: preferences.size,
    evaluate(theta, gradient) {
      const policy = softmaxPolicy(mdp, preferences.of(theta));
      scoreGradient(mdp, policy, choices, choiceGradient);
      gradient.fill(0);
      preferences.pullBack(choiceGradient, gradient);
      let penalty = 0;
      for (let i = 0; i < theta.length; i++) {
        penalty += (l2 / 2) * theta[i] ** 2;
        gradient[i] = (l2 * theta[i] - gradient[i]) / total;
      }
      return (penalty - logLikelihoodOf(policy, choices)) / total;
    },
  };
  const start = new Float64Array(preferences.size);
  const minimum = runToEnd(lbfgs.minimize(objective, start, { tolerance, maxIterations }));
  const policy = softmaxPolicy(mdp, preferences.of(minimum.x));
  return {
    theta: minimum.x,
    policy,
    logLikelihood: logLikelihoodOf(policy, choices) / total,
    stop: minimum.stop,
  };
}

function logLikelihoodOf(policy: Float64Array, choices: Float64Array): number {
  let sum = 0;
  for (let pair = 0; pair < choices.length; pair++)
    if (choices[pair] > 0) sum += choices[pair] * Math.log(policy[pair]);
  return sum;
}

interface Preferences {
  readonly size: number;
  /** θ → [pairs]. */
  of(theta: Float64Array): Float64Array;
  /** Adds the gradient by θ, given that by the preferences. */
  pullBack(byPair: Float64Array, out: Float64Array): void;
}

function ownPreferences(size: number): Preferences {
  return { size, of: (theta) => theta, pullBack: (byPair, out) => out.set(byPair) };
}

function linearPreferences({ values }: FeatureMatrix, pairCount: number): Preferences {
  const size = values.length / pairCount;
  const preference = new Float64Array(pairCount);
  return {
    size,
    of(theta) {
      for (let pair = 0; pair < pairCount; pair++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += values[pair * size + k] * theta[k];
        preference[pair] = sum;
      }
      return preference;
    },
    pullBack(byPair, out) {
      for (let pair = 0; pair < pairCount; pair++)
        for (let k = 0; k < size; k++) out[k] += values[pair * size + k] * byPair[pair];
    },
  };
}
