/**
 * Dense networks on our own kernels, layer by layer:
 *
 *   h₀ = x,  zₗ = hₗ₋₁ Wₗ + bₗ,  hₗ = f(zₗ) or f(norm(zₗ)),  y = z of the last layer
 *
 * and back: ∂L/∂Wₗ = hₗ₋₁ᵀ gₗ, ∂L/∂bₗ = Σ gₗ over rows, ∂L/∂hₗ₋₁ = gₗ Wₗᵀ.
 */

import type { DenseShape } from './denseShape.ts';
import { parameterCount, parameterLayout } from './denseShape.ts';
import type { Kernels } from './kernels/kernels.ts';
import { layerNorm, pullBackLayerNorm } from './layerNorm.ts';
import type { Network, Pass } from './network.ts';

/** The arrays of one layer: views into the network's flat ones. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly weightGradient: Float32Array;
  readonly biasGradient: Float32Array;
  readonly norm: Norm | null;
  readonly hidden: boolean;
}

interface Norm {
  readonly gains: Float32Array;
  readonly shifts: Float32Array;
  readonly gainGradient: Float32Array;
  readonly shiftGradient: Float32Array;
}

export function denseNetwork(kernels: Kernels, shape: DenseShape): Network {
  const parameters = kernels.take(parameterCount(shape));
  const gradient = kernels.take(parameters.length);
  const layers = parameterLayout(shape).map((layout, index): Layer => {
    const { inputs, outputs, weights, biases, gains, shifts } = layout;
    const view = (array: Float32Array, start: number, length: number): Float32Array =>
      array.subarray(start, start + length);
    return {
      inputs,
      outputs,
      weights: view(parameters, weights, inputs * outputs),
      biases: view(parameters, biases, outputs),
      weightGradient: view(gradient, weights, inputs * outputs),
      biasGradient: view(gradient, biases, outputs),
      norm:
        gains === null || shifts === null
          ? null
          : {
              gains: view(parameters, gains, outputs),
              shifts: view(parameters, shifts, outputs),
              gainGradient: view(gradient, gains, outputs),
              shiftGradient: view(gradient, shifts, outputs),
            },
      hidden: index < shape.hidden.length,
    };
  });
  return {
    shape,
    parameters,
    gradient,
    changed: () => {},
    pass: (rows) => densePass(kernels, shape, layers, rows),
  };
}

function densePass(
  kernels: Kernels,
  { inputs: inputSize, activation }: DenseShape,
  layers: readonly Layer[],
  rows: number,
): Pass {
  if (!(Number.isInteger(rows) && rows >= 1))
    throw new RangeError(`Cannot evaluate a network: rows must be a whole number ≥ 1, got ${rows}`);
  const inputs = kernels.take(rows * inputSize);
  // values[l] is what layer l takes in; slopes[l] the gradient with respect to it.
  const values = [inputs, ...layers.map(({ outputs }) => kernels.take(rows * outputs))];
  const slopes = values.map(({ length }) => kernels.take(length));
  const normed = layers.map(({ norm, outputs }) =>
    norm ? { values: kernels.take(rows * outputs), spread: new Float64Array(rows) } : null,
  );
  const outputs = values[layers.length];

  function evaluate(): Float32Array {
    for (const [l, { inputs, outputs, weights, biases, norm, hidden }] of layers.entries()) {
      const out = values[l + 1];
      kernels.affine(values[l], weights, biases, out, rows, inputs, outputs);
      const cache = normed[l];
      if (norm && cache) layerNorm(out, norm.gains, norm.shifts, rows, cache.values, cache.spread);
      if (!hidden) continue;
      if (activation === 'relu') kernels.rectify(out, out.length);
      else for (let i = 0; i < out.length; i++) out[i] = Math.tanh(out[i]);
    }
    return outputs;
  }

  return {
    rows,
    inputs,
    outputs,
    outputGradient: slopes[layers.length],
    inputGradient: slopes[0],
    evaluate,
    pullBack(wanted) {
      for (let l = layers.length - 1; l >= 0; l--) {
        const layer = layers[l];
        const { inputs, outputs, weights, norm } = layer;
        const out = values[l + 1];
        const slope = slopes[l + 1];
        if (layer.hidden) {
          if (activation === 'relu') kernels.maskRectified(slope, out, slope.length);
          else for (let i = 0; i < slope.length; i++) slope[i] *= 1 - out[i] * out[i];
        }
        const cache = normed[l];
        if (norm && cache) pullBackLayerNorm(slope, norm, rows, cache.values, cache.spread);
        if (wanted.parameters) {
          kernels.weightGradient(values[l], slope, layer.weightGradient, rows, inputs, outputs);
          kernels.columnSums(slope, layer.biasGradient, rows, outputs);
        }
        if (l > 0 || wanted.inputs)
          kernels.inputGradient(slope, weights, slopes[l], rows, inputs, outputs);
      }
    },
  };
}
