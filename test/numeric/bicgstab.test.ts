import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slipGrid } from '../../src/environments/gridworld.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { bicgstab, createBicgstabWork } from '../../src/numeric/bicgstab.ts';
import { type Csr, maxNorm } from '../../src/numeric/csr.ts';
import { split, splitTransposed } from '../../src/numeric/gaussSeidelSplit.ts';
import {
  gaussSeidelSweep,
  inverseDiagonal,
  multiplyIdentityMinus,
  multiplyIdentityMinusTransposed,
} from '../../src/numeric/identityMinus.ts';
import { analyzeLu } from '../../src/numeric/luPattern.ts';
import {
  createFactors,
  factorize,
  solveLu,
  solveLuTransposed,
} from '../../src/numeric/sparseLu.ts';
import { collapsedPattern } from '../../src/planning/collapsedPattern.ts';
import { arbitraryMdp, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

/** γ P_π of the policy with such weights on the pairs of each state. */
function policyMatrix(mdp: Mdp, discount: number, seed: number): Csr {
  const { matrix, slot } = collapsedPattern(mdp);
  const weights = numbers(seed, mdp.pairCount, 0.01, 1);
  for (let s = 0; s < mdp.stateCount; s++) {
    const [first, last] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
    const total = weights.subarray(first, last).reduce((sum, w) => sum + w, 0);
    for (let pair = first; pair < last; pair++)
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
        matrix.value[slot[k]] += (discount * weights[pair] * mdp.probability[k]) / total;
  }
  return matrix;
}

/** [size][size] A, dense. */
function dense({ size, rowStart, column, value }: Csr): number[][] {
  return Array.from({ length: size }, (_, i) => {
    const row = new Array<number>(size).fill(0);
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) row[column[k]] += value[k];
    return row;
  });
}

describe.each([0.9, 0.999])('a slippery grid at γ = %d', (discount) => {
  const { mdp } = slipGrid({ size: 40, slip: 0.3 });
  const matrix = policyMatrix(mdp, discount, 1);
  const b = numbers(2, matrix.size);
  const pattern = analyzeLu(matrix.size, matrix.rowStart, matrix.column, {
    maxMultiplySubtracts: 1e9,
  });
  if (!pattern) throw new RangeError('wanted a factorisation');
  const factors = createFactors(pattern);
  factorize(factors, matrix.value);
  const work = createBicgstabWork(matrix.size);

  test('bicgstab agrees with the factorisation', () => {
    const wanted = new Float64Array(matrix.size);
    solveLu(factors, b, wanted);
    const x = new Float64Array(matrix.size);
    expect(bicgstab(matrix, b, x, work, { tolerance: 1e-11 })).toBeLessThanOrEqual(1e-11);
    expectClose(x, wanted, 1e-9);
  });

  test('bicgstab of the transposed matrix agrees with the factorisation', () => {
    const wanted = new Float64Array(matrix.size);
    solveLuTransposed(factors, b, wanted);
    const x = new Float64Array(matrix.size);
    const options = { tolerance: 1e-9, transposed: true };
    expect(bicgstab(matrix, b, x, work, options)).toBeLessThanOrEqual(1e-9);
    expectClose(x, wanted, 1e-9);
  });

  test('bicgstab reports the residual it reached, whatever it reached', () => {
    const x = new Float64Array(matrix.size);
    const reported = bicgstab(matrix, b, x, work, { tolerance: 1e-12, maxIterations: 2 });
    const residual = new Float64Array(matrix.size);
    multiplyIdentityMinus(matrix, x, residual);
    for (let i = 0; i < b.length; i++) residual[i] = b[i] - residual[i];
    expect(reported).toBeGreaterThan(1e-12);
    expect(reported).toBeCloseTo(maxNorm(residual), 10);
  });

  test('bicgstab leaves a solution alone', () => {
    const x = new Float64Array(matrix.size);
    solveLu(factors, b, x);
    const before = x.slice();
    bicgstab(matrix, b, x, work, { tolerance: 1e-9 });
    expect(x).toEqual(before);
  });
});

test('gaussSeidelSweep comes to the solution that elimination gives', () => {
  fc.assert(
    fc.property(arbitraryMdp({ terminals: false }), fc.nat(1000), (mdp, seed) => {
      const matrix = policyMatrix(mdp, 0.9, seed);
      const b = numbers(seed + 1, matrix.size);
      const inverse = new Float64Array(matrix.size);
      inverseDiagonal(matrix, inverse);
      const x = new Float64Array(matrix.size);
      let residual = Number.POSITIVE_INFINITY;
      for (let sweep = 0; sweep < 500 && residual > 1e-14; sweep++)
        residual = gaussSeidelSweep(matrix, inverse, b, x);
      const product = new Float64Array(matrix.size);
      multiplyIdentityMinus(matrix, x, product);
      expectClose(product, b, 1e-12);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('multiplyIdentityMinus and its transpose are the dense products', () => {
  fc.assert(
    fc.property(arbitraryMdp(), fc.nat(1000), (mdp, seed) => {
      const matrix = policyMatrix(mdp, 0.9, seed);
      const a = dense(matrix);
      const x = numbers(seed + 1, matrix.size);
      const out = new Float64Array(matrix.size).fill(Number.NaN);
      multiplyIdentityMinus(matrix, x, out);
      expectClose(
        out,
        a.map((row, i) => x[i] - row.reduce((sum, aij, j) => sum + aij * x[j], 0)),
        1e-14,
      );
      multiplyIdentityMinusTransposed(matrix, x, out);
      expectClose(
        out,
        a.map((_, j) => x[j] - a.reduce((sum, row, i) => sum + row[j] * x[i], 0)),
        1e-14,
      );
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('both halves of the split invert (D − L) D⁻¹ (D − U), and those of the transpose its transpose', () => {
  fc.assert(
    fc.property(arbitraryMdp(), fc.nat(1000), (mdp, seed) => {
      const matrix = policyMatrix(mdp, 0.9, seed);
      const a = dense(matrix);
      const size = a.length;
      const diagonal = a.map((row, i) => 1 - row[i]);
      // M[i][j] = Σₖ (D − L)[i][k] (D − U)[k][j] / D[k]
      const m = a.map((_, i) =>
        a.map((_, j) =>
          diagonal.reduce((sum, d, k) => {
            const lower = i === k ? d : i > k ? -a[i][k] : 0;
            const upper = k === j ? d : k < j ? -a[k][j] : 0;
            return sum + (lower * upper) / d;
          }, 0),
        ),
      );
      const inverse = new Float64Array(size);
      inverseDiagonal(matrix, inverse);
      const x = numbers(seed + 1, size);
      const half = new Float64Array(size).fill(Number.NaN);
      const out = new Float64Array(size).fill(Number.NaN);
      split.fromResidual(matrix, inverse, x, half);
      split.toSolution(matrix, inverse, half, out);
      expectClose(
        m.map((row) => row.reduce((sum, mij, j) => sum + mij * out[j], 0)),
        x,
        1e-12,
      );
      splitTransposed.fromResidual(matrix, inverse, x, half);
      splitTransposed.toSolution(matrix, inverse, half, out);
      expectClose(
        m.map((_, j) => m.reduce((sum, row, i) => sum + row[j] * out[i], 0)),
        x,
        1e-12,
      );
    }),
    { seed: 3, numRuns: 40 },
  );
});

test.each([
  { kind: 'I − A', halves: split, multiply: multiplyIdentityMinus },
  { kind: 'its transpose', halves: splitTransposed, multiply: multiplyIdentityMinusTransposed },
])('the split product of $kind is (D − L)⁻¹ (I − A) (D − U)⁻¹ D', ({ halves, multiply }) => {
  fc.assert(
    fc.property(arbitraryMdp(), fc.nat(1000), (mdp, seed) => {
      const matrix = policyMatrix(mdp, 0.9, seed);
      const [inverse, scratch, product, solution, wanted, found] = Array.from({ length: 6 }, () =>
        new Float64Array(matrix.size).fill(Number.NaN),
      );
      inverseDiagonal(matrix, inverse);
      const v = numbers(seed + 1, matrix.size);
      halves.multiply(matrix, inverse, v, scratch, product);
      halves.toSolution(matrix, inverse, v, solution);
      expectClose(scratch, solution, 1e-13);
      // Multiplied by D − L on both sides, nothing is inverted any more.
      multiply(matrix, solution, wanted);
      halves.toResidual(matrix, inverse, product, found);
      expectClose(found, wanted, 1e-12);
      halves.fromResidual(matrix, inverse, v, product);
      halves.toResidual(matrix, inverse, product, found);
      expectClose(found, v, 1e-13);
    }),
    { seed: 4, numRuns: 40 },
  );
});
