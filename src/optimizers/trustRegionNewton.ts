/**
 * Newton's method in a trust region, in a box, for objectives with a Hessian.
 *
 *   p = argmin gᵀp + ½ pᵀHp over ‖p‖ ≤ Δ,   ratio = (f(x) − f(x + p)) / predicted decrease
 *
 * A step is taken where the ratio is positive; Δ shrinks where it is poor or x + p is infeasible
 * and grows where it is good. The first Δ admits the full Newton step. Where the predicted
 * decrease drowns in the round-off of f, the gradient norm alone decides.
 *
 * Once the gradient is within tolerance, further Newton steps follow as long as they lower its
 * norm: convergence is quadratic, so one or two of them take the estimate to round-off. At a
 * saddle or a maximum, where the gradient vanishes too, the way on is along negative curvature.
 *
 * Reference: Nocedal & Wright (2006), Numerical Optimization, alg. 4.1.
 */

import { z } from 'zod';
import { dot } from '../numeric/csr.ts';
import {
  arrayOf,
  Descent,
  DescentCheckpoint,
  readCheckpoint,
  roundOffOf,
  type Trial,
} from './descent.ts';
import { type Minimizer, MinimizerOptions } from './minimizer.ts';
import { QuadraticModel } from './quadraticModel.ts';

const NewtonCheckpoint = DescentCheckpoint.extend({
  radius: z.number(),
  hessian: z.array(z.number()),
  polished: z.boolean(),
});

interface Advance {
  readonly trial: Trial;
  /** The trust in the next model. */
  readonly radius: number;
}

type Refusal = 'line-search-failed' | 'not-finite';

/** A share of the predicted decrease that makes a step worth taking. */
const WORTHWHILE = 1e-4;
/** A gradient norm this share of the tolerance leaves nothing to polish. */
const SPENT = 1e-3;
/** How often a step is shortened where only the gradient can tell whether it helps. */
const DROWNED_TRIES = 6;
/** How often in a row to turn back from points without a finite Hessian. */
const MAX_RETREATS = 40;

export const trustRegionNewton: Minimizer = {
  name: 'newton',
  summary: "Newton's method with the exact Hessian in a trust region",

  *minimize(objective, start, options = {}) {
    const { tolerance, maxIterations, ...rest } = MinimizerOptions.parse(options);
    if (!objective.hessian)
      throw new TypeError('Cannot minimise with "newton": the objective must have a Hessian');
    const { size } = objective;
    const saved = readCheckpoint('newton', NewtonCheckpoint, rest.resume);
    const descent = new Descent('newton', objective, start, rest, saved);
    if (descent.refusal) return descent.minimum(descent.refusal);
    const hessian = saved ? arrayOf(saved.hessian, size * size) : new Float64Array(size * size);
    if (!saved) objective.hessian(descent.x, hessian);
    let radius = saved?.radius ?? 0;
    let polished = saved?.polished ?? false;
    const nextHessian = new Float64Array(size * size);
    let retreats = 0;
    for (;;) {
      const settled = descent.gradientNorm <= tolerance;
      if (settled && polished) return descent.minimum('converged');
      if (descent.iteration >= maxIterations)
        return descent.minimum(settled ? 'converged' : 'max-iterations');
      if (!hessian.every(Number.isFinite))
        return descent.minimum(settled ? 'converged' : 'not-finite');
      const flatSlope = (0.1 * tolerance) / Math.sqrt(size);
      const model = new QuadraticModel(
        descent.box,
        descent.x,
        descent.gradient,
        hessian,
        flatSlope,
      );
      radius ||= model.newtonLength || 1;
      const polishing = settled && !model.isConcaveSomewhere;
      const next = polishing
        ? polish(descent, model, radius)
        : advance(descent, model, radius, settled);
      if (typeof next === 'string') return descent.minimum(settled ? 'converged' : next);
      const norm = descent.normAt(next.trial);
      polished =
        (polishing && norm > 0.1 * descent.gradientNorm) ||
        (!model.isConcaveSomewhere && norm <= SPENT * tolerance);
      if (!polished) objective.hessian(next.trial.x, nextHessian);
      // Next to where f ends the curvature may be beyond numbers: such a point is not gone to.
      if (!polished && !nextHessian.every(Number.isFinite) && retreats++ < MAX_RETREATS) {
        radius = 0.25 * Math.min(next.radius, distance(descent.x, next.trial.x));
        continue;
      }
      retreats = 0;
      radius = next.radius;
      descent.moveTo(next.trial);
      descent.iteration++;
      if (!polished) for (let k = 0; k < hessian.length; k++) hessian[k] = nextHessian[k] + 0;
      yield descent.step({ radius, hessian: [...hessian], polished });
    }
  },
};

/** Returns the next point, shrinking the radius until a step is worth taking. */
function advance(
  descent: Descent,
  model: QuadraticModel,
  firstRadius: number,
  settled: boolean,
): Advance | Refusal {
  const { value, gradient, gradientNorm } = descent;
  const roundOff = roundOffOf(value);
  let radius = firstRadius;
  let patience = DROWNED_TRIES;
  for (;;) {
    const step = model.minimizer(radius);
    const predicted = -model.changeBy(step);
    const drowned = predicted <= roundOff;
    if (!(predicted > 0) || (settled && drowned)) return 'line-search-failed';
    const trial = trialAt(descent, step);
    if (!trial) return 'line-search-failed';
    if (Number.isNaN(trial.value)) return 'not-finite';
    // Next to a bound the trust region is a cube, whose corners lie beyond the radius.
    const length = Math.min(Math.sqrt(dot(step, step)), radius);
    const ratio = (value - trial.value) / predicted;
    if (drowned) {
      const close = trial.value - value <= roundOff;
      if (close && descent.normAt(trial) < gradientNorm)
        return { trial, radius: Math.max(radius, 2 * length) };
      if (--patience === 0) return 'line-search-failed';
    } else if (ratio >= WORTHWHILE) return { trial, radius: trustAfter(ratio, length, radius) };
    radius = length * retreat(value, dot(gradient, step), trial.value);
  }
}

/** Returns one more Newton step if it lowers the gradient norm without raising f. */
function polish(descent: Descent, model: QuadraticModel, radius: number): Advance | Refusal {
  const trial = trialAt(descent, model.minimizer(radius));
  if (!trial || !(trial.value - descent.value <= roundOffOf(descent.value)))
    return 'line-search-failed';
  return descent.normAt(trial) < descent.gradientNorm ? { trial, radius } : 'line-search-failed';
}

/** Evaluates x + step, kept in the box, or returns null where the step is too short to move x. */
function trialAt(descent: Descent, step: Float64Array): Trial | null {
  const { x, box } = descent;
  const target = x.map((xi, i) => Math.min(Math.max(xi + step[i], box.lower[i]), box.upper[i]));
  return target.every((end, i) => end === x[i]) ? null : descent.evaluate(target);
}

function distance(x: Float64Array, y: Float64Array): number {
  return Math.sqrt(x.reduce((sum, xi, i) => sum + (xi - y[i]) ** 2, 0));
}

function trustAfter(ratio: number, length: number, radius: number): number {
  if (ratio < 0.25) return 0.5 * length;
  return ratio > 0.75 ? Math.max(radius, 2.5 * length) : radius;
}

/**
 * Returns what share of a rejected step to try next: where the parabola through f(x), its slope
 * and f(x + p) is lowest, between a tenth and a half.
 */
function retreat(value: number, slope: number, trialValue: number): number {
  const lowest = -slope / (2 * (trialValue - value - slope));
  return trialValue === Infinity || !(lowest > 0) ? 0.25 : Math.min(Math.max(lowest, 0.1), 0.5);
}
