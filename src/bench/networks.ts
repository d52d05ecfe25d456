/**
 * How long do 1,000 steps of soft actor-critic take on each engine? Algorithm 1 on the pendulum,
 * batches of 256, one update a step, acting and replay included; the first steps are not counted. And
 * how long does an epoch of cloning take, see `cloningEpoch.ts`?
 */

import { Pendulum } from '../environments/classicControl/pendulum.ts';
import { ReplayControl } from '../learning/neural/replayControl.ts';
import { ReplayedSoftActorCritic } from '../learning/neural/replayedSoftActorCritic.ts';
import type { Engine } from '../networks/network.ts';
import { engineNamed, engineNames } from '../networks/openEngine.ts';
import { createRng } from '../numeric/rng.ts';
import type { Benchmark } from './benchmark.ts';
import { cloningEpoch } from './cloningEpoch.ts';
import type { GoalName, Measured } from './goals.ts';
import { cpuTime } from './stopwatch.ts';

const WARM_UP = 100;
/** Steps that are counted, after as many that are not. */
const STEPS = 40;
const sizes: readonly { readonly width: number; readonly goal: GoalName }[] = [
  { width: 64, goal: 'actor-critic-64' },
  { width: 256, goal: 'actor-critic-256' },
];
/** An update of these takes so long at 256 that nobody would choose them. */
const slow: readonly string[] = ['plain', 'cpu'];

export const networks: Benchmark = {
  summary: 'Seconds of 1,000 steps of soft actor-critic and of an epoch of cloning',
  async run({ seed, progress }) {
    const rows: (string | number)[][] = [];
    const notes: string[] = [];
    const measured: Partial<Record<GoalName, Measured>> = {};
    for (const { width, goal } of sizes) {
      let least = Number.POSITIVE_INFINITY;
      for (const name of engineNames) {
        if (width > 64 && slow.includes(name)) continue;
        progress(`soft actor-critic, ${width} × ${width}, ${name}`);
        let engine: Engine;
        try {
          engine = await engineNamed(name);
        } catch (error) {
          notes.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
          continue;
        }
        const seconds = secondsPerThousand(engine, width, seed);
        least = Math.min(least, seconds);
        rows.push([`${width} × ${width}`, name, seconds.toFixed(2)]);
      }
      measured[goal] = least;
    }
    const head = ['hidden layers', 'engine', 's of CPU'];
    const epoch = await cloningEpoch(seed, progress);
    measured['cloning-epoch'] = epoch.seconds;
    return {
      tables: [{ title: '1,000 steps of soft actor-critic', head, rows }, ...epoch.tables],
      notes: [...notes, ...epoch.notes],
      measured,
    };
  },
};

function secondsPerThousand(engine: Engine, width: number, seed: number): number {
  const sizes = { observationSize: 3, actionSize: 1 };
  const options = { hidden: [width, width] };
  const rng = createRng(seed, 'networks');
  const agent = new ReplayedSoftActorCritic(engine, sizes, options, rng);
  const control = { seed, warmUp: WARM_UP, exploration: 0 };
  const learner = new ReplayControl(agent, new Pendulum(), control);
  for (let step = 0; step < WARM_UP + STEPS; step++) learner.advance();
  const spent = cpuTime(() => {
    for (let step = 0; step < STEPS; step++) learner.advance();
  });
  engine.release();
  return spent / STEPS;
}
