import { expect, test } from 'vitest';
import { analyzeLu } from '../../src/numeric/luPattern.ts';
import {
  createFactors,
  factorize,
  solveLu,
  solveLuTransposed,
} from '../../src/numeric/sparseLu.ts';
import { solveDense } from '../support/denseLinearAlgebra.ts';
import { denseIdentityMinus, randomPattern, randomValues } from '../support/randomPattern.ts';
import { seededRandom } from '../support/seededRandom.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

function randomSystem(seed: number) {
  const random = seededRandom(seed);
  const size = random.integer(1, 30);
  const pattern = randomPattern(random, size, 3);
  const m = randomValues(random, pattern, 0.98);
  const b = new Float64Array(size).map(() => random.normal());
  return { random, size, pattern, m, b };
}

test.each(SEEDS)('solveLu agrees with dense elimination (seed %i)', (seed) => {
  const { size, pattern, m, b } = randomSystem(seed);
  const factors = createFactors(analyzeLu(size, pattern.rowStart, pattern.column));
  expect(factorize(factors, m)).toBe(-1);
  const dense = denseIdentityMinus(pattern, m);
  const x = new Float64Array(size);
  solveLu(factors, b, x);
  const expected = solveDense(
    dense,
    [...b].map((v) => [v]),
  );
  x.forEach((v, i) => {
    expect(v).toBeCloseTo(expected?.[i][0] ?? Number.NaN, 11);
  });
  const transposed = dense.map((_, i) => dense.map((row) => row[i]));
  const expectedTransposed = solveDense(
    transposed,
    [...b].map((v) => [v]),
  );
  solveLuTransposed(factors, b, x);
  x.forEach((v, i) => {
    expect(v).toBeCloseTo(expectedTransposed?.[i][0] ?? Number.NaN, 11);
  });
});

test.each(SEEDS.slice(0, 5))('solveLu is the same in any order (seed %i)', (seed) => {
  const { random, size, pattern, m, b } = randomSystem(seed);
  const order = Int32Array.from(random.shuffle(Array.from({ length: size }, (_, i) => i)));
  const solutions = [undefined, order].map((given) => {
    const options = given ? { order: given } : {};
    const factors = createFactors(analyzeLu(size, pattern.rowStart, pattern.column, options));
    factorize(factors, m);
    const x = b.slice();
    solveLu(factors, x, x);
    return x;
  });
  for (let i = 0; i < size; i++) expect(solutions[0][i]).toBeCloseTo(solutions[1][i], 11);
});

test.each(SEEDS)('factorize is positive exactly below spectral radius 1 (seed %i)', (seed) => {
  const { size, pattern, m } = randomSystem(seed);
  const radius = radiusByPowers(denseIdentityMinus(pattern, m));
  const factors = createFactors(analyzeLu(size, pattern.rowStart, pattern.column));
  if (radius === 0) return;
  const scaled = (sigma: number) => m.map((v) => v / sigma);
  expect(factorize(factors, scaled(radius * 1.001))).toBe(-1);
  expect(factorize(factors, scaled(radius * 0.999))).toBeGreaterThanOrEqual(0);
  // A failed factorisation leaves nothing behind.
  expect(factorize(factors, scaled(radius * 1.001))).toBe(-1);
});

test('analyzeLu gives up beyond the limit on multiply-subtracts', () => {
  const { rowStart, column } = randomPattern(seededRandom(1), 60, 4);
  const { multiplySubtracts } = analyzeLu(60, rowStart, column);
  const limited = (maxMultiplySubtracts: number) =>
    analyzeLu(60, rowStart, column, { maxMultiplySubtracts });
  expect(limited(multiplySubtracts)).not.toBeNull();
  expect(limited(multiplySubtracts - 1)).toBeNull();
});

test('analyzeLu refuses an order that is none', () => {
  const pattern = [Int32Array.of(0, 1, 2), Int32Array.of(1, 0)] as const;
  const order = Int32Array.of(0, 0);
  expect(() => analyzeLu(2, ...pattern, { order })).toThrow(RangeError);
});

test('analyzeLu adds up entries that are listed twice', () => {
  const factors = createFactors(analyzeLu(2, Int32Array.of(0, 2, 3), Int32Array.of(1, 1, 0)));
  expect(factorize(factors, Float64Array.of(0.2, 0.3, 0.5))).toBe(-1);
  const x = Float64Array.of(1, 0);
  solveLu(factors, x, x);
  expect([...x]).toEqual([1 / 0.75, 0.5 / 0.75]);
});

/** ‖M^k‖^(1/k) with k = 2^20, by repeated squaring with the scale kept apart. */
function radiusByPowers(identityMinus: number[][]): number {
  let power = identityMinus.map((row, i) => row.map((v, j) => (i === j ? 1 : 0) - v));
  let logScale = 0;
  for (let k = 0; k < 20; k++) {
    const largest = Math.max(...power.flat());
    if (!(largest > 0)) return 0;
    power = power.map((row) => row.map((v) => v / largest));
    logScale = 2 * (logScale + Math.log(largest));
    power = power.map((row) =>
      power.map((_, j) => row.reduce((sum, v, l) => sum + v * power[l][j], 0)),
    );
  }
  const largest = Math.max(...power.flat());
  return largest > 0 ? Math.exp((logScale + Math.log(largest)) / 2 ** 20) : 0;
}
