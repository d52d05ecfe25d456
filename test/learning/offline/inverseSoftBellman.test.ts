/** Rewards from one recorded episode: gone on with bit for bit, refused where it makes no sense. */

import { describe, expect, test } from 'vitest';
import type { Episodes } from '../../../src/demonstrations/sources/episodes.ts';
import { readEpisodes } from '../../../src/demonstrations/sources/episodes.ts';
import { openNpz } from '../../../src/demonstrations/sources/npzEpisodes.ts';
import { CartPole } from '../../../src/environments/classicControl/cartPole.ts';
import {
  InverseSoftBellman,
  inverseSoftBellman,
} from '../../../src/learning/offline/inverseSoftBellman.ts';
import { type RecordedSteps, recordedSteps } from '../../../src/learning/offline/recordedSteps.ts';
import {
  loadSoftQPolicy,
  SoftQPolicy,
  saveSoftQPolicy,
} from '../../../src/learning/offline/softQPolicy.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';

const path = new URL('../../../datasets/expert_play/cartpole.npz', import.meta.url).pathname;
const episodes = await readEpisodes(await openNpz(path, { timeLimit: 500 }));
const engine = kernelEngine('kernels', 64);

/** Plays so many episodes of the cart pole and records them. */
function play(count: number, act: (seen: Float64Array, out: Float64Array) => void): RecordedSteps {
  const rng = createRng(1, 'starts');
  const world = new CartPole();
  const action = new Float64Array(1);
  const start = [0];
  const seen: number[] = [];
  const done: number[] = [];
  const next: number[] = [];
  const over: number[] = [];
  for (let i = 0; i < count; i++) {
    world.reset(rng);
    while (!world.terminated && !world.truncated) {
      seen.push(...world.observation);
      act(world.observation, action);
      world.step(action[0]);
      done.push(action[0]);
      next.push(...world.observation);
      over.push(world.terminated ? 1 : 0);
    }
    start.push(done.length);
  }
  return {
    count: done.length,
    observationSize: 4,
    actionCount: 2,
    observations: Float64Array.from(seen),
    actions: Int32Array.from(done),
    next: Float64Array.from(next),
    terminated: Uint8Array.from(over),
    start: Int32Array.from(start),
    leftOut: 0,
  };
}

describe('recordedSteps', () => {
  test('ends where an episode terminated, and not where it only ran out of time', () => {
    // the first fell after 458 steps, the fifth was stopped after 500
    const steps = recordedSteps(episodes, 2, [0, 4]);
    expect(steps.count).toBe(958);
    expect([...steps.start]).toEqual([0, 458, 958]);
    expect(steps.terminated.indexOf(1)).toBe(457);
    expect(steps.terminated.lastIndexOf(1)).toBe(457);
    expect([...steps.next.subarray(0, 4)]).toEqual([...steps.observations.subarray(4, 8)]);
    expect(steps.leftOut).toBe(0);
  });

  test('leaves out and counts decisions that led nobody knows where', () => {
    const start = Int32Array.of(0, 3);
    const cut: Episodes = {
      ...episodes,
      count: 1,
      stepStart: start,
      observationStart: start,
      observations: episodes.observations.slice(0, 12),
      actions: episodes.actions.slice(0, 3),
      ends: ['terminated'],
    };
    const steps = recordedSteps(cut, 2);
    expect([steps.count, steps.leftOut]).toEqual([2, 1]);
    expect([...steps.terminated]).toEqual([0, 0]);
  });

  test.each([
    ['an action that is none', { actions: episodes.actions.map((a) => a + 1) }, 'got 2'],
    [
      'an observation that is no number',
      { observations: episodes.observations.map((x, i) => (i === 9 ? Number.NaN : x)) },
      'NaN as coordinate 1 of observation 2',
    ],
    [
      'actions in a box',
      { layout: { ...episodes.layout, actions: { kind: 'box', names: ['a'] } } },
      'wanted numbered actions',
    ],
  ] as const)('refuses %s', (_, change, message) => {
    expect(() => recordedSteps({ ...episodes, ...change }, 2, [0])).toThrow(message);
  });
});

describe('inverse soft Bellman', () => {
  const steps = recordedSteps(episodes, 2, [0]);

  test.each(['recorded', 'estimated'] as const)('goes on bit for bit, %s', (transition) => {
    const options = { hidden: [16], updates: 60, transition };
    const whole = new InverseSoftBellman(engine, steps, options, 3);
    const first = new InverseSoftBellman(engine, steps, options, 3);
    const stopAt = 1 + Math.floor(createRng(transition, 'stop')() * 58);
    while (first.updates < stopAt) first.update();
    const folder = temporaryFolder();
    saveCheckpoint(folder, first.checkpoint());
    const second = new InverseSoftBellman(engine, steps, options, 3);
    second.restore(loadCheckpoint(folder, 'inverse-soft-bellman'));
    while (!whole.done) whole.update();
    while (!second.done) second.update();
    for (const which of ['averaged', 'last'] as const)
      expect(second.policy(which)).toEqual(whole.policy(which));
    expect(whole.policy('averaged').parameters).not.toEqual(whole.policy('last').parameters);
  });

  test('refuses a checkpoint of other options, of another log, or of something else', () => {
    const made = new InverseSoftBellman(engine, steps, { hidden: [16] }, 3).checkpoint();
    const into = (options: object, log = steps) =>
      new InverseSoftBellman(engine, log, { hidden: [16], ...options }, 3).restore(made);
    expect(() => into({ hidden: [8] })).toThrow('made with hidden [16], wanted [8]');
    expect(() => into({ chi: 2 })).toThrow('made with chi 0.5, wanted 2');
    expect(() => into({}, recordedSteps(episodes, 2, [1]))).toThrow('with steps 458, wanted 442');
    expect(() => into({ updates: 7 })).not.toThrow();
    expect(() =>
      new InverseSoftBellman(engine, steps, {}, 3).restore({ ...made, kind: 'other' }),
    ).toThrow('is of "other"');
  });

  test('stops where the loss is no number, with the update, and changes nothing', () => {
    const before = new InverseSoftBellman(engine, steps).policy('last').parameters;
    const far = { ...steps, next: steps.next.map(() => Number.POSITIVE_INFINITY) };
    const broken = new InverseSoftBellman(engine, far);
    expect(() => broken.update()).toThrow(/loss is NaN at update 1;/);
    expect(broken.policy('last').parameters).toEqual(before);
    expect(broken.updates).toBe(0);
  });

  test('balances from one episode, and its reward ranks its play above chance above a fall', () => {
    const run = inverseSoftBellman(engine, steps, {}, 0);
    let next = run.next();
    while (!next.done) next = run.next();
    const folder = temporaryFolder();
    saveSoftQPolicy(folder, next.value.averaged);
    const policy = new SoftQPolicy(engine, loadSoftQPolicy(folder));
    const own = play(10, (seen, out) => policy.act(seen, 1, null, out));
    const rng = createRng(0, 'chance');
    const chance = play(20, (_, out) => {
      out[0] = rng() < 0.5 ? 0 : 1;
    });
    expect(own.count / 10).toBeGreaterThan(450);
    const mean = (x: Float64Array) => x.reduce((sum, y) => sum + y, 0) / x.length;
    const byChance = policy.rewards(chance);
    const falling = byChance.filter((_, i) => {
      const end = chance.start.find((first) => first > i) ?? 0;
      return end - i <= 5;
    });
    expect(falling).toHaveLength(100);
    expect(mean(policy.rewards(own))).toBeGreaterThan(mean(byChance) + 0.1);
    expect(mean(byChance)).toBeGreaterThan(mean(falling) + 0.1);
  });

  test('a policy tells probabilities, and takes the likeliest action', () => {
    const policy = new SoftQPolicy(engine, new InverseSoftBellman(engine, steps).policy('last'));
    const rows = 300;
    const seen = steps.observations.subarray(0, rows * 4);
    const log = [0, 1].map((a) => {
      const out = new Float64Array(rows);
      policy.logLikelihood(seen, new Float64Array(rows).fill(a), rows, out);
      return out;
    });
    const chosen = new Float64Array(rows);
    policy.act(seen, rows, null, chosen);
    for (let i = 0; i < rows; i++) {
      expect(Math.exp(log[0][i]) + Math.exp(log[1][i])).toBeCloseTo(1, 12);
      expect(log[chosen[i]][i]).toBeGreaterThanOrEqual(log[1 - chosen[i]][i]);
    }
    const counts = [0, 0];
    const rng = createRng(0, 'draws');
    const one = new Float64Array(1);
    for (let i = 0; i < 4000; i++) {
      policy.act(seen.subarray(0, 4), 1, rng, one);
      counts[one[0]]++;
    }
    // 4 standard errors of a share of 4,000
    expect(Math.abs(counts[1] / 4000 - Math.exp(log[1][0]))).toBeLessThan(0.032);
  });

  test('refuses observations and actions of another world', () => {
    const policy = new SoftQPolicy(engine, new InverseSoftBellman(engine, steps).policy('last'));
    expect(() => policy.act(new Float64Array(3), 1, null, new Float64Array(1))).toThrow(
      'wanted 1 observations of 4 numbers, got 3 numbers',
    );
    expect(() => policy.rewards({ ...steps, actionCount: 3 })).toThrow('of 2 actions');
  });
});
