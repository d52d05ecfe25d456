/**
 * The contract of everything that minimises f given ∇f.
 *
 * A minimiser is a generator: it yields a `Step` after every iteration and returns a `Minimum`.
 * Points where f is not defined (an infeasible reward) have value +Infinity; a line search backs
 * away from them. Box constraints are part of the contract, so every minimiser honours them.
 */

import { z } from 'zod';

export interface Objective {
  readonly size: number;
  /**
   * Returns f(x) and overwrites `gradient` with ∇f(x).
   * +Infinity means infeasible; `gradient` is then meaningless.
   */
  evaluate(x: Float64Array, gradient: Float64Array): number;
  /**
   * Overwrites `out` [size × size, row-major] with the Hessian at `x`, which is the point of the
   * latest `evaluate`. Present where second derivatives are cheap.
   */
  readonly hessian?: (x: Float64Array, out: Float64Array) => void;
}

/** Why a minimiser stopped. Only `converged` is a success; none of them is thrown. */
export type Stop =
  | 'converged'
  | 'max-iterations'
  | 'line-search-failed'
  | 'infeasible'
  | 'not-finite';

export interface Step {
  readonly iteration: number;
  readonly evaluations: number;
  readonly value: number;
  /** Largest component of the gradient, those that push against a bound left out. */
  readonly gradientNorm: number;
  /** The current point; a copy, safe to keep. */
  readonly x: Float64Array;
  /** Everything needed to go on from here, plain JSON; pass it back as `options.resume`. */
  readonly checkpoint: Checkpoint;
}

/** Plain JSON: numbers, strings and arrays of them. */
export type Checkpoint = { readonly [key: string]: unknown };

/** Where a minimiser ended. Value and gradient are +Infinity where the start had none. */
export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly gradientNorm: number;
  readonly stop: Stop;
  readonly iterations: number;
  readonly evaluations: number;
}

/** What every minimiser understands; each adds its own on top. */
export const MinimizerOptions = z.strictObject({
  tolerance: z
    .number()
    .positive()
    .default(1e-8)
    .describe('Converged when the gradient norm is at most this'),
  maxIterations: z
    .int()
    .nonnegative()
    .default(1_000)
    .describe('Give up after this many iterations, those before a resume included'),
  lower: z
    .instanceof(Float64Array)
    .optional()
    .describe('[size] lowest admissible values; −Infinity where free'),
  upper: z
    .instanceof(Float64Array)
    .optional()
    .describe('[size] highest admissible values; +Infinity where free'),
  resume: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('A checkpoint of an earlier run of the same minimiser on the same objective'),
});
/** What a caller may write; every field optional. */
export type MinimizerOptions = z.input<typeof MinimizerOptions>;

export interface Minimizer<Options = MinimizerOptions> {
  readonly name: string;
  readonly summary: string;
  /**
   * Minimises from `start`, projected onto the box; on `options.resume` the start is that of the
   * checkpoint and only the size of `start` counts. Afterwards the objective's latest evaluation
   * need not be the minimum: evaluate there before asking for its Hessian.
   */
  minimize(objective: Objective, start: Float64Array, options?: Options): Generator<Step, Minimum>;
}

/** Runs a minimiser to its end, passing each step to `onStep`. */
export function runToEnd(steps: Generator<Step, Minimum>, onStep?: (step: Step) => void): Minimum {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    onStep?.(next.value);
  }
}
