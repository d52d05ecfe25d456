/** A dense network in double precision, written out neuron by neuron: referee of the engines. */

import { type DenseShape, parameterLayout } from '../../src/networks/denseShape.ts';

/** Returns the outputs [outputs] of one input [inputs]. */
export function doubleNetwork(
  shape: DenseShape,
  parameters: ArrayLike<number>,
  input: readonly number[],
): number[] {
  const layers = parameterLayout(shape);
  return layers.reduce<number[]>(
    (x, { outputs, weights, biases, gains, shifts }, l) => {
      const z = Array.from({ length: outputs }, (_, j) =>
        x.reduce(
          (sum, v, i) => sum + v * parameters[weights + i * outputs + j],
          parameters[biases + j],
        ),
      );
      if (l === layers.length - 1) return z;
      const mean = z.reduce((sum, v) => sum + v, 0) / outputs;
      const variance = z.reduce((sum, v) => sum + (v - mean) ** 2, 0) / outputs;
      const normed =
        gains === null || shifts === null
          ? z
          : z.map(
              (v, j) =>
                (parameters[gains + j] * (v - mean)) / Math.sqrt(variance + 1e-5) +
                parameters[shifts + j],
            );
      return normed.map((v) => (shape.activation === 'relu' ? Math.max(v, 0) : Math.tanh(v)));
    },
    [...input],
  );
}

/** Central differences of f at x, in double precision. */
export function slopes(f: (x: Float64Array) => number, x: ArrayLike<number>): Float64Array {
  const at = Float64Array.from(x);
  const h = 1e-6;
  return Float64Array.from(x, (_, i) => {
    const before = at[i];
    at[i] = before + h;
    const up = f(at);
    at[i] = before - h;
    const down = f(at);
    at[i] = before;
    return (up - down) / (2 * h);
  });
}
