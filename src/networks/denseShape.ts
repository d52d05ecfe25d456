/**
 * What a dense network looks like, and where its parameters lie in one flat array: layer by layer
 * the weights [inputs × outputs] row by row, the biases, and with layer norm the gains and shifts.
 */

import type { Rng } from '../numeric/rng.ts';

export interface DenseShape {
  readonly inputs: number;
  /** Width of each hidden layer; none: a linear map. */
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** Of the hidden layers; the outputs are as they come. */
  readonly activation: 'relu' | 'tanh';
  /** Whether hidden layers are normalised before their activation (Ba, Kiros & Hinton 2016). */
  readonly layerNorm?: boolean;
}

/** Where one layer lies in the flat array of parameters. */
export interface LayerLayout {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly biases: number;
  /** Start of the gains and of the shifts; null without layer norm. */
  readonly gains: number | null;
  readonly shifts: number | null;
}

export function parameterLayout(shape: DenseShape): LayerLayout[] {
  checkShape(shape);
  const widths = [shape.inputs, ...shape.hidden, shape.outputs];
  let next = 0;
  const take = (length: number): number => {
    next += length;
    return next - length;
  };
  return widths.slice(1).map((outputs, layer) => {
    const inputs = widths[layer];
    const normed = shape.layerNorm === true && layer < shape.hidden.length;
    return {
      inputs,
      outputs,
      weights: take(inputs * outputs),
      biases: take(outputs),
      gains: normed ? take(outputs) : null,
      shifts: normed ? take(outputs) : null,
    };
  });
}

export function parameterCount(shape: DenseShape): number {
  const last = parameterLayout(shape).at(-1)!;
  return last.biases + last.outputs;
}

/**
 * Draws parameters: weights and biases uniform on ±1/√inputs of their layer, gains 1, shifts 0.
 *
 * @param outputScale factor of the last layer: a small one makes a policy begin near uniform
 */
export function drawParameters(shape: DenseShape, rng: Rng, outputScale = 1): Float32Array {
  const parameters = new Float32Array(parameterCount(shape));
  const layers = parameterLayout(shape);
  for (const [index, { inputs, outputs, weights, biases, gains }] of layers.entries()) {
    const scale = (index === layers.length - 1 ? outputScale : 1) / Math.sqrt(inputs);
    for (let i = 0; i < inputs * outputs; i++) parameters[weights + i] = scale * (2 * rng() - 1);
    for (let i = 0; i < outputs; i++) parameters[biases + i] = scale * (2 * rng() - 1);
    if (gains !== null) parameters.fill(1, gains, gains + outputs);
  }
  return parameters;
}

function checkShape({ inputs, hidden, outputs }: DenseShape): void {
  for (const [what, width] of [
    ['inputs', inputs],
    ['outputs', outputs],
    ...hidden.map((width, i) => [`hidden layer ${i + 1}`, width] as const),
  ] as const)
    if (!(Number.isInteger(width) && width >= 1))
      throw new RangeError(
        `Cannot build a network: ${what} must be a whole number ≥ 1, got ${width}`,
      );
}
