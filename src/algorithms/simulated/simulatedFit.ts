/** What a fit in a simulator leaves: parameters, gaps of features with their errors, and why it stopped. */

import type { FitStop, ParameterEstimate } from '../algorithm.ts';
import type { ParameterSpace } from '../parameters.ts';
import type { Gap } from '../sampled/sampledGap.ts';
import type { SampledLoopEnd } from '../sampled/sampledLoop.ts';
import type { NetworkStepReward } from './networkStepReward.ts';
import { simulatedEndWords } from './simulatedEndWords.ts';
import type { SimulatedPlanner } from './simulatedPlanner.ts';

/** What is known of one feature at the end. */
export interface FeatureGap {
  readonly name: string;
  /** (1 − γ) Σ γᵗ φ of the demonstrations, on average. */
  readonly demonstrated: number;
  /** Demonstrated less expected. */
  readonly gap: number;
  /** Monte-Carlo standard error of `gap`. */
  readonly error: number;
  /** Whether `gap`, a penalty's pull taken off, is within its error, all together 19 times of 20. */
  readonly isWithin: boolean;
  /** Of θ; null where rollouts say nothing about it, as `reason` tells. */
  readonly monteCarloError: number | null;
  readonly reason?: string;
}

export interface SimulatedFit {
  readonly stop: FitStop;
  /** What the stop means. */
  readonly stopReason: string;
  /** By feature; none where all of the reward is a network. */
  readonly parameters: readonly ParameterEstimate[];
  /** θ, then the numbers of the network. */
  readonly theta: readonly number[];
  /** Of all features whose parameters are free; of all where the reward is a network. */
  readonly gaps: readonly FeatureGap[];
  /** Log-likelihood of what was demonstrated under the agent, per decision; densities of boxes on [−1, 1]. */
  readonly logLikelihood: number;
  readonly rounds: number;
  readonly simulatedSteps: number;
  readonly warnings: readonly string[];
}

export function linearFitOf(
  planner: SimulatedPlanner,
  space: ParameterSpace,
  temperature: number,
  end: SampledLoopEnd,
): SimulatedFit {
  const { theta, gap, thetaError, stop } = end;
  const { free, spread } = space;
  const gaps = featureGaps(planner, space, temperature, gap).map((one, i) =>
    Number.isFinite(thetaError[i])
      ? { ...one, monteCarloError: thetaError[i] }
      : { ...one, monteCarloError: null, reason: OPEN },
  );
  const sizes = Array.from(free, (k, i) => Math.abs(theta[k] * spread[i]));
  const largest = gaps[sizes.indexOf(Math.max(...sizes))]?.name;
  return {
    stop,
    stopReason: simulatedEndWords(end, gaps, gap, `along "${largest}"`),
    parameters: estimatesIn(space, theta),
    gaps,
    ...whatItTook(planner, end),
  };
}

function estimatesIn({ names, free, bounds }: ParameterSpace, theta: Float64Array) {
  return names.map((name, k): ParameterEstimate => {
    const estimate = theta[k];
    if (!free.includes(k)) return { name, estimate, held: 'fixed' };
    const [low, high] = bounds[k];
    return estimate <= low || estimate >= high
      ? { name, estimate, held: 'at-bound' }
      : { name, estimate };
  });
}

/**
 * Of a network: it has arrived where every feature is matched, its own numbers say little.
 *
 * @param gap of the features, in the latest comparison
 */
export function networkFitOf(
  planner: SimulatedPlanner,
  ofFeatures: ParameterSpace,
  temperature: number,
  end: SampledLoopEnd,
  gap: Gap,
  { linear }: Pick<NetworkStepReward, 'linear'>,
): SimulatedFit {
  const isBeside = linear.length > 0;
  const gaps = featureGaps(planner, ofFeatures, temperature, gap).map((one) => ({
    ...one,
    monteCarloError: null,
    reason: isBeside ? SHARED : 'the reward is a network and has no such parameter',
  }));
  const ranAway = end.stop === 'not-finite' || end.stop === 'unbounded';
  const stop = ranAway ? end.stop : gap.isClosed ? 'matched-within-error' : 'max-iterations';
  return {
    stop,
    stopReason: simulatedEndWords({ ...end, stop }, gaps, gap, 'of the network'),
    parameters: isBeside
      ? estimatesIn(ofFeatures, end.theta).map((one) =>
          one.held ? one : { ...one, unsure: SHARED },
        )
      : [],
    gaps,
    ...whatItTook(planner, end),
  };
}

const SHARED =
  'the network beside it can pay for the same steps, so that episodes alone do not say how sure it is';

const OPEN =
  'it takes part in a direction along which episodes show no change, or too few were made';

function featureGaps(
  planner: SimulatedPlanner,
  { names, free, spread }: ParameterSpace,
  temperature: number,
  gap: Gap,
): Omit<FeatureGap, 'monteCarloError'>[] {
  const { gradient } = planner.featureSurplus();
  return Array.from(free, (k, i) => ({
    name: names[k],
    demonstrated: planner.demonstrated[k],
    gap: temperature * gradient[k],
    error: gap.error[i] * spread[i] * temperature,
    isWithin: gap.isHeld[i] || Math.abs(gap.value[i]) <= gap.within * gap.error[i],
  }));
}

function whatItTook(planner: SimulatedPlanner, end: SampledLoopEnd) {
  return {
    theta: [...end.theta],
    logLikelihood: end.ownLogLikelihood / planner.decisions,
    rounds: end.rounds,
    simulatedSteps: planner.steps(),
    warnings: planner.warnings,
  };
}
