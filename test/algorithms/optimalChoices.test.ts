import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { optimalChoices } from '../../src/algorithms/optimalChoices.ts';
import { plannedChoices } from '../../src/algorithms/plannedChoices.ts';
import { replacementPair, replacementWorld } from '../../src/environments/replacement.ts';
import { policyIteration } from '../../src/planning/policyIteration.ts';
import { rewardAt } from '../../src/rewards/linearReward.ts';
import { arbitraryProblem } from '../support/arbitraryProblem.ts';

describe.each(['discounted', 'deterministic goals', 'deterministic exits'] as const)(
  '%s',
  (kind) => {
    test('optimalChoices is what soft choice comes to as its temperature falls', () => {
      fc.assert(
        fc.property(arbitraryProblem(kind), (problem) => {
          const reward = rewardAt(problem, problem.theta);
          const choices = optimalChoices(problem);
          const { optimal, hit } = choices.judge(reward);
          const { rowStart, pair, stopped, count } = problem.trajectories;
          const decisionOfRow = new Map<number, number>();
          for (let i = 0; i < count; i++)
            for (let row = rowStart[i]; row < rowStart[i + 1]; row++)
              if (pair[row] >= 0 || stopped[i]) {
                expect(choices.trajectory[decisionOfRow.size]).toBe(i);
                decisionOfRow.set(row, decisionOfRow.size);
              }
          expect(choices.options).toHaveLength(decisionOfRow.size);
          plannedChoices(problem, reward, (row, logs) => {
            const finite = logs.filter((x) => x > Number.NEGATIVE_INFINITY);
            expect(choices.options[decisionOfRow.get(row) ?? -1]).toBe(finite.length);
          });
          const cold = { ...problem, temperature: 0.002 };
          plannedChoices(cold, reward, (row, logs, chosen) => {
            const d = decisionOfRow.get(row) ?? -1;
            const best = Math.max(...logs);
            // between a tie, where routes are counted, and a clear difference, is nothing to compare
            const near = logs.filter((x) => x > best - 20).length;
            expect(optimal[d]).toBeGreaterThanOrEqual(1);
            expect(optimal[d]).toBeLessThanOrEqual(near);
            if (near === 1) expect(hit[d]).toBe(logs[chosen] === best ? 1 : 0);
          });
        }),
      );
    });
  },
);

test('optimalChoices counts equals, and finds the one to be taken where there is one', () => {
  const world = replacementWorld({ bins: 3, increments: [0, 1] });
  const trajectories = {
    count: 1,
    rowStart: Int32Array.of(0, 3),
    state: Int32Array.of(0, 1, 2),
    pair: Int32Array.of(0, 3, 4),
    goal: Int32Array.of(-1),
    weight: Float64Array.of(1),
    stopped: new Uint8Array(1),
    names: ['bus'],
    folds: null,
  };
  const features = { names: ['x'], per: 'pair' as const, values: new Float64Array(6) };
  const time = { kind: 'discounted' as const, discount: 0.9 };
  const problem = { world, time, goals: [], features, trajectories, initial: null, temperature: 1 };
  const choices = optimalChoices(problem);
  expect([...choices.options]).toEqual([2, 2, 2]);
  const indifferent = choices.judge(new Float64Array(6));
  expect([...indifferent.optimal]).toEqual([2, 2, 2]);
  expect([...indifferent.hit]).toEqual([1, 1, 1]);
  const replacing = choices.judge(Float64Array.of(0, -1, 0, -1, -9, -1));
  expect([...replacing.optimal]).toEqual([1, 1, 1]);
  expect([...replacing.hit]).toEqual([1, 0, 0]);
});

test('optimalChoices of Harold Zurcher is a mileage: keep below it, replace from there on', () => {
  const { mdp } = replacementWorld({ bins: 90 });
  let before = 0;
  for (let ratio = 1; ratio < 3000; ratio *= 1.7) {
    const reward = new Float64Array(mdp.pairCount);
    for (let bin = 0; bin < 90; bin++) {
      reward[replacementPair(bin, false)] = -0.001 * bin;
      reward[replacementPair(bin, true)] = -0.001 * ratio;
    }
    const { greedy } = policyIteration(mdp, reward, { discount: 0.9999 });
    const replaced = [...greedy].map((pair) => pair % 2);
    const threshold = replaced.indexOf(1) < 0 ? 90 : replaced.indexOf(1);
    expect(replaced).toEqual(replaced.map((_, bin) => Number(bin >= threshold)));
    expect(threshold).toBeGreaterThanOrEqual(before);
    before = threshold;
  }
  expect(before).toBeGreaterThan(50);
});

test('optimalChoices refuses what has no stationary optimum here', () => {
  fc.assert(
    fc.property(arbitraryProblem('finite'), (problem) => {
      expect(() => optimalChoices(problem)).toThrow('got a finite horizon');
    }),
    { numRuns: 3 },
  );
});
