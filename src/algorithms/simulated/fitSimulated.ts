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
    /**
     * A network in place of the linear reward, where the features only say what was matched, or beside
     * it. Start, fix, bounds and l2 then are of the linear part, if there is one.
     */
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
  if (reward && reward.linear.length === 0 && (start ?? fix ?? bounds))
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
  if (reward) checkLinearPart(reward, problem);
  const { temperature, discount, features } = problem;
  const size = (k: number): number => planner.featureSize[k] || 1;
  const ofFeatures = parametersIn(features.names, size, temperature, {
    ...(start ? { start } : {}),
    ...(fix ? { fix } : {}),
    ...(bounds ? { bounds } : {}),
  });
  const space = reward ? besideNetwork(ofFeatures, reward, temperature, given) : ofFeatures;
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
    l2: reward ? penaltiesOf(reward, l2) : l2,
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
      const theta = new Float64Array(features.names.length);
      theta.set(next.value.theta.subarray(0, reward.linear.length));
      const ownL2 = reward.linear.length > 0 ? l2 : 0;
      const gap = gapIn(planner.featureSurplus(), ofFeatures, theta, { ...loopOptions, l2: ownL2 });
      return networkFitOf(planner, ofFeatures, temperature, next.value, gap, reward);
    }
  }
}

/** The numbers of a network as parameters, after those of its linear part. */
function besideNetwork(
  ofFeatures: ParameterSpace,
  { names, start, linear }: NetworkStepReward,
  temperature: number,
  { fix = {}, bounds = {} }: Pick<SimulatedFitOptions, 'fix' | 'bounds'>,
): ParameterSpace {
  const first = names.map((name, k) => [name, k < linear.length ? ofFeatures.start[k] : start[k]]);
  const sizeOf = (k: number): number => {
    const i = k < linear.length ? ofFeatures.free.indexOf(k) : -1;
    return i < 0 ? 1 : ofFeatures.spread[i] * temperature;
  };
  return parametersIn(names, sizeOf, temperature, {
    start: Object.fromEntries(first),
    fix,
    bounds,
  });
}

function penaltiesOf({ names, linear, networkL2 }: NetworkStepReward, l2: number): Float64Array {
  return Float64Array.from(names, (_, k) => (k < linear.length ? l2 : (networkL2 ?? l2)));
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

function checkLinearPart({ linear }: NetworkStepReward, { features }: SimulatedProblem): void {
  const wanted = features.names.join(', ');
  if (linear.length > 0 && linear.join(', ') !== wanted)
    throw new RangeError(
      `Cannot fit: the linear part beside the network has the features ${linear.join(', ')}, the problem ${wanted}`,
    );
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
