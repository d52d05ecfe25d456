/**
 * Minimises the mean of several objectives by Adam, one of them a step and all of them once an
 * iteration, in an order that is drawn anew:
 *
 *   f(x) = (1/B) Σ_b f_b(x),   x ← x − η m̂ / (√v̂ + ε) with the moments of ∇f_b, projected onto the box
 *
 * Where f_b is infeasible one goes back half-way to the step before, again and again. The value and
 * gradient that an iteration reports are means over its steps, while x moved; those of the end are exact.
 *
 * Reference: Kingma & Ba (2015), Adam: a method for stochastic optimization, ICLR, alg. 1.
 */

import { z } from 'zod';
import { createRng, permutation } from '../../numeric/rng.ts';
import { boxOf, projectedGradientNorm, projectOnto } from '../../optimizers/box.ts';
import { arrayOf } from '../../optimizers/descent.ts';
import type { Checkpoint, Minimum, Objective, Step, Stop } from '../../optimizers/minimizer.ts';

export interface BatchAdamOptions {
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly rate: number;
  /** Whether the rate falls to a tenth until the last iteration. */
  readonly falls: boolean;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly seed: number;
  readonly resume?: Checkpoint;
}

const numbers = z.array(z.number());
const Stored = z.object({
  minimizer: z.literal('batch-adam'),
  iteration: z.int().nonnegative(),
  evaluations: z.int().nonnegative(),
  steps: z.int().nonnegative(),
  x: numbers,
  before: numbers,
  mean: numbers,
  square: numbers,
});

const BETA = [0.9, 0.999] as const;
const EPSILON = 1e-8;
/** Going back half-way so often is the same as not having gone. */
const MOST_HALVINGS = 50;

export function* batchAdam(
  objectives: readonly Objective[],
  start: Float64Array,
  options: BatchAdamOptions,
): Generator<Step, Minimum> {
  const { tolerance, maxIterations, rate, falls, seed } = options;
  const { size } = objectives[0];
  const box = boxOf(size, options.lower, options.upper);
  const stored = options.resume ? Stored.parse(options.resume) : null;
  const take = (saved: readonly number[] | undefined): Float64Array =>
    saved ? arrayOf(saved, size) : new Float64Array(size);
  const x = stored ? take(stored.x) : start.slice();
  projectOnto(box, x);
  const before = stored ? take(stored.before) : x.slice();
  const mean = take(stored?.mean);
  const square = take(stored?.square);
  let { iteration, evaluations, steps } = stored ?? { iteration: 0, evaluations: 0, steps: 0 };
  const slope = new Float64Array(size);
  const sum = new Float64Array(size);

  while (iteration < maxIterations) {
    const order = permutation(
      objectives.length,
      createRng(seed, `batches of iteration ${iteration + 1}`),
    );
    let value = 0;
    sum.fill(0);
    for (const [k, b] of order.entries()) {
      const found = feasibleValue(objectives[b]);
      if (typeof found === 'string') return minimum(found);
      value += found / order.length;
      for (let i = 0; i < size; i++) sum[i] += slope[i] / order.length;
      const done = (iteration + k / order.length) / maxIterations;
      move(rate * (falls ? 1 - 0.9 * done : 1));
    }
    iteration++;
    yield {
      iteration,
      evaluations,
      value,
      gradientNorm: projectedGradientNorm(box, x, sum),
      x: x.slice(),
      checkpoint: {
        minimizer: 'batch-adam',
        iteration,
        evaluations,
        steps,
        x: [...x],
        before: [...before],
        mean: [...mean],
        square: [...square],
      },
    };
  }
  return minimum(null);

  /** Writes the slope at x, which may go back to what is feasible. */
  function feasibleValue(objective: Objective): number | Stop {
    for (let halvings = 0; halvings <= MOST_HALVINGS; halvings++) {
      const value = objective.evaluate(x, slope);
      evaluations++;
      if (Number.isFinite(value) && slope.every(Number.isFinite)) return value;
      if (value !== Number.POSITIVE_INFINITY) return 'not-finite';
      if (steps === 0) return 'infeasible';
      for (let i = 0; i < size; i++) x[i] = 0.5 * (x[i] + before[i]);
    }
    return 'line-search-failed';
  }

  function move(rateNow: number): void {
    steps++;
    before.set(x);
    const meanShare = 1 - BETA[0] ** steps;
    const squareShare = 1 - BETA[1] ** steps;
    for (let i = 0; i < size; i++) {
      mean[i] = BETA[0] * mean[i] + (1 - BETA[0]) * slope[i];
      square[i] = BETA[1] * square[i] + (1 - BETA[1]) * slope[i] ** 2;
      const step = mean[i] / meanShare / (Math.sqrt(square[i] / squareShare) + EPSILON);
      // JSON has no −0
      x[i] = x[i] - rateNow * step + 0;
      mean[i] += 0;
    }
    projectOnto(box, x);
  }

  /** Evaluates everything where it ended. */
  function minimum(trouble: Stop | null): Minimum {
    let value = 0;
    sum.fill(0);
    for (const objective of objectives) {
      value += objective.evaluate(x, slope) / objectives.length;
      evaluations++;
      for (let i = 0; i < size; i++) sum[i] += slope[i] / objectives.length;
    }
    const feasible = Number.isFinite(value);
    const gradientNorm = feasible ? projectedGradientNorm(box, x, sum) : Number.POSITIVE_INFINITY;
    const settled: Stop = gradientNorm <= tolerance ? 'converged' : 'max-iterations';
    const stop = trouble ?? (feasible ? settled : 'infeasible');
    return { x, value, gradient: sum, gradientNorm, stop, iterations: iteration, evaluations };
  }
}
