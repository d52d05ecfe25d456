/**
 * Second derivatives of route values: the tangent, feature by feature, of everything that
 * `routeValues` computes. With a dot for the derivative along one feature,
 *
 *   u̇ = U⁻ᵀ(−U̇ᵀ u)   ẏ = L⁻¹(−L̇ y)   ż = u̇·y + u·ẏ
 *   z̄̇ = −c ż / z²   and the product rule through each line of the reverse
 *
 * Needs u, y, z and all adjoints of the same point, so it follows an evaluation.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { createTriangular, type Triangular } from '../numeric/sparseLu.ts';
import { factorizeReverseTangent, factorizeTangent } from '../numeric/sparseLuDerivatives.ts';
import type { MoveWeights } from './moveWeights.ts';
import type { RouteWork } from './routeValues.ts';

/** Tangents of what `RouteWork` holds. */
export interface RouteTangents {
  /** L̇ and U̇; L̄̇ and Ū̇. */
  readonly dot: Triangular;
  readonly barDot: Triangular;
  readonly mDot: Float64Array;
  readonly mBarDot: Float64Array;
  readonly uDot: Float64Array;
  readonly uBarDot: Float64Array;
  readonly yDot: Float64Array;
  /** [nodes] zero between calls. */
  readonly denseYDot: Float64Array;
  readonly denseDot: Float64Array;
}

export function createRouteTangents({ layout, m, u, y }: RouteWork): RouteTangents {
  return {
    dot: createTriangular(layout.pattern),
    barDot: createTriangular(layout.pattern),
    mDot: new Float64Array(m.length),
    mBarDot: new Float64Array(m.length),
    uDot: new Float64Array(u.length),
    uBarDot: new Float64Array(u.length),
    yDot: new Float64Array(y.length),
    denseYDot: new Float64Array(layout.pattern.size),
    denseDot: new Float64Array(layout.pattern.size),
  };
}

/**
 * Adds to `out` [features × features] the second derivatives in θ of Σ c log z over the tasks that
 * the latest evaluation of `work` was about.
 */
export function addRouteCurvature(
  work: RouteWork,
  tangents: RouteTangents,
  moves: MoveWeights,
  features: FeatureMatrix,
  temperature: number,
  origins: readonly number[],
  tasks: readonly number[],
  out: Float64Array,
): void {
  const { dot, barDot, mDot, mBarDot, uBarDot } = tangents;
  const width = features.names.length;
  const rows = features.per === 'pair' ? moves.pair : moves.pairState;
  for (let k = 0; k < width; k++) {
    fillTangent(moves, rows, features, k, temperature, mDot);
    factorizeTangent(work.factors, mDot, dot);
    barDot.pivot.fill(0);
    barDot.lower.fill(0);
    barDot.upper.fill(0);
    uBarDot.fill(0);
    for (const origin of origins) originTangent(work, tangents, origin);
    for (const task of tasks) taskTangent(work, tangents, task);
    for (const origin of origins) reverseOriginTangent(work, tangents, origin);
    factorizeReverseTangent(work.factors, work.bar, dot, barDot, mBarDot);
    addRow(work, mBarDot, moves, rows, features, k, temperature, out);
  }
}

/** Writes the tangent of M along feature k. */
function fillTangent(
  { termStart, entry, probability, pairWeight }: MoveWeights,
  /** [pairs in use] row of the features. */
  rows: Int32Array,
  { names, values }: FeatureMatrix,
  k: number,
  temperature: number,
  mDot: Float64Array,
): void {
  const width = names.length;
  mDot.fill(0);
  for (let i = 0; i < rows.length; i++) {
    const change = (pairWeight[i] * values[rows[i] * width + k]) / temperature;
    for (let t = termStart[i]; t < termStart[i + 1]; t++) mDot[entry[t]] += change * probability[t];
  }
}

/** Adds row k: the tangent of the adjoint of every pair, times its features. */
function addRow(
  { mBar }: RouteWork,
  mBarDot: Float64Array,
  { termStart, entry, probability, pairWeight }: MoveWeights,
  rows: Int32Array,
  { names, values }: FeatureMatrix,
  k: number,
  temperature: number,
  out: Float64Array,
): void {
  const width = names.length;
  for (let i = 0; i < rows.length; i++) {
    if (pairWeight[i] === 0) continue;
    const slope = values[rows[i] * width + k] / temperature;
    let sum = 0;
    for (let t = termStart[i]; t < termStart[i + 1]; t++)
      sum += probability[t] * (mBarDot[entry[t]] + mBar[entry[t]] * slope);
    const change = (pairWeight[i] * sum) / temperature;
    if (change === 0) continue;
    for (let j = 0; j < width; j++) out[k * width + j] += change * values[rows[i] * width + j];
  }
}

/** u̇ */
function originTangent(
  { layout, factors, u }: RouteWork,
  { dot, uDot, denseDot }: RouteTangents,
  origin: number,
): void {
  const { start, node } = layout.origins;
  const { upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  const { upper: upperDot, pivot: pivotDot } = dot;
  const last = start[origin + 1];
  for (let r = start[origin]; r < last; r++) {
    const i = node[r];
    const value = u[r];
    const change = (denseDot[i] - pivotDot[i] * value) * inversePivot[i];
    denseDot[i] = 0;
    uDot[r] = change;
    const end = upperStart[i + 1];
    for (let q = upperStart[i]; q < end; q++)
      denseDot[upperColumn[q]] -= upper[q] * change + upperDot[q] * value;
  }
}

/** ẏ, ż, and the tangent of `reverseTask`. */
function taskTangent(work: RouteWork, tangents: RouteTangents, task: number): void {
  const { layout, factors, y, denseY } = work;
  const { dot, yDot, denseYDot } = tangents;
  const { start, node } = layout.destinations;
  const { lowerStart, lowerRow } = layout.pattern;
  const { lower } = factors;
  const { lower: lowerDot } = dot;
  const last = start[task + 1];
  for (let r = start[task]; r < last; r++) {
    const j = node[r];
    const value = y[r];
    const change = denseYDot[j];
    denseY[j] = value;
    yDot[r] = change;
    const end = lowerStart[j + 1];
    for (let p = lowerStart[j]; p < end; p++)
      denseYDot[lowerRow[p]] -= lower[p] * change + lowerDot[p] * value;
  }
  productTangents(work, tangents, task);
  reverseTaskTangent(work, tangents, task);
  for (let r = start[task]; r < last; r++) {
    denseY[node[r]] = 0;
    denseYDot[node[r]] = 0;
  }
}

/** ż of every route, and what it adds to the tangents of ȳ (in `denseDot`) and ū. */
function productTangents(work: RouteWork, tangents: RouteTangents, task: number): void {
  const { layout, u, z, denseY } = work;
  const { uDot, uBarDot, denseYDot, denseDot } = tangents;
  const { origins, routeStart, routeOrigin, routeWeight } = layout;
  const { start, node } = origins;
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    const first = start[routeOrigin[route]];
    const last = start[routeOrigin[route] + 1];
    let zDot = 0;
    for (let r = first; r < last; r++)
      zDot += uDot[r] * denseY[node[r]] + u[r] * denseYDot[node[r]];
    const zBar = routeWeight[route] / z[route];
    const zBarDot = -zBar * (zDot / z[route]);
    for (let r = first; r < last; r++) {
      const i = node[r];
      denseDot[i] += zBarDot * u[r] + zBar * uDot[r];
      uBarDot[r] += zBarDot * denseY[i] + zBar * denseYDot[i];
    }
  }
}

/** The tangent of b̄ = L⁻ᵀ ȳ and of L̄. */
function reverseTaskTangent(work: RouteWork, tangents: RouteTangents, task: number): void {
  const { layout, factors, y, bBar, dense } = work;
  const { dot, barDot, yDot, denseDot } = tangents;
  const { origins, destinations, routeStart, routeOrigin } = layout;
  const { lowerStart, lowerRow } = layout.pattern;
  const { lower } = factors;
  const { lower: lowerDot } = dot;
  const { lower: lowerBarDot } = barDot;
  const first = destinations.start[task];
  const last = destinations.start[task + 1];
  for (let r = last - 1; r >= first; r--) {
    const j = destinations.node[r];
    const value = y[r];
    const change = yDot[r];
    let sum = denseDot[j];
    const end = lowerStart[j + 1];
    for (let p = lowerStart[j]; p < end; p++) {
      const i = lowerRow[p];
      const adjoint = dense[i];
      const adjointDot = denseDot[i];
      sum -= lower[p] * adjointDot + lowerDot[p] * adjoint;
      lowerBarDot[p] -= adjointDot * value + adjoint * change;
    }
    dense[j] = bBar[r];
    denseDot[j] = sum;
  }
  for (let r = first; r < last; r++) {
    dense[destinations.node[r]] = 0;
    denseDot[destinations.node[r]] = 0;
  }
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    const origin = routeOrigin[route];
    for (let r = origins.start[origin]; r < origins.start[origin + 1]; r++)
      denseDot[origins.node[r]] = 0;
  }
}

/** The tangent of ē = U⁻¹ ū and of Ū. */
function reverseOriginTangent(
  { layout, factors, u, eBar, dense }: RouteWork,
  { dot, barDot, uDot, uBarDot, denseDot }: RouteTangents,
  origin: number,
): void {
  const { start, node } = layout.origins;
  const { upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  const { upper: upperDot, pivot: pivotDot } = dot;
  const { upper: upperBarDot, pivot: pivotBarDot } = barDot;
  const first = start[origin];
  for (let r = start[origin + 1] - 1; r >= first; r--) {
    const i = node[r];
    const value = u[r];
    const change = uDot[r];
    const own = eBar[r];
    let sum = uBarDot[r] - pivotDot[i] * own;
    const end = upperStart[i + 1];
    for (let q = upperStart[i]; q < end; q++) {
      const adjoint = dense[upperColumn[q]];
      const adjointDot = denseDot[upperColumn[q]];
      sum -= upper[q] * adjointDot + upperDot[q] * adjoint;
      upperBarDot[q] -= change * adjoint + value * adjointDot;
    }
    sum *= inversePivot[i];
    dense[i] = own;
    denseDot[i] = sum;
    pivotBarDot[i] -= change * own + value * sum;
  }
  for (let r = first; r < start[origin + 1]; r++) {
    dense[node[r]] = 0;
    denseDot[node[r]] = 0;
  }
}
