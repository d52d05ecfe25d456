/**
 * A study in a simulator: which reward explains recorded episodes whose states are too many to list,
 * in a world that can only be stepped through. It is a plain value that `revealed run` runs and that a
 * script can import and run.
 */

import type { SimulatedFitOptions } from '../algorithms/simulated/fitSimulated.ts';
import type { NetworkStepReward } from '../algorithms/simulated/networkStepReward.ts';
import type { OfferedActions } from '../algorithms/simulated/simulatedProblem.ts';
import type { SoftActorCriticAgentOptions } from '../algorithms/simulated/softActorCriticAgent.ts';
import type { SoftQAgentOptions } from '../algorithms/simulated/softQAgent.ts';
import type { EpisodeFile, Episodes } from '../demonstrations/sources/episodes.ts';
import type { AnySimulator } from '../environments/simulators.ts';
import type { SimulatedFile } from '../evaluation/simulated/simulatedResult.ts';
import type { StepFeature, StepFeatures } from '../features/stepFeatures.ts';
import type { CloningOptions } from '../learning/cloning/cloningOptions.ts';
import type { InverseSoftBellmanOptions } from '../learning/offline/inverseSoftBellman.ts';
import type { Engine } from '../networks/network.ts';
import type { Rng } from '../numeric/rng.ts';

export const simulatedMethodNames = [
  'causal-entropy-simulator',
  'inverse-soft-bellman',
  'behavior-cloning-network',
] as const;
export type SimulatedMethodName = (typeof simulatedMethodNames)[number];

/** Rounds, updates, start, fix, bounds, l2, …; the seed is that of the cell. */
export type SimulatedFitSettings = Omit<SimulatedFitOptions, 'seed' | 'resume' | 'reward'> & {
  /** A network as the reward or beside a linear one; where a function, made for every fit anew. */
  readonly reward?: NetworkStepReward | CreateReward;
};

/**
 * @param engine that the fit runs on
 * @param seed of the fit, for what is drawn
 */
export type CreateReward = (
  engine: Engine,
  features: StepFeatures,
  seed: number,
) => NetworkStepReward;

/** Of soft Q-learning where actions are numbered, of soft actor-critic where they fill a box. */
export type SimulatedAgentSettings = Omit<
  SoftQAgentOptions & Partial<SoftActorCriticAgentOptions>,
  'discount' | 'temperature'
> & {
  /** What counts as one of each number observed; the largest demonstrated where absent. */
  readonly observationScale?: readonly number[];
};

/** A method under a name of its own, perhaps with some of the features, or set in another way. */
export type SimulatedSpecification = {
  /** By which the result tells it from others. */
  readonly name: string;
} & (
  | {
      readonly method: 'causal-entropy-simulator';
      /** Which of the study's features it sees; all where absent. */
      readonly features?: readonly string[];
      /** In place of the study's own. */
      readonly fit?: SimulatedFitSettings;
      readonly agent?: SimulatedAgentSettings;
    }
  | { readonly method: 'inverse-soft-bellman'; readonly fit?: InverseSoftBellmanOptions }
  | { readonly method: 'behavior-cloning-network'; readonly fit?: CloningOptions }
);

/**
 * What is held out: episodes by their names, those after the first so many, as many as said or a share
 * of them, drawn by the run's seed, or one of several folds dealt by it (`fold` from 0).
 */
export type EpisodesHeldOut =
  | { readonly episodes: readonly string[] }
  | { readonly after: number }
  | { readonly count: number }
  | { readonly share: number }
  | { readonly fold: number; readonly of: number };

/** How policies are judged by the rewards of the world itself, which no method is shown. */
export interface SimulatedEvaluation {
  /** Of each policy, greedy and sampled; 100 where absent. */
  readonly episodes?: number;
  /**
   * `reset`: as the world begins; `demonstrations`: where those began, in turn; or states, in turn.
   * `reset` where absent.
   */
  readonly starts?: 'reset' | 'demonstrations' | readonly (readonly number[])[];
  /** Rounds between two looks while a reward is fitted; about a dozen looks where absent. */
  readonly every?: number;
  /** Episodes of a look; 20 where absent. */
  readonly looked?: number;
}

export interface SimulatedStudy {
  /** Short name, as in `revealed run <name>`. */
  readonly name: string;
  /** One line: what is asked. */
  readonly title: string;
  /**
   * A world of its own at every call, drawing what is random in its steps from `outcomes`; or one that
   * ships with the program.
   */
  readonly simulator:
    | ((outcomes: Rng) => AnySimulator)
    | { readonly name: string; readonly options?: Readonly<Record<string, unknown>> };
  /** Reads what was recorded; given a file that was opened, errors and the result name it. */
  readonly demonstrations: () => Promise<Episodes | EpisodeFile> | Episodes | EpisodeFile;
  /** What the reward may look at, by name: of what was seen, what was done, and what was seen then. */
  readonly features: Readonly<Record<string, StepFeature>>;
  /** 0 ≤ γ < 1 */
  readonly discount: number;
  /** τ, 1 where absent. */
  readonly temperature?: number;
  /**
   * The simulator's state in which this is observed, so that episodes can begin where demonstrated
   * ones began; where absent they begin as the simulator begins them.
   */
  readonly stateOf?: (observation: ArrayLike<number>) => ArrayLike<number>;
  /** How many actions, the first ones, there are on seeing this; all where absent. */
  readonly offered?: OfferedActions;
  /** Causal entropy and a clone where absent. */
  readonly methods?: readonly (SimulatedMethodName | SimulatedSpecification)[];
  /** How causal entropy is fitted. */
  readonly fit?: SimulatedFitSettings;
  readonly agent?: SimulatedAgentSettings;
  /** Nothing where absent. */
  readonly holdOut?: EpisodesHeldOut;
  /** Null where the world's rewards mean nothing. */
  readonly evaluation?: SimulatedEvaluation | null;
  /** How often everything is fitted, by seeds from the run's own on; once where absent. */
  readonly seeds?: number;
  /** What the numbers mean, in words, from the finished result; printed below it. */
  readonly meaning?: (result: SimulatedFile) => string;
}

/** Describes a study in a simulator; it only helps the editor to complete and check what is written. */
export function defineSimulatedStudy(study: SimulatedStudy): SimulatedStudy {
  return study;
}
