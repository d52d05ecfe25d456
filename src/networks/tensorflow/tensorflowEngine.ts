/**
 * Dense networks on TensorFlow.js. Its own gradient multiplies by transposed matrices, which its
 * WebAssembly backend does slowly; here the way back is written out, with the transposes made first.
 * Parameters live in typed arrays and go to the backend when they have changed.
 */

import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs';
import { type DenseShape, parameterCount, parameterLayout } from '../denseShape.ts';
import { plainKernels } from '../kernels/plainKernels.ts';
import type { Engine, Network, Pass, PullBack } from '../network.ts';
import { loadTensorflow, type Tensorflow, type TensorflowBackend } from './loadTensorflow.ts';

const EPSILON = 1e-5;

/** @throws Error where the backend does not load */
export async function tensorflowEngine(name: TensorflowBackend): Promise<Engine> {
  const tf = await loadTensorflow(name);
  const plain = plainKernels();
  const disposals: (() => void)[] = [];
  const use = (): void => {
    if (tf.getBackend() !== name) tf.setBackend(name);
  };
  return {
    name,
    array: (length) => new Float32Array(length),
    network: (shape) => tensorflowNetwork(tf, shape, use, (dispose) => disposals.push(dispose)),
    held: () => tf.memory().numTensors,
    release() {
      for (const dispose of disposals.splice(0)) dispose();
    },
    adam: (x, g, first, second, step) => plain.adam(x, g, first, second, step),
    blend: (target, source, rate) => plain.blend(target, source, rate),
  };
}

/** The parameters of a layer on the backend. */
interface LayerTensors {
  readonly weights: Tensor2D;
  readonly biases: Tensor2D;
  readonly gains: Tensor2D | null;
  readonly shifts: Tensor2D | null;
}

/** What `evaluate` keeps of a layer for the way back. */
interface LayerTrace {
  readonly input: Tensor2D;
  readonly output: Tensor2D;
  readonly normed: Tensor2D | null;
  readonly spread: Tensor2D | null;
}

function tensorflowNetwork(
  tf: Tensorflow,
  shape: DenseShape,
  use: () => void,
  onRelease: (dispose: () => void) => void,
): Network {
  const layout = parameterLayout(shape);
  const parameters = new Float32Array(parameterCount(shape));
  const gradient = new Float32Array(parameters.length);
  let tensors: LayerTensors[] | null = null;

  function disposeTensors(): void {
    for (const { weights, biases, gains, shifts } of tensors ?? [])
      tf.dispose([weights, biases, gains, shifts].filter((tensor) => tensor !== null));
    tensors = null;
  }

  function onBackend(): LayerTensors[] {
    use();
    tensors ??= layout.map(({ inputs, outputs, weights, biases, gains, shifts }) => {
      const tensor = (start: number, rows: number): Tensor2D =>
        tf.tensor2d(parameters.slice(start, start + rows * outputs), [rows, outputs]);
      return {
        weights: tensor(weights, inputs),
        biases: tensor(biases, 1),
        gains: gains === null ? null : tensor(gains, 1),
        shifts: shifts === null ? null : tensor(shifts, 1),
      };
    });
    return tensors;
  }

  onRelease(disposeTensors);
  return {
    shape,
    parameters,
    gradient,
    changed: disposeTensors,
    pass: (rows) => tensorflowPass({ tf, shape, gradient, onBackend, onRelease }, rows),
  };
}

interface Owner {
  readonly tf: Tensorflow;
  readonly shape: DenseShape;
  readonly gradient: Float32Array;
  readonly onBackend: () => LayerTensors[];
  readonly onRelease: (dispose: () => void) => void;
}

function tensorflowPass(owner: Owner, rows: number): Pass {
  const { tf, shape, gradient, onBackend, onRelease } = owner;
  const layout = parameterLayout(shape);
  const inputs = new Float32Array(rows * shape.inputs);
  const outputs = new Float32Array(rows * shape.outputs);
  const outputGradient = new Float32Array(outputs.length);
  const inputGradient = new Float32Array(inputs.length);
  let traces: LayerTrace[] = [];

  function forget(): void {
    for (const { input, output, normed, spread } of traces)
      tf.dispose([input, output, normed, spread].filter((tensor) => tensor !== null));
    traces = [];
  }

  onRelease(forget);
  return {
    rows,
    inputs,
    outputs,
    outputGradient,
    inputGradient,
    evaluate() {
      const layers = onBackend();
      forget();
      let input = tf.tensor2d(inputs.slice(), [rows, shape.inputs]);
      for (const [l, layer] of layers.entries()) {
        const { output, normed, spread } = forward(tf, shape, layer, l, input);
        traces.push({ input, output, normed, spread });
        input = output;
      }
      outputs.set(input.dataSync());
      return outputs;
    },
    pullBack(wanted) {
      const layers = onBackend();
      let slope = tf.tensor2d(outputGradient.slice(), [rows, shape.outputs]);
      for (let l = layers.length - 1; l >= 0; l--) {
        const next = backward(tf, shape, layers[l], traces[l], l, slope, wanted);
        const { weights, biases, gains, shifts } = layout[l];
        slope.dispose();
        for (const [tensor, start] of [
          [next.weights, weights],
          [next.biases, biases],
          [next.gains, gains],
          [next.shifts, shifts],
        ] as const) {
          if (tensor && start !== null) gradient.set(tensor.dataSync(), start);
          tensor?.dispose();
        }
        if (!next.input) return;
        slope = next.input;
      }
      inputGradient.set(slope.dataSync());
      slope.dispose();
    },
  };
}

function forward(
  tf: Tensorflow,
  { hidden, activation }: DenseShape,
  { weights, biases, gains, shifts }: LayerTensors,
  l: number,
  input: Tensor2D,
): Omit<LayerTrace, 'input'> {
  return tidied(tf, () => {
    let z = tf.add(tf.matMul(input, weights), biases) as Tensor2D;
    let normed: Tensor2D | null = null;
    let spread: Tensor2D | null = null;
    if (gains && shifts) {
      const { mean, variance } = tf.moments(z, 1, true);
      spread = tf.sqrt(tf.add(variance, EPSILON)) as Tensor2D;
      normed = tf.div(tf.sub(z, mean), spread) as Tensor2D;
      z = tf.add(tf.mul(normed, gains), shifts) as Tensor2D;
    }
    const output = l === hidden.length ? z : activation === 'relu' ? tf.relu(z) : tf.tanh(z);
    return { output, normed, spread };
  });
}

/** What `work` returns is kept, every other tensor is given back; some of it may be null. */
function tidied<Kept>(tf: Tensorflow, work: () => Kept): Kept {
  return tf.tidy(work as () => TensorContainer) as Kept;
}

interface LayerGradients {
  readonly weights: Tensor2D | null;
  readonly biases: Tensor2D | null;
  readonly gains: Tensor2D | null;
  readonly shifts: Tensor2D | null;
  readonly input: Tensor2D | null;
}

function backward(
  tf: Tensorflow,
  { hidden, activation }: DenseShape,
  { weights, gains }: LayerTensors,
  { input, output, normed, spread }: LayerTrace,
  l: number,
  given: Tensor2D,
  wanted: PullBack,
): LayerGradients {
  return tidied(tf, () => {
    let slope = given;
    if (l < hidden.length)
      slope = tf.mul(
        slope,
        activation === 'relu' ? tf.step(output) : tf.sub(1, tf.square(output)),
      ) as Tensor2D;
    let gainGradient: Tensor2D | null = null;
    let shiftGradient: Tensor2D | null = null;
    if (gains && normed && spread) {
      gainGradient = tf.sum(tf.mul(slope, normed), 0, true) as Tensor2D;
      shiftGradient = tf.sum(slope, 0, true) as Tensor2D;
      const scaled = tf.mul(slope, gains);
      const along = tf.mean(tf.mul(scaled, normed), 1, true);
      const centered = tf.sub(tf.sub(scaled, tf.mean(scaled, 1, true)), tf.mul(normed, along));
      slope = tf.div(centered, spread) as Tensor2D;
    }
    const parameters = wanted.parameters;
    return {
      weights: parameters ? tf.matMul(tf.transpose(input), slope) : null,
      biases: parameters ? (tf.sum(slope, 0, true) as Tensor2D) : null,
      gains: parameters ? gainGradient : null,
      shifts: parameters ? shiftGradient : null,
      input: l > 0 || wanted.inputs ? tf.matMul(slope, tf.transpose(weights)) : null,
    };
  });
}
