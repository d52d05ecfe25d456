import { expect, test } from 'vitest';
import { atRandom } from '../../../src/evaluation/imitation/atRandom.ts';
import { createRng } from '../../../src/numeric/rng.ts';

test('atRandom draws what is offered, each as often, and says how likely it is', () => {
  const rows = 6000;
  const offered = (seen: ArrayLike<number>) => (seen[0] === 0 ? 2 : 3);
  const policy = atRandom({ kind: 'discrete', count: 3 }, 1, offered);
  const seen = Float64Array.from({ length: rows }, (_, i) => i % 2);
  const taken = new Float64Array(rows);
  policy.act(seen, rows, createRng(0, 'uniform'), taken);
  const times = (of: number, action: number) =>
    taken.reduce((sum, a, i) => sum + (seen[i] === of && a === action ? 1 : 0), 0);
  const spread = 4 * Math.sqrt((rows / 2) * 0.25);
  for (const a of [0, 1]) expect(Math.abs(times(0, a) - rows / 4)).toBeLessThan(spread);
  for (const a of [0, 1, 2]) expect(Math.abs(times(1, a) - rows / 6)).toBeLessThan(spread);
  const log = new Float64Array(3);
  policy.logLikelihood(Float64Array.of(0, 0, 1), Float64Array.of(1, 2, 2), 3, log);
  expect([...log]).toEqual([-Math.log(2), Number.NEGATIVE_INFINITY, -Math.log(3)]);
  expect(() => policy.act(seen, 1, null, taken)).toThrow('wanted a stream to draw from');
});

test('atRandom has the density of its box', () => {
  const box = { kind: 'box', low: Float64Array.of(-2, 0), high: Float64Array.of(2, 0.5) } as const;
  const policy = atRandom(box, 1);
  const log = new Float64Array(1);
  policy.logLikelihood(Float64Array.of(0), Float64Array.of(0, 0.1), 1, log);
  expect(log[0]).toBeCloseTo(-Math.log(4 * 0.5), 12);
  const points = new Float64Array(2000);
  policy.act(new Float64Array(1000), 1000, createRng(0, 'box'), points);
  for (let i = 0; i < points.length; i++) {
    expect(points[i]).toBeGreaterThanOrEqual(box.low[i % 2]);
    expect(points[i]).toBeLessThan(box.high[i % 2]);
  }
});
