import { expect, test } from 'vitest';
import { cliffWalking } from '../../src/environments/tabular/cliffWalking.ts';
import { frozenLake } from '../../src/environments/tabular/frozenLake.ts';
import type { TabularTask } from '../../src/environments/tabularTask.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import {
  type CriticalTemperature,
  criticalTemperature,
} from '../../src/planning/criticalTemperature.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { stationaryTask } from '../../src/planning/stationaryTask.ts';
import { mdpOf } from '../support/arbitraryMdp.ts';

function goalAt(...states: number[]): Goal {
  return {
    name: 'goal',
    absorbing: true,
    stopState: Int32Array.from(states),
    stopReward: new Float64Array(states.length),
  };
}

/** Loops of n kinds at the start for a price each, or on to the goal. */
function loops(n: number) {
  return mdpOf([
    [...Array.from({ length: n }, () => [{ to: 0, probability: 1 }]), [{ to: 1, probability: 1 }]],
    [],
  ]);
}

test('criticalTemperature of n loops of price c is c / log n', () => {
  for (const [n, price] of [
    [2, 1],
    [7, 30],
    [3, 1e-3],
  ]) {
    const { temperature, low, high, states } = criticalTemperature(
      loops(n),
      goalAt(1),
      new Float64Array(n + 1).fill(-price),
    );
    expect(temperature / (price / Math.log(n))).toBeCloseTo(1, 8);
    expect(low).toBeLessThan(high);
    expect(states).toEqual([0]);
  }
});

test('criticalTemperature is infinite where going on for ever is no choice, or one without freedom', () => {
  const none = { temperature: Infinity, low: Infinity, high: Infinity, states: [] };
  expect(criticalTemperature(loops(0), goalAt(1), Float64Array.of(-1))).toEqual(none);
  expect(criticalTemperature(loops(1), goalAt(1), Float64Array.of(-1, -1))).toEqual(none);
});

test('criticalTemperature is 0 where going on for ever costs nothing, or pays', () => {
  for (const price of [0, -1])
    expect(criticalTemperature(loops(1), goalAt(1), Float64Array.of(-price, -1)).temperature).toBe(
      0,
    );
});

test('criticalTemperature looks only at what walks can come to', () => {
  // state 2 may loop for nothing, but nobody begins there and nothing leads there
  const mdp = mdpOf([
    [[{ to: 1, probability: 1 }]],
    [],
    [[{ to: 2, probability: 1 }], [{ to: 1, probability: 1 }]],
  ]);
  const reward = Float64Array.of(-1, 0, -1);
  expect(criticalTemperature(mdp, goalAt(1), reward).temperature).toBe(0);
  const from = Int32Array.of(0);
  expect(criticalTemperature(mdp, goalAt(1), reward, { from }).temperature).toBe(Infinity);
});

function planned({ world, reward }: TabularTask, goal: Goal, temperature: number): string {
  const all = Int32Array.from({ length: world.mdp.stateCount }, (_, s) => s);
  const task = stationaryTask(world.mdp, goal, all, 1);
  const planner = new SoftPolicyIteration({
    mdp: task.mdp,
    stop: task.stop,
    discount: 1,
    temperature,
  });
  return planner.plan(Float64Array.from(task.worldPair, (pair) => reward[pair]));
}

function endsOf({ world }: TabularTask): Goal {
  const { stateCount, pairStart } = world.mdp;
  return goalAt(...[...Array(stateCount).keys()].filter((s) => pairStart[s] === pairStart[s + 1]));
}

/** FrozenLake where a step costs 0.1, and holes and the goal end it alike. */
function costlyLake(): TabularTask {
  const lake = frozenLake({ map: '8x8' });
  return { ...lake, reward: lake.reward.map((r) => r - 0.1) };
}

test.each([
  ['cliff walking', cliffWalking(), goalAt(47)],
  ['slippery cliff walking', cliffWalking({ slippery: true }), goalAt(47)],
  ['an icy lake', costlyLake(), endsOf(costlyLake())],
])('criticalTemperature is where planning ceases to arrive: %s', (_, task, goal) => {
  const found: CriticalTemperature = criticalTemperature(task.world.mdp, goal, task.reward);
  expect(found.high / found.low).toBeLessThan(1 + 1e-8);
  expect(planned(task, goal, found.temperature * 0.999)).toBe('converged');
  expect(planned(task, goal, found.temperature * 1.001)).toBe('infeasible');
});

test('criticalTemperature says so where it could not tell', () => {
  const { world, reward } = cliffWalking();
  expect(() => criticalTemperature(world.mdp, goalAt(47), reward, { maxSweeps: 3 })).toThrow(
    /at τ = [\d.]+ is still between .* after 3 sweeps/,
  );
  expect(() => criticalTemperature(world.mdp, goalAt(47), new Float64Array(3))).toThrow('got 3');
});
