/** Distilled choices against frequencies and another fit; expert iteration against the exact plan. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { rollout } from '../../../src/learning/rollout.ts';
import { distillPolicy } from '../../../src/learning/search/distillPolicy.ts';
import {
  type ExpertIteration,
  type ExpertIterationOptions,
  expertIteration,
} from '../../../src/learning/search/expertIteration.ts';
import { playedReturn } from '../../../src/learning/search/playedReturn.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { evaluatePolicy, uniformPolicy } from '../../../src/planning/policyEvaluation.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';
import { arbitraryMdp } from '../../support/arbitraryMdp.ts';
import { expectClose } from '../../support/closeness.ts';
import { seededRandom } from '../../support/seededRandom.ts';

const lake = frozenLake();
const { mdp } = lake.world;
const discount = 0.99;
const best = valueIteration(mdp, lake.reward, { discount });

const worthOf = (policy: Float64Array): number =>
  evaluatePolicy(mdp, lake.reward, policy, { discount })[0] / best.value[0];

test('without features and penalty what is distilled are the frequencies of the choices', () => {
  fc.assert(
    fc.property(arbitraryMdp({ terminals: true }), fc.nat(), (world, seed) => {
      fc.pre(world.pairCount > 0);
      const random = seededRandom(seed);
      const choices = new Float64Array(world.pairCount).map(() => random.integer(1, 5));
      const { policy, stop } = distillPolicy(world, choices, null, { l2: 0 });
      expect(stop).toBe('converged');
      const wanted = choices.slice();
      for (let s = 0; s < world.stateCount; s++) {
        const own = wanted.subarray(world.pairStart[s], world.pairStart[s + 1]);
        const total = own.reduce((sum, w) => sum + w, 0);
        for (let i = 0; i < own.length; i++) own[i] /= total;
      }
      expectClose(policy, wanted, 1e-6);
    }),
    { numRuns: 30 },
  );
});

test('with features the penalised likelihood is at its top, by central differences', () => {
  const size = 3;
  const random = seededRandom(4);
  const values = new Float64Array(mdp.pairCount * size).map(() => random.between(-1, 1));
  const features = { names: ['a', 'b', 'c'], per: 'pair', values } as const;
  const choices = new Float64Array(mdp.pairCount).map(() => random.uniform());
  const l2 = 0.7;
  const { theta, logLikelihood } = distillPolicy(mdp, choices, features, { l2 });
  const total = choices.reduce((sum, w) => sum + w, 0);
  const objective = (x: Float64Array): number => {
    let sum = 0;
    for (let s = 0; s < mdp.stateCount; s++) {
      const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
      const u = Array.from({ length: end - first }, (_, a) =>
        x.reduce((dot, w, k) => dot + w * values[(first + a) * size + k], 0),
      );
      const log = Math.log(u.reduce((z, v) => z + Math.exp(v), 0));
      for (let a = 0; a < u.length; a++) sum += choices[first + a] * (u[a] - log);
    }
    return sum;
  };
  expect(logLikelihood).toBeCloseTo(objective(theta) / total, 10);
  const penalised = (x: Float64Array) =>
    objective(x) - (l2 / 2) * x.reduce((sum, w) => sum + w * w, 0);
  for (let i = 0; i < size; i++) {
    const moved = (by: number) => theta.map((w, k) => (k === i ? w + by : w));
    expect(Math.abs(penalised(moved(1e-5)) - penalised(moved(-1e-5))) / 2e-5).toBeLessThan(1e-5);
  }
});

test('playedReturn is worth on average what the policy is worth', () => {
  const policy = uniformPolicy(mdp);
  const exact = evaluatePolicy(mdp, lake.reward, policy, { discount })[14];
  const simulator = new TabularSimulator(lake, createRng(0, 'outcomes'));
  const length = rollout(simulator, policy, {
    startRng: createRng(0, 'starts'),
    actionRng: createRng(0, 'actions'),
  }).length;
  expect(length).toBeLessThan(100);
  for (const given of [policy, null]) {
    const rng = createRng(0, 'play');
    let [sum, squares] = [0, 0];
    for (let i = 0; i < 5000; i++) {
      const x = playedReturn(lake, 14, given, { depth: 1000, discount }, rng);
      sum += x / 5000;
      squares += x ** 2 / 5000;
    }
    expect(Math.abs(sum - exact)).toBeLessThan(4 * Math.sqrt((squares - sum ** 2) / 5000));
  }
  expect(playedReturn(lake, 15, null, { depth: 10, discount }, createRng(0, 'play'))).toBe(0);
});

function iterated(options: Partial<ExpertIterationOptions>, seed: number): ExpertIteration[] {
  return [...expertIteration(lake, { discount, ...options }, seed)];
}

test('expert and apprentice help each other on to within 5 % of the optimum', () => {
  const finals: number[] = [];
  for (let seed = 0; seed < 5; seed++) {
    const rounds = iterated({}, seed);
    expect(rounds.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const { choices, apprentice, value } = rounds[9];
    finals.push(worthOf(choices));
    // the apprentice keeps 95 % of what the expert is worth, and knows what it is worth itself
    expect(worthOf(apprentice.policy)).toBeGreaterThan(0.95 * worthOf(choices));
    expect(Math.abs(value[0] - best.value[0])).toBeLessThan(0.2);
  }
  expect(Math.min(...finals), finals.join(' ')).toBeGreaterThan(0.95);
});

test('expert iteration repeats itself, and what makes no sense is refused', () => {
  const options = { simulations: 20, iterations: 2 };
  expect(iterated(options, 3)).toEqual(iterated(options, 3));
  expect(() => iterated({ iterations: 0 }, 0)).toThrow('iterations');
  expect(() => distillPolicy(mdp, new Float64Array(3))).toThrow(
    '44 numbers ≥ 0 (one per pair), got 3',
  );
  expect(() => distillPolicy(mdp, new Float64Array(44))).toThrow('no choices to copy');
  expect(() => distillPolicy(mdp, new Float64Array(44).fill(-1))).toThrow('≥ 0');
  const perState = { names: ['x'], per: 'state', values: new Float64Array(16) } as const;
  expect(() => distillPolicy(mdp, new Float64Array(44).fill(1), perState)).toThrow('per pair');
});
