/** Actors that learn the multi-goal point; all at the same temperature and for as many steps. */

import {
  type ControlMethodName,
  controlMethods,
  type Engine,
  MultiGoalPoint,
  type ReplayControl,
} from 'revealed';

export const TEMPERATURE = 10;
/** Share of episodes of uniform actions. */
export const EXPLORATORY = 0.3;

interface ActorRun {
  readonly steps: number;
  readonly seed: string;
}

export type Actor = (engine: Engine, run: ActorRun) => ReplayControl<Float64Array>;

function actor(
  method: ControlMethodName,
  options: (steps: number) => Readonly<Record<string, unknown>>,
): Actor {
  return (engine, { steps, seed }) => {
    const given = { exploratoryEpisodes: EXPLORATORY, seed, ...options(steps) };
    const { box } = controlMethods[method];
    return box!.learner(engine, () => new MultiGoalPoint(), given) as ReplayControl<Float64Array>;
  };
}

const soft = { temperature: TEMPERATURE, entropy: 'nats' };

/** One of uniform candidates, by its weight. */
export const resampled = actor('soft-q', (over) => ({
  ...soft,
  rate: { kind: 'linear', from: 1e-3, to: 1e-5, over },
}));

export const stein = actor('soft-q', (over) => ({
  ...soft,
  sampler: 'stein',
  batch: 64,
  randomSteps: 2000,
  valueSamples: 16,
  rate: { kind: 'linear', from: 1e-3, to: 1e-4, over },
}));

/** The best of the candidates: temperature 0. */
export const hard = actor('soft-q', (over) => ({
  ...soft,
  temperature: 0,
  unit: TEMPERATURE,
  rate: { kind: 'linear', from: 1e-3, to: 1e-5, over },
}));

/** One Gaussian: soft actor-critic. */
export const unimodal = actor('soft-actor-critic', () => ({
  temperature: TEMPERATURE,
  randomSteps: 1000,
  batch: 64,
}));
