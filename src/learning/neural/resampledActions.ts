/**
 * Actions of a critic without a policy network: one of uniform candidates, by its weight,
 *
 *   aₖ uniform in (−1, 1)ᵈ,  π(aₖ) ∝ exp(Q(s, aₖ)/τ)
 *
 * exact as candidates grow many, in few dimensions. Without chance it is the best of candidates that
 * are always the same.
 */

import type { Engine, Network, Pass } from '../../networks/network.ts';
import { createRng, type Rng, sampleIndex } from '../../numeric/rng.ts';
import type { Player } from './controlLearner.ts';
import { networkPlayer } from './networkPlayer.ts';
import type { SacSizes } from './softActorCriticOptions.ts';
import { writeCandidates } from './statePairs.ts';

export class ResampledActions {
  readonly #critic: Network;
  readonly #sizes: SacSizes;
  readonly #candidates: number;
  readonly #temperature: number;
  readonly #pass: Pass;
  readonly #weights: Float64Array;
  /** Candidates where actions are to be chosen without chance. */
  readonly #standing: Float32Array;

  /** @param temperature τ in units of the critic; 0: the best candidate */
  constructor(critic: Network, sizes: SacSizes, candidates: number, temperature: number) {
    this.#critic = critic;
    this.#sizes = sizes;
    this.#candidates = candidates;
    this.#temperature = temperature;
    this.#pass = critic.pass(candidates);
    this.#weights = new Float64Array(candidates);
    const fixed = createRng(0, 'candidates');
    this.#standing = Float32Array.from(
      { length: candidates * sizes.actionSize },
      () => 2 * fixed() - 1,
    );
  }

  /** Writes an action: drawn, or with `rng` null the best of fixed candidates. */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    const { actionSize, observationSize } = this.#sizes;
    writeCandidates(this.#pass, 0, this.#candidates, observation, actionSize, (k, j) =>
      rng ? 2 * rng() - 1 : this.#standing[k * actionSize + j],
    );
    const value = this.#pass.evaluate();
    let chosen = largest(value, 0, this.#candidates);
    if (rng && this.#temperature > 0) {
      const most = value[chosen];
      for (let k = 0; k < this.#candidates; k++)
        this.#weights[k] = Math.exp((value[k] - most) / this.#temperature);
      chosen = sampleIndex(this.#weights, rng);
    }
    const from = chosen * (observationSize + actionSize) + observationSize;
    for (let j = 0; j < actionSize; j++) out[j] = this.#pass.inputs[from + j];
  }

  /** Writes Q(s, a) in units of the critic, at actions [rows × actionSize] in one state. */
  actionValue(observation: ArrayLike<number>, actions: ArrayLike<number>, out: Float64Array): void {
    const { actionSize } = this.#sizes;
    for (let from = 0; from < out.length; from += this.#candidates) {
      const rows = Math.min(this.#candidates, out.length - from);
      writeCandidates(
        this.#pass,
        0,
        rows,
        observation,
        actionSize,
        (k, j) => actions[(from + k) * actionSize + j],
      );
      const values = this.#pass.evaluate();
      for (let k = 0; k < rows; k++) out[from + k] = values[k];
    }
  }

  /** Takes the best of fixed candidates. */
  player(engine: Engine, rows: number): Player<Float64Array> {
    const { actionSize } = this.#sizes;
    const each = this.#candidates;
    const standing = this.#standing;
    const action = new Float64Array(actionSize);
    return networkPlayer(
      engine,
      { name: 'critic', network: this.#critic.shape, rows, each },
      {
        see: (pass, row, observation) =>
          writeCandidates(
            pass,
            row * each,
            each,
            observation,
            actionSize,
            (k, j) => standing[k * actionSize + j],
          ),
        action({ outputs }, row) {
          const best = largest(outputs, row * each, each);
          for (let j = 0; j < actionSize; j++) action[j] = standing[best * actionSize + j];
          return action;
        },
      },
    );
  }
}

function largest(x: Float32Array, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (x[start + k] > x[start + best]) best = k;
  return best;
}
