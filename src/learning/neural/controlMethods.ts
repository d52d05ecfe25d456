/**
 * Ways to learn to act in a simulator, by name; for each kind of actions the options with the
 * defaults that were found to work, and what learns.
 */

import { z } from 'zod';
import type { Action, Simulator } from '../../environments/simulator.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng, type Rng } from '../../numeric/rng.ts';
import { EnsembleControlOptions } from '../ensemble/ensembleOptions.ts';
import { EnsemblePlanning } from '../ensemble/ensemblePlanning.ts';
import { ContinuousSoftQ, ContinuousSoftQOptions } from './continuousSoftQ.ts';
import type { ControlLearner } from './controlLearner.ts';
import { DeepQLearning, DeepQOptions, type DiscreteSizes } from './deepQLearning.ts';
import { DiscreteSacOptions, DiscreteSoftActorCritic } from './discreteSoftActorCritic.ts';
import { boxActions, discreteActions } from './learnableWorld.ts';
import {
  actorCritic,
  PolicyGradientControl,
  PolicyGradientControlOptions,
  reinforce,
} from './policyGradientControl.ts';
import type { ReplayAgent } from './replayAgent.ts';
import { ReplayControl, ReplayControlOptions } from './replayControl.ts';
import { ReplayedSoftActorCritic } from './replayedSoftActorCritic.ts';
import { type SacSizes, SoftActorCriticOptions } from './softActorCriticOptions.ts';

/** What learns, for one kind of actions. */
export interface ControlForm<A extends Action = Action> {
  /** All that can be chosen: of the algorithm, and of how it meets the world. */
  readonly options: z.ZodObject;
  /** Where they are others than the schema's. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /**
   * @param given options; all draws come from their `seed`
   * @throws RangeError, TypeError where the world or the options do not fit
   */
  learner(
    engine: Engine,
    createSimulator: () => Simulator<A>,
    given?: Readonly<Record<string, unknown>>,
  ): ControlLearner<A>;
}

/** Null where it does not learn actions of that kind. */
export interface ControlMethod {
  readonly summary: string;
  readonly discrete: ControlForm<number> | null;
  readonly box: ControlForm<Float64Array> | null;
}

export type ControlMethodName =
  | 'soft-actor-critic'
  | 'deep-q'
  | 'soft-q'
  | 'reinforce'
  | 'actor-critic'
  | 'ensemble-planning';

/** In a box a policy's own chance is enough. */
const box = { exploration: 0, warmUp: 100, capacity: 100_000 };

export const controlMethods: Readonly<Record<ControlMethodName, ControlMethod>> = {
  'soft-actor-critic': {
    summary: 'Soft actor-critic: a policy and the worth of what it does, with entropy',
    discrete: replayed(
      DiscreteSacOptions,
      { exploration: 0, rewardScale: 0.1 },
      (engine, world, options, rng) =>
        new DiscreteSoftActorCritic(engine, discreteSizes(world), options, rng),
    ),
    // Where numbers of an observation are far apart in size and targets lag, it may forget for a while
    // what it does in states that it no longer visits.
    box: replayed(
      SoftActorCriticOptions,
      { ...box, normalize: true, smoothing: 0.01 },
      (engine, world, options, rng) =>
        new ReplayedSoftActorCritic(engine, boxSizes(world), options, rng),
    ),
  },
  'deep-q': {
    summary: 'Double deep Q-learning',
    discrete: replayed(DeepQOptions.omit({ temperature: true, prior: true }), {}, deepQ),
    box: null,
  },
  'soft-q': {
    summary: 'Soft Q-learning; in a box with resampled actions or a Stein sampler',
    discrete: replayed(
      DeepQOptions.omit({ double: true }).extend({
        temperature: z.number().positive().default(0.1).describe('τ, in units of learned reward'),
      }),
      { exploration: { kind: 'linear', from: 0.2, to: 0.02, over: 10_000 } },
      deepQ,
    ),
    // What is worth as much is reached as often only if its worth is learned as well: large batches.
    box: replayed(
      ContinuousSoftQOptions,
      { ...box, warmUp: 500, randomSteps: 1_000, exploratoryEpisodes: 0.3, batch: 128 },
      (engine, world, options, rng) => new ContinuousSoftQ(engine, boxSizes(world), options, rng),
    ),
  },
  reinforce: {
    summary: 'REINFORCE: policy gradients with reward to go and a learned baseline',
    discrete: policyGradient(reinforce),
    box: null,
  },
  'actor-critic': {
    summary: 'Actor-critic: policy gradients in several worlds at once',
    discrete: policyGradient(actorCritic),
    box: null,
  },
  'ensemble-planning': {
    summary:
      'Planning in dynamics and a reward that an ensemble learns, where only time ends a task',
    discrete: null,
    box: {
      options: EnsembleControlOptions,
      defaults: {},
      learner: (engine, createSimulator, given = {}) =>
        new EnsemblePlanning(engine, createSimulator(), EnsembleControlOptions.parse(given)),
    },
  },
};

/** A learner from a memory, as one form of a method. */
function replayed<A extends Action, Agent extends z.ZodObject>(
  agentOptions: Agent,
  defaults: Readonly<Record<string, unknown>>,
  create: (engine: Engine, world: Simulator, options: z.output<Agent>, rng: Rng) => ReplayAgent,
): ControlForm<A> {
  const options = z.strictObject({ ...ReplayControlOptions.shape, ...agentOptions.shape });
  return {
    options,
    defaults,
    learner(engine, createSimulator, given = {}) {
      const all = options.parse({ ...defaults, ...given });
      const control = ReplayControlOptions.strip().parse(all);
      const world = createSimulator();
      const own = agentOptions.strip().parse(all) as z.output<Agent>;
      const agent = create(engine, world as Simulator, own, createRng(control.seed, 'networks'));
      return new ReplayControl(agent, world, control);
    },
  };
}

function policyGradient(preset: PolicyGradientControlOptions): ControlForm<number> {
  return {
    options: PolicyGradientControlOptions,
    defaults: preset,
    learner: (engine, createSimulator, given = {}) =>
      new PolicyGradientControl(
        engine,
        createSimulator,
        PolicyGradientControlOptions.parse({ ...preset, ...given }),
      ),
  };
}

function deepQ(engine: Engine, world: Simulator, options: DeepQOptions, rng: Rng): DeepQLearning {
  return new DeepQLearning(engine, discreteSizes(world), options, rng);
}

function discreteSizes(world: Simulator): DiscreteSizes {
  const actionCount = discreteActions(world).count;
  return { observationSize: world.observation.length, actionCount };
}

function boxSizes(world: Simulator): SacSizes {
  const actionSize = boxActions(world).low.length;
  return { observationSize: world.observation.length, actionSize };
}
