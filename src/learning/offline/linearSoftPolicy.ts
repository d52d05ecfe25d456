/** The policy of values that are linear in functions of what is seen: π(a | o) ∝ exp(wₐ · b(o) / τ). */

import { type Rng, sampleIndex } from '../../numeric/rng.ts';
import { softRow } from './inverseSoftBellmanLoss.ts';
import type { StateBasis } from './stateBasis.ts';

export interface LinearSoftPolicyData {
  readonly basis: StateBasis;
  readonly observationSize: number;
  readonly actionCount: number;
  readonly temperature: number;
  /** [actions × basis] */
  readonly weights: Float64Array;
}

export class LinearSoftPolicy {
  readonly data: LinearSoftPolicyData;
  readonly #encoded: Float64Array;
  readonly #policy: Float64Array;

  constructor(data: LinearSoftPolicyData) {
    this.data = data;
    this.#encoded = new Float64Array(data.basis.size);
    this.#policy = new Float64Array(data.actionCount);
  }

  /**
   * Acts in several worlds at once.
   *
   * @param observations [rows × observationSize]
   * @param rng draws the actions; null: the likeliest
   * @param out [rows] numbers of actions
   */
  act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array): void {
    for (let row = 0; row < rows; row++) {
      this.#choose(observations, row);
      let likeliest = 0;
      this.#policy.forEach((p, b) => {
        if (p > this.#policy[likeliest]) likeliest = b;
      });
      out[row] = rng ? sampleIndex(this.#policy, rng) : likeliest;
    }
  }

  /** Overwrites `out` [rows] with log π(a | o). */
  logLikelihood(
    observations: Float64Array,
    actions: Float64Array,
    rows: number,
    out: Float64Array,
  ): void {
    for (let row = 0; row < rows; row++) {
      this.#choose(observations, row);
      out[row] = Math.log(this.#policy[actions[row]]);
    }
  }

  /** Leaves π of a row. */
  #choose(observations: Float64Array, row: number): void {
    const { basis, observationSize: size, actionCount, temperature, weights } = this.data;
    const from = row * size;
    if (from + size > observations.length)
      throw new RangeError(
        `Cannot act: wanted observations of ${size} numbers, got ${observations.length} numbers for ${row + 1} or more`,
      );
    basis.write(observations.subarray(from, from + size), this.#encoded, 0);
    for (let a = 0; a < actionCount; a++) {
      let sum = 0;
      for (let k = 0; k < basis.size; k++) sum += weights[a * basis.size + k] * this.#encoded[k];
      this.#policy[a] = sum;
    }
    softRow(this.#policy, 0, actionCount, temperature, this.#policy);
  }
}
