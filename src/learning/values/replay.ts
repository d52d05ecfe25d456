/**
 * Steps kept to be learned from again, the oldest overwritten when memory is full.
 *
 * Reference: Lin (1992), Machine Learning 8.
 */

import type { Rng } from '../../numeric/rng.ts';
import type { Step } from './temporalDifference.ts';

export interface Replay {
  /** Steps that are kept now. */
  readonly size: number;
  add(step: Step): void;
  /** Draws one of them, each alike; throws a RangeError where there is none. */
  draw(rng: Rng): Step;
}

export function createReplay(capacity: number): Replay {
  if (!(Number.isInteger(capacity) && capacity > 0))
    throw new RangeError(
      `Cannot keep steps: the capacity must be a whole number ≥ 1, got ${capacity}`,
    );
  const index = new Int32Array(capacity * 4);
  const reward = new Float64Array(capacity);
  const over = new Uint8Array(capacity);
  let size = 0;
  let next = 0;
  return {
    get size() {
      return size;
    },
    add(step) {
      index.set([step.pair, step.nextFirst, step.nextEnd, step.nextPair], next * 4);
      reward[next] = step.reward;
      over[next] = step.terminated ? 1 : 0;
      next = (next + 1) % capacity;
      size = Math.min(size + 1, capacity);
    },
    draw(rng) {
      if (size === 0) throw new RangeError('Cannot replay: no step has been kept');
      const i = Math.floor(rng() * size);
      return {
        pair: index[i * 4],
        reward: reward[i],
        nextFirst: index[i * 4 + 1],
        nextEnd: index[i * 4 + 2],
        nextPair: index[i * 4 + 3],
        terminated: over[i] === 1,
      };
    },
  };
}
