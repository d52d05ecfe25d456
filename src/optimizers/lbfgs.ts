/**
 * Limited-memory BFGS with a strong-Wolfe line search, in a box.
 *
 *   d = −H ∇f on the free variables,   x ← x + α d
 *
 * Pinned variables stay where they are. A direction is cut where it would leave the box at once;
 * a full step that would leave it later is first tried projected onto the box, and otherwise ends
 * at the bound.
 *
 * Reference: Nocedal & Wright (2006), Numerical Optimization, algs. 7.4 and 7.5; Bertsekas (1982),
 * SIAM Journal on Control and Optimization 20(2), for the active set.
 */

import { z } from 'zod';
import { dot } from '../numeric/csr.ts';
import { descendInside, moveAlong, stepToBoundary } from './box.ts';
import { CurvaturePairs } from './curvaturePairs.ts';
import {
  arrayOf,
  Descent,
  DescentCheckpoint,
  readCheckpoint,
  roundOffOf,
  type Trial,
} from './descent.ts';
import { type Minimizer, MinimizerOptions } from './minimizer.ts';
import { type LinePoint, strongWolfe } from './strongWolfe.ts';

export const LbfgsOptions = MinimizerOptions.extend({
  memory: z.int().positive().default(10).describe('How many past steps shape the direction'),
});
/** What a caller may write; every field optional. */
export type LbfgsOptions = z.input<typeof LbfgsOptions>;

const LbfgsCheckpoint = DescentCheckpoint.extend({
  steps: z.array(z.array(z.number())),
  changes: z.array(z.array(z.number())),
});

export const lbfgs: Minimizer<LbfgsOptions> = {
  name: 'lbfgs',
  summary: 'Limited-memory BFGS with a strong-Wolfe line search',

  *minimize(objective, start, options = {}) {
    const { tolerance, maxIterations, memory, ...bounds } = LbfgsOptions.parse(options);
    const saved = readCheckpoint('lbfgs', LbfgsCheckpoint, bounds.resume);
    const descent = new Descent('lbfgs', objective, start, bounds, saved);
    if (descent.refusal) return descent.minimum(descent.refusal);
    const pairs = new CurvaturePairs(
      memory,
      saved?.steps.map((step, k) => ({
        step: arrayOf(step, objective.size),
        change: arrayOf(saved.changes[k] ?? [], objective.size),
      })),
    );
    while (descent.gradientNorm > tolerance) {
      if (descent.iteration >= maxIterations) return descent.minimum('max-iterations');
      const next = advance(descent, pairs);
      if (typeof next === 'string') return descent.minimum(next);
      pairs.remember(difference(next.x, descent.x), difference(next.gradient, descent.gradient));
      descent.moveTo(next);
      descent.iteration++;
      yield descent.step(pairs.saved());
    }
    return descent.minimum('converged');
  },
};

/** Returns the next point, if need be after forgetting a memory that has led astray. */
function advance(
  descent: Descent,
  pairs: CurvaturePairs,
): Trial | 'line-search-failed' | 'not-finite' {
  for (;;) {
    const direction = new Float64Array(descent.x.length);
    let informed = false;
    descendInside(
      descent.box,
      descent.x,
      descent.gradient,
      (free, out) => {
        informed = pairs.descend(descent.gradient, free, out);
      },
      direction,
    );
    const next = search(descent, direction, informed);
    if (next !== 'line-search-failed' || pairs.isEmpty) return next;
    pairs.forget();
  }
}

function search(
  descent: Descent,
  direction: Float64Array,
  informed: boolean,
): Trial | 'line-search-failed' | 'not-finite' {
  const { box, x, value, gradient } = descent;
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return 'line-search-failed';
  const maxStep = stepToBoundary(box, x, direction);
  // Without memory a step has no natural length; one of length 1 is a guess that may be doubled.
  const firstStep = informed ? 1 : Math.min(1, 1 / Math.sqrt(dot(direction, direction)));
  const projected = projectedStep(descent, direction, firstStep, maxStep);
  if (projected) return projected;
  return strongWolfe({
    start: { x, value, gradient, step: 0, slope },
    probe: (step) => probe(descent, direction, step),
    firstStep,
    maxStep,
    resolution: resolutionOf(x, direction),
  });
}

function probe(descent: Descent, direction: Float64Array, step: number): LinePoint {
  const x = new Float64Array(direction.length);
  moveAlong(descent.box, descent.x, direction, step, x);
  const trial = descent.evaluate(x);
  return { ...trial, step, slope: dot(trial.gradient, direction) };
}

/**
 * Tries steps that leave the box, projected back onto it, halving until they stay inside. Returns
 * the first that lowers f by a fraction of what its gradient promises, or null.
 */
function projectedStep(
  descent: Descent,
  direction: Float64Array,
  firstStep: number,
  maxStep: number,
): Trial | 'not-finite' | null {
  for (let step = firstStep; step > maxStep && step > 1e-3 * firstStep; step /= 2) {
    const trial = probe(descent, direction, step);
    if (Number.isNaN(trial.value)) return 'not-finite';
    const promised = dot(descent.gradient, difference(trial.x, descent.x));
    const gained = trial.value - descent.value;
    if (promised < 0 && gained <= 1e-4 * promised) return trial;
    const drowned = Math.abs(gained) <= roundOffOf(descent.value);
    if (drowned && descent.normAt(trial) < descent.gradientNorm) return trial;
  }
  return null;
}

/** Returns the step along `direction` that moves no variable by more than its spacing. */
function resolutionOf(x: Float64Array, direction: Float64Array): number {
  let finest = Infinity;
  for (let i = 0; i < x.length; i++) {
    const spacing = Number.EPSILON * Math.max(Math.abs(x[i]), Number.MIN_VALUE / Number.EPSILON);
    if (direction[i] !== 0) finest = Math.min(finest, spacing / Math.abs(direction[i]));
  }
  return finest;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((ai, i) => ai - b[i]);
}
