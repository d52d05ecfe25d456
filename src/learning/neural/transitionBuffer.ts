/**
 * Transitions kept to be learned from again, in single precision; the oldest is overwritten when
 * memory is full. An episode that was only cut off is no end: its next state keeps its worth.
 */

import type { Rng } from '../../numeric/rng.ts';

/** Transitions side by side, [rows × …]. */
export interface TransitionBatch {
  readonly rows: number;
  readonly observation: Float32Array;
  /** Numbers of a box, or one index. */
  readonly action: Float32Array;
  readonly reward: Float32Array;
  readonly nextObservation: Float32Array;
  /** 1 where the task ended there, else 0. */
  readonly terminated: Float32Array;
}

export interface BufferShape {
  readonly capacity: number;
  readonly observationSize: number;
  readonly actionSize: number;
}

export function transitionBatch(
  rows: number,
  { observationSize, actionSize }: Omit<BufferShape, 'capacity'>,
): TransitionBatch {
  return {
    rows,
    observation: new Float32Array(rows * observationSize),
    action: new Float32Array(rows * actionSize),
    reward: new Float32Array(rows),
    nextObservation: new Float32Array(rows * observationSize),
    terminated: new Float32Array(rows),
  };
}

export class TransitionBuffer {
  readonly #shape: BufferShape;
  readonly #all: TransitionBatch;
  #size = 0;
  #next = 0;

  constructor(shape: BufferShape) {
    if (!(Number.isInteger(shape.capacity) && shape.capacity > 0))
      throw new RangeError(
        `Cannot keep transitions: the capacity must be a whole number ≥ 1, got ${shape.capacity}`,
      );
    this.#shape = shape;
    this.#all = transitionBatch(shape.capacity, shape);
  }

  get size(): number {
    return this.#size;
  }

  /** Where the next transition is put. */
  get place(): number {
    return this.#next;
  }

  /** Memory itself, of which the first `size` rows are filled; rewards may be written anew. */
  get kept(): TransitionBatch {
    return this.#all;
  }

  add(
    observation: ArrayLike<number>,
    action: ArrayLike<number>,
    reward: number,
    nextObservation: ArrayLike<number>,
    terminated: boolean,
  ): void {
    const { observationSize, actionSize, capacity } = this.#shape;
    const i = this.#next;
    this.#all.observation.set(observation, i * observationSize);
    this.#all.action.set(action, i * actionSize);
    this.#all.reward[i] = reward;
    this.#all.nextObservation.set(nextObservation, i * observationSize);
    this.#all.terminated[i] = terminated ? 1 : 0;
    this.#next = (i + 1) % capacity;
    this.#size = Math.min(this.#size + 1, capacity);
  }

  /** Fills a batch with transitions drawn with replacement, each alike. */
  draw(rng: Rng, batch: TransitionBatch): void {
    if (this.#size === 0) throw new RangeError('Cannot replay: no transition has been kept');
    const { observationSize, actionSize } = this.#shape;
    const all = this.#all;
    for (let row = 0; row < batch.rows; row++) {
      const i = Math.floor(rng() * this.#size);
      for (let j = 0; j < observationSize; j++) {
        const to = row * observationSize + j;
        const from = i * observationSize + j;
        batch.observation[to] = all.observation[from];
        batch.nextObservation[to] = all.nextObservation[from];
      }
      for (let j = 0; j < actionSize; j++)
        batch.action[row * actionSize + j] = all.action[i * actionSize + j];
      batch.reward[row] = all.reward[i];
      batch.terminated[row] = all.terminated[i];
    }
  }

  /** Lets `reward` say what each transition that is kept is worth now. */
  relabel(
    reward: (
      observation: Float32Array,
      action: Float32Array,
      nextObservation: Float32Array,
      terminated: boolean,
    ) => number,
  ): void {
    const { observationSize, actionSize } = this.#shape;
    const { observation, action, nextObservation, terminated } = this.#all;
    for (let i = 0; i < this.#size; i++)
      this.#all.reward[i] = reward(
        observation.subarray(i * observationSize, (i + 1) * observationSize),
        action.subarray(i * actionSize, (i + 1) * actionSize),
        nextObservation.subarray(i * observationSize, (i + 1) * observationSize),
        terminated[i] === 1,
      );
  }

  /** What is kept, for a checkpoint: copies. */
  state(): { readonly next: number; readonly arrays: Readonly<Record<string, Float32Array>> } {
    const { observationSize, actionSize } = this.#shape;
    const n = this.#size;
    return {
      next: this.#next,
      arrays: {
        observation: this.#all.observation.slice(0, n * observationSize),
        action: this.#all.action.slice(0, n * actionSize),
        reward: this.#all.reward.slice(0, n),
        nextObservation: this.#all.nextObservation.slice(0, n * observationSize),
        terminated: this.#all.terminated.slice(0, n),
      },
    };
  }

  restore({ next, arrays }: ReturnType<TransitionBuffer['state']>): void {
    const { capacity } = this.#shape;
    const size = arrays.reward.length;
    if (size > capacity || next >= capacity || (size < capacity && next !== size))
      throw new RangeError(
        `Cannot go on: ${size} transitions, the next at ${next}, do not fit a memory of ${capacity}`,
      );
    for (const [name, array] of Object.entries(arrays))
      (this.#all[name as 'reward'] as Float32Array).set(array);
    this.#size = size;
    this.#next = next;
  }
}
