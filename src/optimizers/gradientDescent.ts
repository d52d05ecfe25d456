/**
 * Gradient descent with a fixed or decreasing step, projected onto the box:
 *
 *   x ← P(x − ηₖ ∇f(x)),   ηₖ = η / (1 + decay · k)
 *
 * A step that leads where f is infinite, or not clearly lower, is halved until it does not.
 */

import type { z } from 'zod';
import type { Minimizer } from './minimizer.ts';
import { ProjectedDescentOptions, projectedDescent } from './projectedDescent.ts';

export const GradientDescentOptions = ProjectedDescentOptions;
/** What a caller may write; every field optional. */
export type GradientDescentOptions = z.input<typeof GradientDescentOptions>;

export const gradientDescent: Minimizer<GradientDescentOptions> = {
  name: 'gradient-descent',
  summary: 'Gradient descent with a fixed or decreasing step',

  minimize(objective, start, options = {}) {
    const settings = GradientDescentOptions.parse(options);
    return projectedDescent('gradient-descent', objective, start, settings, stepDown);
  },
};

/** x − η ∇f */
function stepDown(
  x: Float64Array,
  gradient: Float64Array,
  rate: number,
  share: number,
  out: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) out[i] = x[i] - share * rate * gradient[i];
}
