import { expect, test } from 'vitest';
import { parametersIn } from '../../../src/algorithms/parameters.ts';
import { sampledLoop } from '../../../src/algorithms/sampled/sampledLoop.ts';
import type { SampledPlanner } from '../../../src/algorithms/sampled/sampledPlanner.ts';
import { sharedScalePace } from '../../../src/algorithms/sampled/sharedScalePace.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';

const pace = sharedScalePace({ rounds: 50, gain: 0.4, compared: 100 });

test('sharedScalePace moves by ρ along a gap that stays, ρ falling to a tenth', () => {
  const stepper = pace.stepper(2);
  const gap = Float64Array.of(3, -4);
  for (let round = 1; round <= 50; round++) {
    const [x, y] = stepper.step(gap, () => null, round);
    // ε shortens a step by 1e-3 / |g|
    const gain = 0.4 * (1 - (0.9 * (round - 1)) / 49);
    expect(Math.hypot(x, y)).toBeCloseTo(gain / (1 + 1e-3 / 5), 10);
    expect(x / y).toBeCloseTo(-3 / 4, 10);
  }
});

test('sharedScalePace hardly moves where a gap changes its sign, and keeps small gaps small', () => {
  const stepper = pace.stepper(2);
  let step = new Float64Array(2);
  for (let round = 1; round <= 40; round++)
    step = Float64Array.from(
      stepper.step(Float64Array.of(round % 2 ? 1 : -1, 0.01), () => null, 1),
    );
  expect(Math.abs(step[0])).toBeLessThan(0.4 * 0.2);
  // a hundredth of the other's size: a scale for each would make it 0.4
  expect(step[1]).toBeCloseTo(0.004, 4);
});

test('sharedScalePace goes on from where it stood', () => {
  const gaps = Array.from({ length: 6 }, (_, i) => Float64Array.of(Math.sin(i), Math.cos(3 * i)));
  const whole = pace.stepper(2);
  const first = pace.stepper(2);
  for (let i = 0; i < 3; i++) {
    whole.step(gaps[i], () => null, i + 1);
    first.step(gaps[i], () => null, i + 1);
  }
  const second = pace.stepper(2, JSON.parse(JSON.stringify(first.state())));
  for (let i = 3; i < 6; i++)
    expect(second.step(gaps[i], () => null, i + 1)).toEqual(whole.step(gaps[i], () => null, i + 1));
  expect(pace.learning(1)).toBe(1);
  expect(pace.learning(50)).toBeCloseTo(0.2, 12);
});

/** Demonstrations under θ*, of which the gap is H (θ* − θ) and some luck. */
function luckyPlanner(best: readonly number[], slope: readonly number[]): SampledPlanner {
  const rng = createRng(1, 'luck');
  let theta: Float64Array = new Float64Array(best.length);
  const plan = (next: Float64Array): void => {
    theta = next.slice();
  };
  return {
    plan,
    settle: plan,
    surplus(rollouts) {
      const replicates = Array.from({ length: Math.max(2, rollouts / 5) }, () =>
        theta.map((t, k) => slope[k] * (best[k] - t) + 0.02 * standardNormal(rng)),
      );
      const gradient = theta.map(
        (_, k) => replicates.reduce((sum, row) => sum + row[k], 0) / replicates.length,
      );
      const information = Float64Array.of(slope[0], 0, 0, slope[1]);
      return { gradient, replicates, information, informationNoise: 0 };
    },
    logLikelihood: () => 0,
    steps: () => 0,
    state: () => ({}),
  };
}

test.each([0, 8])('a gap that rounds leave is closed by corrections: %i of them', (corrections) => {
  const best = [1.5, -2];
  const rounds = 10;
  const space = parametersIn(['a', 'b'], () => 1, 1, {});
  const loop = sampledLoop(luckyPlanner(best, [0.5, 0.05]), space, {
    settings: {
      rounds,
      rollouts: 10,
      planner: 'rollouts',
      learningSteps: 0,
      precision: 0.01,
      entropy: 'uniform',
      unseen: 'error',
    },
    pace: sharedScalePace({ rounds, gain: 0.2, compared: 500 }),
    tolerance: 0,
    maxRounds: rounds + corrections,
    l2: 0,
    decisions: 1000,
  });
  let next = loop.next();
  while (!next.done) next = loop.next();
  const { stop, theta, gap } = next.value;
  const far = Math.hypot(theta[0] - best[0], (theta[1] - best[1]) / 10);
  if (corrections === 0) {
    expect(stop).toBe('max-iterations');
    expect(far).toBeGreaterThan(0.3);
  } else {
    expect(stop).toBe('matched-within-error');
    // the error of a gap of .002, over the slopes, and three of them
    expect(far).toBeLessThan(0.02);
    expect(gap.largest).toBeLessThan(0.01);
  }
});
