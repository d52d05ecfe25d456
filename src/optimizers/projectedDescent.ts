/**
 * The loop that first-order methods without memory share: propose a point, project it onto the
 * box, halve the step while the point is infeasible or not clearly lower than the last,
 *
 *   f(x′) ≤ f(x) + 0.1 ∇f(x)ᵀ(x′ − x)
 *
 * Where the difference drowns in the round-off of f, ½ (∇f(x) + ∇f(x′))ᵀ(x′ − x) stands for it.
 */

import { z } from 'zod';
import { dot } from '../numeric/csr.ts';
import { projectOnto } from './box.ts';
import { Descent, DescentCheckpoint, readCheckpoint, roundOffOf, type Trial } from './descent.ts';
import { MinimizerOptions, type Minimum, type Objective, type Step } from './minimizer.ts';

/** What first-order methods understand. */
export const FirstOrderOptions = MinimizerOptions.extend({
  maxIterations: z
    .int()
    .nonnegative()
    .default(10_000)
    .describe('Give up after this many iterations, those before a resume included'),
  learningRate: z.number().positive().default(0.1).describe('Step length η'),
});

export const ProjectedDescentOptions = FirstOrderOptions.extend({
  decay: z.number().nonnegative().default(0).describe('Step k is η / (1 + decay · k); 0 is fixed'),
});

/** Overwrites `out` with the point that a share of the step of the given rate leads to. */
export type Proposal = (
  x: Float64Array,
  gradient: Float64Array,
  rate: number,
  share: number,
  out: Float64Array,
) => void;

/** Minimises with proposals of rate learningRate / (1 + decay · iteration). */
export function* projectedDescent(
  name: string,
  objective: Objective,
  start: Float64Array,
  settings: z.output<typeof ProjectedDescentOptions>,
  propose: Proposal,
): Generator<Step, Minimum> {
  const { tolerance, maxIterations, learningRate, decay, resume } = settings;
  const saved = readCheckpoint(name, DescentCheckpoint, resume);
  const descent = new Descent(name, objective, start, settings, saved);
  if (descent.refusal) return descent.minimum(descent.refusal);
  while (descent.gradientNorm > tolerance) {
    if (descent.iteration >= maxIterations) return descent.minimum('max-iterations');
    const next = advance(descent, learningRate / (1 + decay * descent.iteration), propose);
    if (typeof next === 'string') return descent.minimum(next);
    descent.moveTo(next);
    descent.iteration++;
    yield descent.step();
  }
  return descent.minimum('converged');
}

/** Shares of a step below this are not worth trying. */
const SHORTEST = 2 ** -60;

function advance(
  descent: Descent,
  rate: number,
  propose: Proposal,
): Trial | 'line-search-failed' | 'not-finite' {
  const { box, x, value, gradient } = descent;
  for (let share = 1; share > SHORTEST; share /= 2) {
    const target = new Float64Array(x.length);
    propose(x, gradient, rate, share, target);
    projectOnto(box, target);
    const step = target.map((end, i) => end - x[i]);
    if (step.every((moved) => moved === 0)) break;
    if (!target.every(Number.isFinite)) continue;
    const trial = descent.evaluate(target);
    if (Number.isNaN(trial.value)) return 'not-finite';
    const promised = dot(gradient, step);
    const difference = trial.value - value;
    const drowned = Math.abs(difference) <= roundOffOf(value);
    const change = drowned ? 0.5 * (promised + dot(trial.gradient, step)) : difference;
    if (promised < 0 && change <= 0.1 * promised) return trial;
  }
  return 'line-search-failed';
}
