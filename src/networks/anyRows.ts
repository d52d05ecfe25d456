/**
 * Evaluates a network on however many inputs there are, each time another number of them: in passes
 * whose sizes are powers of two, which are kept.
 */

import type { Network, Pass } from './network.ts';

/** Inputs that are evaluated at once at most. */
const MOST = 1024;

export class AnyRows {
  readonly #network: Network;
  readonly #passes = new Map<number, Pass>();

  constructor(network: Network) {
    this.#network = network;
  }

  /**
   * @param inputs [rows × inputs]
   * @param visit told where the outputs of each row begin; they are overwritten by the next call
   */
  evaluate(
    inputs: ArrayLike<number>,
    rows: number,
    visit: (row: number, outputs: Float32Array, start: number) => void,
  ): void {
    const { inputs: width, outputs: wide } = this.#network.shape;
    for (let first = 0; first < rows; first += MOST) {
      const count = Math.min(MOST, rows - first);
      const pass = this.#passOf(count);
      for (let i = 0; i < count * width; i++) pass.inputs[i] = inputs[first * width + i];
      const outputs = pass.evaluate();
      for (let row = 0; row < count; row++) visit(first + row, outputs, row * wide);
    }
  }

  #passOf(rows: number): Pass {
    const size = 2 ** Math.ceil(Math.log2(rows));
    let pass = this.#passes.get(size);
    if (!pass) {
      pass = this.#network.pass(size);
      this.#passes.set(size, pass);
    }
    return pass;
  }
}
