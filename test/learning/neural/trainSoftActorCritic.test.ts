/** The loop: what it keeps, that it goes on to the same bits, and that it learns. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import { keepTraining } from '../../../src/learning/log/keepTraining.ts';
import { drawStarts, episodeReturns } from '../../../src/learning/neural/episodeReturns.ts';
import {
  storedSoftActor,
  type TrainSoftActorCriticOptions,
  trainSoftActorCritic,
} from '../../../src/learning/neural/trainSoftActorCritic.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { KickedPoint } from '../../support/kickedPoint.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';

const small = { hidden: [8, 8], batch: 16, warmUp: 20, every: 7, steps: 150 };
const tuned = { ...small, valueNetwork: false, temperature: 'tuned' as const };
const engine = () => kernelEngine('kernels', 16);

function run(options: TrainSoftActorCriticOptions, world = new KickedPoint()) {
  const reports = [...trainSoftActorCritic(engine(), world, options)];
  return { reports, last: reports.at(-1)! };
}

describe('trainSoftActorCritic', () => {
  test.each([
    ['as printed', { ...small, normalize: true }],
    ['tuned', { ...tuned, exploratoryEpisodes: 0.3 }],
  ])('killed at any report it goes on to the same bits, %s', (_, options) => {
    const { reports, last } = run(options);
    const whole = last.checkpoint();
    const folder = `${temporaryFolder()}/kept`;
    const moment = createRng(1, 'moment');
    for (let trial = 0; trial < 4; trial++) {
      const kill = Math.floor(moment() * (reports.length - 1));
      let seen = 0;
      for (const report of trainSoftActorCritic(engine(), new KickedPoint(), options))
        if (seen++ === kill) {
          saveCheckpoint(folder, report.checkpoint());
          break;
        }
      const from = loadCheckpoint(folder, 'soft-actor-critic');
      const rest = [...trainSoftActorCritic(engine(), new KickedPoint(), options, from)];
      expect(rest.map(({ row }) => row)).toEqual(reports.slice(kill + 1).map(({ row }) => row));
      expect(rest.at(-1)!.checkpoint()).toEqual(whole);
    }
  });

  test('reports in between change nothing, and a run may be made longer', () => {
    const whole = run({ ...small, every: 1000 }).last.checkpoint();
    expect(run({ ...small, every: 3 }).last.checkpoint()).toEqual(whole);
    const part = run({ ...small, steps: 90 }).last.checkpoint();
    const rest = [...trainSoftActorCritic(engine(), new KickedPoint(), small, part)];
    expect(rest.at(-1)!.checkpoint()).toEqual(whole);
  });

  test('steps are kept as they were, and only a task that is over is an end', () => {
    const world = new KickedPoint();
    const { reports, last } = run({ ...small, steps: 100 }, world);
    const { arrays, state } = last.checkpoint();
    const { terminated, reward, observation, nextObservation } = Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [name.replace('memory.', ''), array]),
    );
    const action = arrays['memory.action'];
    expect(action.length).toBe(100);
    let ends = 0;
    for (let i = 0; i < 100; i++) {
      expect(Math.abs(action[i])).toBeLessThanOrEqual(1);
      // The box is [−1, 2].
      expect(world.taken[i]).toBeCloseTo(0.5 + 1.5 * action[i], 6);
      const x = 1000 * observation[2 * i + 1];
      const next = 1000 * nextObservation[2 * i + 1];
      expect(next).toBeCloseTo(x + world.taken[i] / 2, 5);
      expect(reward[i]).toBeCloseTo(-(x * x), 4);
      expect(terminated[i]).toBe(Math.abs(next) < 0.05 ? 1 : 0);
      ends += terminated[i];
    }
    const episodes = reports.flatMap((report) => report.episodes);
    expect(episodes.filter((episode) => episode.terminated).length).toBe(ends);
    expect(episodes.every(({ length, terminated: over }) => over || length === 7)).toBe(true);
    const { episode } = state as { episode: { length: number } };
    expect(episodes.reduce((sum, { length }) => sum + length, episode.length)).toBe(100);
  });

  test('a policy of a checkpoint acts as the one that was stored', () => {
    const { last } = run({ ...small, normalize: true });
    const again = storedSoftActor(engine(), last.checkpoint());
    const starts = drawStarts(new KickedPoint(), 20, createRng(2, 'starts'));
    const returns = episodeReturns(new KickedPoint(), last.policy, starts);
    expect(episodeReturns(new KickedPoint(), again, starts)).toEqual(returns);
    expect(() => again([1], null, new Float64Array(1))).toThrow(
      'Cannot act: an observation must have 2 numbers, got 1',
    );
  });

  test('normalised observations let it learn what plain ones of another unit do not', () => {
    const starts = drawStarts(new KickedPoint(), 50, createRng(3, 'starts'));
    const worth = (normalize: boolean): number => {
      const { last } = run({ ...tuned, steps: 1500, every: 1500, normalize });
      const returns = episodeReturns(new KickedPoint(), last.policy, starts);
      return returns.reduce((sum, x) => sum + x, 0) / returns.length;
    };
    // One push is enough: −E[x²] = −1/3 on the average start.
    expect(worth(true)).toBeGreaterThan(-0.45);
    expect(worth(false)).toBeLessThan(-0.45);
  });

  test('nothing is left behind by updates, on every engine', async () => {
    for (const [name, given] of await loadableEngines()) {
      const steps = name === 'kernels' || name === 'wasm' ? 1021 : 221;
      const options = { ...small, steps, every: 10, batch: 4, hidden: [4] };
      let held = 0;
      for (const { step } of trainSoftActorCritic(given, new KickedPoint(), options))
        if (step === 30) held = given.held();
        else if (step > 30) expect(given.held(), name).toBe(held);
      expect(held).toBeGreaterThan(0);
      given.release();
    }
  }, 300_000);

  test('what is not finite stops it with the step, and the last checkpoint stays', () => {
    const folder = temporaryFolder();
    const broken = (reward: number) => {
      const world = new KickedPoint();
      world.broken = { from: 52, reward };
      return keepTraining(folder, (from) => trainSoftActorCritic(engine(), world, small, from), {
        kind: 'soft-actor-critic',
      });
    };
    expect(() => [...broken(Number.NaN)]).toThrow(
      /Cannot learn: step 52 was paid NaN, by action \[.+\] on seeing \[.+, .+\]/,
    );
    const { state } = loadCheckpoint(join(folder, 'latest'), 'soft-actor-critic');
    expect(state).toMatchObject({ training: { step: 49 } });
    expect(() => run({ ...small, rate: 1e30 })).toThrow(/Cannot learn: "\w+" is \S+ after step/);
  });

  test('what does not fit is refused', () => {
    const { last } = run(small);
    const go = (options: TrainSoftActorCriticOptions) => () => [
      ...trainSoftActorCritic(engine(), new KickedPoint(), options, last.checkpoint()),
    ];
    expect(go({ ...small, hidden: [8, 4] })).toThrow(
      'Cannot go on: the checkpoint was made with hidden [8,8], wanted [8,4]',
    );
    const pendulum = () => [
      ...trainSoftActorCritic(engine(), new Pendulum(), small, last.checkpoint()),
    ];
    expect(pendulum).toThrow(
      'Cannot go on: the checkpoint was made with observationSize 2, wanted 3',
    );
    expect(() => run(small, new KickedPoint(Infinity))).toThrow(
      'Cannot learn: the world has no time limit; give maxSteps',
    );
    const open = new KickedPoint();
    open.actions.high[0] = Infinity;
    expect(() => run(small, open)).toThrow(
      'Cannot act: number 0 of an action must have finite bounds low < high, got -1 and Infinity',
    );
  });
});

describe('keepTraining', () => {
  test('a run that is begun again on its folder ends with the same files', () => {
    const starts = drawStarts(new KickedPoint(), 5, createRng(4, 'starts'));
    const kept = (folder: string) =>
      keepTraining(
        folder,
        (from) => trainSoftActorCritic(engine(), new KickedPoint(), small, from),
        {
          kind: 'soft-actor-critic',
          score: ({ policy }) => Math.min(...episodeReturns(new KickedPoint(), policy, starts)),
        },
      );
    const [whole, cut] = [temporaryFolder(), temporaryFolder()];
    const end = (folder: string) => {
      const steps = kept(folder);
      for (;;) {
        const next = steps.next();
        if (next.done) return next.value.best;
      }
    };
    const best = end(whole);
    for (const kill of [3, 1, 6]) {
      const steps = kept(cut);
      for (let i = 0; i < kill; i++) steps.next();
    }
    expect(end(cut)).toEqual(best);
    // Begun again when all is done, nothing changes.
    expect(end(cut)).toEqual(best);
    for (const file of ['curve.csv', 'curve.jsonl', 'latest/arrays.bin', 'best/arrays.bin'])
      expect(readFileSync(join(cut, file))).toEqual(readFileSync(join(whole, file)));
    const rows = readFileSync(join(whole, 'curve.jsonl'), 'utf8').trim().split('\n');
    const scores = rows.map((row) => JSON.parse(row) as { step: number; score: number });
    expect(scores.length).toBe(Math.ceil(150 / 7));
    const most = Math.max(...scores.map(({ score }) => score));
    expect(best).toEqual({ step: scores.find(({ score }) => score === most)!.step, score: most });
  });
});
