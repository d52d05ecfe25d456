/**
 * The score (Lagrange multiplier) test of linear restrictions, from the restricted fit θ̃ alone:
 *
 *   LM = sᵀ A⁻¹ s  ~  χ²(rows of R),   s = ∂ log-likelihood / ∂θ at θ̃
 *
 * with A minus the curvature at θ̃, or the products of the scores of decisions or of trajectories.
 * The robust version, clustered by trajectory, or by person where they are known, for restrictions R and H minus the curvature:
 *
 *   LM = uᵀ (R H⁻¹ J H⁻¹ Rᵀ)⁻¹ u,   u = R H⁻¹ s,   J = Σ_i s_i s_iᵀ
 *
 * References: Rao (1948), Proc. Cambridge Philosophical Society 44, 50–57; White (1982),
 * Econometrica 50, 1–25, theorem 3.5.
 */

import type { Curvature } from '../../algorithms/information.ts';
import type { LikelihoodModel } from '../../algorithms/likelihoodModel.ts';
import { likelihoodProducts } from '../../algorithms/scoreProducts.ts';
import { complementInverse } from '../../numeric/complementInverse.ts';
import { congruence, inverseForm } from '../../numeric/quadraticForm.ts';
import type { SolvedRestrictions } from './restrictions.ts';
import { onlyOne, type StandardErrorKind } from './standardErrors.ts';
import { chiSquareOutcome, noOutcome, type TestOutcome } from './testOutcome.ts';
import { refuseUnestimated } from './waldTest.ts';

/**
 * @param restricted [parameters] θ̃, the maximum under the restrictions
 * @param unrestricted which parameters the full model leaves free, and what the data do not identify
 * @throws RangeError where a restriction is about what is not free or not identified
 */
export function scoreTest(
  model: LikelihoodModel,
  restricted: Float64Array,
  unrestricted: Pick<Curvature, 'free' | 'spread' | 'flat'>,
  solved: SolvedRestrictions,
  kind: StandardErrorKind,
): TestOutcome {
  const { problem } = model;
  const { names } = problem.features;
  refuseUnestimated(unrestricted, solved, names);
  const { free, spread, flat } = unrestricted;
  const degrees = solved.values.length;
  const told = { test: 'score', by: kind } as const;
  const at = model.at(restricted);
  if (!at)
    return noOutcome(told, 'chi-square', 'the restricted reward has no finite value', degrees);
  const size = names.length;
  const curvature = at.curvature();
  const { weight } = problem.trajectories;
  const total = new Float64Array(size);
  const products = likelihoodProducts(size, problem.trajectories, (visit) =>
    at.eachScore((i, row, score) => {
      for (let k = 0; k < size; k++) total[k] += weight[i] * score[k];
      visit(i, row, score);
    }),
  );
  const inX = (matrix: Float64Array, sign: number): Float64Array => {
    const part = new Float64Array(free.length ** 2);
    free.forEach((k, i) => {
      free.forEach((l, j) => {
        part[i * free.length + j] = (sign * matrix[k * size + l]) / (spread[i] * spread[j]);
      });
    });
    return part;
  };
  const invert = (matrix: Float64Array) => complementInverse(matrix, free.length, flat);
  const score = Float64Array.from(free, (k, i) => total[k] / spread[i]);
  const singular = (what: string): TestOutcome =>
    noOutcome(told, 'chi-square', `${what} cannot be inverted at the restricted fit`, degrees);

  if (kind === 'sandwich') {
    const alone = onlyOne(products);
    if (alone !== null) return noOutcome(told, 'chi-square', alone, degrees);
    const inverse = invert(inX(curvature, -1));
    if (!inverse) return singular('the curvature');
    const inParameters = new Float64Array(degrees * free.length);
    for (let row = 0; row < degrees; row++)
      free.forEach((k, i) => {
        inParameters[row * free.length + i] = solved.matrix[row * size + k] / spread[i];
      });
    const towards = product(inParameters, inverse, free.length);
    const u = product(towards, score, free.length);
    const covariance = congruence(
      towards,
      inX(products.personScores ?? products.trajectoryScores, 1),
      free.length,
    );
    const robust = inverseForm(u, covariance);
    return robust === null
      ? singular('the covariance of the scores of trajectories')
      : chiSquareOutcome(told, robust, degrees);
  }
  const [matrix, what] =
    kind === 'hessian'
      ? [inX(curvature, -1), 'the curvature']
      : kind === 'outerProduct'
        ? [
            inX(products.decisionScores ?? new Float64Array(size * size), 1),
            'the scores of decisions',
          ]
        : [inX(products.trajectoryScores, 1), 'the scores of trajectories'];
  const inverse = invert(matrix);
  if (!inverse) return singular(what);
  return chiSquareOutcome(told, congruence(score, inverse, free.length)[0], degrees);
}

/** Returns A B of A [rows × size] and B [size × columns]. */
function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const rows = a.length / size;
  const columns = b.length / size;
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < size; k++)
      for (let j = 0; j < columns; j++)
        out[i * columns + j] += a[i * size + k] * b[k * columns + j];
  return out;
}
