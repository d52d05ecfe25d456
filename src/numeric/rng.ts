/**
 * Seeded random numbers: one seed at the door, one named stream per purpose.
 *
 * A stream is the ARC4 generator of seedrandom keyed by (seed, stream), so what one purpose draws
 * never moves another. Its state is plain JSON, and restoring it continues bit for bit.
 */

import seedrandom from 'seedrandom';

/** Where a stream stands: the ARC4 counters and its permutation of 0…255. Plain JSON. */
export interface RngState {
  readonly i: number;
  readonly j: number;
  readonly S: readonly number[];
}

export interface Rng {
  /** Returns the next number, uniform on [0, 1). */
  (): number;
  /** Returns a copy of where the stream stands; pass it to `restoreRng` to go on from here. */
  state(): RngState;
}

/**
 * Starts a stream of random numbers.
 *
 * @param seed the number 7 and the text '7' are the same seed
 * @param stream what the numbers are for; streams of one seed are independent
 */
export function createRng(seed: number | string, stream: string): Rng {
  return seedrandom(JSON.stringify([String(seed), stream]), { state: true });
}

/** Returns a stream that goes on exactly where the one that gave `state` stood. */
export function restoreRng(state: RngState): Rng {
  const { i, j, S } = state;
  const isByte = (x: number) => Number.isInteger(x) && x >= 0 && x < 256;
  if (!isByte(i) || !isByte(j) || new Set(S).size !== 256 || S.length !== 256 || !S.every(isByte)) {
    throw new RangeError(
      'Cannot restore a random stream: state must hold i, j and a permutation S of 0…255',
    );
  }
  return seedrandom('', { state: { i, j, S: [...S] } });
}

/**
 * Draws an index with the given probabilities.
 *
 * @param probabilities weights ≥ 0; only their ratios count, so rounding to 1 − 1e-16 is harmless
 * @param start first index that may be drawn, for one row of a flat array
 * @param end one past the last
 * @throws RangeError where no weight is positive or one is not finite
 */
export function sampleIndex(
  probabilities: ArrayLike<number>,
  rng: Rng,
  start = 0,
  end = probabilities.length,
): number {
  let total = 0;
  for (let i = start; i < end; i++) total += probabilities[i];
  if (!(total > 0 && total < Infinity)) {
    throw new RangeError(
      `Cannot draw an index: probabilities must have a positive finite sum, got ${total}`,
    );
  }
  let left = rng() * total;
  let last = start;
  for (let i = start; i < end; i++) {
    if (probabilities[i] <= 0) continue;
    if (left < probabilities[i]) return i;
    left -= probabilities[i];
    last = i;
  }
  return last;
}

/** Returns a uniformly random order of 0 … n−1 (Fisher and Yates). */
export function permutation(n: number, rng: Rng): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const k = Math.floor(rng() * (i + 1));
    const moved = order[i];
    order[i] = order[k];
    order[k] = moved;
  }
  return order;
}
