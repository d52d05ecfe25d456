/**
 * Maximum causal entropy where states are too many to list and the dynamics are a simulator: the loop
 * of the tabular fits with a planner that learns by networks.
 *
 *   reward θ → plan (agent) → visits (episodes) → surplus = demonstrated − expected → gradient → step
 *
 * What it reports of each feature is the gap per step, (1 − γ) Σ γᵗ φ demonstrated less expected, with
 * its Monte-Carlo error, where the reward is a network too. A return that is better than the
 * demonstrations' beside a gap that is open is no fit but a stop on the way to one.
 *
 * References: Ziebart, Bagnell & Dey (2010), ICML; Finn, Levine & Abbeel (2016), ICML (sampled).
 */

import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { FitOptions } from '../algorithm.ts';
import { type ParameterSpace, parametersIn } from '../parameters.ts';
import { gapIn } from '../sampled/sampledGap.ts';
import {
  type LoopProgress,
  plannerStateOf,
  type SampledLoopOptions,
  sampledLoop,
} from '../sampled/sampledLoop.ts';
import { sharedScalePace } from '../sampled/sharedScalePace.ts';
import { checkFeatures } from './checkFeatures.ts';
import type { NetworkStepReward } from './networkStepReward.ts';
import { linearFitOf, networkFitOf, type SimulatedFit } from './simulatedFit.ts';
import { SimulatedOptions } from './simulatedOptions.ts';
import { createSimulatedPlanner, type SimulatedPlanner } from './simulatedPlanner.ts';
import type { SimulatedProblem } from './simulatedProblem.ts';
import type { SoftAgent } from './softAgent.ts';

/** Steps of x beyond this, features at unit size and in units of τ, end the fit: θ runs away. */
const FARTHEST = 1000;

export type SimulatedFitOptions = SimulatedOptions &
  Pick<FitOptions, 'start' | 'fix' | 'bounds' | 'l2' | 'seed'> & {
    /** A network in place of the linear reward; the features then only say what was matched. */
    readonly reward?: NetworkStepReward;
    /** A checkpoint of an earlier, interrupted fit of the same problem with the same options. */
    readonly resume?: Checkpoint;
  };

/** A round as it is told while fitting. */
export interface SimulatedProgress {
  readonly round: number;
  /** What the plan of the round was made for: θ by feature, or the numbers of a network. */
  readonly theta: Readonly<Record<string, number>>;
  /** By feature, per step: demonstrated less expected. */
  readonly gaps: Readonly<Record<string, number>>;
  /** Log-likelihood of what was demonstrated under the agent, per decision. */
  readonly logLikelihood: number;
  /** Plain JSON. */
  readonly checkpoint: Checkpoint;
}

/**
 * Fits a reward. The agent is left with the policy of the fit.
 *
 * @param agent learns with the discount and at the temperature of the problem
 * @throws RangeError or TypeError where demonstrations, world, features and agent do not fit
 */
export function* fitSimulated(
  problem: SimulatedProblem,
  agent: SoftAgent,
  given: SimulatedFitOptions = {},
): Generator<SimulatedProgress, SimulatedFit> {
  const { start, fix, bounds, l2 = 0, seed = 0, resume, reward, ...rest } = given;
  const options = SimulatedOptions.parse(rest);
  checkAgent(problem, agent);
  if (reward && (start ?? fix ?? bounds))
    throw new RangeError('Cannot start, fix or bound parameters by name: the reward is a network');
  const { rounds, episodes, compared, gain, corrections } = options;
  if (reward && corrections > 0)
    throw new RangeError(
      `Cannot correct for gaps that are left: nothing tells how fast they fall where the reward is a network; wanted 0 corrections, got ${corrections}`,
    );
  const planner = createSimulatedPlanner(problem, agent, {
    ...options,
    seed,
    ...(reward ? { reward } : {}),
    resume: plannerStateOf(resume),
  });
  checkFeatures(problem, planner);
  const { temperature, discount, features } = problem;
  const size = (k: number): number => planner.featureSize[k] || 1;
  const ofFeatures = parametersIn(features.names, size, temperature, {
    ...(start ? { start } : {}),
    ...(fix ? { fix } : {}),
    ...(bounds ? { bounds } : {}),
  });
  const space = reward ? networkSpace(reward, temperature) : ofFeatures;
  const loopOptions: SampledLoopOptions = {
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
    decisions: planner.episodes / (1 - discount),
    resume,
  };
  const loop = sampledLoop(planner, space, loopOptions);
  for (;;) {
    const next = loop.next();
    if (!next.done) yield progressOf(next.value, planner, space, problem);
    else if (!reward) return linearFitOf(planner, space, temperature, next.value);
    else {
      const nothing = new Float64Array(features.names.length);
      const gap = gapIn(planner.featureSurplus(), ofFeatures, nothing, { ...loopOptions, l2: 0 });
      return networkFitOf(planner, ofFeatures, temperature, next.value, gap);
    }
  }
}

function networkSpace({ names, start }: NetworkStepReward, temperature: number): ParameterSpace {
  const drawn = Object.fromEntries(names.map((name, i) => [name, start[i]]));
  return parametersIn(names, () => 1, temperature, { start: drawn });
}

function progressOf(
  { iteration, theta, value, checkpoint }: LoopProgress,
  planner: SimulatedPlanner,
  space: ParameterSpace,
  { features, temperature }: SimulatedProblem,
): SimulatedProgress {
  const { gradient } = planner.featureSurplus();
  return {
    round: iteration,
    theta: Object.fromEntries(space.names.map((name, k) => [name, theta[k]])),
    gaps: Object.fromEntries(features.names.map((name, k) => [name, temperature * gradient[k]])),
    logLikelihood: value / planner.decisions,
    checkpoint,
  };
}

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
