/**
 * Two critics of the same actions, of which the lesser is believed: where values are overestimated
 * by chance, both must be.
 *
 * Reference: Fujimoto, van Hoof & Meger (2018), Addressing function approximation error in
 * actor-critic methods, ICML.
 */

import type { Network, Pass } from '../../networks/network.ts';
import type { SacSizes } from './softActorCriticOptions.ts';
import { writePairs } from './statePairs.ts';

export class TwinCritics {
  readonly #first: Pass;
  readonly #second: Pass;
  readonly #sizes: SacSizes;

  /** @param networks each from an observation and an action to one number */
  constructor(networks: readonly [Network, Network], rows: number, sizes: SacSizes) {
    [this.#first, this.#second] = networks.map((network) => network.pass(rows)) as [Pass, Pass];
    this.#sizes = sizes;
  }

  /** Values actions [rows × actionSize] at observations [rows × observationSize]. */
  evaluate(observation: Float32Array, action: Float32Array): void {
    const { observationSize, actionSize } = this.#sizes;
    writePairs(this.#first, observation, action, observationSize, actionSize);
    this.#second.inputs.set(this.#first.inputs);
    this.#first.evaluate();
    this.#second.evaluate();
  }

  /** min Q of a row. */
  least(row: number): number {
    return Math.min(this.#first.outputs[row], this.#second.outputs[row]);
  }

  /** Returns ½ E[(Q − y)²] of both, and leaves the gradients with the networks. */
  learn(target: Float32Array): [number, number] {
    const lossOf = (pass: Pass): number => {
      let loss = 0;
      for (let i = 0; i < pass.rows; i++) {
        const error = pass.outputs[i] - target[i];
        loss += (0.5 * error * error) / pass.rows;
        pass.outputGradient[i] = error / pass.rows;
      }
      pass.pullBack({ parameters: true, inputs: false });
      return loss;
    };
    return [lossOf(this.#first), lossOf(this.#second)];
  }

  /**
   * Returns −E[Q] of the lesser critic, or of the first.
   *
   * @param slope [rows × actionSize] overwritten by its gradient along the actions
   */
  climb(objective: 'least' | 'first', slope: Float32Array): number {
    const [first, second] = [this.#first, this.#second];
    const { observationSize, actionSize } = this.#sizes;
    const { rows } = first;
    const width = observationSize + actionSize;
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const climbsFirst = objective === 'first' || first.outputs[i] <= second.outputs[i];
      loss -= (climbsFirst ? first.outputs[i] : second.outputs[i]) / rows;
      first.outputGradient[i] = climbsFirst ? -1 / rows : 0;
      second.outputGradient[i] = climbsFirst ? 0 : -1 / rows;
    }
    first.pullBack({ parameters: false, inputs: true });
    second.pullBack({ parameters: false, inputs: true });
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < actionSize; j++) {
        const at = i * width + observationSize + j;
        slope[i * actionSize + j] = first.inputGradient[at] + second.inputGradient[at];
      }
    return loss;
  }
}
