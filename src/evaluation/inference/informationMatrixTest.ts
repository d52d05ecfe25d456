/**
 * White's information-matrix test: is the model the one that made the data?
 *
 * Where it is, every trajectory's curvature and product of scores cancel on average,
 *
 *   E[ d_i ] = 0,   d_i = vech( ∂² l_i / ∂θ∂θᵀ + s_i s_iᵀ )
 *
 * The statistic is n R² of the regression of 1 on the scores and the d_i, χ² with as many degrees
 * as indicators that do not depend on the others. Second derivatives of single trajectories are
 * differences of their scores, five points each.
 *
 * References: White (1982), Econometrica 50, 1–25, sec. 4; Chesher (1983), Economics Letters 13,
 * 45–48, and Lancaster (1984), Econometrica 52, 1051–1053 (n R²); Orme (1990), J. Econometrics 46,
 * 309–331, and Horowitz (1994), J. Econometrics 61, 395–411 (its size in small samples).
 */

import type { Curvature } from '../../algorithms/information.ts';
import type { LikelihoodModel } from '../../algorithms/likelihoodModel.ts';
import { complementInverse } from '../../numeric/complementInverse.ts';
import { onesProjected } from '../../numeric/onesProjected.ts';
import { chiSquareOutcome, noOutcome, type TestOutcome } from './testOutcome.ts';
import { trajectoryScores } from './trajectoryScores.ts';

/** Step of the differences, in standard errors. */
const STEP = 0.02;
const STENCIL = [
  [-2, 1 / 12],
  [-1, -8 / 12],
  [1, 8 / 12],
  [2, -1 / 12],
] as const;

const SMALL_SAMPLES =
  'in samples of a few hundred trajectories or less this version rejects true models too often (Orme 1990; Horowitz 1994): believe a small p only where there are many trajectories for each indicator';

/** @param theta [parameters] the maximum of the likelihood */
export function informationMatrixTest(
  model: LikelihoodModel,
  theta: Float64Array,
  curvature: Curvature,
): TestOutcome {
  const told = { test: 'information-matrix', by: 'nR²' } as const;
  const none = (reason: string) => noOutcome(told, 'chi-square', reason);
  const { problem } = model;
  const { free, spread, flat } = curvature;
  const size = theta.length;
  if (problem.trajectories.weight.some((w) => w !== 0 && w !== 1))
    return none(
      'trajectories are weighted: curvature and scores do not cancel where weights are not 1',
    );
  const at = model.at(theta);
  if (!at) return none('the reward has no finite value');
  if (free.length === flat.length) return none('no parameter was estimated');
  const { counted, scores } = trajectoryScores(at, problem);
  const n = counted.length;
  const inverse = complementInverse(curvature.hessian, free.length, flat);
  if (!inverse) return none('the curvature at the estimates is not that of a maximum');

  // Everything in x = θ · spread from here on.
  const column = (of: Float64Array, k: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => of[i * size + free[k]] / spread[k]);
  const scoreColumns = Array.from(free, (_, k) => column(scores, k));
  const indicators: Float64Array[] = [];
  for (let k = 0; k < free.length; k++) {
    // Along a parameter that takes part in nothing identified there is no standard error.
    const step = STEP * Math.sqrt(Math.max(inverse[k * free.length + k], 0)) || STEP;
    const seconds = Array.from({ length: k + 1 }, () => new Float64Array(n));
    for (const [steps, weight] of STENCIL) {
      const moved = theta.slice();
      moved[free[k]] += (steps * step) / spread[k];
      const there = model.at(moved);
      if (!there) return none('the estimates are too near the edge of feasibility for differences');
      const nearby = trajectoryScores(there, problem).scores;
      seconds.forEach((second, j) => {
        for (let i = 0; i < n; i++)
          second[i] += (weight * nearby[i * size + free[j]]) / (spread[j] * step);
      });
    }
    seconds.forEach((second, j) => {
      for (let i = 0; i < n; i++) second[i] += scoreColumns[k][i] * scoreColumns[j][i];
      indicators.push(second);
    });
  }
  const { explained, kept } = onesProjected([...scoreColumns, ...indicators], n);
  const degrees = kept.filter((index) => index >= free.length).length;
  if (n <= kept.length)
    return none(
      `there are too few trajectories (${n}) for ${indicators.length} indicators beside ${free.length} scores`,
    );
  if (degrees === 0)
    return none(
      'the indicators depend on the scores: curvature and products cancel whatever was done',
    );
  return chiSquareOutcome({ ...told, notes: [SMALL_SAMPLES] }, explained, degrees);
}
