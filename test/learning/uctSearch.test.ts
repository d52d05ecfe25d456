/** Tree search against the exact plan. */

import { expect, test } from 'vitest';
import { frozenLake } from '../../src/environments/tabular/frozenLake.ts';
import { uctSearch } from '../../src/learning/uctSearch.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { evaluatePolicy } from '../../src/planning/policyEvaluation.ts';
import { valueIteration } from '../../src/planning/valueIteration.ts';

test('uctSearch, once per state, crosses the ice nearly as well as the exact plan', () => {
  const lake = frozenLake();
  const { mdp } = lake.world;
  const discount = 0.99;
  const rng = createRng(0, 'search');
  const policy = new Float64Array(mdp.pairCount);
  for (let s = 0; s < mdp.stateCount; s++)
    if (mdp.pairStart[s] < mdp.pairStart[s + 1])
      policy[uctSearch(lake, s, { discount, simulations: 200_000, exploration: 2 }, rng).best] = 1;
  const worth = evaluatePolicy(mdp, lake.reward, policy, { discount })[0];
  const best = valueIteration(mdp, lake.reward, { discount }).value[0];
  expect(worth / best).toBeGreaterThan(0.95);
}, 60_000);

test('uctSearch finds the values of the steps left, repeats itself, and refuses an end', () => {
  const lake = frozenLake({ map: ['SF', 'HG'], success: 0.7 });
  const { mdp } = lake.world;
  const options = { discount: 0.9, depth: 4, simulations: 20_000, exploration: 0.5 };
  const { actionValue, visits, best, nodeCount } = uctSearch(lake, 0, options, createRng(1, 'x'));
  // backwards from 4 steps
  let value = new Float64Array(4);
  let q = new Float64Array(mdp.pairCount);
  for (let t = 0; t < 4; t++) {
    q = lake.reward.map((r, pair) => {
      let sum = 0;
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
        sum += mdp.probability[k] * value[mdp.nextState[k]];
      return r + 0.9 * sum;
    });
    value = Float64Array.from({ length: 4 }, (_, s) =>
      Math.max(0, ...q.subarray(mdp.pairStart[s], mdp.pairStart[s + 1])),
    );
  }
  expect(best).toBe(2);
  expect(Math.abs(actionValue[2] - value[0])).toBeLessThan(0.04);
  expect(visits.reduce((sum, n) => sum + n, 0)).toBe(20_000);
  expect(nodeCount).toBeLessThanOrEqual(8);
  expect(uctSearch(lake, 0, options, createRng(1, 'x')).actionValue).toEqual(actionValue);
  expect(() => uctSearch(lake, 3, options, createRng(1, 'x'))).toThrow(
    'state 3 must offer an action',
  );
});
