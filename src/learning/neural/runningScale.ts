/**
 * Running mean and variance of observations, so that a network sees each number in units of its own
 * spread whatever it is measured in:
 *
 *   n ← n + 1,  d = x − m,  m ← m + d / n,  S ← S + d (x − m),   z = clip((x − m) / √(S/n + ε), ±10)
 *
 * Only what is met while learning moves it; to evaluate it stands still.
 *
 * Reference: Welford (1962), Technometrics 4.
 */

import { clamp } from '../../environments/episode.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';

const EPSILON = 1e-8;
/** Largest number that a network sees. */
const MOST = 10;

export class RunningScale {
  readonly #mean: Float64Array;
  /** Sums of squared distances from the mean. */
  readonly #squares: Float64Array;
  readonly #count: Float64Array;

  constructor(size: number) {
    this.#mean = new Float64Array(size);
    this.#squares = new Float64Array(size);
    this.#count = new Float64Array(1);
  }

  /** Learns from an observation [size]. */
  add(observation: ArrayLike<number>): void {
    const count = ++this.#count[0];
    for (let i = 0; i < this.#mean.length; i++) {
      const distance = observation[i] - this.#mean[i];
      this.#mean[i] += distance / count;
      this.#squares[i] += distance * (observation[i] - this.#mean[i]);
    }
  }

  /** Scales observations [rows × size] in place; before two have been met they stay as they are. */
  scale(observations: Float32Array | Float64Array): void {
    const count = this.#count[0];
    if (count < 2) return;
    const size = this.#mean.length;
    for (let i = 0; i < observations.length; i++) {
      const j = i % size;
      const spread = Math.sqrt(this.#squares[j] / count + EPSILON);
      observations[i] = clamp((observations[i] - this.#mean[j]) / spread, -MOST, MOST);
    }
  }

  /** What a checkpoint needs: copies. */
  state(): Readonly<Record<string, Float64Array>> {
    return {
      'scale.mean': this.#mean.slice(),
      'scale.squares': this.#squares.slice(),
      'scale.count': this.#count.slice(),
    };
  }

  /** @throws RangeError where the checkpoint has none, or one of another width */
  restore(checkpoint: Pick<Checkpoint, 'arrays'>): void {
    restoreArray(checkpoint, 'scale.mean', this.#mean);
    restoreArray(checkpoint, 'scale.squares', this.#squares);
    restoreArray(checkpoint, 'scale.count', this.#count);
  }
}
