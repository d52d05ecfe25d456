import { expect, test } from 'vitest';
import { sharedScalePace } from '../../../src/algorithms/sampled/sharedScalePace.ts';

const pace = sharedScalePace({ rounds: 50, gain: 0.4, compared: 100 });

test('sharedScalePace moves by ρ along a gap that stays, ρ falling to a tenth', () => {
  const stepper = pace.stepper(2);
  const gap = Float64Array.of(3, -4);
  for (let round = 1; round <= 50; round++) {
    const [x, y] = stepper.step(gap, null, round);
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
    step = Float64Array.from(stepper.step(Float64Array.of(round % 2 ? 1 : -1, 0.01), null, 1));
  expect(Math.abs(step[0])).toBeLessThan(0.4 * 0.2);
  // a hundredth of the other's size: a scale for each would make it 0.4
  expect(step[1]).toBeCloseTo(0.004, 4);
});

test('sharedScalePace goes on from where it stood', () => {
  const gaps = Array.from({ length: 6 }, (_, i) => Float64Array.of(Math.sin(i), Math.cos(3 * i)));
  const whole = pace.stepper(2);
  const first = pace.stepper(2);
  for (let i = 0; i < 3; i++) {
    whole.step(gaps[i], null, i + 1);
    first.step(gaps[i], null, i + 1);
  }
  const second = pace.stepper(2, JSON.parse(JSON.stringify(first.state())));
  for (let i = 3; i < 6; i++)
    expect(second.step(gaps[i], null, i + 1)).toEqual(whole.step(gaps[i], null, i + 1));
  expect(pace.learning(1)).toBe(1);
  expect(pace.learning(50)).toBeCloseTo(0.2, 12);
});
