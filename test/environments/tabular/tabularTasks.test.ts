/** Textbook and toy worlds against values that independent programs found. */

import { describe, expect, test } from 'vitest';
import { chain } from '../../../src/environments/tabular/chain.ts';
import { cliffWalking } from '../../../src/environments/tabular/cliffWalking.ts';
import { deepSea } from '../../../src/environments/tabular/deepSea.ts';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { gambler } from '../../../src/environments/tabular/gambler.ts';
import { objectWorld } from '../../../src/environments/tabular/objectWorld.ts';
import { plusMaze } from '../../../src/environments/tabular/plusMaze.ts';
import { shortCorridor } from '../../../src/environments/tabular/shortCorridor.ts';
import { taxi } from '../../../src/environments/tabular/taxi.ts';
import {
  cornerGrid,
  jumpGrid,
  randomWalk,
  windyGrid,
} from '../../../src/environments/tabular/textbookGrids.ts';
import type { TabularTask } from '../../../src/environments/tabularTask.ts';
import { createFiniteHorizon } from '../../../src/planning/finiteHorizon.ts';
import {
  evaluatePolicy,
  evaluationSweep,
  uniformPolicy,
} from '../../../src/planning/policyEvaluation.ts';
import { softValueIteration } from '../../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';
import { expectClose } from '../../support/closeness.ts';
import { readReference } from '../../support/references.ts';

/** How far the references iterated. */
const SWEPT = 1e-9;

const optimal = ({ world, reward }: TabularTask, discount: number) =>
  valueIteration(world.mdp, reward, { discount, tolerance: 1e-14 });

describe('frozenLake', () => {
  interface Lake {
    readonly map: readonly string[];
    readonly maxEpisodeSteps: number;
    readonly finiteHorizon: { H: number; optimalSuccessProbabilityNonstationary: number };
    readonly 'deterministic_gamma0.99_V': number[];
  }
  interface AtDiscount {
    readonly V: number[];
    readonly Q: number[][];
    readonly uniformPolicyV?: number[];
    readonly soft: Record<string, { softV: number[]; hardReturnOfSoftPolicy: number[] }>;
  }
  const stored = readReference<Record<string, Lake & Record<string, AtDiscount>>>('frozenlake');

  test.each([
    ['FrozenLake-v1', '4x4'],
    ['FrozenLake8x8-v1', '8x8'],
  ] as const)('%s has the optimal, uniform and soft values of the reference', (name, map) => {
    const lake = stored[name];
    const task = frozenLake({ map });
    const { mdp } = task.world;
    expect(task.timeLimit).toBe(lake.maxEpisodeSteps);
    for (const discount of [0.9, 0.95, 0.99]) {
      const theirs = lake[String(discount)];
      const plan = optimal(task, discount);
      expectClose(plan.value, theirs.V, SWEPT);
      expectClose(plan.actionValue, liveRows(mdp.pairStart, theirs.Q), SWEPT);
      const uniform = evaluatePolicy(mdp, task.reward, uniformPolicy(mdp), { discount });
      if (theirs.uniformPolicyV) expectClose(uniform, theirs.uniformPolicyV, SWEPT);
      for (const [alpha, { softV, hardReturnOfSoftPolicy }] of Object.entries(theirs.soft)) {
        const soft = softValueIteration(mdp, task.reward, {
          discount,
          temperature: Number(alpha),
          tolerance: 1e-13,
        });
        expectClose(soft.value, softV, SWEPT);
        const brings = evaluatePolicy(mdp, task.reward, soft.policy, { discount });
        expectClose(brings, hardReturnOfSoftPolicy, 1e-7);
      }
    }
    expectClose(optimal(task, 1).value, lake['1.0'].V, SWEPT);
    const { H, optimalSuccessProbabilityNonstationary } = lake.finiteHorizon;
    const within = createFiniteHorizon(mdp, H, 1, 1e-12);
    within.plan(task.reward);
    expectClose([within.value[0]], [optimalSuccessProbabilityNonstationary], SWEPT);
    const dry = optimal(frozenLake({ map, success: 1 }), 0.99);
    expectClose(dry.value, lake['deterministic_gamma0.99_V'], SWEPT);
  });

  /** The rows of states that have actions here. */
  function liveRows(pairStart: Int32Array, rows: readonly number[][]): number[] {
    return rows.flatMap((row, s) => (pairStart[s + 1] > pairStart[s] ? row : []));
  }

  test('frozenLake refuses a map without a start', () => {
    expect(() => frozenLake({ map: ['FG'] })).toThrow(/no S to start from/);
    expect(() => frozenLake({ map: ['SF', 'G'] })).toThrow(/row 2 must have 2 characters, got 1/);
  });
});

test('taxi moves and pays as the reference, whatever state it is in', () => {
  const {
    table,
    optimal: values,
    optimalMeanReturn,
    uniformPolicyMeanReturn200,
    maxEpisodeSteps,
  } = readReference<{
    readonly table: { next: number[][]; reward: number[][]; terminated: number[][] };
    readonly optimal: Record<string, { V: number[]; meanV0: number }>;
    readonly optimalMeanReturn: number;
    readonly uniformPolicyMeanReturn200: number;
    readonly maxEpisodeSteps: number;
  }>('taxi');
  const task = taxi();
  const { nextState, stateCount } = task.world.mdp;
  table.next.forEach((row, s) => {
    row.forEach((to, action) => {
      const pair = s * 6 + action;
      expect(nextState[pair]).toBe(table.terminated[s][action] ? stateCount - 1 : to);
      expect(task.reward[pair]).toBe(table.reward[s][action]);
    });
  });
  for (const [discount, { V, meanV0 }] of Object.entries(values)) {
    const { value } = optimal(task, Number(discount));
    if (Number(discount) < 1) expectClose(value.subarray(0, 500), V, SWEPT);
    expectClose([value.reduce((sum, v, s) => sum + task.initial[s] * v, 0)], [meanV0], SWEPT);
  }
  const meanOf = (value: Float64Array): number =>
    value.reduce((sum, v, state) => sum + task.initial[state] * v, 0);
  expectClose([meanOf(optimal(task, 1).value)], [optimalMeanReturn], SWEPT);
  // The uniform policy over the time limit, sweep by sweep from the end.
  const { mdp } = task.world;
  let [worth, next] = [new Float64Array(mdp.stateCount), new Float64Array(mdp.stateCount)];
  for (let step = 0; step < maxEpisodeSteps; step++) {
    evaluationSweep(mdp, task.reward, uniformPolicy(mdp), { discount: 1 }, worth, next);
    [worth, next] = [next, worth];
  }
  expectClose([meanOf(worth)], [uniformPolicyMeanReturn200], SWEPT);
});

describe('the textbook', () => {
  const stored = readReference<{
    readonly gridworld5x5: {
      readonly uniformV: number[];
      readonly optimalV: number[];
      readonly optimalQ: number[][];
      readonly soft: Record<string, { V: number[]; hardV: number[] }>;
    };
    readonly gridworld4x4: {
      readonly uniformV: number[];
      readonly optimalV: number[];
      readonly syncSweeps: Record<string, number[]>;
    };
    readonly gambler: { readonly V: number[] };
    readonly shortCorridor: {
      readonly curve: readonly (readonly [number, number])[];
      readonly pOpt: number;
      readonly vOpt: number;
      readonly exampleTheta: { theta: [number, number]; J: number; gradFD: [number, number] };
    };
    readonly deepsea: {
      readonly sizes: Record<
        string,
        {
          readonly mappingSeed42: (0 | 1)[][];
          readonly optimalReturn: number;
          readonly uniformReturn: number;
          readonly soft: Record<string, { V0: number; policyReturn: number }>;
        }
      >;
    };
    readonly nchain: { readonly optimal: Record<string, { V: number[]; Q: number[][] }> };
    readonly randomWalk5: { readonly V: number[] };
  }>('sutton_barto_deepsea_chain');

  test('jumpGrid has the values of example 3.5 and 3.8', () => {
    const task = jumpGrid();
    const { mdp } = task.world;
    const { uniformV, optimalV, optimalQ, soft } = stored.gridworld5x5;
    const discount = 0.9;
    expectClose(
      evaluatePolicy(mdp, task.reward, uniformPolicy(mdp), { discount }),
      uniformV,
      SWEPT,
    );
    const plan = optimal(task, discount);
    expectClose(plan.value, optimalV, SWEPT);
    expectClose(plan.actionValue, optimalQ.flat(), SWEPT);
    for (const [temperature, { V, hardV }] of Object.entries(soft)) {
      const options = { discount, temperature: Number(temperature), tolerance: 1e-13 };
      const found = softValueIteration(mdp, task.reward, options);
      expectClose(found.value, V, SWEPT);
      expectClose(evaluatePolicy(mdp, task.reward, found.policy, { discount }), hardV, 1e-7);
    }
  });

  test('cornerGrid is evaluated sweep by sweep and at once', () => {
    const task = cornerGrid();
    const { mdp } = task.world;
    const { uniformV, optimalV, syncSweeps } = stored.gridworld4x4;
    const policy = uniformPolicy(mdp);
    let [value, next] = [new Float64Array(16), new Float64Array(16)];
    for (let sweep = 1; sweep <= 10; sweep++) {
      evaluationSweep(mdp, task.reward, policy, { discount: 1 }, value, next);
      [value, next] = [next, value];
      const theirs = syncSweeps[String(sweep)];
      if (theirs) expectClose(value, theirs, 1e-12);
    }
    expectClose(evaluatePolicy(mdp, task.reward, policy, { discount: 1 }), uniformV, SWEPT);
    expectClose(optimal(task, 1).value, optimalV, SWEPT);
  });

  test('gambler, chain and randomWalk have the values of the reference', () => {
    // Reaching the goal pays there, so its own value is 0 and not the 1 that the book draws.
    const { value } = optimal(gambler(), 1);
    expectClose(value.subarray(0, 100), stored.gambler.V.slice(0, 100), SWEPT);
    for (const [discount, { V, Q }] of Object.entries(stored.nchain.optimal)) {
      const plan = optimal(chain(), Number(discount));
      expectClose(plan.value, V, SWEPT);
      expectClose(plan.actionValue, Q.flat(), SWEPT);
    }
    const walk = randomWalk();
    const { mdp } = walk.world;
    const worth = evaluatePolicy(mdp, walk.reward, uniformPolicy(mdp), { discount: 1 });
    expectClose(worth.subarray(1, 6), stored.randomWalk5.V, SWEPT);
  });

  test('shortCorridor is worth what the formula says, whatever the coin', () => {
    const { world, reward } = shortCorridor();
    for (const [right, worth] of stored.shortCorridor.curve) {
      const policy = Float64Array.from(world.pairAction, (a) => (a === 1 ? right : 1 - right));
      expectClose([evaluatePolicy(world.mdp, reward, policy, { discount: 1 })[0]], [worth], SWEPT);
    }
    const worthOf = (right: number): number => {
      const policy = Float64Array.from(world.pairAction, (a) => (a === 1 ? right : 1 - right));
      return evaluatePolicy(world.mdp, reward, policy, { discount: 1 })[0];
    };
    const { pOpt, vOpt, exampleTheta } = stored.shortCorridor;
    expectClose([worthOf(pOpt)], [vOpt], SWEPT);
    expect(worthOf(pOpt - 0.01)).toBeLessThan(vOpt);
    expect(worthOf(pOpt + 0.01)).toBeLessThan(vOpt);
    // Going right has the preference of the first number, going left of the second.
    const [preferRight, preferLeft] = exampleTheta.theta;
    const worthAt = (moved: number): number =>
      worthOf(1 / (1 + Math.exp(preferLeft - preferRight - moved)));
    expectClose([worthAt(0)], [exampleTheta.J], SWEPT);
    expectClose([(worthAt(1e-5) - worthAt(-1e-5)) / 2e-5], [exampleTheta.gradFD[0]], 1e-6);
    const never = Float64Array.from(world.pairAction, (a) => (a === 1 ? 0 : 1));
    expect(() => evaluatePolicy(world.mdp, reward, never, { discount: 1 })).toThrow(
      /must end with certainty/,
    );
  });

  test('deepSea is worth what the reference says, soft and hard', () => {
    for (const [size, theirs] of Object.entries(stored.deepsea.sizes)) {
      const task = deepSea({ size: Number(size), right: theirs.mappingSeed42 });
      const { mdp } = task.world;
      expectClose([optimal(task, 1).value[0]], [theirs.optimalReturn], SWEPT);
      const uniform = evaluatePolicy(mdp, task.reward, uniformPolicy(mdp), { discount: 1 });
      expectClose([uniform[0]], [theirs.uniformReturn], SWEPT);
      for (const [temperature, { V0, policyReturn }] of Object.entries(theirs.soft)) {
        if (Number(temperature) === 0) continue;
        const options = { discount: 1, temperature: Number(temperature) };
        const { value, policy } = softValueIteration(mdp, task.reward, options);
        expectClose([value[0]], [V0], SWEPT);
        const brings = evaluatePolicy(mdp, task.reward, policy, { discount: 1 });
        expectClose([brings[0]], [policyReturn], SWEPT);
      }
    }
  });

  test('windyGrid takes 15 steps, 7 by king’s moves', () => {
    const steps = (task: TabularTask): number =>
      -optimal(task, 1).value.reduce((sum, v, s) => sum + task.initial[s] * v, 0);
    expect(steps(windyGrid())).toBe(15);
    expect(steps(windyGrid({ kings: true }))).toBe(7);
    expect(steps(windyGrid({ kings: true, stochastic: true }))).toBeGreaterThan(7);
  });
});

test('cliffWalking takes 13 steps along the edge, and more where it is slippery', () => {
  const start = 36;
  expect(optimal(cliffWalking(), 1).value[start]).toBe(-13);
  const slippery = optimal(cliffWalking({ slippery: true }), 1).value[start];
  expect(slippery).toBeLessThan(-13);
  expect(slippery).toBeGreaterThan(-200);
});

test('objectWorld pays by the distance to the colours that count', () => {
  const { task, features } = objectWorld({ size: 10, objects: 12, colors: 3, seed: 1 });
  const { mdp } = task.world;
  const column = (name: string, s: number) =>
    features.values[s * features.names.length + features.names.indexOf(name)];
  const worths = new Set<number>();
  for (let s = 0; s < mdp.stateCount; s++) {
    const far = column('outer colour 0', s) > 3;
    const worth = far ? 0 : column('outer colour 1', s) <= 2 ? 1 : -1;
    expect(task.reward[mdp.pairStart[s]]).toBe(worth);
    worths.add(worth);
  }
  expect([...worths].sort()).toEqual([-1, 0, 1]);
  expect(() => objectWorld({ size: 2, objects: 5 })).toThrow(/5 objects in a grid of 4 cells/);
});

describe('plusMaze', () => {
  test('is worth the end that pays most, less the steps there', () => {
    const task = plusMaze({ arm: 3, pays: [0, 1, 5, 0], stepCost: 0.5 });
    const { value } = optimal(task, 1);
    expect(task.world.stateNames.filter((_, s) => s % 3 === 0)).toEqual([
      '0,0',
      '0,-3',
      '3,0',
      '0,3',
      '-3,0',
    ]);
    expect(value[0]).toBeCloseTo(5 - 3 * 0.5, 12);
    // one step before the end that pays 1 it is not worth going back
    expect(value[5]).toBeCloseTo(Math.max(1 - 0.5, 5 - 5 * 0.5), 12);
  });

  test('is left by a coin with four sides as gambler’s ruin says', () => {
    const arm = 4;
    const task = plusMaze({ arm });
    const { mdp } = task.world;
    const uniform = uniformPolicy(mdp);
    const steps = new Float64Array(mdp.pairCount).fill(1);
    // in a corridor half the moves wait: f(k) = 2 + (f(k − 1) + f(k + 1)) / 2 has f(k) = a + b k − 2 k²;
    // f(0) = 1 + f(1) gives b = 1, and f(arm) = 0 gives a
    const expected = evaluatePolicy(mdp, steps, uniform, { discount: 1 })[0];
    expect(expected).toBeCloseTo(2 * arm * arm - arm, 9);
    // all ends alike, by symmetry
    for (let end = 0; end < 4; end++) {
      const pays = [0, 0, 0, 0];
      pays[end] = 1;
      const one = plusMaze({ arm, pays });
      expect(evaluatePolicy(mdp, one.reward, uniform, { discount: 1 })[0]).toBeCloseTo(1 / 4, 12);
    }
  });
});
