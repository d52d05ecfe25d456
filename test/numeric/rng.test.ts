import fc from 'fast-check';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { createRng, permutation, restoreRng, sampleIndex } from '../../src/numeric/rng.ts';

const draw = (rng: () => number, n: number) => Array.from({ length: n }, () => rng());

/** Pearson's correlation; of independent uniforms it is normal with deviation 1 / √n. */
function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const mx = mean(x);
  const my = mean(y);
  const cross = (a: readonly number[], ma: number, b: readonly number[], mb: number) =>
    a.reduce((sum, v, i) => sum + (v - ma) * (b[i] - mb), 0);
  return cross(x, mx, y, my) / Math.sqrt(cross(x, mx, x, mx) * cross(y, my, y, my));
}

test('createRng gives the same stream for the same seed and name, as number or text', () => {
  const first = draw(createRng(7, 'rollout'), 100);
  expect(draw(createRng(7, 'rollout'), 100)).toEqual(first);
  expect(draw(createRng('7', 'rollout'), 100)).toEqual(first);
  expect(first.every((u) => u >= 0 && u < 1)).toBe(true);
});

test('createRng is the generator of seedrandom, keyed by seed and stream', () => {
  expect(draw(createRng(7, 'rollout'), 5)).toEqual(draw(seedrandom('["7","rollout"]'), 5));
});

test('streams of one seed, of neighbouring seeds and of names that run together differ', () => {
  const n = 20_000;
  const streams = [
    createRng(1, 'a'),
    createRng(1, 'b'),
    createRng(2, 'a'),
    createRng(1, 'a1'),
    createRng(11, 'a'),
    createRng(1, ''),
    createRng('1","a', ''),
  ].map((rng) => draw(rng, n));
  for (let i = 0; i < streams.length; i++) {
    for (let k = 0; k < i; k++) {
      // 5 standard deviations of the correlation of independent uniforms
      expect(Math.abs(correlation(streams[i], streams[k]))).toBeLessThan(5 / Math.sqrt(n));
    }
  }
});

test('drawing from one stream does not move another', () => {
  const alone = draw(createRng(3, 'batch'), 50);
  const busy = createRng(3, 'noise');
  const beside = createRng(3, 'batch');
  const mixed = Array.from({ length: 50 }, () => {
    busy();
    createRng(4, 'batch')();
    return beside();
  });
  expect(mixed).toEqual(alone);
});

test('a saved state survives JSON and continues bit for bit', () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(700), (seed, before) => {
      const rng = createRng(seed, 'resume');
      draw(rng, before);
      const saved = JSON.stringify(rng.state());
      const rest = draw(rng, 300);
      const restored = restoreRng(JSON.parse(saved));
      expect(JSON.stringify(restored.state())).toBe(saved);
      expect(draw(restored, 300)).toEqual(rest);
      expect(restored.state()).toEqual(rng.state());
    }),
    { numRuns: 20 },
  );
});

test('a state is a copy: neither drawing on nor restoring from it changes it', () => {
  const rng = createRng(5, 'copy');
  const state = rng.state();
  const saved = JSON.stringify(state);
  draw(rng, 10);
  draw(restoreRng(state), 10);
  expect(JSON.stringify(state)).toBe(saved);
});

test('restoreRng refuses what is not a state', () => {
  const { i, j, S } = createRng(0, 'x').state();
  expect(() => restoreRng({ i, j, S: S.slice(1) })).toThrow('permutation S of 0…255');
  expect(() => restoreRng({ i: 256, j, S })).toThrow(RangeError);
  expect(() => restoreRng({ i, j, S: S.map(() => 0) })).toThrow(RangeError);
});

test('sampleIndex draws with the frequencies of its weights, never a zero one', () => {
  const weights = [0, 1, 0, 3, 6, 0];
  const rng = createRng(0, 'sample');
  const n = 50_000;
  const counts = new Float64Array(weights.length);
  for (let i = 0; i < n; i++) counts[sampleIndex(weights, rng)]++;
  weights.forEach((weight, i) => {
    const p = weight / 10;
    // 5 standard deviations of a binomial share
    expect(Math.abs(counts[i] / n - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / n));
  });
});

test('sampleIndex keeps to its range and survives a draw next to 1', () => {
  const almostOne = Object.assign(() => 1 - 2 ** -53, { state: createRng(0, '').state });
  expect(sampleIndex([0.1, 0.2, 0.7, 0], almostOne)).toBe(2);
  expect(sampleIndex([9, 1, 1, 0, 9], almostOne, 1, 4)).toBe(2);
  const rng = createRng(1, 'range');
  for (let i = 0; i < 200; i++) expect([1, 2]).toContain(sampleIndex([9, 1, 1, 9], rng, 1, 3));
});

test('sampleIndex refuses weights that are no distribution', () => {
  const rng = createRng(0, 'bad');
  expect(() => sampleIndex([0, 0], rng)).toThrow('positive finite sum, got 0');
  expect(() => sampleIndex([], rng)).toThrow(RangeError);
  expect(() => sampleIndex([Number.NaN, 1], rng)).toThrow(RangeError);
});

test('permutation holds every index once, and each of the 6 orders of 3 comes equally often', () => {
  const rng = createRng(0, 'shuffle');
  expect([...permutation(100, rng)].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 100 }, (_, i) => i),
  );
  expect(permutation(0, rng)).toHaveLength(0);
  const n = 12_000;
  const counts = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const order = permutation(3, rng).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // 5 standard deviations of a share of 1 / 6
  for (const count of counts.values()) expect(Math.abs(count / n - 1 / 6)).toBeLessThan(0.017);
});
