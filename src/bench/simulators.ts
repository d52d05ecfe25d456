/**
 * How many steps a second do the simulators of classic control take, against Gymnasium's? Random
 * play, one copy in one process, resets included; actions are drawn beforehand on both sides.
 */

import { Acrobot } from '../environments/classicControl/acrobot.ts';
import { CartPole } from '../environments/classicControl/cartPole.ts';
import { MountainCar } from '../environments/classicControl/mountainCar.ts';
import { Pendulum } from '../environments/classicControl/pendulum.ts';
import type { Action, Simulator } from '../environments/simulator.ts';
import { createRng, type Rng } from '../numeric/rng.ts';
import type { Benchmark } from './benchmark.ts';
import type { GoalName, Measured } from './goals.ts';
import { isReferee, type NoReferee, type Referee, startPython } from './referee.ts';
import { SIMULATORS_IN_PYTHON } from './simulatorsInPython.ts';
import { cpuTime, leastOf } from './stopwatch.ts';

const BATCH = 1_000;
const ROUNDS = 5;
const OURS_BATCHES = 500;
const THEIRS_BATCHES = 10;

interface Contestant {
  readonly goal: GoalName;
  readonly name: string;
  /** Steps a second of Gymnasium 1.4 on two cores of 2020s servers, where none runs here. */
  readonly stated: number;
  readonly play: (rng: Rng) => () => void;
}

/** In the order of the names in the Python program. */
const contestants: readonly Contestant[] = [
  contestant('simulator-cart-pole', 'CartPole', 114_000, () => new CartPole(), pushes(2)),
  contestant('simulator-pendulum', 'Pendulum', 72_000, () => new Pendulum(), torque),
  contestant('simulator-mountain-car', 'MountainCar', 80_000, () => new MountainCar(), pushes(3)),
  contestant('simulator-acrobot', 'Acrobot', 25_000, () => new Acrobot(), pushes(3)),
];

export const simulatorSteps: Benchmark = {
  summary: 'Steps a second of the simulators of classic control against Gymnasium',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const [world, { goal, name, stated, play }] of contestants.entries()) {
      progress(`steps of ${name}`);
      const theirs = startPython(SIMULATORS_IN_PYTHON, [Int32Array.of(world)], 'gymnasium');
      const playBatch = play(createRng(seed, name));
      const least = await leastOf(
        {
          ours: () => cpuTime(playBatch, OURS_BATCHES),
          theirs: () => batchOf(theirs, stated),
        },
        ROUNDS,
      );
      if (isReferee(theirs)) theirs.close();
      else if (world === 0)
        notes.push(`${theirs.skipped}; the ratio is to what Gymnasium 1.4 took elsewhere`);
      const ratio = least.theirs / least.ours;
      measured[goal] = ratio;
      rows.push([
        name,
        `${thousands(least.ours)} k`,
        `${thousands(least.theirs)} k`,
        isReferee(theirs) ? 'here' : 'stated',
        `${ratio.toFixed(1)} ×`,
      ]);
    }
    const head = ['world', 'steps a second', 'Gymnasium', 'measured', 'faster'];
    return { tables: [{ title: 'Random play in classic control', head, rows }], notes, measured };
  },
};

/** Milliseconds of a batch of theirs. */
async function batchOf(theirs: Referee | NoReferee, stated: number): Promise<number> {
  if (!isReferee(theirs)) return (1e3 * BATCH) / stated;
  return (await theirs.ask(THEIRS_BATCHES)).milliseconds;
}

function thousands(millisecondsOfBatch: number): string {
  return Math.round(BATCH / millisecondsOfBatch).toString();
}

function contestant<A extends Action>(
  goal: GoalName,
  name: string,
  stated: number,
  build: () => Simulator<A>,
  draw: (rng: Rng) => A,
): Contestant {
  return {
    goal,
    name,
    stated,
    play: (rng) => {
      const simulator = build();
      const actions = Array.from({ length: BATCH }, () => draw(rng));
      simulator.reset(rng);
      return () => {
        for (let i = 0; i < BATCH; i++) {
          simulator.step(actions[i]);
          if (simulator.terminated || simulator.truncated) simulator.reset(rng);
        }
      };
    },
  };
}

function pushes(count: number): (rng: Rng) => number {
  return (rng) => Math.floor(count * rng());
}

function torque(rng: Rng): Float64Array {
  return Float64Array.of(4 * rng() - 2);
}
