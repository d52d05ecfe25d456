/**
 * One minimisation in progress: where it stands, what it has cost, and how it reports both. Every
 * minimiser keeps its books here, so that steps, checkpoints and results mean the same everywhere.
 */

import { z } from 'zod';
import { type Box, boxOf, projectedGradientNorm, projectOnto } from './box.ts';
import type { Checkpoint, Minimum, Objective, Step, Stop } from './minimizer.ts';

/** A point where the objective has been evaluated. */
export interface Trial {
  readonly x: Float64Array;
  /** f(x); +Infinity where infeasible, NaN where f or ∇f is not finite otherwise. */
  readonly value: number;
  readonly gradient: Float64Array;
}

/** What every checkpoint holds; a minimiser adds its own memory. */
export const DescentCheckpoint = z.object({
  minimizer: z.string(),
  iteration: z.int().nonnegative(),
  evaluations: z.int().nonnegative(),
  value: z.number(),
  x: z.array(z.number()),
  gradient: z.array(z.number()),
});
type DescentCheckpoint = z.infer<typeof DescentCheckpoint>;

/**
 * Changes of f below this say nothing: they drown in its round-off. f is a sum of differences of
 * values that may be 1/(1 − γ) times larger, so this is far above the spacing of doubles.
 */
export function roundOffOf(value: number): number {
  return 1e-10 * (1 + Math.abs(value));
}

export class Descent {
  readonly box: Box;
  x: Float64Array;
  value = Infinity;
  gradient: Float64Array;
  gradientNorm = Infinity;
  iteration = 0;
  evaluations = 0;
  /** Why nothing can be done from the start, if so. */
  readonly refusal: Stop | null = null;
  readonly #objective: Objective;
  readonly #minimizer: string;

  /** Evaluates the start, or takes all from a checkpoint without evaluating. */
  constructor(
    minimizer: string,
    objective: Objective,
    start: Float64Array,
    bounds: { lower?: Float64Array | undefined; upper?: Float64Array | undefined },
    saved: DescentCheckpoint | undefined,
  ) {
    const { size } = objective;
    if (start.length !== size)
      throw new RangeError(`Cannot minimise: start must have ${size} entries, got ${start.length}`);
    if (!start.every(Number.isFinite))
      throw new RangeError(`Cannot minimise: start must be finite, got [${start}]`);
    this.#minimizer = minimizer;
    this.#objective = objective;
    this.box = boxOf(size, bounds.lower, bounds.upper);
    this.x = start.slice();
    this.gradient = new Float64Array(size).fill(Infinity);
    if (saved) {
      this.iteration = saved.iteration;
      this.evaluations = saved.evaluations;
      this.moveTo({ ...saved, x: arrayOf(saved.x, size), gradient: arrayOf(saved.gradient, size) });
      return;
    }
    projectOnto(this.box, this.x);
    const first = this.evaluate(this.x);
    if (Number.isFinite(first.value)) this.moveTo(first);
    else this.refusal = first.value === Infinity ? 'infeasible' : 'not-finite';
  }

  /** Evaluates the objective at `x`, which the returned trial keeps. */
  evaluate(x: Float64Array): Trial {
    const gradient = new Float64Array(x.length);
    // JSON has no −0, and a resumed run must equal an uninterrupted one bit for bit.
    for (let i = 0; i < x.length; i++) x[i] += 0;
    const value = this.#objective.evaluate(x, gradient);
    this.evaluations++;
    for (let i = 0; i < x.length; i++) gradient[i] += 0;
    if (value === Infinity) return { x, value, gradient };
    const finite = Number.isFinite(value) && gradient.every(Number.isFinite);
    return { x, value: finite ? value + 0 : Number.NaN, gradient };
  }

  /** Makes a finite trial the current point. */
  moveTo({ x, value, gradient }: Trial): void {
    this.x = x;
    this.value = value;
    this.gradient = gradient;
    this.gradientNorm = this.normAt({ x, value, gradient });
  }

  /** Returns the largest component of the projected gradient of a trial. */
  normAt({ x, gradient }: Trial): number {
    return projectedGradientNorm(this.box, x, gradient);
  }

  /** Reports the current point; `memory` is what the minimiser needs to go on from it. */
  step(memory: Checkpoint = {}): Step {
    const { iteration, evaluations, value, gradientNorm, x, gradient } = this;
    return {
      iteration,
      evaluations,
      value,
      gradientNorm,
      x: x.slice(),
      checkpoint: {
        minimizer: this.#minimizer,
        iteration,
        evaluations,
        value,
        x: [...x],
        gradient: [...gradient],
        ...memory,
      },
    };
  }

  minimum(stop: Stop): Minimum {
    const { iteration, evaluations, value, gradientNorm, x, gradient } = this;
    return {
      x: x.slice(),
      value,
      gradient: gradient.slice(),
      gradientNorm,
      stop,
      iterations: iteration,
      evaluations,
    };
  }
}

/** Returns the checkpoint of a minimiser in its own terms; throws where it belongs to another. */
export function readCheckpoint<Saved extends DescentCheckpoint>(
  minimizer: string,
  schema: z.ZodType<Saved>,
  checkpoint: Checkpoint | undefined,
): Saved | undefined {
  if (!checkpoint) return undefined;
  if (checkpoint.minimizer !== minimizer)
    throw new SyntaxError(
      `Cannot resume: checkpoint must be of "${minimizer}", got "${checkpoint.minimizer}"`,
    );
  const parsed = schema.safeParse(checkpoint);
  if (!parsed.success) throw new SyntaxError(`Cannot resume: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/** Returns saved numbers as a vector of the size that the objective asks for. */
export function arrayOf(saved: readonly number[], size: number): Float64Array {
  if (saved.length !== size)
    throw new RangeError(`Cannot resume: expected ${size} numbers, got ${saved.length}`);
  return Float64Array.from(saved);
}
