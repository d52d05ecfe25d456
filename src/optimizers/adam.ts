/**
 * Adam: gradient steps scaled by running moments of the gradient, projected onto the box.
 *
 *   m ← β₁ m + (1 − β₁) g,   v ← β₂ v + (1 − β₂) g²
 *   x ← x − η m̂ / (√v̂ + ε),   m̂ = m / (1 − β₁ᵗ),   v̂ = v / (1 − β₂ᵗ)
 *
 * A step that would be infeasible is halved until it is not. Steps may go up as well as down, so
 * the answer is the lowest point seen, and it is that point that must converge.
 *
 * Reference: Kingma & Ba (2015), Adam: a method for stochastic optimization, ICLR, alg. 1.
 */

import { z } from 'zod';
import { projectOnto } from './box.ts';
import {
  arrayOf,
  Descent,
  DescentCheckpoint,
  readCheckpoint,
  roundOffOf,
  type Trial,
} from './descent.ts';
import type { Minimizer, Stop } from './minimizer.ts';
import { FirstOrderOptions } from './projectedDescent.ts';

export const AdamOptions = FirstOrderOptions.extend({
  beta1: z.number().min(0).lt(1).default(0.9).describe('Memory of the mean of the gradient'),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Memory of the mean of its square'),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of the mean square'),
});
/** What a caller may write; every field optional. */
export type AdamOptions = z.input<typeof AdamOptions>;

const AdamCheckpoint = DescentCheckpoint.extend({
  mean: z.array(z.number()),
  square: z.array(z.number()),
  best: z.object({ value: z.number(), x: z.array(z.number()), gradient: z.array(z.number()) }),
});

export const adam: Minimizer<AdamOptions> = {
  name: 'adam',
  summary: 'Gradient steps scaled by running moments (Adam)',

  *minimize(objective, start, options = {}) {
    const settings = AdamOptions.parse(options);
    const { size } = objective;
    const saved = readCheckpoint('adam', AdamCheckpoint, settings.resume);
    const descent = new Descent('adam', objective, start, settings, saved);
    if (descent.refusal) return descent.minimum(descent.refusal);
    const mean = saved ? arrayOf(saved.mean, size) : new Float64Array(size);
    const square = saved ? arrayOf(saved.square, size) : new Float64Array(size);
    let best: Trial = { x: descent.x, value: descent.value, gradient: descent.gradient };
    if (saved) {
      const { x, value, gradient } = saved.best;
      best = { x: arrayOf(x, size), value, gradient: arrayOf(gradient, size) };
    }
    const stopAtBest = (stop: Stop) => {
      descent.moveTo(best);
      return descent.minimum(stop);
    };
    while (descent.normAt(best) > settings.tolerance) {
      if (descent.iteration >= settings.maxIterations) return stopAtBest('max-iterations');
      updateMoments(descent.gradient, settings.beta1, settings.beta2, mean, square);
      const step = stepOf(mean, square, descent.iteration + 1, settings);
      const next = advance(descent, step);
      if (typeof next === 'string') return stopAtBest(next);
      descent.moveTo(next);
      descent.iteration++;
      if (isBetter(descent, next, best)) best = next;
      yield descent.step({
        mean: [...mean],
        square: [...square],
        best: { value: best.value, x: [...best.x], gradient: [...best.gradient] },
      });
    }
    return stopAtBest('converged');
  },
};

function updateMoments(
  gradient: Float64Array,
  beta1: number,
  beta2: number,
  mean: Float64Array,
  square: Float64Array,
): void {
  for (let i = 0; i < gradient.length; i++) {
    mean[i] = beta1 * mean[i] + (1 - beta1) * gradient[i];
    square[i] = beta2 * square[i] + (1 - beta2) * gradient[i] ** 2;
  }
}

/** −η m̂ / (√v̂ + ε) */
function stepOf(
  mean: Float64Array,
  square: Float64Array,
  time: number,
  { learningRate, beta1, beta2, epsilon }: z.output<typeof AdamOptions>,
): Float64Array {
  const meanShare = 1 - beta1 ** time;
  const squareShare = 1 - beta2 ** time;
  return mean.map(
    (m, i) => (-learningRate * (m / meanShare)) / (Math.sqrt(square[i] / squareShare) + epsilon),
  );
}

function advance(
  descent: Descent,
  step: Float64Array,
): Trial | 'line-search-failed' | 'not-finite' {
  const { box, x } = descent;
  for (let share = 1; share > Number.EPSILON; share /= 2) {
    const target = x.map((xi, i) => xi + share * step[i]);
    projectOnto(box, target);
    if (share < 1 && target.every((end, i) => end === x[i])) break;
    const trial = descent.evaluate(target);
    if (Number.isNaN(trial.value)) return 'not-finite';
    if (trial.value !== Infinity) return trial;
  }
  return 'line-search-failed';
}

/** Whether a trial is lower than the best, or as low up to round-off and flatter. */
function isBetter(descent: Descent, trial: Trial, best: Trial): boolean {
  if (trial.value < best.value - roundOffOf(best.value)) return true;
  const asLow = trial.value <= best.value + roundOffOf(best.value);
  return asLow && descent.normAt(trial) < descent.normAt(best);
}
