/**
 * Functions of what is seen, in which values are linear: V(o) = w · b(o). They lie in a room between
 * what a network could learn and what least squares can find without any luck.
 */

import type { RecordedSteps } from './recordedSteps.ts';

export interface StateBasis {
  /** How many functions. */
  readonly size: number;
  /** Writes b(o) [size] into `out` from `start` on. */
  readonly write: (observation: ArrayLike<number>, out: Float64Array, start: number) => void;
}

/** One indicator per state, where what is seen is the number of one. */
export function indicatorBasis(stateCount: number): StateBasis {
  return {
    size: stateCount,
    write(observation, out, start) {
      const state = observation[0];
      if (!(Number.isInteger(state) && state >= 0 && state < stateCount))
        throw new RangeError(
          `Cannot describe a state: its number must be one of 0 … ${stateCount - 1}, got ${state}`,
        );
      out.fill(0, start, start + stateCount);
      out[start + state] = 1;
    },
  };
}

/**
 * All products of up to `degree` coordinates, the constant included, after these are shifted and
 * scaled so that the recorded ones lie in [−1, 1]; farther out they are held at ±`edge`, or powers
 * would grow where nothing was recorded.
 */
export function polynomialBasis(
  { observationSize: size, observations, next }: RecordedSteps,
  degree: number,
  edge = 1.5,
): StateBasis {
  if (!(Number.isInteger(degree) && degree >= 0))
    throw new RangeError(
      `Cannot build a basis: the degree must be a whole number ≥ 0, got ${degree}`,
    );
  const low = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const high = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (const seen of [observations, next])
    seen.forEach((x, i) => {
      const j = i % size;
      low[j] = Math.min(low[j], x);
      high[j] = Math.max(high[j], x);
    });
  const terms = productsOf(size, degree);
  const scaled = new Float64Array(size);
  return {
    size: terms.length,
    write(observation, out, start) {
      for (let j = 0; j < size; j++) {
        const width = high[j] - low[j];
        const x = width > 0 ? (2 * (observation[j] - low[j])) / width - 1 : 0;
        scaled[j] = Math.min(Math.max(x, -edge), edge);
      }
      // each product is an earlier one times one coordinate more
      out[start] = 1;
      for (let k = 1; k < terms.length; k++)
        out[start + k] = out[start + terms[k].of] * scaled[terms[k].by];
    },
  };
}

/**
 * Shares of kernels about recorded observations, ≥ 0 and summing to 1: with coordinates scaled to unit
 * spread,
 *
 *   b_j(o) ∝ exp(−½ |o − c_j|² / h²),   shares below 1e-4 left out
 *
 * The centres lie as far from each other as they can: each is the observation farthest from those
 * before it. h is `width` times the mean distance from a centre to its nearest.
 *
 * Reference: Gonzalez (1985), Theoretical Computer Science 38 (farthest first).
 */
export function kernelBasis(
  { observationSize: size, observations, next, count }: RecordedSteps,
  centres: number,
  width = 0.5,
): StateBasis {
  if (!(Number.isInteger(centres) && centres >= 1 && width > 0))
    throw new RangeError(
      `Cannot build a basis: wanted a whole number of centres ≥ 1 and a width > 0, got ${centres} and ${width}`,
    );
  const seen = new Float64Array(2 * count * size);
  seen.set(observations);
  seen.set(next, count * size);
  const spread = spreadOf(observations, size);
  for (let i = 0; i < seen.length; i++) seen[i] /= spread[i % size];
  const at = farthestFirst(seen, size, centres);
  const places = Float64Array.from(
    { length: at.length * size },
    (_, i) => seen[at[Math.floor(i / size)] * size + (i % size)],
  );
  const scale = 0.5 / (width * nearestDistance(places, size)) ** 2;
  const scaled = new Float64Array(size);
  return {
    size: at.length,
    write(observation, out, start) {
      for (let j = 0; j < size; j++) scaled[j] = observation[j] / spread[j];
      let nearest = Number.POSITIVE_INFINITY;
      for (let c = 0; c < at.length; c++) {
        out[start + c] = scale * squareDistance(places, c, scaled, 0, size);
        nearest = Math.min(nearest, out[start + c]);
      }
      let total = 0;
      for (let k = start; k < start + at.length; k++) {
        const share = Math.exp(nearest - out[k]);
        out[k] = share < LEAST ? 0 : share;
        total += out[k];
      }
      for (let k = start; k < start + at.length; k++) out[k] /= total;
    },
  };
}

const LEAST = 1e-4;

/** Standard deviations of coordinates; 1 where they never vary. */
function spreadOf(observations: Float64Array, size: number): Float64Array {
  const rows = observations.length / size;
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  observations.forEach((x, i) => {
    mean[i % size] += x / rows;
  });
  observations.forEach((x, i) => {
    squares[i % size] += (x - mean[i % size]) ** 2 / rows;
  });
  return squares.map((variance) => Math.sqrt(variance) || 1);
}

/** Rows of `seen`, the first first; fewer than asked for where no others differ. */
function farthestFirst(seen: Float64Array, size: number, centres: number): number[] {
  const rows = seen.length / size;
  const distance = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const chosen = [0];
  for (;;) {
    let farthest = 0;
    for (let i = 0; i < rows; i++) {
      distance[i] = Math.min(distance[i], squareDistance(seen, chosen.at(-1)!, seen, i, size));
      if (distance[i] > distance[farthest]) farthest = i;
    }
    if (chosen.length >= centres || distance[farthest] === 0) return chosen;
    chosen.push(farthest);
  }
}

/** Mean distance of a place to its nearest other; 1 where there is none. */
function nearestDistance(places: Float64Array, size: number): number {
  const rows = places.length / size;
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < rows; j++)
      if (j !== i) least = Math.min(least, squareDistance(places, i, places, j, size));
    sum += Math.sqrt(least) / rows;
  }
  return Number.isFinite(sum) ? sum : 1;
}

function squareDistance(
  a: Float64Array,
  row: number,
  b: Float64Array,
  other: number,
  size: number,
): number {
  let sum = 0;
  for (let j = 0; j < size; j++) sum += (a[row * size + j] - b[other * size + j]) ** 2;
  return sum;
}

interface Product {
  /** Number of the product that it extends. */
  readonly of: number;
  /** By which coordinate; none of a lower number follows. */
  readonly by: number;
}

function productsOf(size: number, degree: number): Product[] {
  const terms: Product[] = [{ of: 0, by: 0 }];
  let [first, end] = [0, 1];
  for (let d = 1; d <= degree; d++) {
    for (let of = first; of < end; of++)
      for (let by = of === 0 ? 0 : terms[of].by; by < size; by++) terms.push({ of, by });
    [first, end] = [end, terms.length];
  }
  return terms;
}
