/**
 * A network is two functions on flat arrays of single precision: `evaluate` takes inputs to outputs,
 * and `pullBack` takes a gradient with respect to the outputs back to one with respect to the
 * parameters, the inputs, or both. Losses and optimisers know nothing else of it; no tensor of any
 * library leaves this room.
 */

import type { DenseShape } from './denseShape.ts';
import type { AdamStep } from './kernels/kernels.ts';

export interface Network {
  readonly shape: DenseShape;
  /** [parameterCount(shape)] in the order of `parameterLayout`; after writing, call `changed`. */
  readonly parameters: Float32Array;
  /** [parameterCount(shape)] written by `pullBack`. */
  readonly gradient: Float32Array;
  /** Says that parameters were written. */
  changed(): void;
  /** Makes room to evaluate so many inputs at once; keep it, and use it again and again. */
  pass(rows: number): Pass;
}

/** One place to evaluate a network, and to pull gradients back from there. */
export interface Pass {
  readonly rows: number;
  /** [rows × inputs], to be filled in. */
  readonly inputs: Float32Array;
  /** [rows × outputs], written by `evaluate`. */
  readonly outputs: Float32Array;
  /** [rows × outputs] ∂L/∂outputs, to be filled in before `pullBack`. */
  readonly outputGradient: Float32Array;
  /** [rows × inputs] ∂L/∂inputs, written by `pullBack` where asked for. */
  readonly inputGradient: Float32Array;
  /** Writes and returns the outputs. */
  evaluate(): Float32Array;
  /** Goes back from the last `evaluate`; overwrites the network's gradient, if it is asked for. */
  pullBack(wanted: PullBack): void;
}

/** Which gradients are wanted. */
export interface PullBack {
  readonly parameters: boolean;
  readonly inputs: boolean;
}

/** Where networks run. */
export interface Engine {
  readonly name: EngineName;
  /** Hands out an array that networks of this engine read without copying. */
  array(length: number): Float32Array;
  /** Builds a network; its parameters are zero until they are written. */
  network(shape: DenseShape): Network;
  /** Numbers or tensors that are held at the moment: constant in a loop that does not leak. */
  held(): number;
  /** Forgets everything that was built; nothing built before may be used after. */
  release(): void;
  /** The small vector operations of optimisers and target networks. */
  readonly adam: AdamOperation;
  readonly blend: BlendOperation;
}

/** `kernels` and `plain` are our own; the others are TensorFlow.js. */
export type EngineName = 'kernels' | 'plain' | 'tensorflow' | 'wasm' | 'cpu';

export type AdamOperation = (
  x: Float32Array,
  g: Float32Array,
  first: Float32Array,
  second: Float32Array,
  step: AdamStep,
) => void;

export type BlendOperation = (target: Float32Array, source: Float32Array, rate: number) => void;
