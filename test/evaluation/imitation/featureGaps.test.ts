import { expect, test } from 'vitest';
import type { ActingPolicy } from '../../../src/evaluation/imitation/actingPolicy.ts';
import { featureGaps } from '../../../src/evaluation/imitation/featureGaps.ts';
import { CELLS, ledgeOdds, ledgeProblem } from '../../support/ledge.ts';

const THETA = [0.3, 0.6];
const DISCOUNT = 0.8;

/** Goes right with these odds, by cell. */
function walking(odds: readonly number[]): ActingPolicy {
  return {
    act(observations, rows, rng, out) {
      for (let i = 0; i < rows; i++) {
        const cell = observations.subarray(i * CELLS, (i + 1) * CELLS).indexOf(1);
        const right = 1 / (1 + Math.exp(-odds[cell]));
        out[i] = (rng ? rng() : 0.5) < right ? 1 : 0;
      }
    },
    logLikelihood: (_o, _a, rows, out) => out.fill(0, 0, rows),
  };
}

/** (1 − γ) Σ γᵗ φ of walks from each cell, exactly: by sweeping the Bellman equation. */
function expected(odds: readonly number[]): { alive: number; last: number } {
  let value = Array.from({ length: CELLS }, () => ({ alive: 0, last: 0 }));
  for (let sweep = 0; sweep < 300; sweep++)
    value = value.map((_, i) => {
      const right = 1 / (1 + Math.exp(-odds[i]));
      const to = value[Math.min(i + 1, CELLS - 1)];
      const back = i === 0 ? { alive: 0, last: 0 } : value[i - 1];
      const after = (key: 'alive' | 'last') => right * to[key] + (1 - right) * back[key];
      return {
        alive: 1 + DISCOUNT * after('alive'),
        last: (i === CELLS - 1 ? 1 : 0) + DISCOUNT * after('last'),
      };
    });
  const mean = (key: 'alive' | 'last') =>
    ((1 - DISCOUNT) * value.reduce((sum, v) => sum + v[key], 0)) / CELLS;
  return { alive: mean('alive'), last: mean('last') };
}

test('featureGaps of the policy that was demonstrated are within luck, and of others as computed', () => {
  const problem = ledgeProblem(THETA, 400, DISCOUNT);
  const own = ledgeOdds(THETA, DISCOUNT);
  const same = featureGaps(walking(own), problem, 1200, 1);
  // 400 demonstrations know their mean to about 0.02
  for (const { gap } of same) expect(Math.abs(gap)).toBeLessThan(0.06);
  for (const odds of [own, [0, 0, 0, 0], [3, 3, 3, -3]]) {
    const truth = expected(odds);
    const gaps = featureGaps(walking(odds), problem, 1200, 2);
    for (const { name, demonstrated, gap, error } of gaps) {
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(0.02);
      // the sum stops where γᵗ counts for less than a thousandth
      const off = demonstrated - gap - truth[name as 'alive' | 'last'];
      expect(Math.abs(off)).toBeLessThan(4.5 * error + 2e-3);
    }
  }
  const wrong = featureGaps(walking([0, 0, 0, 0]), problem, 400, 3);
  expect(wrong.some(({ isWithin }) => !isWithin)).toBe(true);
});
