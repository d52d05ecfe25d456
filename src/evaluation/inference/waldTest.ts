/**
 * The Wald test of linear restrictions R θ = r, from the unrestricted fit alone:
 *
 *   W = (R θ̂ − r)ᵀ (R C Rᵀ)⁻¹ (R θ̂ − r)  ~  χ²(rows of R)
 *
 * with C any estimate of the covariance of θ̂; with the sandwich it keeps its size where the model
 * describes the scores of a trajectory only on average.
 *
 * Reference: Wald (1943), Trans. American Mathematical Society 54, 426–482.
 */

import type { Information } from '../../algorithms/information.ts';
import { congruence, inverseForm } from '../../numeric/quadraticForm.ts';
import type { SolvedRestrictions } from './restrictions.ts';
import { type StandardErrorKind, standardErrors } from './standardErrors.ts';
import { chiSquareOutcome, noOutcome, type TestOutcome } from './testOutcome.ts';

/**
 * @param theta [parameters] estimates
 * @throws RangeError where a restriction is about what was not estimated or is not identified
 */
export function waldTest(
  theta: Float64Array,
  information: Information,
  solved: SolvedRestrictions,
  kind: StandardErrorKind,
  names: readonly string[],
): TestOutcome {
  refuseUnestimated(information, solved, names);
  const size = theta.length;
  const { matrix, values } = solved;
  const told = { test: 'wald', by: kind } as const;
  const covariance = standardErrors(information, size).covariance[kind];
  if (typeof covariance === 'string')
    return noOutcome(told, 'chi-square', covariance, values.length);
  const miss = Float64Array.from(values, (value, row) => {
    let sum = -value;
    for (let k = 0; k < size; k++) sum += matrix[row * size + k] * theta[k];
    return sum;
  });
  const statistic = inverseForm(miss, congruence(matrix, covariance, size));
  if (statistic === null)
    return noOutcome(
      told,
      'chi-square',
      'the covariance of what is restricted is singular',
      values.length,
    );
  return chiSquareOutcome(told, statistic, values.length);
}

/** A share of a restriction's length below which it does not touch a direction. */
const NO_PART = 1e-7;

/** Refuses restrictions on parameters that were held, or along what the data do not identify. */
export function refuseUnestimated(
  { free, spread, flat }: Pick<Information, 'free' | 'spread' | 'flat'>,
  { matrix, values }: Pick<SolvedRestrictions, 'matrix' | 'values'>,
  names: readonly string[],
): void {
  const size = names.length;
  for (let row = 0; row < values.length; row++) {
    names.forEach((name, k) => {
      if (matrix[row * size + k] !== 0 && !free.includes(k))
        throw new RangeError(
          `Cannot test a restriction on "${name}": it was given or stopped by a bound, not estimated`,
        );
    });
    for (const direction of flat) {
      let along = 0;
      let length = 0;
      direction.forEach((v, i) => {
        const r = matrix[row * size + free[i]] / spread[i];
        along += r * v;
        length += r * r;
      });
      if (Math.abs(along) > NO_PART * Math.sqrt(length))
        throw new RangeError(
          'Cannot test a restriction that the data do not identify: the likelihood is the same whether it holds or not',
        );
    }
  }
}
