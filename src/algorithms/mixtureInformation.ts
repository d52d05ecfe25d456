/**
 * What a fit of classes leaves behind for inference: the curvature of the mixture's likelihood and
 * the products of its scores, for all θ and all shares.
 *
 *   trajectory i:  gᵢ = ∂ log Lᵢ
 *   decision t:    ∂ log p(aₜ | past) = ∂ log L(a₀ … aₜ) − ∂ log L(a₀ … aₜ₋₁)
 *
 * Shares sum to 1. They all are parameters, and the direction that would change the sum is set aside
 * as one along which nothing is asked; so each share has its own standard error. Shares enter as
 * log(Σ share · L) − log(Σ share), which along that direction does not change.
 */

import type { ClassSpace } from './classSpace.ts';
import type { Information } from './information.ts';
import type { MixtureObjective } from './mixtureObjective.ts';
import type { Problem } from './problem.ts';
import { likelihoodProducts } from './scoreProducts.ts';

/**
 * @param objective evaluated at the estimates last
 * @param hessian [x × x] of minus the likelihood per decision there
 * @param flat [x] directions that the data do not identify
 * @param held [x] 1 where a bound holds a coordinate
 */
export function mixtureInformation(
  problem: Problem,
  space: ClassSpace,
  objective: MixtureObjective,
  hessian: Float64Array,
  flat: readonly Float64Array[],
  held: Uint8Array,
  decisions: number,
): Information {
  const { classCount, one, names } = space;
  const { share } = objective.latest();
  const width = one.free.length;
  const features = one.names.length;
  const size = held.length;
  const logits = classCount * width;
  const loose = Array.from({ length: logits }, (_, a) => a).filter((a) => !held[a]);
  const kept = loose.length + classCount;

  /** [kept × x] row: how x moves with the parameters, dα_j = dπ_j / π_j − dπ_K / π_K. */
  const jacobian = new Float64Array(kept * size);
  loose.forEach((a, row) => {
    jacobian[row * size + a] = 1;
  });
  for (let k = 0; k < classCount; k++)
    for (let j = 0; j < classCount - 1; j++)
      jacobian[(loose.length + k) * size + logits + j] =
        k === j ? 1 / share[k] : k === classCount - 1 ? -1 / share[k] : 0;
  const curvature = new Float64Array(kept * kept);
  for (let r = 0; r < kept; r++)
    for (let a = 0; a < size; a++) {
      const left = jacobian[r * size + a];
      if (left === 0) continue;
      for (let c = 0; c < kept; c++)
        for (let b = 0; b < size; b++)
          curvature[r * kept + c] +=
            decisions * left * hessian[a * size + b] * jacobian[c * size + b];
    }

  const sumOfShares = new Float64Array(kept).fill(1, loose.length);
  return {
    free: Int32Array.from([
      ...loose.map((a) => space.free[a]),
      ...Array.from({ length: classCount }, (_, k) => classCount * features + k),
    ]),
    spread: Float64Array.from([
      ...loose.map((a) => space.spread[a]),
      ...new Array<number>(classCount).fill(1),
    ]),
    hessian: curvature,
    flat: [sumOfShares, ...flat.map((v) => inShares(v, loose, logits, share))],
    ...likelihoodProducts(names.length, problem.trajectories, (visit) =>
      eachMixtureScore(problem, space, objective, visit),
    ),
  };
}

/** A direction of x as one of (θ · spread, shares). */
function inShares(
  v: Float64Array,
  loose: readonly number[],
  logits: number,
  share: Float64Array,
): Float64Array {
  const slope = Float64Array.from(share, (_, k) => v[logits + k] ?? 0);
  const mean = share.reduce((sum, p, k) => sum + p * slope[k], 0);
  return Float64Array.from([
    ...loose.map((a) => v[a]),
    ...share.map((p, k) => p * (slope[k] - mean)),
  ]);
}

/** Tells the score of every decision given those before it, in the space's parameters. */
function eachMixtureScore(
  { trajectories }: Problem,
  { classCount, one, names }: ClassSpace,
  { ofClass, latest }: MixtureObjective,
  visit: (trajectory: number, row: number, score: Float64Array) => void,
): void {
  const features = one.names.length;
  const rows = trajectories.state.length;
  const logs = ofClass.map(() => new Float64Array(rows));
  const scores = ofClass.map(() => new Float64Array(rows * features));
  const decided: { trajectory: number; row: number }[] = [];
  ofClass.forEach((one, k) => {
    one.each((trajectory, row, logProbability, score) => {
      logs[k][row] = logProbability;
      scores[k].set(score, row * features);
      if (k === 0) decided.push({ trajectory, row });
    });
  });
  const { share } = latest();
  const past = new Float64Array(classCount);
  const own = ofClass.map(() => new Float64Array(features));
  const before = new Float64Array(names.length);
  const after = new Float64Array(names.length);
  const score = new Float64Array(names.length);
  const rho = new Float64Array(classCount);
  let current = -1;
  for (const { trajectory, row } of decided) {
    if (trajectory !== current) {
      current = trajectory;
      past.set(share.map(Math.log));
      for (const sum of own) sum.fill(0);
      before.fill(0);
    }
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classCount; k++) {
      past[k] += logs[k][row];
      largest = Math.max(largest, past[k]);
      for (let f = 0; f < features; f++) own[k][f] += scores[k][row * features + f];
    }
    let sum = 0;
    for (let k = 0; k < classCount; k++) {
      rho[k] = Math.exp(past[k] - largest);
      sum += rho[k];
    }
    for (let k = 0; k < classCount; k++) {
      rho[k] /= sum;
      for (let f = 0; f < features; f++) after[k * features + f] = rho[k] * own[k][f];
      after[classCount * features + k] = rho[k] / share[k] - 1;
    }
    for (let a = 0; a < score.length; a++) score[a] = after[a] - before[a];
    before.set(after);
    visit(trajectory, row, score);
  }
}
