/**
 * Second derivatives of route values: the tangent, feature by feature, of everything that
 * `routeValues` computes. With a dot for the derivative along one feature,
 *
 *   u̇, ẏ, ż (`routeTangents`)   z̄̇ = −c ż / z²   and the product rule through the reverse
 *
 * Needs u, y, z and all adjoints of the same point, so it follows an evaluation.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { factorizeReverseTangent, factorizeTangent } from '../numeric/sparseLuDerivatives.ts';
import type { MoveWeights } from './moveWeights.ts';
import {
  closeTaskTangent,
  fillTangent,
  openTaskTangent,
  originTangent,
  productTangent,
  type RouteTangents,
} from './routeTangents.ts';
import type { RouteWork } from './routeValues.ts';

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

/** Opens a task's tangents and takes the tangent of `reverseTask`. */
function taskTangent(work: RouteWork, tangents: RouteTangents, task: number): void {
  openTaskTangent(work, tangents, task);
  pullBackProducts(work, tangents, task);
  reverseTaskTangent(work, tangents, task);
  closeTaskTangent(work, tangents, task);
}

/** What the products of the open task add to the tangents of ȳ (in `denseDot`) and ū. */
function pullBackProducts(work: RouteWork, tangents: RouteTangents, task: number): void {
  const { layout, u, z, denseY } = work;
  const { uDot, uBarDot, denseYDot, denseDot } = tangents;
  const { origins, routeStart, routeOrigin, routeWeight } = layout;
  const { start, node } = origins;
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    const first = start[routeOrigin[route]];
    const last = start[routeOrigin[route] + 1];
    const zBar = routeWeight[route] / z[route];
    const zBarDot = -zBar * (productTangent(work, tangents, route) / z[route]);
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
