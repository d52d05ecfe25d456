/** Actors that learn the multi-goal point; all at the same temperature and for as many steps. */

import {
  type BoxTrainingReport,
  type Engine,
  MultiGoalPoint,
  trainContinuousSoftQ,
  trainSoftActorCritic,
} from 'revealed';

export const TEMPERATURE = 10;
/** Share of episodes of uniform actions. */
export const EXPLORATORY = 0.3;

interface ActorRun {
  readonly steps: number;
  readonly every: number;
  readonly seed: string;
}

type Actor = (engine: Engine, run: ActorRun) => Generator<BoxTrainingReport, BoxTrainingReport>;

const softQ = {
  temperature: TEMPERATURE,
  entropy: 'nats',
  exploratoryEpisodes: EXPLORATORY,
} as const;

/** One of uniform candidates, by its weight. */
export const resampled: Actor = (engine, run) =>
  trainContinuousSoftQ(engine, new MultiGoalPoint(), {
    ...softQ,
    ...run,
    rate: { kind: 'linear', from: 1e-3, to: 1e-5, over: run.steps },
  });

export const stein: Actor = (engine, run) =>
  trainContinuousSoftQ(engine, new MultiGoalPoint(), {
    ...softQ,
    ...run,
    sampler: 'stein',
    randomSteps: 2000,
    valueSamples: 16,
    rate: { kind: 'linear', from: 1e-3, to: 1e-4, over: run.steps },
  });

/** The best of the candidates: temperature 0. */
export const hard: Actor = (engine, run) =>
  trainContinuousSoftQ(engine, new MultiGoalPoint(), {
    ...softQ,
    ...run,
    temperature: 0,
    unit: TEMPERATURE,
    rate: { kind: 'linear', from: 1e-3, to: 1e-5, over: run.steps },
  });

/** One Gaussian: soft actor-critic. */
export const unimodal: Actor = (engine, run) =>
  trainSoftActorCritic(engine, new MultiGoalPoint(), {
    ...run,
    temperature: TEMPERATURE,
    exploratoryEpisodes: EXPLORATORY,
    randomSteps: 1000,
    batch: 64,
  });
