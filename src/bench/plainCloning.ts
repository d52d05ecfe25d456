/**
 * Behaviour cloning as one would first write it down: number after number, in double precision, with
 * nothing of the project's networks. What the fast one is timed and checked against.
 */

import { type DenseShape, parameterLayout } from '../networks/denseShape.ts';

/** One network: weights[l][i][j] from i to j, biases[l][j]. */
export interface PlainNetwork {
  readonly weights: number[][][];
  readonly biases: number[][];
}

/** Decisions as they are learned from. */
export interface PlainRows {
  readonly inputs: readonly (readonly number[])[];
  readonly actions: readonly number[];
}

const RATE = 1e-3;
const BETA = [0.9, 0.999] as const;
const EPSILON = 1e-8;

/** A network whose hidden layers are tanh, from its numbers in one flat array. */
export function plainNetwork(shape: DenseShape, parameters: ArrayLike<number>): PlainNetwork {
  const layers = parameterLayout(shape);
  const rowOf = (start: number, length: number): number[] =>
    Array.from({ length }, (_, j) => parameters[start + j]);
  return {
    weights: layers.map(({ inputs, outputs, weights }) =>
      Array.from({ length: inputs }, (_, i) => rowOf(weights + i * outputs, outputs)),
    ),
    biases: layers.map(({ biases, outputs }) => rowOf(biases, outputs)),
  };
}

/** Returns what learns from the rows of a batch by one step of Adam, and returns their Σ log π before. */
export function plainCloning(
  { weights, biases }: PlainNetwork,
  { inputs, actions }: PlainRows,
): (batch: Int32Array) => number {
  const zeros = (like: number[][]): number[][] => like.map((row) => row.map(() => 0));
  const layers = weights.map((matrix, l) => ({
    matrix,
    bias: biases[l],
    // the bias as one more row
    first: [...zeros(matrix), biases[l].map(() => 0)],
    second: [...zeros(matrix), biases[l].map(() => 0)],
  }));
  let steps = 0;
  return (batch) => {
    const slopes = layers.map(({ first }) => zeros(first));
    let sum = 0;
    for (const row of batch) {
      const values: number[][] = [[...inputs[row]]];
      for (const [l, { matrix, bias }] of layers.entries()) {
        const before = values[l];
        values.push(
          bias.map((b, j) => {
            const z = before.reduce((total, x, i) => total + x * matrix[i][j], b);
            return l < layers.length - 1 ? Math.tanh(z) : z;
          }),
        );
      }
      const logits = values[layers.length];
      const largest = Math.max(...logits);
      const total = logits.reduce((all, z) => all + Math.exp(z - largest), 0);
      sum += logits[actions[row]] - largest - Math.log(total);
      let slope = logits.map(
        (z, j) => (Math.exp(z - largest) / total - (j === actions[row] ? 1 : 0)) / batch.length,
      );
      for (let l = layers.length - 1; l >= 0; l--) {
        const { matrix } = layers[l];
        const before = values[l];
        const own = slopes[l];
        slope.forEach((g, j) => {
          for (let i = 0; i < before.length; i++) own[i][j] += before[i] * g;
          own[before.length][j] += g;
        });
        slope = before.map(
          (x, i) => (1 - x * x) * slope.reduce((all, g, j) => all + g * matrix[i][j], 0),
        );
      }
    }
    steps++;
    for (const [l, { matrix, bias, first, second }] of layers.entries())
      for (const [i, row] of [...matrix, bias].entries())
        for (let j = 0; j < row.length; j++) {
          const g = slopes[l][i][j];
          first[i][j] += (1 - BETA[0]) * (g - first[i][j]);
          second[i][j] += (1 - BETA[1]) * (g * g - second[i][j]);
          row[j] -=
            (RATE * (first[i][j] / (1 - BETA[0] ** steps))) /
            (Math.sqrt(second[i][j] / (1 - BETA[1] ** steps)) + EPSILON);
        }
    return sum;
  };
}
