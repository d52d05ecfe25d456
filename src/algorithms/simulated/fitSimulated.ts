/**
 * Maximum causal entropy where states are too many to list and the dynamics are a simulator: the loop
 * of the tabular fits with a planner that learns by networks.
 *
 *   reward θ → plan (agent) → visits (episodes) → surplus = demonstrated − expected → gradient → step
 *
 * What it reports of each feature is the gap per step, (1 − γ) Σ γᵗ φ demonstrated less expected, with
 * its Monte-Carlo error. A return that is better than the demonstrations' beside a gap that is open
 * is no fit but a stop on the way to one.
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML; Finn, Levine & Abbeel (2016), ICML (sampled).
 */

import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { FitOptions, FitStop, ParameterEstimate } from '../algorithm.ts';
import { type ParameterSpace, parametersIn } from '../parameters.ts';
import {
  type LoopProgress,
  plannerStateOf,
  type SampledLoopEnd,
  sampledLoop,
} from '../sampled/sampledLoop.ts';
import { sharedScalePace } from '../sampled/sharedScalePace.ts';
import { checkFeatures } from './checkFeatures.ts';
import { simulatedEndWords } from './simulatedEndWords.ts';
import { SimulatedOptions } from './simulatedOptions.ts';
import { createSimulatedPlanner, type SimulatedPlanner } from './simulatedPlanner.ts';
import type { SimulatedProblem } from './simulatedProblem.ts';
import type { SoftAgent } from './softAgent.ts';

/** Steps of x beyond this, features at unit size and in units of τ, end the fit: θ runs away. */
const FARTHEST = 1000;

export type SimulatedFitOptions = SimulatedOptions &
  Pick<FitOptions, 'start' | 'fix' | 'bounds' | 'l2' | 'seed'> & {
    /** A checkpoint of an earlier, interrupted fit of the same problem with the same options. */
    readonly resume?: Checkpoint;
  };

/** What is known of one feature at the end. */
export interface FeatureGap {
  readonly name: string;
  /** (1 − γ) Σ γᵗ φ of the demonstrations, on average. */
  readonly demonstrated: number;
  /** Demonstrated less expected. */
  readonly gap: number;
  /** Monte-Carlo standard error of `gap`. */
  readonly error: number;
  /** Whether `gap` is within its error, all of them together 19 times of 20. */
  readonly isWithin: boolean;
  /** Of θ; null where rollouts say nothing about it, as `reason` tells. */
  readonly monteCarloError: number | null;
  readonly reason?: string;
}

/** A round as it is told while fitting. */
export interface SimulatedProgress {
  readonly round: number;
  /** θ by feature: what the plan of the round was made for. */
  readonly theta: Readonly<Record<string, number>>;
  /** By feature, per step. */
  readonly gaps: Readonly<Record<string, number>>;
  /** Log-likelihood of what was demonstrated under the agent, per decision. */
  readonly logLikelihood: number;
  /** Plain JSON. */
  readonly checkpoint: Checkpoint;
}

export interface SimulatedFit {
  readonly stop: FitStop;
  /** What the stop means. */
  readonly stopReason: string;
  readonly parameters: readonly ParameterEstimate[];
  /** Of the free parameters. */
  readonly gaps: readonly FeatureGap[];
  /** Log-likelihood of what was demonstrated under the agent, per decision; densities of boxes on [−1, 1]. */
  readonly logLikelihood: number;
  readonly rounds: number;
  readonly simulatedSteps: number;
  readonly warnings: readonly string[];
}

/**
 * Fits a linear reward. The agent is left with the policy of the fit.
 *
 * @param agent learns with the discount and at the temperature of the problem
 * @throws RangeError or TypeError where demonstrations, world, features and agent do not fit
 */
export function* fitSimulated(
  problem: SimulatedProblem,
  agent: SoftAgent,
  given: SimulatedFitOptions = {},
): Generator<SimulatedProgress, SimulatedFit> {
  const { start, fix, bounds, l2 = 0, seed = 0, resume, ...rest } = given;
  const options = SimulatedOptions.parse(rest);
  checkAgent(problem, agent);
  const { rounds, episodes, compared, gain, corrections } = options;
  const planner = createSimulatedPlanner(problem, agent, {
    ...options,
    seed,
    resume: plannerStateOf(resume),
  });
  checkFeatures(problem, planner);
  const { names } = problem.features;
  const space = parametersIn(names, (k) => planner.featureSize[k] || 1, problem.temperature, {
    ...(start ? { start } : {}),
    ...(fix ? { fix } : {}),
    ...(bounds ? { bounds } : {}),
  });
  const loop = sampledLoop(planner, space, {
    settings: {
      rounds,
      rollouts: episodes,
      planner: 'network',
      learningSteps: 0,
      precision: options.precision ?? null,
      entropy: 'uniform',
      unseen: 'error',
    },
    pace: sharedScalePace({ rounds, gain, compared }),
    farthest: FARTHEST,
    tolerance: 0,
    maxRounds: rounds + corrections,
    l2,
    // Σ over demonstrations in the units of a gap, so that a penalty weighs as it does in a likelihood
    decisions: planner.episodes / (1 - problem.discount),
    resume,
  });
  for (;;) {
    const next = loop.next();
    if (next.done) return fitOf(problem, planner, space, next.value);
    yield progressOf(next.value, space, problem.temperature, planner.decisions);
  }
}

/** Gaps in the units of features, per step. */
function inFeatureUnits(
  values: ArrayLike<number>,
  { spread }: ParameterSpace,
  temperature: number,
): Float64Array {
  return spread.map((unit, i) => values[i] * unit * temperature);
}

function progressOf(
  { iteration, theta, gap, value, checkpoint }: LoopProgress,
  space: ParameterSpace,
  temperature: number,
  decisions: number,
): SimulatedProgress {
  const { names, free } = space;
  const perStep = inFeatureUnits(gap.value, space, temperature);
  return {
    round: iteration,
    theta: Object.fromEntries(names.map((name, k) => [name, theta[k]])),
    gaps: Object.fromEntries(Array.from(free, (k, i) => [names[k], perStep[i]])),
    logLikelihood: value / decisions,
    checkpoint,
  };
}

function fitOf(
  problem: SimulatedProblem,
  planner: SimulatedPlanner,
  space: ParameterSpace,
  end: SampledLoopEnd,
): SimulatedFit {
  const { theta, gap, thetaError } = end;
  const { names, free } = space;
  const value = inFeatureUnits(gap.value, space, problem.temperature);
  const error = inFeatureUnits(gap.error, space, problem.temperature);
  return {
    stop: end.stop,
    stopReason: simulatedEndWords(end, space, value, error),
    parameters: names.map((name, k): ParameterEstimate => {
      const estimate = theta[k];
      if (!free.includes(k)) return { name, estimate, held: 'fixed' };
      const [low, high] = space.bounds[k];
      return estimate <= low || estimate >= high
        ? { name, estimate, held: 'at-bound' }
        : { name, estimate };
    }),
    gaps: Array.from(free, (k, i) => ({
      name: names[k],
      demonstrated: planner.demonstrated[k],
      gap: value[i],
      error: error[i],
      isWithin: Math.abs(gap.value[i]) <= gap.within * gap.error[i],
      ...(Number.isFinite(thetaError[i])
        ? { monteCarloError: thetaError[i] }
        : { monteCarloError: null, reason: OPEN }),
    })),
    logLikelihood: end.ownLogLikelihood / planner.decisions,
    rounds: end.rounds,
    simulatedSteps: planner.steps(),
    warnings: planner.warnings,
  };
}

const OPEN =
  'it takes part in a direction along which episodes show no change, or too few were made';

function checkAgent({ discount, temperature }: SimulatedProblem, { settings }: SoftAgent): void {
  const told = settings as { readonly discount?: number; readonly temperature?: number };
  for (const [name, wanted] of Object.entries({ discount, temperature })) {
    const got = told[name as 'discount'];
    if (got !== undefined && got !== wanted)
      throw new RangeError(
        `Cannot fit: the agent learns with a ${name} of ${got}, the problem has ${wanted}`,
      );
  }
}
