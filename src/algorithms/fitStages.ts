/**
 * How a fit is minimised: which minimisers, one after another, and how far each one goes.
 *
 * Where curvature is cheap Newton does it all. Where it is dear L-BFGS goes most of the way and
 * Newton finishes; if that ends somewhere else than at an optimum, as it may next to the edge of
 * feasibility, Newton begins again at the start.
 */

import { lbfgs } from '../optimizers/lbfgs.ts';
import type { Checkpoint, Minimizer, Minimum } from '../optimizers/minimizer.ts';
import { trustRegionNewton } from '../optimizers/trustRegionNewton.ts';
import type { FitOptions, FitProgress } from './algorithm.ts';
import type { LinearObjective } from './linearObjective.ts';
import type { ParameterSpace } from './parameters.ts';

/** Beyond so many parameters second derivatives cost more than they bring. */
export const NEWTON_LIMIT = 100;

export interface Stage {
  readonly name: string;
  readonly minimizer: Minimizer;
  readonly tolerance: number;
  readonly maxIterations: number;
  /** Whether it begins at the start again, and only where the stages before did not converge. */
  readonly again?: true;
}

/** @param curvatureIsDear whether second derivatives cost several evaluations */
export function stages(options: FitOptions, size: number, curvatureIsDear: boolean): Stage[] {
  const { tolerance = 1e-9, maxIterations = 500 } = options;
  const only = (minimizer: Minimizer, name: string): Stage[] => [
    { name, minimizer, tolerance, maxIterations },
  ];
  if (options.optimizer) return only(options.optimizer, options.optimizer.name);
  if (size > NEWTON_LIMIT) return only(lbfgs, 'lbfgs');
  const newton = only(trustRegionNewton, 'newton');
  if (!curvatureIsDear) return newton;
  const most = Math.min(100, maxIterations);
  return [
    { name: 'lbfgs', minimizer: lbfgs, tolerance: 1e-6, maxIterations: most },
    ...newton,
    { ...newton[0], name: 'newton from the start', again: true },
  ];
}

/**
 * Runs the stages from `start`, or from where a checkpoint left them.
 *
 * @param decisions what the objective was divided by
 */
export function* minimizeInStages(
  objective: LinearObjective,
  start: Float64Array,
  space: ParameterSpace,
  decisions: number,
  plan: readonly Stage[],
  checkpoint: Checkpoint | undefined,
): Generator<FitProgress, Minimum> {
  const resumed = checkpoint as { stage?: string; x?: number[]; inner?: Checkpoint } | undefined;
  let first = Math.max(
    0,
    plan.findIndex((stage) => stage.name === resumed?.stage),
  );
  if (resumed?.x === undefined) first = 0;
  let x: Float64Array = resumed?.x ? Float64Array.from(resumed.x) : start;
  let minimum: Minimum | null = null;
  let iterationsBefore = 0;
  for (const stage of plan.slice(first)) {
    const before: Minimum | null = minimum;
    if (stage.again && before?.stop === 'converged') break;
    if (stage.again && before) x = start;
    const inner = stage.name === resumed?.stage && minimum === null ? resumed.inner : undefined;
    const steps = stage.minimizer.minimize({ ...objective, hessian: objective.uphillHessian }, x, {
      tolerance: stage.tolerance,
      maxIterations: stage.maxIterations,
      lower: space.lower,
      upper: space.upper,
      ...(inner ? { resume: inner } : {}),
    });
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      const { iteration, value, gradientNorm } = next.value;
      yield {
        iteration: iterationsBefore + iteration,
        evaluations: objective.evaluations(),
        value: -value * decisions,
        gradientNorm,
        checkpoint: {
          stage: stage.name,
          x: [...next.value.x],
          inner: next.value.checkpoint,
        },
      };
    }
    iterationsBefore += next.value.iterations;
    minimum = stage.again ? betterOf(before, next.value) : next.value;
    x = minimum.x;
  }
  if (!minimum) throw new TypeError('Cannot minimise: no stage is left to run');
  return minimum;
}

/** The minimum that converged, or else the lower one. */
function betterOf(before: Minimum | null, after: Minimum): Minimum {
  if (!before || after.stop === 'converged' || !(before.value <= after.value)) return after;
  return before;
}
