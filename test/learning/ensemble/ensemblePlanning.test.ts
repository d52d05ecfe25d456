/** Learning to act by planning in what was learned: the plans, the learner, and that it goes on to the same bits. */

import { describe, expect, test } from 'vitest';
import { DynamicsEnsemble } from '../../../src/learning/ensemble/dynamicsEnsemble.ts';
import type { EnsembleControlOptions } from '../../../src/learning/ensemble/ensembleOptions.ts';
import {
  EnsemblePlanner,
  type KnownOfBox,
} from '../../../src/learning/ensemble/ensemblePlanner.ts';
import { EnsemblePlanning } from '../../../src/learning/ensemble/ensemblePlanning.ts';
import { ControlTraining } from '../../../src/learning/neural/controlTraining.ts';
import { drawStarts } from '../../../src/learning/neural/episodeReturns.ts';
import { GreedyEpisodes } from '../../../src/learning/neural/greedyEpisodes.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { KickedPoint } from '../../support/kickedPoint.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';

const engine = () => kernelEngine('kernels', 16);
const create = () => new KickedPoint();
/** The second number seen is x / 1000. */
const isOver = (seen: Float64Array): boolean => Math.abs(1000 * seen[1]) < 0.05;
const known: KnownOfBox = { reward: (seen) => -((1000 * seen[1]) ** 2), terminated: isOver };

const small = {
  members: 2,
  hidden: [8],
  batch: 8,
  horizon: 4,
  samples: 8,
  elites: 2,
  warmUp: 25,
  trainEvery: 10,
  updates: 6,
};

describe('EnsemblePlanner', () => {
  const sizes = { observationSize: 1, actionSize: 1, learnsReward: false };
  const actions = { kind: 'box', low: Float64Array.of(-1), high: Float64Array.of(1) } as const;
  const ensemble = new DynamicsEnsemble(engine(), sizes, { members: 1, hidden: [16] }, 1);
  const rng = createRng(2, 'steps');
  for (let i = 0; i < 400; i++) {
    const [x, a] = [6 * rng() - 3, 2 * rng() - 1];
    ensemble.add([x], [a], 0, [x + a]);
  }
  ensemble.learn(800);
  const plan = { horizon: 1, samples: 60, elites: 6, rounds: 5, discount: 1 };

  test('one step ahead it finds the best of all actions', () => {
    const planner = new EnsemblePlanner(
      ensemble,
      actions,
      { reward: ([x], [a], [next]) => -((next - 0.3) ** 2) - 0.1 * a * a + 0.01 * x },
      plan,
    );
    const action = new Float64Array(1);
    const rows = ensemble.imagine(1);
    for (const x of [-2, -0.5, 0, 0.4, 2]) {
      planner.forget();
      const worth = planner.plan([x], createRng(3, `plans ${x}`), action);
      let best = Number.NEGATIVE_INFINITY;
      for (let a = -1; a <= 1.0001; a += 0.01) {
        rows.observations[0] = x;
        rows.actions[0] = a;
        rows.step(0, null);
        best = Math.max(best, -((rows.observations[0] - 0.3) ** 2) - 0.1 * a * a + 0.01 * x);
      }
      expect(worth).toBeGreaterThan(best - 1e-3);
      expect(worth).toBeLessThan(best + 1e-3);
      rows.observations[0] = x;
      rows.actions[0] = action[0];
      rows.step(0, null);
      const own = -((rows.observations[0] - 0.3) ** 2) - 0.1 * action[0] ** 2 + 0.01 * x;
      expect(own).toBeCloseTo(worth, 5);
    }
  });

  test('nothing is paid after what ends the task', () => {
    const paid = (horizon: number, terminated: boolean, discount = 1): number => {
      const of = { reward: () => 1, ...(terminated ? { terminated: () => true } : {}) };
      const planner = new EnsemblePlanner(ensemble, actions, of, { ...plan, horizon, discount });
      return planner.plan([0], createRng(4, 'plans'), new Float64Array(1));
    };
    expect(paid(6, true)).toBeCloseTo(1, 12);
    expect(paid(6, false)).toBeCloseTo(6, 12);
    expect(paid(3, false, 0.5)).toBeCloseTo(1.75, 12);
  });

  test('particles are averaged', () => {
    const of = { reward: () => 1 };
    const planner = new EnsemblePlanner(ensemble, actions, of, { ...plan, particles: 7 });
    expect(planner.plan([0], createRng(5, 'plans'), new Float64Array(1))).toBeCloseTo(1, 12);
  });

  test('what does not fit is refused', () => {
    const planner = new EnsemblePlanner(ensemble, actions, { reward: () => 0 }, plan);
    expect(() => planner.plan([0, 1], createRng(0, 'x'), new Float64Array(1))).toThrow(
      'Cannot act: wanted an observation of 1 numbers, got 2',
    );
    expect(() => new EnsemblePlanner(ensemble, actions, {}, plan)).toThrow(
      'Cannot plan: the reward is neither known nor learned',
    );
    expect(
      () => new EnsemblePlanner(ensemble, actions, { reward: () => 0 }, { elites: 99 }),
    ).toThrow('Cannot plan: elites must be at most the 24 plans that are drawn, got 99');
  });
});

function trainingOf(options: EnsembleControlOptions, of: KnownOfBox) {
  const learner = new EnsemblePlanning(engine(), create(), options, of);
  const chosen = { selectionEpisodes: 2, episodes: 3, evaluate: 3 };
  return new ControlTraining(engine(), learner, create, { steps: 90, every: 8, ...chosen });
}

function finish(training: ReturnType<typeof trainingOf>) {
  const run = training.run();
  const rows: unknown[] = [];
  for (;;) {
    const next = run.next();
    if (next.done) return { rows, result: next.value, checkpoint: training.checkpoint() };
    rows.push(next.value.row);
  }
}

describe('EnsemblePlanning', () => {
  test.each([
    ['deterministic, reward known', small, known],
    [
      'probabilistic, reward learned, two particles',
      { ...small, form: 'probabilistic', particles: 2 },
      { terminated: isOver },
    ],
  ] satisfies [string, EnsembleControlOptions, KnownOfBox][])(
    'killed at any checkpoint it goes on to the same bits, %s',
    (name, options, of) => {
      const whole = finish(trainingOf(options, of));
      expect(whole.rows).toHaveLength(12);
      const folder = `${temporaryFolder()}/kept`;
      const moment = createRng(name, 'moment');
      for (let trial = 0; trial < 3; trial++) {
        const cut = 1 + Math.floor(moment() * (whole.rows.length - 1));
        const killed = trainingOf(options, of);
        const run = killed.run();
        for (let i = 0; i < cut; i++) run.next();
        saveCheckpoint(folder, killed.checkpoint());
        run.next();
        const again = trainingOf(options, of);
        again.restore(loadCheckpoint(folder, 'training of ensemble-planning'));
        const rest = finish(again);
        expect(rest.rows).toEqual(whole.rows.slice(cut));
        expect(rest.result).toEqual(whole.result);
        expect(rest.checkpoint).toEqual(whole.checkpoint);
      }
      const other = finish(trainingOf({ ...options, seed: 1 }, of));
      expect(other.result.last.policy).not.toEqual(whole.result.last.policy);
    },
  );

  test.each([
    ['known', known],
    ['learned', { terminated: isOver }],
  ] as const)('it learns to push the point home in a few hundred steps, reward %s', (_, of) => {
    const options = {
      ...small,
      members: 3,
      hidden: [16, 16],
      batch: 16,
      samples: 20,
      warmUp: 100,
      trainEvery: 50,
      updates: 500,
    };
    const learner = new EnsemblePlanning(engine(), create(), options, of);
    for (let step = 0; step < 400; step++) learner.advance();
    const starts = drawStarts(create(), 50, createRng(3, 'starts'));
    const played = new GreedyEpisodes(engine(), learner, create, 50);
    const policy = learner.learned();
    const returns = played.returns(policy, starts);
    // one push is enough: −E[x²] = −1/3 on the average start, were it exact; drifting on costs more
    expect(returns.reduce((sum, x) => sum + x, 0) / 50).toBeGreaterThan(-0.45);
    // played again, from what was taken, it is the same
    expect(played.returns(policy, starts)).toEqual(returns);
  });

  test('1,000 updates of each member and 100 plans leave nothing behind, on every engine', async () => {
    for (const [name, given] of await loadableEngines()) {
      const options = { ...small, members: 1, hidden: [4], batch: 4, horizon: 2, updates: 100 };
      const learner = new EnsemblePlanning(given, create(), options, known);
      for (let step = 0; step < 36; step++) learner.advance();
      const held = given.held();
      expect(held).toBeGreaterThan(0);
      for (let step = 0; step < 100; step++) learner.advance();
      expect(given.held(), name).toBe(held);
      given.release();
    }
  }, 60_000);

  test('what is not finite stops it, and says where', () => {
    const run = (options: EnsembleControlOptions, of: KnownOfBox, world = create()) => {
      const learner = new EnsemblePlanning(engine(), world, options, of);
      for (let step = 0; step < 60; step++) learner.advance();
    };
    const world = create();
    world.broken = { from: 52, reward: Number.NaN };
    expect(() => run(small, known, world)).toThrow(
      /Cannot learn: action \[.+\] in the state \[.+\], \d steps after the start, gave the reward NaN/,
    );
    expect(() => run({ ...small, rate: 1e30 }, known)).toThrow(
      /Cannot learn: the loss of the dynamics is \S+, on seeing/,
    );
    expect(() => run(small, { ...known, reward: () => Number.NaN })).toThrow(
      /Cannot plan: the best plan is worth \S+, on seeing/,
    );
    expect(() => run(small, { reward: () => 0 })).toThrow(
      /the task ended on seeing \[.+\], and what ends it is not told; give `terminated`/,
    );
  });

  test('what does not fit is refused', () => {
    const endless = () => new EnsemblePlanning(engine(), new KickedPoint(Infinity), small, known);
    expect(endless).toThrow('Cannot learn: the world has no time limit');
    const { checkpoint } = finish(trainingOf(small, known));
    expect(() => trainingOf({ ...small, updates: 7 }, known).restore(checkpoint)).toThrow(
      'Cannot go on: the checkpoint was made with learner.updates 6, wanted 7',
    );
    expect(() => trainingOf({ ...small, hidden: [9] }, known).restore(checkpoint)).toThrow(
      /networks of another shape|learner.hidden/,
    );
    const open = new KickedPoint();
    open.actions.high[0] = Infinity;
    expect(() => new EnsemblePlanning(engine(), open, small, known)).toThrow(
      'Cannot act: number 0 of an action must have finite bounds low < high, got -1 and Infinity',
    );
    const learner = new EnsemblePlanning(engine(), create(), small, known);
    const player = learner.player(engine(), 2);
    player.take(learner.learned());
    expect(() => player.see(0, [1])).toThrow(
      'Cannot act: wanted an observation of 2 numbers, got 1',
    );
    const wide = new EnsemblePlanning(engine(), create(), { ...small, hidden: [9] }, known);
    expect(() => player.take(wide.learned())).toThrow(/networks of another shape/);
  });
});
