/**
 * Steps as a model learns from them: what was seen and done, and what changed, in units of their
 * spread. Every member of an ensemble has a sample of its own: each step counts for it as often as a
 * Poisson number of mean 1 says, so that a sample can grow step by step.
 *
 * Reference: Oza & Russell (2001), Online bagging and boosting, AISTATS.
 */

import { clamp } from '../../environments/episode.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Rng } from '../../numeric/rng.ts';

/** Keeps a column that never varies from dividing by 0. */
const LEAST_SPREAD = 1e-9;

/** Of the scale in a checkpoint. */
export const SCALE = 'seen.scale';

export interface ChangeSizes {
  /** Numbers seen and done. */
  readonly inputs: number;
  /** Numbers that change, the reward among them where it is learned. */
  readonly changes: number;
  readonly members: number;
}

export class SeenChanges {
  /** [≥ count × inputs] and [≥ count × changes] as they were. */
  inputs = new Float32Array(0);
  changes = new Float32Array(0);
  /** Mean and spread of each column, as of the latest `settle`. */
  readonly inputMean: Float64Array;
  readonly inputSpread: Float64Array;
  readonly changeMean: Float64Array;
  readonly changeSpread: Float64Array;
  readonly #sizes: ChangeSizes;
  /** [≥ settled × members] */
  #times = new Uint8Array(0);
  #count = 0;
  #settled = 0;

  constructor(sizes: ChangeSizes) {
    const { inputs, changes } = sizes;
    this.#sizes = sizes;
    this.inputMean = new Float64Array(inputs);
    this.inputSpread = new Float64Array(inputs).fill(1);
    this.changeMean = new Float64Array(changes);
    this.changeSpread = new Float64Array(changes).fill(1);
  }

  get count(): number {
    return this.#count;
  }

  /** How many there were at the latest `settle`. */
  get settled(): number {
    return this.#settled;
  }

  /**
   * Writes inputs of these steps in units of their spread.
   *
   * @param most how far from 0 one may lie
   */
  writeInputs(out: Float32Array, rows: Int32Array, most: number): void {
    const { inputs, inputMean, inputSpread } = this;
    const wide = inputMean.length;
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < wide; j++) {
        const x = (inputs[rows[i] * wide + j] - inputMean[j]) / inputSpread[j];
        out[i * wide + j] = clamp(x, -most, most);
      }
  }

  /** Returns changes of these steps in units of their spread, [rows × changes]. */
  changesOf(rows: Int32Array): Float32Array {
    const { changes, changeMean, changeSpread } = this;
    const long = changeMean.length;
    const out = new Float32Array(rows.length * long);
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < long; j++)
        out[i * long + j] = (changes[rows[i] * long + j] - changeMean[j]) / changeSpread[j];
    return out;
  }

  add(inputs: ArrayLike<number>, changes: ArrayLike<number>): void {
    const { inputs: wide, changes: long } = this.#sizes;
    this.#makeRoom(this.#count + 1);
    this.inputs.set(inputs, this.#count * wide);
    this.changes.set(changes, this.#count * long);
    this.#count++;
  }

  /** Takes the steps since the latest time into the samples, and measures all columns anew. */
  settle(rng: Rng): void {
    const { inputs, changes, members } = this.#sizes;
    for (let i = this.#settled * members; i < this.#count * members; i++)
      this.#times[i] = poisson(rng);
    this.#settled = this.#count;
    measure(this.inputs, this.#count, inputs, this.inputMean, this.inputSpread);
    measure(this.changes, this.#count, changes, this.changeMean, this.changeSpread);
  }

  /** The rows of a member's sample, each as often as it counts. */
  sampleOf(member: number): Int32Array {
    const { members } = this.#sizes;
    const rows: number[] = [];
    for (let row = 0; row < this.#settled; row++)
      for (let k = this.#times[row * members + member]; k > 0; k--) rows.push(row);
    // a sample of a few steps may be empty
    return rows.length > 0 ? Int32Array.from(rows) : Int32Array.of(this.#settled - 1);
  }

  state(): Readonly<Record<string, Float32Array | Float64Array | Uint8Array>> {
    const { inputs, changes, members } = this.#sizes;
    return {
      'seen.inputs': this.inputs.slice(0, this.#count * inputs),
      'seen.changes': this.changes.slice(0, this.#count * changes),
      'seen.times': this.#times.slice(0, this.#settled * members),
      [SCALE]: this.scale(),
    };
  }

  /** Mean and spread of each column, one after another. */
  scale(): Float64Array {
    return Float64Array.of(
      ...this.inputMean,
      ...this.inputSpread,
      ...this.changeMean,
      ...this.changeSpread,
    );
  }

  takeScale(scale: Float64Array): void {
    let from = 0;
    for (const part of [this.inputMean, this.inputSpread, this.changeMean, this.changeSpread]) {
      part.set(scale.subarray(from, from + part.length));
      from += part.length;
    }
  }

  /** @throws RangeError where the checkpoint has steps of another width */
  restore(checkpoint: Checkpoint, count: number, settled: number): void {
    const { inputs, changes, members } = this.#sizes;
    this.#makeRoom(count);
    restoreArray(checkpoint, 'seen.inputs', this.inputs.subarray(0, count * inputs));
    restoreArray(checkpoint, 'seen.changes', this.changes.subarray(0, count * changes));
    restoreArray(checkpoint, 'seen.times', this.#times.subarray(0, settled * members));
    const scale = this.scale();
    restoreArray(checkpoint, SCALE, scale);
    this.takeScale(scale);
    this.#count = count;
    this.#settled = settled;
  }

  /** Doubles what there is until so many steps fit in. */
  #makeRoom(count: number): void {
    const { inputs, changes, members } = this.#sizes;
    const has = this.inputs.length / inputs;
    if (count <= has) return;
    const room = Math.max(count, 2 * has, 256);
    const grown = <Kind extends Float32Array | Uint8Array>(larger: Kind, old: Kind): Kind => {
      larger.set(old);
      return larger;
    };
    this.inputs = grown(new Float32Array(room * inputs), this.inputs);
    this.changes = grown(new Float32Array(room * changes), this.changes);
    this.#times = grown(new Uint8Array(room * members), this.#times);
  }
}

/** A Poisson number of mean 1. */
function poisson(rng: Rng): number {
  let number = 0;
  for (let left = rng(); left > Math.exp(-1); left *= rng()) number++;
  return number;
}

function measure(
  values: Float32Array,
  count: number,
  width: number,
  mean: Float64Array,
  spread: Float64Array,
): void {
  mean.fill(0);
  spread.fill(0);
  for (let i = 0; i < count * width; i++) mean[i % width] += values[i] / count;
  for (let i = 0; i < count * width; i++)
    spread[i % width] += (values[i] - mean[i % width]) ** 2 / count;
  for (let j = 0; j < width; j++) {
    const deviation = Math.sqrt(spread[j]);
    spread[j] = deviation > LEAST_SPREAD * Math.max(1, Math.abs(mean[j])) ? deviation : 1;
  }
}
