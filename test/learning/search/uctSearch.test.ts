/** Tree search against exact plans, of the steps left and of all that is to come. */

import { describe, expect, test } from 'vitest';
import { chain } from '../../../src/environments/tabular/chain.ts';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import type { TabularTask } from '../../../src/environments/tabularTask.ts';
import { type SearchedPolicy, searchPolicy } from '../../../src/learning/search/searchPolicy.ts';
import { type UctOptions, uctSearch } from '../../../src/learning/search/uctSearch.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { evaluatePolicy } from '../../../src/planning/policyEvaluation.ts';
import { backUp } from '../../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';

const discount = 0.99;

function searched(...given: Parameters<typeof searchPolicy>): SearchedPolicy {
  const steps = searchPolicy(...given);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** Worth of the searched policy from the start, as a share of the best. */
function shareOfOptimum(task: TabularTask, options: UctOptions, seed: number): number {
  const { mdp } = task.world;
  const { policy } = searched(task, options, seed);
  const start = task.initial.indexOf(1);
  return (
    evaluatePolicy(mdp, task.reward, policy, options)[start] /
    valueIteration(mdp, task.reward, { discount: options.discount }).value[start]
  );
}

test('uctSearch, once per state, crosses the ice within 5 % of the optimum for 20 seeds', () => {
  const lake = frozenLake();
  const shares = Array.from({ length: 20 }, (_, seed) =>
    shareOfOptimum(lake, { discount, simulations: 2000 }, seed),
  );
  expect(Math.min(...shares), shares.join(' ')).toBeGreaterThan(0.95);
});

test('uctSearch, once per state, crosses the larger lake within 5 % of the optimum', () => {
  const large = frozenLake({ map: '8x8' });
  expect(shareOfOptimum(large, { discount, simulations: 5000 }, 0)).toBeGreaterThan(0.95);
});

/** Q of the first decision with `left` steps to go. */
function valuesOfStepsLeft(task: TabularTask, left: number, gamma: number): Float64Array {
  const { mdp } = task.world;
  const q = new Float64Array(mdp.pairCount);
  let value = new Float64Array(mdp.stateCount);
  for (let t = 0; t < left; t++) {
    backUp(mdp, task.reward, value, gamma, q);
    value = Float64Array.from({ length: mdp.stateCount }, (_, s) =>
      mdp.pairStart[s] === mdp.pairStart[s + 1]
        ? 0
        : Math.max(...q.subarray(mdp.pairStart[s], mdp.pairStart[s + 1])),
    );
  }
  return q;
}

describe('in the limit of many simulations', () => {
  const small = frozenLake({ map: ['SF', 'HG'], success: 0.7 });
  const many = { discount: 0.9, simulations: 40_000 };

  test.each([
    ['maxima', 30],
    ['returns', 0.5],
  ] as const)('nodes of steps have the values of the steps left, by %s', (backUp, exploration) => {
    const options = { ...many, nodes: 'steps', backUp, exploration, depth: 4 } as const;
    const found = uctSearch(small, 0, options, createRng(1, 'search'));
    const exact = valuesOfStepsLeft(small, 4, 0.9);
    expect(found.best).toBe(2);
    expect(Math.abs(found.value - exact[2])).toBeLessThan(0.02);
    expect(found.visits.reduce((sum, n) => sum + n, 0)).toBe(40_000);
    // the start, and both states after each of 4 steps
    expect(found.nodeCount).toBe(9);
  });

  test('nodes of states have the values of all that is to come', () => {
    const found = uctSearch(small, 0, many, createRng(1, 'search'));
    const { actionValue } = valueIteration(small.world.mdp, small.reward, { discount: 0.9 });
    for (let a = 0; a < 4; a++)
      expect(Math.abs(found.actionValue[a] - actionValue[a])).toBeLessThan(0.02);
    expect(found.nodeCount).toBe(2);
  });
});

test('uctSearch does not depend on the unit of reward', () => {
  const lake = frozenLake();
  // a power of two rounds nowhere
  const outcomes = { ...lake.outcomes, reward: lake.outcomes.reward.map((r) => 8 * r) };
  const options = { discount, simulations: 500 };
  const one = uctSearch(lake, 14, options, createRng(3, 'search'));
  const eight = uctSearch({ ...lake, outcomes }, 14, options, createRng(3, 'search'));
  expect(one.value).toBeGreaterThan(0);
  expect(eight.value).toBe(8 * one.value);
  expect(eight.best).toBe(one.best);
  expect(uctSearch(lake, 14, options, createRng(3, 'search'))).toEqual(one);
});

test('what is known beforehand is used: a value in place of play, a policy as a pull', () => {
  const lake = frozenLake();
  const { mdp } = lake.world;
  const { value, greedy } = valueIteration(mdp, lake.reward, { discount });
  const options = { discount, simulations: 40, exploration: 0.5 };
  const policy = new Float64Array(mdp.pairCount);
  for (const pair of greedy) if (pair >= 0) policy[pair] = 1;
  // one step of search on the optimal values: far too few simulations to reach the goal
  const seen = uctSearch(lake, 0, { ...options, depth: 1 }, createRng(0, 'search'), { value });
  expect(seen.value).toBeCloseTo(value[0], 1);
  const blind = uctSearch(lake, 0, { ...options, depth: 1 }, createRng(0, 'search'));
  expect(blind.value).toBe(0);
  const pulled = uctSearch(lake, 0, { ...options, priorWeight: 100 }, createRng(0, 'search'), {
    policy,
  });
  expect(pulled.visits[0]).toBeGreaterThan(30);
});

test('a search that makes no sense is refused', () => {
  const lake = frozenLake();
  const rng = createRng(0, 'search');
  const search = (root: number, options: Partial<UctOptions>, guidance = {}) =>
    uctSearch(lake, root, { discount, ...options }, rng, guidance);
  expect(() => search(15, {})).toThrow('state 15 must offer an action');
  expect(() => search(16, {})).toThrow('one of 0 … 15, got 16');
  expect(() => search(0.5, {})).toThrow('got 0.5');
  expect(() => search(0, { simulations: 0 })).toThrow('simulations');
  expect(() => search(0, { depth: 0 })).toThrow('depth');
  expect(() => search(0, {}, { value: new Float64Array(3) })).toThrow('16 entries (one per state)');
  expect(() => search(0, {}, { policy: new Float64Array(3) })).toThrow('44 entries (one per pair)');
});

test('searchPolicy chooses in every state with actions, and finds the long way round', () => {
  const task = chain({ length: 6 });
  const { policy, visits, value } = searched(
    task,
    { discount: 0.95, simulations: 2000, depth: 50 },
    0,
  );
  const exact = valueIteration(task.world.mdp, task.reward, { discount: 0.95 });
  const { pairStart, stateCount } = task.world.mdp;
  for (let s = 0; s < stateCount; s++) {
    const own = policy.subarray(pairStart[s], pairStart[s + 1]);
    if (own.length === 0) continue;
    expect(own.reduce((sum, p) => sum + p, 0)).toBe(1);
    expect(
      visits.subarray(pairStart[s], pairStart[s + 1]).reduce((a, b) => a + b, 0),
    ).toBeGreaterThanOrEqual(2000);
    expect(Math.abs(value[s] / exact.value[s] - 1)).toBeLessThan(0.1);
  }
});
