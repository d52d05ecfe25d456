/**
 * Exponentiated gradient with positive and negative weights, EG±, without normalisation:
 *
 *   x = u − v,   u ← u exp(−η ∇f(x)),   v ← v exp(η ∇f(x)),   u, v > 0
 *
 * The product u v never changes, so x alone tells both: with u v = β², u and v are
 * (√(x² + 4β²) ± x) / 2. Small weights move slowly and large ones in proportion to their size,
 * which suits targets where few weights matter.
 *
 * Reference: Kivinen & Warmuth (1997), Exponentiated gradient versus gradient descent for linear
 * predictors, Information and Computation 132(1).
 */

import { z } from 'zod';
import { maxNorm } from '../numeric/csr.ts';
import type { Minimizer } from './minimizer.ts';
import { ProjectedDescentOptions, projectedDescent } from './projectedDescent.ts';

export const ExponentiatedGradientOptions = ProjectedDescentOptions.extend({
  weight: z.number().positive().default(1).describe('β, what u and v are where x = u − v is 0'),
});
/** What a caller may write; every field optional. */
export type ExponentiatedGradientOptions = z.input<typeof ExponentiatedGradientOptions>;

export const exponentiatedGradient: Minimizer<ExponentiatedGradientOptions> = {
  name: 'exponentiated-gradient',
  summary: 'Multiplicative updates of positive and negative weights (EG±)',

  minimize(objective, start, options = {}) {
    const { weight, ...settings } = ExponentiatedGradientOptions.parse(options);
    return projectedDescent(
      'exponentiated-gradient',
      objective,
      start,
      settings,
      (x, gradient, rate, share, out) => {
        // No step changes a weight by more than a factor e.
        const exponent = share * Math.min(rate, 1 / maxNorm(gradient));
        multiplyWeights(x, gradient, exponent, weight, out);
      },
    );
  },
};

/** u exp(−η ∇f) − v exp(η ∇f) */
function multiplyWeights(
  x: Float64Array,
  gradient: Float64Array,
  rate: number,
  weight: number,
  out: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) {
    // The larger of u and v first: the other would lose its digits in a difference.
    const larger = 0.5 * (Math.abs(x[i]) + Math.hypot(x[i], 2 * weight));
    const smaller = (weight / larger) * weight;
    const u = x[i] >= 0 ? larger : smaller;
    const v = x[i] >= 0 ? smaller : larger;
    out[i] = u * Math.exp(-rate * gradient[i]) - v * Math.exp(rate * gradient[i]);
  }
}
