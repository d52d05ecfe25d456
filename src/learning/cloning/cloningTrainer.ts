/**
 * Trains the network of a policy, epoch by epoch:
 *
 *   L(θ) = − Σ w log π_θ(a | s) / Σ w over a batch,   ∂L/∂θ by ∂log π/∂outputs through the network
 *
 * and Adam. The order of an epoch comes from a stream of its own, so that it can be gone on from.
 */

import type { z } from 'zod';
import { Adam } from '../../networks/adam.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import { type DenseShape, drawParameters } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import { createRng, permutation } from '../../numeric/rng.ts';
import { ScalarAdam, type ScalarAdamState } from '../neural/scalarAdam.ts';
import type { ActionHead } from './actionHead.ts';
import { logDensityChange } from './actionScale.ts';
import { headOf } from './clonedPolicy.ts';
import type { CloningOptions } from './cloningOptions.ts';
import type { PreparedRows } from './preparedRows.ts';

/** The plain numbers of its state. */
export interface TrainerNumbers {
  readonly updates: number;
  readonly adamSteps: number;
  readonly free: readonly ScalarAdamState[];
}

export class CloningTrainer {
  updates = 0;
  readonly #rows: PreparedRows;
  readonly #options: z.output<typeof CloningOptions>;
  readonly #seed: number;
  readonly #head: ActionHead;
  readonly #network: Network;
  readonly #adam: Adam;
  readonly #pass: Pass;
  readonly #free: ScalarAdam[];
  /** Values of the free parameters, and the slopes of a batch in them. */
  readonly #freeValues: Float64Array;
  readonly #freeSlope: Float64Array;

  constructor(
    engine: Engine,
    rows: PreparedRows,
    options: z.output<typeof CloningOptions>,
    seed: number,
  ) {
    this.#rows = rows;
    this.#options = options;
    this.#seed = seed;
    this.#head = headOf(rows.form);
    const { hidden, activation, rate, weightDecay, batch } = options;
    const shape: DenseShape = {
      inputs: rows.form.centre.length,
      hidden,
      activation,
      outputs: this.#head.outputs,
    };
    this.#network = engine.network(shape);
    this.#network.parameters.set(drawParameters(shape, createRng(seed, 'parameters')));
    this.#network.changed();
    this.#adam = new Adam(engine, this.#network, { rate, weightDecay });
    this.#pass = this.#network.pass(batch);
    this.#free = Array.from({ length: this.#head.free }, () => new ScalarAdam(0, rate));
    this.#freeValues = new Float64Array(this.#head.free);
    this.#freeSlope = new Float64Array(this.#head.free);
  }

  get parameters(): Float32Array {
    return this.#network.parameters;
  }

  /** [free parameters of the head] a copy */
  get free(): Float64Array {
    return this.#freeValues.slice();
  }

  /**
   * Goes once over some rows. Returns their log-likelihood each, on the head's scale, while the
   * epoch went on.
   *
   * @param number of the epoch; 1 is the first
   * @param last the last epoch, if it is known: then the rate falls to a tenth until its end
   * @throws Error where the likelihood is no number
   */
  epoch(rows: Int32Array, number: number, last: number | null): number {
    const { batch, rate } = this.#options;
    const order = permutation(rows.length, createRng(this.#seed, `order of epoch ${number}`));
    const chosen = new Int32Array(batch);
    let sum = 0;
    for (let first = 0; first < order.length; first += batch) {
      const count = Math.min(batch, order.length - first);
      for (let i = 0; i < count; i++) chosen[i] = rows[order[first + i]];
      if (last !== null) {
        const share = (number - 1 + first / order.length) / last;
        this.#adam.rate = rate * (1 - 0.9 * share);
      }
      sum += this.#update(chosen, count, number);
    }
    return sum / rows.length;
  }

  /** Log-likelihood per decision, of the actions themselves; plain and weighted. */
  score(rows: Int32Array): { readonly mean: number; readonly weighted: number } {
    const { outputs, rows: atOnce } = this.#pass;
    const { form, actions, actionSize, weight } = this.#rows;
    const at = { outputs, start: 0, free: this.#freeValues };
    let [sum, weighted, total] = [0, 0, 0];
    for (let first = 0; first < rows.length; first += atOnce) {
      const chosen = rows.subarray(first, first + atOnce);
      this.#fill(chosen, chosen.length);
      this.#pass.evaluate();
      for (let i = 0; i < chosen.length; i++) {
        const from = chosen[i] * actionSize;
        at.start = i * this.#head.outputs;
        let log = this.#head.logDensity(at, actions, from, null);
        if (form.scale) log += logDensityChange(form.scale, actions, from);
        sum += log;
        weighted += weight[chosen[i]] * log;
        total += weight[chosen[i]];
      }
    }
    const mean = sum / rows.length;
    return { mean, weighted: total > 0 ? weighted / total : mean };
  }

  state(): { readonly numbers: TrainerNumbers; readonly arrays: Record<string, Float32Array> } {
    const { steps, first, second } = this.#adam.state();
    return {
      numbers: {
        updates: this.updates,
        adamSteps: steps,
        free: this.#free.map((adam) => adam.state()),
      },
      arrays: { parameters: this.#network.parameters.slice(), first, second },
    };
  }

  /** @throws RangeError where the checkpoint is of a network of another shape */
  restore(checkpoint: Checkpoint, { updates, adamSteps, free }: TrainerNumbers): void {
    if (free.length !== this.#free.length)
      throw new RangeError(
        `Cannot go on: the checkpoint has ${free.length} free parameters, wanted ${this.#free.length}; was it made with another head?`,
      );
    const { first, second } = this.#adam.state();
    restoreArray(checkpoint, 'first', first);
    restoreArray(checkpoint, 'second', second);
    restoreArray(checkpoint, 'parameters', this.#network.parameters);
    this.#network.changed();
    this.#adam.restore({ steps: adamSteps, first, second });
    free.forEach((state, j) => {
      this.#free[j].restore(state);
      this.#freeValues[j] = state.value;
    });
    this.updates = updates;
  }

  /** Returns Σ log π before the step. */
  #update(chosen: Int32Array, count: number, epoch: number): number {
    const pass = this.#pass;
    const { weight, actions, actionSize } = this.#rows;
    this.#fill(chosen, count);
    pass.evaluate();
    pass.outputGradient.fill(0);
    this.#freeSlope.fill(0);
    let total = 0;
    for (let i = 0; i < count; i++) total += weight[chosen[i]];
    const at = { outputs: pass.outputs, start: 0, free: this.#freeValues };
    const slopes = { weight: 0, outputs: pass.outputGradient, free: this.#freeSlope };
    let sum = 0;
    for (let i = 0; i < count; i++) {
      at.start = i * this.#head.outputs;
      slopes.weight = total > 0 ? -weight[chosen[i]] / total : 0;
      sum += this.#head.logDensity(at, actions, chosen[i] * actionSize, slopes);
    }
    if (!Number.isFinite(sum))
      throw new Error(
        `Cannot go on cloning: the likelihood is ${sum} at update ${this.updates + 1}, in epoch ${epoch}; the best policy before it is kept (a smaller rate may help)`,
      );
    pass.pullBack({ parameters: true, inputs: false });
    this.#adam.step();
    this.#free.forEach((adam, j) => {
      adam.step(this.#freeSlope[j]);
      this.#freeValues[j] = adam.value;
    });
    this.updates++;
    return sum;
  }

  #fill(chosen: Int32Array, count: number): void {
    const { inputs } = this.#pass;
    const { form, inputs: all } = this.#rows;
    const width = form.centre.length;
    for (let i = 0; i < count; i++) {
      const from = chosen[i] * width;
      for (let j = 0; j < width; j++) inputs[i * width + j] = all[from + j];
    }
  }
}
