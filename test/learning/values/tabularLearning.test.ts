/** Learning to act from steps alone, against exact plans and against what textbooks show. */

import { describe, expect, test } from 'vitest';
import { cliffWalking } from '../../../src/environments/tabular/cliffWalking.ts';
import { deepSea } from '../../../src/environments/tabular/deepSea.ts';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { type TabularTask, tabularTask } from '../../../src/environments/tabularTask.ts';
import { Schedule, scheduled } from '../../../src/learning/schedule.ts';
import { createReplay } from '../../../src/learning/values/replay.ts';
import {
  type LearningProgress,
  tabularLearning,
} from '../../../src/learning/values/tabularLearning.ts';
import type { TabularLearningOptions } from '../../../src/learning/values/tabularLearningOptions.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { evaluatePolicy } from '../../../src/planning/policyEvaluation.ts';
import { backUp, softValueIteration } from '../../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';
import { expectClose } from '../../support/closeness.ts';

function learn(task: TabularTask, options: TabularLearningOptions) {
  const simulator = new TabularSimulator(task, createRng(options.seed ?? 0, 'outcomes'));
  const steps = tabularLearning(simulator, options);
  const progress: Omit<LearningProgress, 'actionValue'>[] = [];
  for (;;) {
    const next = steps.next();
    if (next.done) return { ...next.value, progress };
    const { actionValue: _, ...plain } = next.value;
    progress.push(plain);
  }
}

const mean = (x: readonly number[]): number => x.reduce((sum, y) => sum + y, 0) / x.length;
const harmonic = (from: number, halfLife: number) =>
  ({ kind: 'harmonic', from, halfLife }) as const;
const always = { kind: 'epsilon-greedy', epsilon: 1 } as const;

/** Of a value learned at steps of 5 / n, n above 2,000, from returns within 1: three times √(5 / 2n) / 2. */
const NOISE = 0.06;

/** Slippery and small, begun anywhere, so that every pair is met often. */
const ice = frozenLake({ map: ['SFF', 'FHF', 'FFG'], success: 0.6, timeLimit: 30 });
const walkable = ice.world.mdp.pairStart
  .subarray(1)
  .map((end, s) => end - ice.world.mdp.pairStart[s]);
const pond: TabularTask = {
  ...ice,
  initial: Float64Array.from(walkable, (n) => (n > 0 ? 1 / 7 : 0)),
};

describe.each([
  ['q-learning', undefined],
  ['double-q-learning', undefined],
  ['q-learning', { capacity: 2000, batch: 2 }],
] as const)('%s, replay %o', (method, replay) => {
  test('tabularLearning finds the optimal values while acting at random', () => {
    const discount = 0.9;
    const { mdp } = pond.world;
    const { actionValue, visits } = learn(pond, {
      method,
      discount,
      episodes: 30_000,
      stepSize: harmonic(1, 5),
      exploration: always,
      ...(replay ? { replay } : {}),
    });
    const plan = valueIteration(mdp, pond.reward, { discount });
    expect(Math.min(...visits)).toBeGreaterThan(2000);
    expectClose(actionValue, plan.actionValue, NOISE);
  });
});

test.each(['one', 'uniform'] as const)(
  'tabularLearning finds the soft-optimal values and policy, prior %s',
  (prior) => {
    const [discount, temperature] = [0.8, 0.3];
    const { mdp } = pond.world;
    const { actionValue, policy, progress } = learn(pond, {
      method: 'soft-q-learning',
      prior,
      discount,
      temperature,
      episodes: 40_000,
      stepSize: harmonic(1, 5),
    });
    // entropy relative to the uniform choice costs τ log 4 at every decision
    const price = prior === 'one' ? 0 : temperature * Math.log(4);
    const charged = pond.reward.map((r) => r - price);
    const plan = softValueIteration(mdp, charged, { discount, temperature });
    const wanted = new Float64Array(mdp.pairCount);
    backUp(mdp, charged, plan.value, discount, wanted);
    expectClose(
      actionValue.map((q) => q - price),
      wanted,
      NOISE,
    );
    expectClose(policy, plan.policy, NOISE);
    expect(mean(progress.slice(-200).map((p) => p.entropy))).toBeGreaterThan(1);
  },
);

test.each(['sarsa', 'expected-sarsa'] as const)('%s values the policy that acts', (method) => {
  const discount = 0.9;
  const { mdp } = pond.world;
  const { actionValue } = learn(pond, {
    method,
    discount,
    episodes: 30_000,
    stepSize: harmonic(1, 5),
    exploration: always,
  });
  const uniform = new Float64Array(mdp.pairCount).fill(1 / 4);
  const wanted = new Float64Array(mdp.pairCount);
  backUp(
    mdp,
    pond.reward,
    evaluatePolicy(mdp, pond.reward, uniform, { discount }),
    discount,
    wanted,
  );
  expectClose(actionValue, wanted, NOISE);
});

test('Q-learning crosses the 4 × 4 ice as well as the exact plan', () => {
  const lake = frozenLake();
  const { mdp } = lake.world;
  const discount = 0.99;
  const { policy } = learn(lake, {
    discount,
    episodes: 60_000,
    stepSize: harmonic(1, 5),
    exploration: always,
  });
  const worth = evaluatePolicy(mdp, lake.reward, policy, { discount })[0];
  const best = valueIteration(mdp, lake.reward, { discount }).value[0];
  expect(worth / best).toBeGreaterThan(0.95);
});

describe('the cliff (Sutton & Barto, example 6.6)', () => {
  const cliff = cliffWalking({ timeLimit: 500 });
  /** Rows of the cells on the greedy way, from the start. */
  const rowsOf = (greedy: Int32Array): { rows: number[]; arrived: boolean } => {
    const { nextState, transitionStart, pairStart } = cliff.world.mdp;
    const rows: number[] = [];
    let s = cliff.initial.indexOf(1);
    for (let t = 0; t < 50 && pairStart[s] < pairStart[s + 1]; t++) {
      rows.push(Math.floor(s / 12));
      s = nextState[transitionStart[greedy[s]]];
    }
    return { rows, arrived: pairStart[s] === pairStart[s + 1] };
  };
  const options = { discount: 1, episodes: 500, stepSize: 0.5 } as const;
  const atTheEnd = (progress: readonly { return: number }[]): number =>
    mean(progress.slice(-300).map((p) => p.return));

  test('Q-learning walks along the edge and SARSA at a distance, which pays while one explores', () => {
    const edge = learn(cliff, { ...options, method: 'q-learning' });
    const edgeWay = rowsOf(edge.greedy);
    expect(edgeWay.arrived).toBe(true);
    expect(edgeWay.rows).toEqual([3, ...new Array<number>(12).fill(2)]);

    const safe = learn(cliff, { ...options, method: 'sarsa', stepSize: 0.1, episodes: 3000 });
    const safeWay = rowsOf(safe.greedy);
    expect(safeWay.arrived).toBe(true);
    expect(safeWay.rows.slice(3, -2).every((row) => row < 2)).toBe(true);
    expect(atTheEnd(safe.progress)).toBeGreaterThan(atTheEnd(edge.progress) + 10);
    expect(atTheEnd(safe.progress)).toBeGreaterThan(-35);
  });
});

test('double Q-learning is less taken in by chance (Sutton & Barto, example 6.7)', () => {
  // right ends at once for 0; left leads to ten bets that cost 0.1 on average
  const bets = tabularTask({
    stateNames: ['start', 'bets', 'over'],
    actionNames: Array.from({ length: 10 }, (_, a) => `a${a}`),
    actionsOf: (s) => (s === 0 ? [0, 1] : s === 1 ? [...Array(10).keys()] : []),
    outcomes: (s, a) =>
      s === 0
        ? [{ to: a === 0 ? 1 : 2, probability: 1, reward: 0 }]
        : [1, -1.2].map((reward) => ({ to: 2, probability: 0.5, reward })),
    initial: 0,
    timeLimit: 2,
  });
  const leftShare = (method: 'q-learning' | 'double-q-learning'): number =>
    mean(
      Array.from({ length: 200 }, (_, seed) => {
        const { visits } = learn(bets, { method, discount: 1, episodes: 100, seed });
        return visits[0] / 100;
      }),
    );
  const [single, double] = [leftShare('q-learning'), leftShare('double-q-learning')];
  expect(single).toBeGreaterThan(0.4);
  expect(double).toBeLessThan(single - 0.1);
});

test('a count bonus dives where ε-greedy never comes', () => {
  const sea = deepSea({ size: 10 });
  const options = { discount: 1, stepSize: 0.5, episodes: 2000 };
  const found = ({ progress }: ReturnType<typeof learn>): number =>
    progress.filter((p) => p.return > 0.5).length;
  const curious = learn(sea, { ...options, exploration: { kind: 'count-bonus', bonus: 0.05 } });
  expect(found(curious)).toBeGreaterThan(400);
  expect(found(learn(sea, options))).toBe(0);
});

test('learning repeats itself bit for bit, whatever else is drawn', () => {
  const options = {
    discount: 0.9,
    episodes: 50,
    seed: 'again',
    method: 'double-q-learning',
  } as const;
  const replayed = { ...options, replay: { capacity: 20, batch: 3 } };
  expect(learn(pond, options)).toEqual(learn(pond, options));
  expect(learn(pond, replayed)).toEqual(learn(pond, replayed));
  expect(learn(pond, replayed).actionValue).not.toEqual(learn(pond, options).actionValue);
  expect(learn(pond, { ...options, seed: 1 }).actionValue).not.toEqual(
    learn(pond, options).actionValue,
  );
});

test('a step size of nothing learns nothing, a start is kept', () => {
  const { actionValue, steps, progress } = learn(pond, {
    discount: 0.9,
    episodes: 3,
    stepSize: 0,
    start: 0.5,
  });
  expect(new Set(actionValue)).toEqual(new Set([0.5]));
  expect(steps).toBe(progress.reduce((sum, { length }) => sum + length, 0));
});

test('scheduled and replay do as they say', () => {
  expect(
    [0, 50, 100, 200].map((n) => scheduled({ kind: 'linear', from: 1, to: 0, over: 100 }, n)),
  ).toEqual([1, 0.5, 0, 0]);
  const decay = { kind: 'exponential', from: 1, to: 0.01, over: 2 } as const;
  expectClose(
    [0, 1, 2, 9].map((n) => scheduled(decay, n)),
    [1, 0.1, 0.01, 0.01],
    1e-15,
  );
  expect([0, 1, 3].map((n) => scheduled(harmonic(1, 1), n))).toEqual([1, 1 / 2, 1 / 4]);
  expect(Schedule.safeParse({ ...decay, to: 0 }).success).toBe(false);

  const replay = createReplay(3);
  const rng = createRng(1, 'replay');
  expect(() => replay.draw(rng)).toThrow('no step has been kept');
  const steps = [0, 1, 2, 3, 4].map((pair) => ({
    pair,
    reward: pair / 3,
    nextFirst: pair + 1,
    nextEnd: pair + 2,
    nextPair: -1,
    terminated: pair === 4,
  }));
  steps.forEach(replay.add);
  expect(replay.size).toBe(3);
  const drawn = Array.from({ length: 60 }, () => replay.draw(rng));
  expect(new Set(drawn.map(({ pair }) => pair))).toEqual(new Set([2, 3, 4]));
  for (const step of drawn) expect(step).toEqual(steps[step.pair]);
  expect(() => createReplay(0)).toThrow('got 0');
});

test('what makes no sense is refused', () => {
  const endless = { ...pond, timeLimit: Infinity };
  expect(() => learn(endless, { discount: 0.9 })).toThrow('give maxSteps');
  expect(() => learn(pond, { discount: 0.9, method: 'sarsa', replay: {} })).toThrow('SARSA');
  expect(() => learn(pond, { discount: 0.9, method: 'soft-q-learning', temperature: 0 })).toThrow();
  const cold = { kind: 'linear', from: 1, to: 0, over: 2 } as const;
  expect(() =>
    learn(pond, { discount: 0.9, exploration: { kind: 'boltzmann', temperature: cold } }),
  ).toThrow('the temperature must be > 0, got 0');
  expect(() =>
    learn(pond, { discount: 0.9, exploration: { kind: 'epsilon-greedy', epsilon: 2 } }),
  ).toThrow('ε must be ≤ 1, got 2');
});
