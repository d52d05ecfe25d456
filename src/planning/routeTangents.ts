/**
 * First derivatives of route values along a feature: the tangent of everything that `routeValues`
 * computes on the way to z. With a dot for the derivative,
 *
 *   u̇ = U⁻ᵀ(−U̇ᵀ u)   ẏ = L⁻¹(−L̇ y)   ż = u̇·y + u·ẏ
 *
 * Needs u, y and z of the same point.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import { createTriangular, type Triangular } from '../numeric/sparseLu.ts';
import type { MoveWeights } from './moveWeights.ts';
import type { RouteWork } from './routeValues.ts';

/** Tangents of what `RouteWork` holds; those of adjoints serve second derivatives. */
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

/** Writes the tangent of M along feature k. */
export function fillTangent(
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

/** Solves u̇; `dot` must hold the tangents of the factors. */
export function originTangent(
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

/** Solves ẏ and leaves it in `denseYDot`, with y in `denseY`, as `openTask` does. */
export function openTaskTangent(work: RouteWork, tangents: RouteTangents, task: number): void {
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
}

/** Makes `denseY` and `denseYDot` zero again. */
export function closeTaskTangent(
  { layout, denseY }: RouteWork,
  { denseYDot }: RouteTangents,
  task: number,
): void {
  const { start, node } = layout.destinations;
  for (let r = start[task]; r < start[task + 1]; r++) {
    denseY[node[r]] = 0;
    denseYDot[node[r]] = 0;
  }
}

/** Returns ż of a route of the open task. */
export function productTangent(
  { layout, u, denseY }: RouteWork,
  { uDot, denseYDot }: RouteTangents,
  route: number,
): number {
  const { start, node } = layout.origins;
  const origin = layout.routeOrigin[route];
  const last = start[origin + 1];
  let sum = 0;
  for (let r = start[origin]; r < last; r++)
    sum += uDot[r] * denseY[node[r]] + u[r] * denseYDot[node[r]];
  return sum;
}
