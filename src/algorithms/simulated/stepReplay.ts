/**
 * Steps kept to be learned from again, with what a reward sees of them instead of what it pays: every
 * reward tells anew what each of them is worth. The oldest is overwritten when memory is full.
 */

import { type TransitionBatch, TransitionBuffer } from '../../learning/neural/transitionBuffer.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { StepReward } from './stepReward.ts';
import type { SteppedEpisode, StepRows, StepSizes } from './stepRows.ts';

export class StepReplay {
  readonly #buffer: TransitionBuffer;
  readonly #rows: StepRows;
  readonly #sizes: StepSizes;

  constructor(capacity: number, sizes: StepSizes) {
    const { observationSize, actionSize, featureCount } = sizes;
    this.#sizes = sizes;
    this.#buffer = new TransitionBuffer({ capacity, observationSize, actionSize });
    const { observation, action, nextObservation } = this.#buffer.kept;
    this.#rows = {
      count: capacity,
      observation,
      action,
      next: nextObservation,
      features: new Float32Array(capacity * featureCount),
    };
  }

  get size(): number {
    return this.#buffer.size;
  }

  /** Keeps an episode; where it was only cut off, what it reached keeps its worth. */
  add({ rows, terminated }: SteppedEpisode): void {
    const { observationSize: size, actionSize: width, featureCount } = this.#sizes;
    const { observation, action, next, features, count } = rows;
    for (let i = 0; i < count; i++) {
      const at = this.#buffer.place * featureCount;
      for (let k = 0; k < featureCount; k++)
        this.#rows.features[at + k] = features[i * featureCount + k];
      this.#buffer.add(
        observation.subarray(i * size, (i + 1) * size),
        action.subarray(i * width, (i + 1) * width),
        0,
        next.subarray(i * size, (i + 1) * size),
        terminated && i === count - 1,
      );
    }
  }

  /** Tells what every step that is kept is worth under a reward. */
  relabel(reward: StepReward, theta: Float64Array): void {
    reward.evaluate(theta, { ...this.#rows, count: this.size }, this.#buffer.kept.reward);
  }

  draw(rng: Rng, batch: TransitionBatch): void {
    this.#buffer.draw(rng, batch);
  }

  /** Copies of what is kept; what it is worth is told anew. */
  state(): { readonly next: number; readonly arrays: Record<string, Float32Array> } {
    const { next, arrays } = this.#buffer.state();
    const features = this.#rows.features.slice(0, this.size * this.#sizes.featureCount);
    return { next, arrays: { ...arrays, features: features as Float32Array } };
  }

  /** @throws RangeError where the checkpoint is of steps of another shape */
  restore(checkpoint: Checkpoint, { size, next }: { size: number; next: number }): void {
    const { observationSize, actionSize, featureCount } = this.#sizes;
    const read = (name: string, width: number): Float32Array => {
      const array = new Float32Array(size * width);
      restoreArray(checkpoint, name, array);
      return array;
    };
    this.#buffer.restore({
      next,
      arrays: {
        observation: read('observation', observationSize),
        action: read('action', actionSize),
        reward: read('reward', 1),
        nextObservation: read('nextObservation', observationSize),
        terminated: read('terminated', 1),
      },
    });
    this.#rows.features.set(read('features', featureCount));
  }
}
