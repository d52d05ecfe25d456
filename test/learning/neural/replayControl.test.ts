/** Acting, keeping and learning in a box: what is kept, exact resume, scaling, and that it learns. */

import { describe, expect, test } from 'vitest';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../../src/environments/classicControl/pendulum.ts';
import {
  type ControlProgress,
  type ControlResult,
  ControlTraining,
} from '../../../src/learning/neural/controlTraining.ts';
import { DeepQLearning } from '../../../src/learning/neural/deepQLearning.ts';
import { GreedyEpisodes } from '../../../src/learning/neural/greedyEpisodes.ts';
import {
  ReplayControl,
  type ReplayControlOptions,
} from '../../../src/learning/neural/replayControl.ts';
import { ReplayedSoftActorCritic } from '../../../src/learning/neural/replayedSoftActorCritic.ts';
import type { SoftActorCriticOptions } from '../../../src/learning/neural/softActorCriticOptions.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import type { Engine } from '../../../src/networks/network.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { KickedPoint } from '../../support/kickedPoint.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';

const engine = () => kernelEngine('kernels', 16);
const sizes = { observationSize: 2, actionSize: 1 };
const small = { hidden: [8, 8], batch: 16 };
const tuned = { ...small, valueNetwork: false, temperature: 'tuned' as const };
const box = { warmUp: 20, exploration: 0, capacity: 1_000 };
const settings = { steps: 150, every: 7, selectionEpisodes: 2, episodes: 3, evaluate: 4 };

function learnerOf(
  agent: SoftActorCriticOptions = small,
  control: ReplayControlOptions = {},
  world = new KickedPoint(),
  given: Engine = engine(),
): ReplayControl<Float64Array> {
  const learner = new ReplayedSoftActorCritic(given, sizes, agent, createRng(0, 'networks'));
  return new ReplayControl(learner, world, { ...box, ...control });
}

function trainingOf(learner: ReplayControl<Float64Array>, options = settings) {
  return new ControlTraining(kernelEngine('plain'), learner, () => new KickedPoint(), options);
}

type Told = Omit<ControlProgress, 'checkpoint'>;

function finish(training: ReturnType<typeof trainingOf>): {
  yields: Told[];
  result: ControlResult;
} {
  const run = training.run();
  const yields: Told[] = [];
  for (;;) {
    const next = run.next();
    if (next.done) return { yields, result: next.value };
    const { checkpoint: _, ...told } = next.value;
    yields.push(told);
  }
}

describe('ReplayControl in a box', () => {
  test.each([
    ['as printed', small, { normalize: true }],
    ['tuned', tuned, { exploratoryEpisodes: 0.3, randomSteps: 30, updateEvery: 2 }],
  ])('killed at any checkpoint it goes on to the same bits, %s', (_, agent, control) => {
    const training = trainingOf(learnerOf(agent, control));
    const whole = finish(training);
    const folder = `${temporaryFolder()}/kept`;
    const moment = createRng(1, 'moment');
    for (let trial = 0; trial < 4; trial++) {
      const kill = Math.floor(moment() * (whole.yields.length - 1));
      const killed = trainingOf(learnerOf(agent, control));
      let seen = 0;
      for (const progress of killed.run())
        if (seen++ === kill) saveCheckpoint(folder, progress.checkpoint());
        else if (seen > kill + 2) break;
      const again = trainingOf(learnerOf(agent, control));
      again.restore(loadCheckpoint(folder, 'training of soft-actor-critic'));
      const rest = finish(again);
      expect(rest.yields).toEqual(whole.yields.slice(kill + 1));
      expect(rest.result).toEqual(whole.result);
      expect(again.checkpoint()).toEqual(training.checkpoint());
    }
  });

  test('steps are kept as they were, and only a task that is over is an end', () => {
    const world = new KickedPoint();
    const learner = learnerOf(small, { randomSteps: 300 }, world);
    for (let step = 0; step < 400; step++) learner.advance();
    const { arrays } = learner.stored();
    const kept = (name: string) => arrays[`replay.${name}`];
    const [action, reward, terminated] = [kept('action'), kept('reward'), kept('terminated')];
    expect(action.length).toBe(400);
    for (let i = 0; i < 400; i++) {
      expect(Math.abs(action[i])).toBeLessThanOrEqual(1);
      // The box is [−1, 2].
      expect(world.taken[i]).toBeCloseTo(0.5 + 1.5 * action[i], 6);
      const x = 1000 * kept('observation')[2 * i + 1];
      const next = 1000 * kept('nextObservation')[2 * i + 1];
      expect(next).toBeCloseTo(x + world.taken[i] / 2, 5);
      expect(reward[i]).toBeCloseTo(-(x * x), 4);
      expect(terminated[i]).toBe(Math.abs(next) < 0.05 ? 1 : 0);
    }
    expect(terminated.some((end) => end === 1)).toBe(true);
    expect(learner.report().episodeLength).toBeLessThanOrEqual(7);
  });

  test('random steps are spread over the box; without any the agent acts from the first', () => {
    const thirds = (control: ReplayControlOptions) => {
      const world = new KickedPoint();
      const learner = learnerOf(small, { warmUp: 10_000, ...control }, world);
      for (let step = 0; step < 900; step++) learner.advance();
      return [0, 1].map((edge) => world.taken.filter((a) => a < edge).length / 900);
    };
    const even = [1 / 3, 2 / 3];
    for (const control of [{}, { randomSteps: 0, exploration: 1 }, { exploratoryEpisodes: 1 }])
      thirds(control).forEach((share, i) => {
        // Four standard errors of a share of 1/3.
        expect(Math.abs(share - even[i])).toBeLessThan(4 * Math.sqrt(2 / 9 / 900));
      });
    const [below, above] = thirds({ randomSteps: 0 });
    expect(Math.abs(below - even[0]) + Math.abs(above - even[1])).toBeGreaterThan(0.1);
  });

  test('many worlds played together are worth what each is alone', () => {
    const learner = learnerOf(small, { normalize: true });
    for (let step = 0; step < 120; step++) learner.advance();
    // More than are stepped together.
    const starts = Array.from({ length: 300 }, (_, i) => [i / 150 - 0.999]);
    const played = new GreedyEpisodes(engine(), learner, () => new KickedPoint(), 300);
    const returns = played.returns(learner.learned(), starts);
    const world = new KickedPoint();
    starts.forEach((start, i) => {
      world.startAt(start);
      let sum = 0;
      while (!world.terminated && !world.truncated)
        sum += world.step(learner.act(world.observation, null));
      expect(returns[i]).toBeCloseTo(sum, 6);
    });
    expect(() => learner.act([1], null)).toThrow(
      'Cannot act: wanted an observation of 2 numbers, got 1',
    );
    expect(() => played.returns(learner.learned(), [[0]])).toThrow(
      'Cannot play: there are 300 episodes, got 1 states to start from',
    );
  });

  test('normalised observations let it learn what plain ones of another unit do not', () => {
    const worth = (normalize: boolean): number => {
      const options = { ...settings, steps: 1500, every: 1500, evaluate: 50 };
      return finish(trainingOf(learnerOf(tuned, { normalize }), options)).result.last.mean;
    };
    // One push is enough: −E[x²] = −1/3 on the average start.
    expect(worth(true)).toBeGreaterThan(-0.45);
    expect(worth(false)).toBeLessThan(-0.45);
  });

  test('nothing is left behind by updates, on every engine', async () => {
    for (const [name, given] of await loadableEngines()) {
      const steps = name === 'kernels' || name === 'wasm' ? 1021 : 221;
      const learner = learnerOf({ hidden: [4], batch: 4 }, {}, new KickedPoint(), given);
      for (let step = 0; step < 30; step++) learner.advance();
      const held = given.held();
      for (let step = 30; step < steps; step++) learner.advance();
      expect(given.held(), name).toBe(held);
      expect(held).toBeGreaterThan(0);
      given.release();
    }
  }, 300_000);

  test('what is not finite stops it with the step and the state, and the last checkpoint stays', () => {
    const world = new KickedPoint();
    world.broken = { from: 52, reward: Number.NaN };
    const folder = `${temporaryFolder()}/kept`;
    const training = trainingOf(learnerOf(small, {}, world));
    expect(() => {
      for (const progress of training.run()) saveCheckpoint(folder, progress.checkpoint());
    }).toThrow(
      /^Stopped after 51 steps\. Cannot learn: action \[.+\] in the state \[.+\], \d steps after the start, gave the reward NaN and the observation \[.+, .+\]/,
    );
    const again = trainingOf(learnerOf());
    again.restore(loadCheckpoint(folder, 'training of soft-actor-critic'));
    expect(finish(again).yields[0].step).toBe(56);
    expect(() => finish(trainingOf(learnerOf({ ...small, rate: 1e30 })))).toThrow(
      /^Stopped after \d+ steps\. Cannot learn: "\w+" is \S+, on seeing \[/,
    );
  });

  test('what does not fit is refused', () => {
    const stored = trainingOf(learnerOf());
    stored.run().next();
    const go = (agent: SoftActorCriticOptions, control: ReplayControlOptions) => () =>
      trainingOf(learnerOf(agent, control)).restore(stored.checkpoint());
    expect(go({ ...small, hidden: [8, 4] }, {})).toThrow(/networks of another shape\?/);
    expect(go({ ...small, smoothing: 0.1 }, {})).toThrow(
      'Cannot go on: the checkpoint was made with learner.agent.smoothing 0.005, wanted 0.1',
    );
    expect(go(small, { randomSteps: 3 })).toThrow(
      'Cannot go on: the checkpoint was made with learner.randomSteps not given, wanted 3',
    );
    const wide = new KickedPoint();
    wide.actions.low[0] = -5;
    expect(() => trainingOf(learnerOf(small, {}, wide)).restore(stored.checkpoint())).toThrow(
      'Cannot go on: the checkpoint was made with learner.world.actions.low [-1], wanted [-5]',
    );
    const agent = new ReplayedSoftActorCritic(engine(), sizes, small, createRng(0, 'networks'));
    expect(() => new ReplayControl(agent, new Pendulum())).toThrow(
      'Cannot learn: the agent takes 2 numbers to 1 numbers, the world has 3 and 1',
    );
    expect(() => new ReplayControl(agent, new CartPole())).toThrow(
      'Cannot learn: wanted a world whose actions are a box, got 2 discrete actions',
    );
    const discrete = { observationSize: 3, actionCount: 2 };
    const deep = new DeepQLearning(engine(), discrete, {}, createRng(0, 'networks'));
    expect(() => new ReplayControl(deep, new Pendulum())).toThrow(
      'Cannot learn: wanted a world of discrete actions, got a box of 1',
    );
    expect(() => learnerOf(small, {}, new KickedPoint(Infinity))).toThrow(
      'Cannot learn: the world has no time limit, so an episode need not end',
    );
    const open = new KickedPoint();
    open.actions.high[0] = Infinity;
    expect(() => learnerOf(small, {}, open)).toThrow(
      'Cannot act: number 0 of an action must have finite bounds low < high, got -1 and Infinity',
    );
  });
});
