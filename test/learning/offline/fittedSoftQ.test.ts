import { describe, expect, test } from 'vitest';
import { FittedSoftQ } from '../../../src/learning/offline/fittedSoftQ.ts';
import type { RecordedSteps } from '../../../src/learning/offline/recordedSteps.ts';
import {
  indicatorBasis,
  kernelBasis,
  polynomialBasis,
  type StateBasis,
} from '../../../src/learning/offline/stateBasis.ts';
import { fittedQIteration } from '../../../src/learning/values/fittedQIteration.ts';
import { logOfSteps } from '../../../src/learning/values/transitionLog.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { expectClose } from '../../support/closeness.ts';
import { jacobianRows } from '../../support/differences.ts';

/** Steps of a point on a line that two actions push about, over beyond 1. */
function pushes(count: number, seed: number): RecordedSteps {
  const rng = createRng(seed, 'pushes');
  const observations = Float64Array.from({ length: count }, () => 2 * rng() - 1);
  const actions = Int32Array.from({ length: count }, () => (rng() < 0.5 ? 0 : 1));
  const next = observations.map((x, i) => 0.9 * x + (actions[i] - 0.5) * 0.4 + 0.1 * (rng() - 0.5));
  return {
    count,
    observationSize: 1,
    actionCount: 2,
    observations,
    actions,
    next,
    terminated: Uint8Array.from(next, (x) => (x > 1 ? 1 : 0)),
    start: Int32Array.of(0, count),
    leftOut: 0,
  };
}

/** The same seen as ten cells. */
function cells(steps: RecordedSteps): RecordedSteps {
  const cell = (x: number): number => Math.min(Math.max(Math.floor(5 * (x + 1)), 0), 9);
  return { ...steps, observations: steps.observations.map(cell), next: steps.next.map(cell) };
}

const steps = pushes(400, 1);
const settings = {
  discount: 0.9,
  temperature: 0.5,
  regression: 'least-squares',
  ridge: 0,
} as const;
const reward = steps.observations.map((x, i) => 1 - x * x - 0.2 * steps.actions[i]);

const cases: [string, RecordedSteps, (of: RecordedSteps) => StateBasis][] = [
  ['an indicator per state', cells(steps), () => indicatorBasis(10)],
  ['polynomials', steps, (of) => polynomialBasis(of, 3)],
];
const averages = { ...settings, regression: 'averages' } as const;

describe('FittedSoftQ', () => {
  test.each(cases)('is where fitted Q-iteration ends: %s', (_name, log, basisOf) => {
    const q = new FittedSoftQ(log, basisOf(log), settings);
    const search = q.plan(reward);
    expect(search.found).toBe(true);
    expect(search.iterations).toBeLessThan(12);
    const { size } = q.basis;
    const row = (all: Float64Array, i: number) => [...all.subarray(i * size, (i + 1) * size)];
    const seen = Array.from(reward, (paid, i) => ({
      state: row(q.encoded.now, i),
      action: log.actions[i],
      reward: paid,
      next: row(q.encoded.next, i),
      terminated: log.terminated[i] === 1,
    }));
    const { regression: _, ...own } = settings;
    const options = { ...own, prior: 'uniform' as const, tolerance: 1e-11 };
    const iteration = fittedQIteration(logOfSteps(seen, 2), options);
    let next = iteration.next();
    while (!next.done) next = iteration.next();
    expect(next.value.stop).toBe('converged');
    expectClose([...q.weights], [...next.value.weights], 1e-7);
  });

  test.each(cases)('expects of a feature what weights change with its price: %s', (_, log, of) => {
    const q = new FittedSoftQ(log, of(log), settings);
    const feature = steps.observations.map((x) => Math.cos(3 * x));
    const weightsAt = ([theta]: Float64Array): Float64Array => {
      q.plan(reward.map((r, i) => r + theta * feature[i]));
      return q.weights.slice();
    };
    const slope = jacobianRows(weightsAt, Float64Array.of(0.3));
    weightsAt(Float64Array.of(0.3));
    expectClose([...q.expect(feature)], [...slope], 1e-8);
  });

  test('with an indicator per state averages are regressions', () => {
    const [one, other] = [settings, averages].map((how) => {
      const q = new FittedSoftQ(cells(steps), indicatorBasis(10), how);
      expect(q.plan(reward).found).toBe(true);
      return q.weights;
    });
    expectClose([...one], [...other], 1e-10);
  });

  test('averages have a plan for any reward, which iteration reaches', () => {
    const basis = kernelBasis(steps, 30);
    const rng = createRng(3, 'rewards');
    const paid = reward.map(() => 20 * (rng() - 0.5));
    const q = new FittedSoftQ(steps, basis, averages);
    expect(q.plan(paid).found).toBe(true);
    // w ← averages of r + γ V(o′), from nothing
    const { now, next } = q.encoded;
    let w = new Float64Array(q.weights.length);
    for (let n = 0; n < 400; n++) {
      const ahead = q.evaluate(w, next);
      const [sum, weight] = [new Float64Array(w.length), new Float64Array(w.length)];
      paid.forEach((r, i) => {
        const value =
          0.5 * Math.log((Math.exp(ahead[2 * i] / 0.5) + Math.exp(ahead[2 * i + 1] / 0.5)) / 2);
        const target = r + (steps.terminated[i] ? 0 : 0.9 * value);
        for (let k = 0; k < basis.size; k++) {
          const at = steps.actions[i] * basis.size + k;
          sum[at] += now[i * basis.size + k] * target;
          weight[at] += now[i * basis.size + k];
        }
      });
      w = sum.map((x, k) => x / weight[k]);
    }
    expectClose([...q.weights], [...w], 1e-9);
    expect(() => new FittedSoftQ(steps, polynomialBasis(steps, 2), averages)).toThrow(
      'must be ≥ 0 and sum to 1',
    );
  });

  test('a plan that is not found leaves the one before', () => {
    const one = { ...steps, actions: new Int32Array(steps.count) };
    const q = new FittedSoftQ(one, polynomialBasis(one, 2), { ...settings, ridge: 1e-9 });
    expect(q.plan(reward).found).toBe(true);
    const [weights, expected] = [q.weights.slice(), q.expect(reward)];
    expect(q.plan(reward.map(() => Number.NaN)).found).toBe(false);
    expect(q.weights).toEqual(weights);
    expectClose([...q.expect(reward)], [...expected], 1e-9);
  });

  test('a reward of nothing is worth nothing', () => {
    const q = new FittedSoftQ(steps, polynomialBasis(steps, 3), settings);
    expect(q.plan(new Float64Array(steps.count))).toEqual({
      found: true,
      iterations: 0,
      residual: 0,
    });
    expect([...q.weights].every((w) => w === 0)).toBe(true);
  });

  test('says where an action was never taken and nothing tells what it is worth', () => {
    const one = { ...steps, actions: new Int32Array(steps.count) };
    expect(new FittedSoftQ(one, polynomialBasis(one, 2), settings).plan(reward).found).toBe(false);
    const held = { ...settings, ridge: 1e-3 };
    expect(new FittedSoftQ(one, polynomialBasis(one, 2), held).plan(reward).found).toBe(true);
  });
});

describe('kernelBasis', () => {
  test('gives shares, of the nearest centre most', () => {
    const basis = kernelBasis(steps, 7);
    expect(basis.size).toBe(7);
    const out = new Float64Array(7);
    for (const x of [-50, -0.3, 0, 0.8, 1e6]) {
      basis.write([x], out, 0);
      expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
      expect(out.reduce((sum, y) => sum + y, 0)).toBeCloseTo(1, 12);
    }
    const same = { ...steps, observations: new Float64Array(400), next: new Float64Array(400) };
    expect(kernelBasis(same, 7).size).toBe(1);
  });
});

describe('polynomialBasis', () => {
  test('has every product once', () => {
    const two: RecordedSteps = {
      ...steps,
      observationSize: 2,
      observations: Float64Array.of(-1, -1, 1, 1),
      next: Float64Array.of(0, 0),
    };
    const basis = polynomialBasis(two, 3);
    const out = new Float64Array(basis.size + 1);
    basis.write([0.5, -0.3], out, 1);
    const [x, y] = [0.5, -0.3];
    const all = [1, x, y, x * x, x * y, y * y, x ** 3, x * x * y, x * y * y, y ** 3];
    expectClose([...out.subarray(1)].sort(), all.sort(), 1e-15);
    basis.write([9, 0], out, 1);
    expect(Math.max(...out)).toBeCloseTo(1.5 ** 3, 12);
  });
});
