/**
 * Whether two models can be told apart at all: the first step of Vuong's test.
 *
 * Where they coincide at their best, n ω̂² = Σ (m_i − m̄)² of the differences m_i of log-likelihoods
 * is a sum of squares of normals, weighted by the squared eigenvalues of
 *
 *   B · diag( H₁⁻¹, −H₂⁻¹ ),   B = Σ_i s_i s_iᵀ,   s_i = (scores of both models, one below the other)
 *
 * which are those of the symmetric B^½ diag(…) B^½. Where this does not reject, the statistic of the
 * second step is not normal.
 *
 * Reference: Vuong (1989), Econometrica 57, 307–333, theorem 3.3 and eq. 4.2.
 */

import { chiSquareSumTail } from '../../numeric/chiSquareSum.ts';
import { symmetricEigen } from '../../numeric/symmetricEigen.ts';
import { noOutcome, type TestOutcome } from './testOutcome.ts';

/** What the first step needs of a model, beside its log-likelihoods. */
export interface ScoredSide {
  /** [counted] log-likelihood of each trajectory that counts, its weight included. */
  readonly logLikelihoods: Float64Array;
  /** [counted × free] their scores, weights included. */
  readonly scores: Float64Array;
  /** [free × free] inverse of minus the curvature; null where there is none. */
  readonly inverse: Float64Array | null;
}

export function vuongVariance(first: ScoredSide, second: ScoredSide): TestOutcome {
  const told = { test: 'vuong', by: 'variance' } as const;
  const n = first.logLikelihoods.length;
  if (!first.inverse || !second.inverse)
    return noOutcome(
      told,
      'chi-square-sum',
      'the curvature of one of the models cannot be inverted',
    );
  if (n < 2)
    return noOutcome(
      told,
      'chi-square-sum',
      'a single trajectory cannot show how much trajectories differ',
    );
  const differences = first.logLikelihoods.map((value, i) => value - second.logLikelihoods[i]);
  const mean = differences.reduce((sum, m) => sum + m, 0) / n;
  const statistic = differences.reduce((sum, m) => sum + (m - mean) ** 2, 0);
  const p = chiSquareSumTail(statistic, weightsOf(first, second, n));
  return { ...told, statistic, distribution: 'chi-square-sum', p };
}

/** Squared eigenvalues of B · diag(H₁⁻¹, −H₂⁻¹). */
function weightsOf(first: ScoredSide, second: ScoredSide, n: number): Float64Array {
  const p = first.scores.length / n;
  const q = second.scores.length / n;
  const size = p + q;
  const products = new Float64Array(size * size);
  const row = new Float64Array(size);
  for (let i = 0; i < n; i++) {
    row.set(first.scores.subarray(i * p, (i + 1) * p));
    row.set(second.scores.subarray(i * q, (i + 1) * q), p);
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) products[a * size + b] += row[a] * row[b];
  }
  const signed = new Float64Array(size * size);
  for (let a = 0; a < p; a++)
    for (let b = 0; b < p; b++) signed[a * size + b] = first.inverse?.[a * p + b] ?? 0;
  for (let a = 0; a < q; a++)
    for (let b = 0; b < q; b++)
      signed[(p + a) * size + p + b] = -(second.inverse?.[a * q + b] ?? 0);
  const root = squareRoot(products, size);
  const inner = multiply(multiply(root, signed, size), root, size);
  return symmetricEigen(inner, size).values.map((value) => value * value);
}

/** The symmetric square root of a matrix without negative eigenvalues. */
function squareRoot(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size);
  const root = new Float64Array(size * size);
  for (let e = 0; e < size; e++) {
    const weight = Math.sqrt(Math.max(0, values[e]));
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++)
        root[a * size + b] += weight * vectors[e * size + a] * vectors[e * size + b];
  }
  return root;
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++)
      for (let j = 0; j < size; j++) out[i * size + j] += a[i * size + k] * b[k * size + j];
  return out;
}
