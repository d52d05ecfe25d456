/**
 * The contract between the loop and whoever plans: exactly, from a simulator, or from a log. The loop
 * never sees states or actions, and the planner never sees steps of θ.
 */

import type { EngineName } from '../../networks/network.ts';
import type { Checkpoint } from '../../optimizers/minimizer.ts';
import type { Problem } from '../problem.ts';

/** A reward for which no plan is found any more: values are beyond numbers. What was before is kept. */
export class DivergedPlan extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'DivergedPlan';
  }
}

/** By how much what was demonstrated surpasses what the plan expects, per decision and in θ. */
export interface SampledSurplus {
  /** [parameters] the gradient: (demonstrated − expected features) / τ. */
  readonly gradient: Float64Array;
  /**
   * Independent estimates [parameters], of one size, whose mean is `gradient`: their spread is its
   * Monte-Carlo error. None where it has no error.
   */
  readonly replicates: readonly Float64Array[];
  /** [parameters × parameters] how fast the gradient falls with θ, about; null where unknown. */
  readonly information: Float64Array | null;
  /**
   * Along a direction whose gradient has variance σ², information below this many σ² may be none.
   * 0 where it has no error.
   */
  readonly informationNoise: number;
}

/**
 * What a planner answers for that remembers every step: between two explorations nothing of it is
 * random, and what is random in it at all can be told apart.
 */
export interface Replay {
  /** The surplus of the latest plan, with the luck in the steps as its error and its bias taken out. */
  doubt(): SampledSurplus;
  /** The surplus of the latest plan's policy by rollouts anew. */
  rollOut(): SampledSurplus;
  /** Number of steps kept. */
  remembered(): number;
  /** Takes about so many steps more, where the latest plan leads. */
  explore(steps: number): void;
}

export interface SampledPlanner {
  /**
   * Plans for the reward of θ, beginning with the plan before.
   *
   * @param stepSize smallest step of learning, or share of its rate, falling as the loop settles; no
   *   matter to who needs none
   * @throws DivergedPlan where values are beyond numbers
   */
  plan(theta: Float64Array, stepSize: number): void;
  /**
   * Plans for a reward that is held still, at length, and averages out what was luck; where it has
   * done so for this reward already, it may do nothing.
   */
  settle(theta: Float64Array, stepSize: number): void;
  /**
   * Compares the latest plan with the demonstrations.
   *
   * @param rollouts how many may be made
   */
  surplus(rollouts: number): SampledSurplus;
  /** Log-likelihood of the demonstrations under the latest plan itself. */
  logLikelihood(): number;
  /** What its networks run on; absent without any. */
  readonly engine?: EngineName;
  /** Steps taken in a simulator so far. */
  steps(): number;
  /** Returns the problem with the dynamics that plans are made in; absent where there are none. */
  readonly known?: () => Problem;
  /** Present where steps are remembered; the surplus of a plan then has no replicates. */
  readonly replay?: Replay;
  /** Plain JSON, from which planning goes on bit for bit. */
  state(): Checkpoint;
}
