/**
 * Values of many states that head for one destination, and how they move along a feature.
 *
 *   z = U⁻¹ y     ż = U⁻¹ (ẏ − U̇ z)
 *
 * on the states asked for and what they reach through U, in one pass from the end. Cheaper than one
 * route for each state where they are many, because their paths soon run together. y and ẏ are those
 * of an open task (`routeValues`, `routeTangents`); all terms have one sign, so nothing cancels.
 */

import type { RouteTangents } from './routeTangents.ts';
import type { RouteWork } from './routeValues.ts';

/** Ascending nodes, closed under U, on which z is solved. */
export interface Reach {
  readonly node: Int32Array;
  /** [nodes] scaled as y is. */
  readonly z: Float64Array;
}

/** Solves z of the open task. */
export function solveReach({ layout, factors, denseY, dense }: RouteWork, reach: Reach): void {
  const { node, z } = reach;
  const { upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  for (let r = node.length - 1; r >= 0; r--) {
    const i = node[r];
    let sum = denseY[i];
    const end = upperStart[i + 1];
    for (let q = upperStart[i]; q < end; q++) sum -= upper[q] * dense[upperColumn[q]];
    sum *= inversePivot[i];
    dense[i] = sum;
    z[r] = sum;
  }
  for (let r = 0; r < node.length; r++) dense[node[r]] = 0;
}

/**
 * Solves ż of the open task.
 *
 * @param zDot [nodes] overwritten
 */
export function solveReachTangent(
  { layout, factors, dense }: RouteWork,
  { dot, denseYDot, denseDot }: RouteTangents,
  { node, z }: Reach,
  zDot: Float64Array,
): void {
  const { upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  const { upper: upperDot, pivot: pivotDot } = dot;
  for (let r = node.length - 1; r >= 0; r--) {
    const i = node[r];
    let sum = denseYDot[i] - pivotDot[i] * z[r];
    const end = upperStart[i + 1];
    for (let q = upperStart[i]; q < end; q++) {
      const j = upperColumn[q];
      sum -= upperDot[q] * dense[j] + upper[q] * denseDot[j];
    }
    sum *= inversePivot[i];
    dense[i] = z[r];
    denseDot[i] = sum;
    zDot[r] = sum;
  }
  for (let r = 0; r < node.length; r++) {
    dense[node[r]] = 0;
    denseDot[node[r]] = 0;
  }
}
