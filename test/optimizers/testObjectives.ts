/** Functions to minimise, each with its gradient and Hessian, and what is known about them. */

import type { Objective } from '../../src/optimizers/minimizer.ts';
import { type SeededRandom, seededRandom } from '../support/seededRandom.ts';

/** An objective that counts what it was asked. */
export interface CountedObjective extends Objective {
  readonly hessian: (x: Float64Array, out: Float64Array) => void;
  readonly evaluations: () => number;
}

/** Wraps f, ∇f and ∇²f, and refuses a Hessian anywhere but at the latest evaluation. */
export function counted(
  size: number,
  evaluate: (x: Float64Array, gradient: Float64Array) => number,
  hessian: (x: Float64Array, out: Float64Array) => void,
): CountedObjective {
  let evaluations = 0;
  let latest = new Float64Array(size).fill(Number.NaN);
  return {
    size,
    evaluate(x, gradient) {
      evaluations++;
      latest = x.slice();
      return evaluate(x, gradient);
    },
    hessian(x, out) {
      if (!x.every((xi, i) => xi === latest[i])) throw new Error('Hessian away from evaluation');
      hessian(x, out);
    },
    evaluations: () => evaluations,
  };
}

/** f(x, y) = (1 − x)² + 100 (y − x²)²; its minimum is 0 at (1, 1). */
export function rosenbrock(): CountedObjective {
  return counted(
    2,
    ([x, y], gradient) => {
      gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      gradient[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    },
    ([x, y], out) => {
      out.set([2 - 400 * (y - 3 * x * x), -400 * x, -400 * x, 200]);
    },
  );
}

/** f(x) = ½ (x − c)ᵀ A (x − c). */
export function quadratic(matrix: Float64Array, center: Float64Array): CountedObjective {
  const size = center.length;
  return counted(
    size,
    (x, gradient) => {
      let value = 0;
      for (let i = 0; i < size; i++) {
        gradient[i] = 0;
        for (let j = 0; j < size; j++) gradient[i] += matrix[i * size + j] * (x[j] - center[j]);
        value += 0.5 * gradient[i] * (x[i] - center[i]);
      }
      return value;
    },
    (_, out) => out.set(matrix),
  );
}

/** Returns Σ λ q qᵀ over a random orthonormal basis q. */
export function withSpectrum(random: SeededRandom, spectrum: readonly number[]): Float64Array {
  const size = spectrum.length;
  const basis: number[][] = [];
  while (basis.length < size) {
    const row = spectrum.map(() => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const along = row.reduce((sum, r, i) => sum + r * other[i], 0);
        for (let i = 0; i < size; i++) row[i] -= along * other[i];
      }
    }
    const length = Math.hypot(...row);
    basis.push(row.map((r) => r / length));
  }
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < size; k++)
        matrix[i * size + j] += spectrum[k] * basis[k][i] * basis[k][j];
    }
  }
  return matrix;
}

/** Mean logistic loss of noisy labels plus ½ ridge ‖x‖². */
export function logistic(
  seed: number,
  size: number,
  rows: number,
  ridge: number,
): CountedObjective {
  const random = seededRandom(seed);
  const truth = Array.from({ length: size }, () => random.normal());
  const data = Array.from({ length: rows }, () => {
    const inputs = Float64Array.from({ length: size }, () => random.normal());
    const margin = inputs.reduce((sum, input, i) => sum + input * truth[i], 0);
    return { inputs, sign: random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : -1 };
  });
  const marginOf = (x: Float64Array, { inputs, sign }: (typeof data)[number]) =>
    sign * inputs.reduce((sum, input, i) => sum + input * x[i], 0);
  return counted(
    size,
    (x, gradient) => {
      let value = 0;
      for (let i = 0; i < size; i++) {
        value += 0.5 * ridge * x[i] ** 2;
        gradient[i] = ridge * x[i];
      }
      for (const row of data) {
        const margin = marginOf(x, row);
        const missed = 1 / (1 + Math.exp(margin));
        value += (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)))) / rows;
        for (let i = 0; i < size; i++) gradient[i] -= (row.sign * row.inputs[i] * missed) / rows;
      }
      return value;
    },
    (x, out) => {
      out.fill(0);
      for (let i = 0; i < size; i++) out[i * size + i] = ridge;
      for (const row of data) {
        const missed = 1 / (1 + Math.exp(marginOf(x, row)));
        const weight = (missed * (1 - missed)) / rows;
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++)
            out[i * size + j] += weight * row.inputs[i] * row.inputs[j];
        }
      }
    },
  );
}

/** f(x) = Σ (cᵢ xᵢ − log xᵢ) where x > 0, +Infinity elsewhere; its minimum is at xᵢ = 1 / cᵢ. */
export function logBarrier(cost: readonly number[]): CountedObjective {
  return counted(
    cost.length,
    (x, gradient) => {
      if (!x.every((xi) => xi > 0)) {
        gradient.fill(Number.NaN);
        return Infinity;
      }
      let value = 0;
      for (let i = 0; i < x.length; i++) {
        gradient[i] = cost[i] - 1 / x[i];
        value += cost[i] * x[i] - Math.log(x[i]);
      }
      return value;
    },
    (x, out) => {
      out.fill(0);
      for (let i = 0; i < x.length; i++) out[i * x.length + i] = 1 / x[i] ** 2;
    },
  );
}

/** Returns f at a point. */
export function valueAt(objective: Objective, x: Float64Array): number {
  return objective.evaluate(x.slice(), new Float64Array(objective.size));
}
