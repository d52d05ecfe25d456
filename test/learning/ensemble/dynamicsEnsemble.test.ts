/** What an ensemble learns, where the truth is known. */

import { describe, expect, test } from 'vitest';
import { DynamicsEnsemble } from '../../../src/learning/ensemble/dynamicsEnsemble.ts';
import type { EnsembleOptions } from '../../../src/learning/ensemble/ensembleOptions.ts';
import { SeenChanges } from '../../../src/learning/ensemble/seenChanges.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';

const sizes = { observationSize: 2, actionSize: 1, learnsReward: true };

/** Spread of the noise at x: larger on the right. */
const spreadAt = (x: number): number => (x > 0 ? 0.3 : 0.05);

/** x′ = x + sin(2x)/2 + a, in units that are far apart; pays x a. */
function fill(ensemble: DynamicsEnsemble, count: number, rng: Rng, noisy = false): void {
  for (let i = 0; i < count; i++) {
    const [x, y, a] = [4 * rng() - 2, rng(), 2 * rng() - 1];
    const noise = noisy ? spreadAt(x) * standardNormal(rng) : 0;
    const next = [1000 * (x + Math.sin(2 * x) / 2 + a + noise), y - 0.01 * a];
    ensemble.add([1000 * x, y], [a], x * a, next);
  }
}

function learned(options: EnsembleOptions, updates: number, noisy = false): DynamicsEnsemble {
  const given = { members: 3, hidden: [32, 32], ...options };
  const ensemble = new DynamicsEnsemble(kernelEngine('kernels', 64), sizes, given, 3);
  fill(ensemble, 2000, createRng(1, 'steps'), noisy);
  ensemble.learn(updates);
  return ensemble;
}

describe('deterministic', () => {
  const ensemble = learned({}, 1500);

  test('it says where an action leads and what it pays, of steps it has not seen', () => {
    const rows = ensemble.imagine(1);
    for (let member = 0; member < 3; member++) {
      const rng = createRng(4, 'others');
      const squares = [0, 0, 0];
      for (let i = 0; i < 100; i++) {
        const [x, y, a] = [4 * rng() - 2, rng(), 2 * rng() - 1];
        rows.observations.set([1000 * x, y]);
        rows.actions.set([a]);
        rows.step(member, null);
        squares[0] += (rows.observations[0] / 1000 - (x + Math.sin(2 * x) / 2 + a)) ** 2;
        squares[1] += (rows.observations[1] - (y - 0.01 * a)) ** 2;
        squares[2] += (rows.rewards[0] - x * a) ** 2;
      }
      const off = squares.map((sum) => Math.sqrt(sum / 100));
      // a tenth of how far they vary: .7, .006 and .7
      expect(off[0]).toBeLessThan(0.07);
      expect(off[1]).toBeLessThan(6e-4);
      expect(off[2]).toBeLessThan(0.07);
    }
  });

  test('rows are imagined side by side as they are alone', () => {
    const [many, one] = [ensemble.imagine(5), ensemble.imagine(1)];
    const rng = createRng(5, 'rows');
    many.observations.set(many.observations.map((_, i) => (i % 2 ? rng() : 2000 * rng() - 1000)));
    many.actions.set(many.actions.map(() => rng()));
    const before = many.observations.slice();
    many.step(1, null);
    for (let i = 0; i < 5; i++) {
      one.observations.set(before.subarray(2 * i, 2 * i + 2));
      one.actions[0] = many.actions[i];
      one.step(1, null);
      for (let j = 0; j < 2; j++)
        expect(one.observations[j]).toBeCloseTo(many.observations[2 * i + j], 3);
      expect(one.rewards[0]).toBeCloseTo(many.rewards[i], 5);
    }
  });

  test('the error is that of steps no member has learned from, in units of their spread', () => {
    expect(ensemble.error()).toBeNull();
    fill(ensemble, 150, createRng(6, 'new'));
    const error = ensemble.error() ?? Number.NaN;
    // by hand, in double precision, from the spreads of what it learned from
    const [seen, rng] = [createRng(1, 'steps'), createRng(6, 'new')];
    const draw = (from: Rng): number[] => {
      const [x, , a] = [4 * from() - 2, from(), 2 * from() - 1];
      return [1000 * (Math.sin(2 * x) / 2 + a), -0.01 * a, x * a];
    };
    const old = Array.from({ length: 2000 }, () => draw(seen));
    const spread = [0, 1, 2].map((j) => {
      const mean = old.reduce((sum, row) => sum + row[j], 0) / 2000;
      return Math.sqrt(old.reduce((sum, row) => sum + (row[j] - mean) ** 2, 0) / 2000);
    });
    const rows = ensemble.imagine(1);
    let squares = 0;
    for (let i = 0; i < 150; i++) {
      const [x, y, a] = [4 * rng() - 2, rng(), 2 * rng() - 1];
      const mean = [0, 0, 0];
      for (let member = 0; member < 3; member++) {
        rows.observations.set([1000 * x, y]);
        rows.actions.set([a]);
        rows.step(member, null);
        const told = [rows.observations[0] - 1000 * x, rows.observations[1] - y, rows.rewards[0]];
        told.forEach((change, j) => {
          mean[j] += change / 3;
        });
      }
      const truth = [1000 * (Math.sin(2 * x) / 2 + a), -0.01 * a, x * a];
      mean.forEach((change, j) => {
        squares += ((change - truth[j]) / spread[j]) ** 2;
      });
    }
    expect(error).toBeCloseTo(Math.sqrt(squares / 450), 4);
    expect(error).toBeLessThan(0.1);
  });

  test('members agree where steps were seen, and not far from there', () => {
    const apart = (x: number): number => {
      const rows = ensemble.imagine(1);
      const told = [0, 1, 2].map((member) => {
        rows.observations.set([1000 * x, 0.5]);
        rows.actions.set([0]);
        rows.step(member, null);
        return rows.observations[0] / 1000;
      });
      return Math.max(...told) - Math.min(...told);
    };
    expect(apart(6)).toBeGreaterThan(5 * Math.max(apart(-1), apart(0), apart(1)));
  });
});

test('probabilistic: it finds how noisy a step is, and where', () => {
  const ensemble = learned({ form: 'probabilistic', members: 1, batch: 128 }, 4000, true);
  const rows = ensemble.imagine(1);
  for (const x of [-1.2, -0.6, 0.6, 1.2]) {
    const [low, high] = [-1, 1].map((noise) => {
      rows.observations.set([1000 * x, 0.5]);
      rows.actions.set([0.2]);
      rows.step(0, Float64Array.of(noise, 0, 0));
      return rows.observations[0] / 1000;
    });
    const spread = (high - low) / 2;
    // 2,000 steps, a network that smooths over the jump
    expect(spread / spreadAt(x)).toBeGreaterThan(0.7);
    expect(spread / spreadAt(x)).toBeLessThan(1.5);
    expect(Math.abs((high + low) / 2 - (x + Math.sin(2 * x) / 2 + 0.2))).toBeLessThan(0.12);
  }
});

test('each member has a Poisson sample of its own, which grows and does not change', () => {
  const seen = new SeenChanges({ inputs: 1, changes: 1, members: 2 });
  const rng = createRng(7, 'samples');
  for (let i = 0; i < 2000; i++) seen.add([i], [0]);
  seen.settle(rng);
  const [one, other] = [seen.sampleOf(0), seen.sampleOf(1)];
  for (const sample of [one, other]) {
    expect(Math.abs(sample.length / 2000 - 1)).toBeLessThan(4 / Math.sqrt(2000));
    const missing = 1 - new Set(sample).size / 2000;
    // √(p (1 − p) / n) is .011
    expect(Math.abs(missing - Math.exp(-1))).toBeLessThan(0.044);
  }
  expect(other).not.toEqual(one);
  for (let i = 0; i < 500; i++) seen.add([i], [0]);
  seen.settle(rng);
  expect(seen.sampleOf(0).subarray(0, one.length)).toEqual(one);
  expect(seen.inputMean[0]).toBeCloseTo((2000 * 999.5 + 500 * 249.5) / 2500, 6);
});

test('without steps there is nothing to learn from', () => {
  const ensemble = new DynamicsEnsemble(kernelEngine('plain'), sizes);
  expect(() => ensemble.learn(1)).toThrow('Cannot learn dynamics: no step was seen');
  expect(ensemble.error()).toBeNull();
});
