/**
 * The actor of soft actor-critic: a network that says mean and log σ of a Gaussian, squashed into the
 * box (−1, 1)ᵈ by tanh; see `tanhGaussian.ts` for the density.
 */

import { AnyRows } from '../../networks/anyRows.ts';
import type { Network } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import { EDGE } from '../cloning/actionScale.ts';
import { clampedLogStd, tanhGaussianLogDensity } from './tanhGaussian.ts';

export class BoxActor {
  readonly #rows: AnyRows;
  readonly #actionSize: number;

  /** @param network with 2 · actionSize outputs: means, then log σ */
  constructor(network: Network, actionSize: number) {
    this.#rows = new AnyRows(network);
    this.#actionSize = actionSize;
  }

  /**
   * Writes actions in (−1, 1) [rows × actionSize]: drawn, or with `rng` null the most likely before
   * squashing, tanh μ.
   *
   * @param observations [rows × observationSize]
   */
  act(
    observations: ArrayLike<number>,
    rows: number,
    rng: Rng | null,
    out: { [i: number]: number },
  ): void {
    const size = this.#actionSize;
    this.#rows.evaluate(observations, rows, (row, outputs, start) => {
      for (let j = 0; j < size; j++) {
        const noise = rng
          ? Math.exp(clampedLogStd(outputs[start + size + j])) * standardNormal(rng)
          : 0;
        out[row * size + j] = Math.tanh(outputs[start + j] + noise);
      }
    });
  }

  /**
   * Writes the log densities of actions [rows × actionSize] with respect to (−1, 1)ᵈ. There is none
   * at an edge: what lies there is moved inwards, as for clones.
   *
   * @param out [rows], overwritten
   */
  logLikelihood(
    observations: ArrayLike<number>,
    actions: ArrayLike<number>,
    rows: number,
    out: Float64Array,
  ): void {
    const size = this.#actionSize;
    this.#rows.evaluate(observations, rows, (row, outputs, start) => {
      out[row] = 0;
      for (let j = 0; j < size; j++) {
        const a = Math.max(EDGE - 1, Math.min(1 - EDGE, actions[row * size + j]));
        out[row] += tanhGaussianLogDensity(outputs[start + j], outputs[start + size + j], a);
      }
    });
  }
}
