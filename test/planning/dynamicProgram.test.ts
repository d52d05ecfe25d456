/** Ways of planning against each other, against the reference sweeps and against enumeration's kin. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frozenLake } from '../../src/environments/tabular/frozenLake.ts';
import { cornerGrid, windyGrid } from '../../src/environments/tabular/textbookGrids.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { createIndexedHeap } from '../../src/numeric/indexedHeap.ts';
import type { DynamicPlan, DynamicProgramOptions } from '../../src/planning/dynamicProgram.ts';
import { gaussSeidelValueIteration } from '../../src/planning/gaussSeidelValueIteration.ts';
import { modifiedPolicyIteration } from '../../src/planning/modifiedPolicyIteration.ts';
import { evaluatePolicy } from '../../src/planning/policyEvaluation.ts';
import { policyIteration } from '../../src/planning/policyIteration.ts';
import { prioritizedValueIteration } from '../../src/planning/prioritizedValueIteration.ts';
import { backUp, softValueIteration, terminalStop } from '../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../src/planning/valueIteration.ts';
import { arbitraryTask, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

type Planner = (
  mdp: Mdp,
  reward: Float64Array,
  options: DynamicProgramOptions,
  stop?: Float64Array,
) => DynamicPlan;

const modified =
  (sweeps: number): Planner =>
  (mdp, reward, options, stop) =>
    modifiedPolicyIteration(mdp, reward, options, sweeps, stop);

const planners: [string, Planner][] = [
  ['modifiedPolicyIteration, m = 0', modified(0)],
  ['modifiedPolicyIteration, m = 1', modified(1)],
  ['modifiedPolicyIteration, m = 20', modified(20)],
  ['gaussSeidelValueIteration', gaussSeidelValueIteration],
  ['prioritizedValueIteration', prioritizedValueIteration],
];

describe.each(planners)('%s', (_, plan) => {
  test('is policy iteration where hard, ending at will included', () => {
    fc.assert(
      fc.property(arbitraryTask({ terminals: true }), ({ mdp, reward, discount, seed }) => {
        const drawn = numbers(seed + 1, mdp.stateCount, -2, 2);
        const stop = terminalStop(mdp).map((t, s) => (t === 0 || s % 2 ? t : drawn[s]));
        const ours = plan(mdp, reward, { discount }, stop);
        const theirs = policyIteration(mdp, reward, { discount }, stop);
        expect(ours.converged).toBe(true);
        expectClose(ours.value, theirs.value, 1e-8);
        expectClose(ours.actionValue, theirs.actionValue, 1e-8);
        for (let s = 0; s < mdp.stateCount; s++) {
          const chosen = ours.greedy[s] < 0 ? stop[s] : ours.actionValue[ours.greedy[s]];
          expect(chosen).toBeCloseTo(theirs.value[s], 7);
          if (ours.greedy[s] >= 0) expect(ours.policy[ours.greedy[s]]).toBe(1);
        }
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test('is soft value iteration where soft', () => {
    fc.assert(
      fc.property(arbitraryTask({ terminals: true }), (task) => {
        const { mdp, reward, discount, temperature, seed } = task;
        const drawn = numbers(seed + 1, mdp.stateCount, -2, 2);
        const stop = terminalStop(mdp).map((t, s) => (t === 0 || s % 2 ? t : drawn[s]));
        const ours = plan(mdp, reward, { discount, temperature }, stop);
        const theirs = softValueIteration(mdp, reward, { discount, temperature }, stop);
        expect(ours.converged).toBe(true);
        expectClose(ours.value, theirs.value, 1e-8);
        expectClose(ours.policy, theirs.policy, 1e-8);
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  test('leaves a Bellman error within the tolerance', () => {
    fc.assert(
      fc.property(arbitraryTask({}, [0.9, 0.99]), fc.boolean(), (task, hard) => {
        const { mdp, reward, discount } = task;
        const temperature = hard ? 0 : task.temperature;
        const tolerance = 1e-4;
        const ours = plan(mdp, reward, { discount, temperature, tolerance });
        const backed = new Float64Array(mdp.pairCount);
        backUp(mdp, reward, ours.value, discount, backed);
        for (let s = 0; s < mdp.stateCount; s++) {
          if (mdp.pairStart[s] === mdp.pairStart[s + 1]) continue;
          const q = [...backed.subarray(mdp.pairStart[s], mdp.pairStart[s + 1])];
          const best = Math.max(...q);
          const next = hard
            ? best
            : best +
              temperature *
                Math.log(q.reduce((sum, x) => sum + Math.exp((x - best) / temperature), 0));
          expect(Math.abs(next - ours.value[s])).toBeLessThanOrEqual(tolerance * (1 + 1e-9));
        }
      }),
      { seed: 3, numRuns: 15 },
    );
  });

  test('plans without a discount until the end, and says where it gave up', () => {
    for (const { world, reward } of [cornerGrid(), windyGrid(), frozenLake()]) {
      const ours = plan(world.mdp, reward, { discount: 1, tolerance: 1e-13 });
      const theirs = valueIteration(world.mdp, reward, { discount: 1, tolerance: 1e-13 });
      expect(ours.converged).toBe(true);
      expectClose(ours.value, theirs.value, 1e-9);
      expect(plan(world.mdp, reward, { discount: 1, maxBackUps: 1 }).converged).toBe(false);
    }
  });

  test('refuses a reward that does not fit', () => {
    const { world, reward } = cornerGrid();
    expect(() => plan(world.mdp, reward.slice(1), { discount: 0.9 })).toThrow('one per pair');
    expect(() => plan(world.mdp, reward, { discount: 0.9 }, new Float64Array(1))).toThrow(
      'one per state',
    );
  });
});

test('a good order saves work where news comes from one end', () => {
  const rows = Array.from({ length: 20 }, (_, y) =>
    y === 0 ? `S${'F'.repeat(29)}` : `${'F'.repeat(29)}${y === 19 ? 'G' : 'F'}`,
  );
  const { world, reward } = frozenLake({ map: rows, success: 1 });
  const options = { discount: 0.99, tolerance: 1e-6 };
  const plain = modifiedPolicyIteration(world.mdp, reward, options, 0);
  const inPlace = gaussSeidelValueIteration(world.mdp, reward, options);
  const inOrder = prioritizedValueIteration(world.mdp, reward, options);
  expectClose(inPlace.value, plain.value, 1e-6);
  expectClose(inOrder.value, plain.value, 1e-6);
  expect(inPlace.backUps).toBeLessThan(plain.backUps / 10);
  expect(inOrder.backUps).toBeLessThan(plain.backUps / 10);
});

test('greedy improvement is never worse', () => {
  fc.assert(
    fc.property(arbitraryTask({ terminals: true }), ({ mdp, reward, discount, seed }) => {
      const weights = numbers(seed + 1, mdp.pairCount, 0.01, 1);
      const policy = weights.slice();
      for (let s = 0; s < mdp.stateCount; s++) {
        const row = policy.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]);
        const total = row.reduce((sum, w) => sum + w, 0);
        row.forEach((w, a) => {
          row[a] = w / total;
        });
      }
      const before = evaluatePolicy(mdp, reward, policy, { discount });
      const q = new Float64Array(mdp.pairCount);
      backUp(mdp, reward, before, discount, q);
      const better = new Float64Array(mdp.pairCount);
      for (let s = 0; s < mdp.stateCount; s++) {
        let best = mdp.pairStart[s];
        for (let p = best; p < mdp.pairStart[s + 1]; p++) if (q[p] > q[best]) best = p;
        if (best < mdp.pairStart[s + 1]) better[best] = 1;
      }
      const after = evaluatePolicy(mdp, reward, better, { discount });
      after.forEach((v, s) => {
        expect(v).toBeGreaterThanOrEqual(before[s] - 1e-10);
      });
    }),
    { seed: 4, numRuns: 60 },
  );
});

test('createIndexedHeap always knows the largest key', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(1e6), (size, seed) => {
      const keys = numbers(seed, size);
      const heap = createIndexedHeap(keys);
      const changes = numbers(seed + 1, 100);
      const which = numbers(seed + 2, 100, 0, size);
      changes.forEach((key, i) => {
        expect(heap.key(heap.top())).toBe(Math.max(...keys));
        const item = Math.floor(which[i]);
        keys[item] = key;
        heap.set(item, key);
        expect(heap.key(item)).toBe(key);
      });
    }),
    { seed: 5, numRuns: 30 },
  );
});
