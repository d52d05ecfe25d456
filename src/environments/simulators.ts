/** Worlds that are visited step by step, by name: classic control, and every tabular task. */

import { z } from 'zod';
import { createRng, type Rng } from '../numeric/rng.ts';
import { Acrobot } from './classicControl/acrobot.ts';
import { CartPole, CartPoleOptions } from './classicControl/cartPole.ts';
import { MountainCar, MountainCarContinuous } from './classicControl/mountainCar.ts';
import { Pendulum, PendulumOptions } from './classicControl/pendulum.ts';
import { MultiGoalPoint } from './multiGoalPoint.ts';
import { environments } from './registry.ts';
import type { Simulator } from './simulator.ts';
import { TabularSimulator } from './tabularSimulator.ts';
import { Walk, WalkOptions } from './walk.ts';

/** What begins an episode of a world; continuous ones have no dynamics that could be listed. */
export type AnySimulator = Simulator<number> | Simulator<Float64Array>;

export interface SimulatedWorld {
  readonly summary: string;
  readonly options: z.ZodObject;
  /** Builds one; what is random in its steps is drawn from `rng`. */
  build(options?: unknown, rng?: Rng): AnySimulator;
}

/** Worlds whose states are no list: what networks learn to act in. */
export const controlWorlds = {
  'cart-pole': world(
    'Keep a pole upright on a cart',
    (limit, options) => new CartPole(limit, options),
    CartPoleOptions,
  ),
  pendulum: world(
    'Swing a pendulum up and hold it',
    (limit, options) => new Pendulum(limit, options),
    PendulumOptions,
  ),
  'mountain-car': world('Gain speed to climb a hill', (limit) => new MountainCar(limit)),
  'mountain-car-continuous': world(
    'The same with a force of any strength',
    (limit) => new MountainCarContinuous(limit),
  ),
  acrobot: world('Swing two links up by the joint between them', (limit) => new Acrobot(limit)),
  'multi-goal-point': world(
    'A point with four equally good goals (Haarnoja 2017)',
    (limit) => new MultiGoalPoint(limit),
  ),
  walk: world(
    'Walk to a place by changing one’s velocity',
    (limit, options) => new Walk(limit, options),
    WalkOptions,
  ),
} satisfies Record<string, SimulatedWorld>;

/** The tabular worlds that come with a task, and the continuous ones. */
export const simulators: Readonly<Record<string, SimulatedWorld>> = {
  ...Object.fromEntries(
    Object.entries(environments).flatMap(([name, { summary, options, build }]) =>
      build().task === null
        ? []
        : [[name, { summary, options, build: (given, rng) => tabular(build(given).task, rng) }]],
    ) satisfies [string, SimulatedWorld][],
  ),
  ...controlWorlds,
};

function tabular(task: ReturnType<(typeof environments)['taxi']['build']>['task'], rng?: Rng) {
  if (!task) throw new TypeError('Cannot simulate: the world has no task');
  return new TabularSimulator(task, rng ?? createRng(0, 'outcomes'));
}

/** A world that has a limit of time, and perhaps other physics. */
function world<Physics extends z.ZodRawShape = Record<never, never>>(
  summary: string,
  build: (limit: number | undefined, options: z.input<z.ZodObject<Physics>>) => AnySimulator,
  physics?: z.ZodObject<Physics>,
): SimulatedWorld {
  const limit = z.int().positive().optional().describe('Steps of an episode, else the usual');
  const options = z.strictObject({ ...physics?.shape, timeLimit: limit });
  return {
    summary,
    options,
    build(given = {}) {
      const { timeLimit, ...rest } = options.parse(given);
      return build(timeLimit as number | undefined, rest as z.input<z.ZodObject<Physics>>);
    },
  };
}
