import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { softValueIteration } from '../../src/planning/softValueIteration.ts';
import { arbitraryTask, distribution, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import { logSum } from '../support/naiveLikelihood.ts';

/** The soft value of a state with so many decisions left, by unrolling the whole tree. */
function unrolledValue(
  mdp: Mdp,
  reward: Float64Array,
  discount: number,
  temperature: number,
  s: number,
  left: number,
): number {
  const { pairStart, transitionStart, nextState, probability } = mdp;
  if (left === 0 || pairStart[s] === pairStart[s + 1]) return 0;
  const worths: number[] = [];
  for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
    let worth = reward[pair];
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
      const next = unrolledValue(mdp, reward, discount, temperature, nextState[k], left - 1);
      worth += discount * probability[k] * next;
    }
    worths.push(worth);
  }
  return logSum(worths, temperature);
}

/** Sums of discounted rewards along every path of `left` decisions (or to a terminal state). */
function pathWorths(mdp: Mdp, reward: Float64Array, s: number, left: number): number[] {
  if (left === 0 || mdp.pairStart[s] === mdp.pairStart[s + 1]) return [0];
  const worths: number[] = [];
  for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
    for (const later of pathWorths(mdp, reward, mdp.nextState[pair], left - 1))
      worths.push(reward[pair] + later);
  return worths;
}

test('createFiniteHorizon equals the unrolled tree', () => {
  fc.assert(
    fc.property(
      arbitraryTask({ mostStates: 4 }, [0.3, 0.9, 1]),
      fc.integer({ min: 1, max: 4 }),
      ({ mdp, reward, discount, temperature }, horizon) => {
        const planner = createFiniteHorizon(mdp, horizon, discount, temperature);
        planner.plan(reward);
        for (let t = 0; t <= horizon; t++) {
          const wanted = Array.from({ length: mdp.stateCount }, (_, s) =>
            unrolledValue(mdp, reward, discount, temperature, s, horizon - t),
          );
          const row = planner.value.subarray(t * mdp.stateCount, (t + 1) * mdp.stateCount);
          expectClose(row, wanted, 1e-13);
        }
      },
    ),
    { seed: 1, numRuns: 40 },
  );
});

test('createFiniteHorizon of deterministic moves is the log-sum over all paths', () => {
  fc.assert(
    fc.property(
      arbitraryTask({ deterministic: true }),
      fc.integer({ min: 1, max: 5 }),
      ({ mdp, reward, temperature }, horizon) => {
        const planner = createFiniteHorizon(mdp, horizon, 1, temperature);
        planner.plan(reward);
        for (let s = 0; s < mdp.stateCount; s++) {
          const wanted = logSum(pathWorths(mdp, reward, s, horizon), temperature);
          expect(planner.value[s]).toBeCloseTo(wanted, 10);
        }
      },
    ),
    { seed: 2, numRuns: 40 },
  );
});

test('createFiniteHorizon tends to the discounted plan as the horizon grows', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature }) => {
      const endless = softValueIteration(mdp, reward, { discount, temperature });
      const largest = endless.value.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
      for (const horizon of [1, 10, 60]) {
        const planner = createFiniteHorizon(mdp, horizon, discount, temperature);
        planner.plan(reward);
        for (let s = 0; s < mdp.stateCount; s++) {
          const gap = Math.abs(planner.value[s] - endless.value[s]);
          expect(gap).toBeLessThanOrEqual(discount ** horizon * largest + 1e-8);
        }
      }
    }),
    { seed: 3, numRuns: 40 },
  );
});

test('createFiniteHorizon gives policies that sum to one at every time', () => {
  fc.assert(
    fc.property(arbitraryTask({}, [0.9, 1]), ({ mdp, reward, discount, temperature }) => {
      const planner = createFiniteHorizon(mdp, 5, discount, temperature);
      planner.plan(reward.map((r) => 500 * r));
      for (let t = 0; t < 5; t++) {
        const policy = planner.policyAt(t);
        for (let s = 0; s < mdp.stateCount; s++) {
          if (mdp.pairStart[s] === mdp.pairStart[s + 1]) continue;
          const choices = policy.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]);
          expect(choices.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        }
      }
    }),
    { seed: 4, numRuns: 40 },
  );
});

test('createFiniteHorizon pushes a start distribution to visits that sum to Σ γᵗ', () => {
  fc.assert(
    fc.property(
      arbitraryTask({ terminals: false }, [0.3, 0.9, 1]),
      fc.integer({ min: 1, max: 8 }),
      ({ mdp, reward, discount, temperature, seed }, horizon) => {
        const planner = createFiniteHorizon(mdp, horizon, discount, temperature);
        planner.plan(reward);
        const arriving = new Float64Array(horizon * mdp.stateCount);
        arriving.set(distribution(seed, mdp.stateCount));
        const visits = new Float64Array(mdp.pairCount);
        planner.push(arriving, visits);
        let wanted = 0;
        for (let t = 0; t < horizon; t++) {
          wanted += discount ** t;
          const mass = arriving
            .subarray(t * mdp.stateCount, (t + 1) * mdp.stateCount)
            .reduce((sum, d) => sum + d, 0);
          expect(mass).toBeCloseTo(discount ** t, 12);
        }
        expect(visits.reduce((sum, d) => sum + d, 0)).toBeCloseTo(wanted, 11);
      },
    ),
    { seed: 5, numRuns: 40 },
  );
});

test('createFiniteHorizon with weights pushed forwards says how values move with reward', () => {
  fc.assert(
    fc.property(arbitraryTask({}, [0.9, 1]), ({ mdp, reward, discount, temperature, seed }) => {
      const horizon = 4;
      const planner = createFiniteHorizon(mdp, horizon, discount, temperature);
      const c = numbers(seed, horizon * mdp.stateCount);
      const worth = (rewards: Float64Array): number => {
        planner.plan(rewards);
        return c.reduce((sum, ci, i) => sum + ci * planner.value[i], 0);
      };
      const step = 1e-5;
      const direction = numbers(seed + 1, mdp.pairCount);
      const up = worth(reward.map((r, pair) => r + step * direction[pair]));
      const down = worth(reward.map((r, pair) => r - step * direction[pair]));
      planner.plan(reward);
      const visits = new Float64Array(mdp.pairCount);
      planner.push(c.slice(), visits);
      const along = visits.reduce((sum, d, pair) => sum + d * direction[pair], 0);
      expect(along).toBeCloseTo((up - down) / (2 * step), 7);
    }),
    { seed: 6, numRuns: 40 },
  );
});
