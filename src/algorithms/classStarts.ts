/**
 * Where to begin looking for classes of demonstrators. The likelihood of a mixture has many peaks,
 * so several kinds of beginnings take turns:
 *
 * - `scores`: trajectories whose scores at the fit of everybody point the same way form a class
 *   (k-means on standardised scores), for they would move θ the same way
 * - `perturbed`: θ of everybody, pushed at random once per class
 * - `partition`: every trajectory is given to a class at random
 */

import type { Rng } from '../numeric/rng.ts';
import { sampleIndex } from '../numeric/rng.ts';
import type { Classes } from './classSpace.ts';
import type { ParameterSpace } from './parameters.ts';

export const classStartKinds = ['scores', 'perturbed', 'partition'] as const;
export type ClassStartKind = (typeof classStartKinds)[number];

export type ClassStart =
  | Classes
  | { readonly posterior: Float64Array; readonly theta: Float64Array };

/** How sure a start is of where it puts a trajectory. */
const CERTAINTY = 0.9;
/** Size of a push, in units in which features have unit spread and next to the size of θ. */
const PUSH = 0.5;
const KMEANS_SWEEPS = 30;

/** Draws the restart number `turn` of `classCount` classes. */
export function drawClassStart(
  turn: number,
  classCount: number,
  base: {
    readonly space: ParameterSpace;
    /** [features] of everybody */
    readonly theta: Float64Array;
    /** [trajectories × features] scores there */
    readonly score: Float64Array;
  },
  isFeasible: (theta: Float64Array) => boolean,
  rng: Rng,
): { readonly kind: ClassStartKind; readonly start: ClassStart } {
  const kind = classStartKinds[turn % classStartKinds.length];
  const { space, theta, score } = base;
  const trajectories = score.length / (theta.length || 1);
  if (kind === 'perturbed')
    return {
      kind,
      start: {
        theta: Array.from({ length: classCount }, () => push(space, theta, isFeasible, rng)),
        share: new Float64Array(classCount).fill(1 / classCount),
      },
    };
  const cluster =
    kind === 'scores'
      ? kMeans(standardised(score, space, theta.length), space.free.length, classCount, rng)
      : Int32Array.from({ length: trajectories }, () => Math.floor(rng() * classCount));
  const posterior = new Float64Array(trajectories * classCount);
  posterior.fill((1 - CERTAINTY) / Math.max(1, classCount - 1));
  cluster.forEach((k, i) => {
    posterior[i * classCount + k] = CERTAINTY;
  });
  return { kind, start: { posterior, theta } };
}

/** Moves the free parameters at random; halves the way until it is feasible. */
function push(
  { free, spread, bounds }: ParameterSpace,
  theta: Float64Array,
  isFeasible: (theta: Float64Array) => boolean,
  rng: Rng,
): Float64Array {
  const direction = Float64Array.from(free, (k, i) => {
    const size = PUSH * (1 + Math.abs(theta[k]) * spread[i]);
    return (size * normal(rng)) / spread[i];
  });
  for (let length = 1; length > 1e-6; length /= 2) {
    const moved = theta.slice();
    free.forEach((k, i) => {
      const [low, high] = bounds[k];
      moved[k] = Math.min(Math.max(theta[k] + length * direction[i], low), high);
    });
    if (isFeasible(moved)) return moved;
  }
  return theta.slice();
}

/** Box and Muller. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

/** [trajectories × free] scores with mean 0 and variance 1 where they vary. */
function standardised(
  score: Float64Array,
  { free }: ParameterSpace,
  features: number,
): Float64Array {
  const count = score.length / (features || 1);
  const out = new Float64Array(count * free.length);
  free.forEach((k, j) => {
    let mean = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) mean += score[i * features + k] / count;
    for (let i = 0; i < count; i++) squares += (score[i * features + k] - mean) ** 2 / count;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let i = 0; i < count; i++)
      out[i * free.length + j] = scale * (score[i * features + k] - mean);
  });
  return out;
}

/** Lloyd's algorithm from seeds drawn far from each other (Arthur & Vassilvitskii 2007). */
function kMeans(points: Float64Array, width: number, clusters: number, rng: Rng): Int32Array {
  const count = points.length / (width || 1);
  const cluster = new Int32Array(count);
  const centres = new Float64Array(clusters * width);
  const distance = (i: number, k: number): number => {
    let sum = 0;
    for (let j = 0; j < width; j++) sum += (points[i * width + j] - centres[k * width + j]) ** 2;
    return sum;
  };
  const nearest = new Float64Array(count).fill(1);
  for (let k = 0; k < clusters; k++) {
    const some = nearest.some((d) => d > 0);
    const i = some ? sampleIndex(nearest, rng) : Math.floor(rng() * count);
    centres.set(points.subarray(i * width, (i + 1) * width), k * width);
    for (let m = 0; m < count; m++)
      nearest[m] = k === 0 ? distance(m, 0) : Math.min(nearest[m], distance(m, k));
  }
  for (let sweep = 0; sweep < KMEANS_SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < count; i++) {
      let best = 0;
      for (let k = 1; k < clusters; k++) if (distance(i, k) < distance(i, best)) best = k;
      if (cluster[i] !== best) moved++;
      cluster[i] = best;
    }
    if (sweep > 0 && moved === 0) break;
    centres.fill(0);
    const members = new Float64Array(clusters);
    cluster.forEach((k, i) => {
      members[k]++;
      for (let j = 0; j < width; j++) centres[k * width + j] += points[i * width + j];
    });
    for (let k = 0; k < clusters; k++)
      for (let j = 0; j < width; j++) centres[k * width + j] /= Math.max(1, members[k]);
  }
  return cluster;
}
