import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cliffWalking } from '../../src/environments/tabular/cliffWalking.ts';
import { type Mdp, statesOfPairs } from '../../src/mdp/mdp.ts';
import { endComponents } from '../../src/planning/endComponents.ts';
import { endlessGain } from '../../src/planning/endlessGain.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { arbitraryMdp, arbitraryTask, mdpOf } from '../support/arbitraryMdp.ts';

/** Whether some pairs by themselves can be stayed in for ever, everybody reaching everybody. */
function isEndComponent(mdp: Mdp, pairs: readonly number[]): boolean {
  const stateOfPair = statesOfPairs(mdp);
  const states = [...new Set(pairs.map((pair) => stateOfPair[pair]))];
  const reach = new Map(states.map((s) => [s, new Set([s])]));
  for (let round = 0; round < states.length; round++)
    for (const pair of pairs)
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++) {
        const to = reach.get(mdp.nextState[k]);
        if (!to) return false;
        for (const found of reach.values())
          if (found.has(stateOfPair[pair])) found.add(mdp.nextState[k]);
      }
  return states.every((s) => reach.get(s)?.size === states.length);
}

test('endComponents hold every pair that some end component has, and no other', () => {
  fc.assert(
    fc.property(arbitraryMdp({ mostStates: 4 }), (mdp) => {
      fc.pre(mdp.pairCount <= 9);
      const wanted = new Set<number>();
      for (let mask = 1; mask < 1 << mdp.pairCount; mask++) {
        const pairs = [...Array(mdp.pairCount).keys()].filter((pair) => (mask >> pair) & 1);
        if (isEndComponent(mdp, pairs)) for (const pair of pairs) wanted.add(pair);
      }
      const found = endComponents(mdp);
      expect(new Set(found.flatMap(({ pairs }) => pairs))).toEqual(wanted);
      const stateOfPair = statesOfPairs(mdp);
      for (const { states, pairs } of found) {
        expect(isEndComponent(mdp, pairs)).toBe(true);
        expect([...new Set(pairs.map((pair) => stateOfPair[pair]))]).toEqual(states);
      }
    }),
  );
});

test('endlessGain of n ways to stay is their price and the freedom among them', () => {
  for (const n of [1, 2, 5]) {
    const mdp = mdpOf([Array.from({ length: n }, () => [{ to: 0, probability: 1 }])]);
    const { gain, states } = endlessGain(mdp, new Float64Array(n).fill(-3), 2);
    expect(gain).toBeCloseTo(-3 + 2 * Math.log(n), 10);
    expect(states).toEqual([0]);
  }
});

test('endlessGain is τ log of the radius of the move weights where moves are deterministic', () => {
  fc.assert(
    fc.property(arbitraryTask({ deterministic: true }), ({ mdp, reward, temperature }) => {
      const { gain, low, high, converged } = endlessGain(mdp, reward, temperature);
      expect(converged).toBe(true);
      const radius = radiusOf(mdp, reward, temperature);
      if (radius === 0) expect(gain).toBe(Number.NEGATIVE_INFINITY);
      else {
        expect(gain).toBeCloseTo(temperature * Math.log(radius), 7);
        expect(low).toBeLessThanOrEqual(gain);
        expect(high).toBeGreaterThanOrEqual(gain);
      }
    }),
    { numRuns: 60 },
  );
});

test('endlessGain counts luck at its mean, where the radius counts it at its best', () => {
  // after any choice a coin says which state is next; only the first state pays
  const coin = [
    { to: 0, probability: 0.5 },
    { to: 1, probability: 0.5 },
  ];
  const mdp = mdpOf([
    [coin, coin],
    [coin, coin],
  ]);
  const reward = Float64Array.of(4, 4, 0, 0);
  const { gain } = endlessGain(mdp, reward, 1);
  expect(gain).toBeCloseTo(2 + Math.LN2, 10);
  expect(Math.log(radiusOf(mdp, reward, 1))).toBeGreaterThan(gain + 0.1);
});

test('endlessGain is what soft values over a long horizon rise by per step', () => {
  fc.assert(
    fc.property(arbitraryTask({ terminals: false }), ({ mdp, reward, temperature }) => {
      const { gain } = endlessGain(mdp, reward, temperature);
      const horizon = 4000;
      const plan = createFiniteHorizon(mdp, horizon, 1, temperature);
      plan.plan(reward);
      const most = (t: number): number =>
        plan.value
          .subarray(t * mdp.stateCount, (t + 1) * mdp.stateCount)
          .reduce((a, b) => Math.max(a, b));
      // values are gain · steps + a bounded rest; periodic worlds swing within the rest
      expect((most(0) - most(horizon / 2)) / (horizon / 2)).toBeCloseTo(gain, 2);
    }),
    { numRuns: 40 },
  );
});

test('endlessGain without a temperature is the best average reward', () => {
  // round 0 → 1 → 0 for 3 in two steps, or stay in 1 for 1 a step
  const mdp = mdpOf([
    [[{ to: 1, probability: 1 }]],
    [[{ to: 0, probability: 1 }], [{ to: 1, probability: 1 }]],
  ]);
  expect(endlessGain(mdp, Float64Array.of(0, 3, 1), 0).gain).toBeCloseTo(1.5, 10);
});

test('endlessGain stops early where only its sign is asked for', () => {
  const { world, reward } = cliffWalking({ slippery: true });
  const [asked, all] = [{ decide: 0 }, {}].map((options) =>
    endlessGain(world.mdp, reward, 0.5, null, options),
  );
  expect(asked.high).toBeLessThan(0);
  expect(asked.high - asked.low).toBeGreaterThan(all.high - all.low);
});

test('endlessGain refuses a reward of another world', () => {
  const { world } = cliffWalking();
  expect(() => endlessGain(world.mdp, new Float64Array(2), 1)).toThrow('got 2');
  expect(() => endlessGain(world.mdp, new Float64Array(188), -1)).toThrow('at least 0, got -1');
});

/** The spectral radius of Σₐ exp(r/τ) p by powers of M + I, dense. */
function radiusOf(mdp: Mdp, reward: Float64Array, temperature: number): number {
  const n = mdp.stateCount;
  const m = Array.from({ length: n }, () => new Float64Array(n));
  for (let s = 0; s < n; s++)
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
        m[s][mdp.nextState[k]] += Math.exp(reward[pair] / temperature) * mdp.probability[k];
  // M has a cycle exactly if Mⁿ ≠ 0; squaring (M + I) again and again takes the rate out
  let power: Float64Array[] = m.map((row, i) => row.map((x, j) => x + (i === j ? 1 : 0)));
  let nilpotent: Float64Array[] = m;
  for (let i = 1; i < n; i++) nilpotent = times(nilpotent, m);
  if (nilpotent.every((row) => row.every((x) => x === 0))) return 0;
  let log = 0;
  let steps = 1;
  for (let i = 0; i < 60; i++) {
    let size = 0;
    for (const row of power) for (const x of row) size = Math.max(size, x);
    log += Math.log(size) / steps;
    const scaled = power.map((row) => row.map((x) => x / size));
    power = times(scaled, scaled);
    steps *= 2;
  }
  return Math.exp(log) - 1;
}

function times(a: Float64Array[], b: Float64Array[]): Float64Array[] {
  return a.map((row) => row.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
}
