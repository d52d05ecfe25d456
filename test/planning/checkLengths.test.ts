/** What planners refuse: lengths, discounts and temperatures that make no sense. */

import { expect, test } from 'vitest';
import { occupancy } from '../../src/planning/occupancy.ts';
import { evaluatePolicy, uniformPolicy } from '../../src/planning/policyEvaluation.ts';
import { policyIteration } from '../../src/planning/policyIteration.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { mdpOfMatrices } from '../support/arbitraryMdp.ts';

const mdp = mdpOfMatrices([
  [
    [0, 1],
    [0.5, 0.5],
  ],
  [
    [1, 0],
    [0, 1],
  ],
]);
const reward = new Float64Array(4);
const stop = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
const policy = uniformPolicy(mdp);
const short = new Float64Array(1);
const soft = (change: object) =>
  new SoftPolicyIteration({ mdp, stop, discount: 0.9, temperature: 1, ...change });

test.each([
  ['a short reward', () => policyIteration(mdp, short, { discount: 0.9 })],
  ['a short stop', () => policyIteration(mdp, reward, { discount: 0.9 }, short)],
  ['a short reward', () => evaluatePolicy(mdp, short, policy, { discount: 0.9 })],
  ['a short reward', () => soft({}).plan(short)],
  ['a short stop', () => soft({ stop: short })],
  ['a short policy', () => occupancy(mdp, short, new Float64Array(2), { discount: 0.9 })],
  ['a short start', () => occupancy(mdp, policy, short, { discount: 0.9 })],
])('%s is refused, with both lengths', (_, plan) => {
  expect(plan).toThrow(/must have [24] entries \(one per (pair|state)\), got 1$/);
});

test.each([
  [() => evaluatePolicy(mdp, reward, policy, { discount: 1.5 }), /discount must be in \[0, 1\]/],
  [() => evaluatePolicy(mdp, reward, policy, { discount: Number.NaN }), /discount must be in/],
  [() => evaluatePolicy(mdp, reward, policy, { discount: -0.5 }), /discount must be in/],
  [
    () => evaluatePolicy(mdp, reward, policy, { discount: 0.5, temperature: -1 }),
    /temperature must be ≥ 0, got -1/,
  ],
  [
    () =>
      evaluatePolicy(
        mdp,
        reward.map(() => Number.NaN),
        policy,
        { discount: 0.5 },
      ),
    /rewards .* must be finite/,
  ],
  [() => soft({ temperature: 0 }), /temperature must be above 0, got 0/],
  [() => soft({ discount: 1.1 }), /discount must be in/],
])('numbers out of range are refused by name %#', (plan, said) => {
  expect(plan).toThrow(said);
});

test('policyIteration does not converge on rewards that are no numbers', () => {
  const lost = reward.map(() => Number.NaN);
  expect(policyIteration(mdp, lost, { discount: 0.5 }).converged).toBe(false);
});
