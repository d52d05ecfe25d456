/**
 * Values of many origins and destinations through one factorisation I − M = L U, and their adjoint.
 *
 *   u = U⁻ᵀ e_o      y = L⁻¹ b_d      z_od = u · y      V = τ log z
 *
 * Reverse mode runs back through the dot products and both triangular solves:
 *
 *   z̄ = c / z;   ȳ += z̄ u,  ū += z̄ y;   b̄ = L⁻ᵀ ȳ,  L̄ −= b̄ yᵀ;   ē = U⁻¹ ū,  Ū −= u ēᵀ
 *
 * All weights are positive, so nothing cancels. Numbers get small instead: both sides start at
 * 2^±500 rather than 1, which leaves z itself a range of e^±1000 (see `isRepresentable`).
 */

import {
  createFactors,
  createTriangular,
  type LuFactors,
  solveLu,
  type Triangular,
} from '../numeric/sparseLu.ts';
import type { RouteLayout } from './routeLayout.ts';

/** Everything allocated for one layout, and the numbers of the latest evaluation. */
export interface RouteWork {
  readonly layout: RouteLayout;
  readonly factors: LuFactors;
  /** Adjoints of L and U; after `factorizeReverse`, of I − M. */
  readonly bar: Triangular;
  /** [entries of M], and its adjoint. */
  readonly m: Float64Array;
  readonly mBar: Float64Array;
  /** [nodes on origin paths] u, ū and ē = U⁻¹ ū. */
  readonly u: Float64Array;
  readonly uBar: Float64Array;
  readonly eBar: Float64Array;
  /** [nodes on destination paths] y and b̄ = L⁻ᵀ ȳ. */
  readonly y: Float64Array;
  readonly bBar: Float64Array;
  /** [routes] z as computed, both starting scales included. */
  readonly z: Float64Array;
  /** [tasks] what y starts at. */
  readonly scale: Float64Array;
  /** [nodes] dense vectors to work on; zero between calls, `denseY` while a task is open. */
  readonly denseY: Float64Array;
  readonly dense: Float64Array;
}

export function createRouteWork(layout: RouteLayout, entryCount: number): RouteWork {
  const { pattern, origins, destinations } = layout;
  return {
    layout,
    factors: createFactors(pattern),
    bar: createTriangular(pattern),
    m: new Float64Array(entryCount),
    mBar: new Float64Array(entryCount),
    u: new Float64Array(origins.node.length),
    uBar: new Float64Array(origins.node.length),
    eBar: new Float64Array(origins.node.length),
    y: new Float64Array(destinations.node.length),
    bBar: new Float64Array(destinations.node.length),
    z: new Float64Array(layout.routeWeight.length),
    scale: new Float64Array(layout.level.length).fill(LARGE),
    denseY: new Float64Array(pattern.size),
    dense: new Float64Array(pattern.size),
  };
}

/** What u starts at, and y too unless z would overflow; then y starts at `SMALL`. */
const LARGE = 2 ** 500;
const SMALL = 2 ** -500;

/** Solves u = U⁻ᵀ e_o. */
export function solveOrigin({ layout, factors, u, dense }: RouteWork, origin: number): void {
  const { start, node } = layout.origins;
  const { upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  const last = start[origin + 1];
  dense[node[start[origin]]] = LARGE;
  for (let r = start[origin]; r < last; r++) {
    const i = node[r];
    const value = dense[i] * inversePivot[i];
    dense[i] = 0;
    u[r] = value;
    const end = upperStart[i + 1];
    for (let q = upperStart[i]; q < end; q++) dense[upperColumn[q]] -= upper[q] * value;
  }
}

/** Solves y = L⁻¹ b_d, leaves it in `denseY`, and takes the product z of every route of the task. */
export function openTask(work: RouteWork, task: number): void {
  const { layout, factors, u, y, z, denseY } = work;
  const { origins, destinations, exits, exitWeight, routeStart, routeOrigin } = layout;
  const { lowerStart, lowerRow } = layout.pattern;
  const { lower } = factors;
  for (let e = exits.start[task]; e < exits.start[task + 1]; e++)
    denseY[exits.node[e]] = exitWeight[e] * work.scale[task];
  const last = destinations.start[task + 1];
  for (let r = destinations.start[task]; r < last; r++) {
    const j = destinations.node[r];
    const value = denseY[j];
    y[r] = value;
    const end = lowerStart[j + 1];
    for (let p = lowerStart[j]; p < end; p++) denseY[lowerRow[p]] -= lower[p] * value;
  }
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    const origin = routeOrigin[route];
    const end = origins.start[origin + 1];
    let sum = 0;
    for (let r = origins.start[origin]; r < end; r++) sum += u[r] * denseY[origins.node[r]];
    z[route] = sum;
  }
}

/** Makes `denseY` zero again. */
export function closeTask({ layout, denseY }: RouteWork, task: number): void {
  const { start, node } = layout.destinations;
  for (let r = start[task]; r < start[task + 1]; r++) denseY[node[r]] = 0;
}

/** Adds to `uBar` and `bar.lower` what the open task contributes. */
export function reverseTask(work: RouteWork, task: number): void {
  const { layout, factors, bar, u, uBar, y, bBar, z, denseY, dense } = work;
  const { origins, destinations, routeStart, routeOrigin, routeWeight } = layout;
  const { lowerStart, lowerRow } = layout.pattern;
  const { lower } = factors;
  const lowerBar = bar.lower;
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    const origin = routeOrigin[route];
    const zBar = routeWeight[route] / z[route];
    const end = origins.start[origin + 1];
    for (let r = origins.start[origin]; r < end; r++) {
      const i = origins.node[r];
      dense[i] += zBar * u[r];
      uBar[r] += zBar * denseY[i];
    }
  }
  // `dense` holds ȳ; from the end of the path on it becomes b̄.
  const first = destinations.start[task];
  for (let r = destinations.start[task + 1] - 1; r >= first; r--) {
    const j = destinations.node[r];
    const value = y[r];
    let sum = dense[j];
    const end = lowerStart[j + 1];
    for (let p = lowerStart[j]; p < end; p++) {
      const adjoint = dense[lowerRow[p]];
      sum -= lower[p] * adjoint;
      lowerBar[p] -= adjoint * value;
    }
    dense[j] = sum;
    bBar[r] = sum;
  }
  for (let r = first; r < destinations.start[task + 1]; r++) dense[destinations.node[r]] = 0;
  clearOrigins(work, task);
}

/** Zeroes `dense` on the origin paths of a task, which may leave its destination path. */
function clearOrigins({ layout, dense }: RouteWork, task: number): void {
  const { origins, routeStart, routeOrigin } = layout;
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    const origin = routeOrigin[route];
    for (let r = origins.start[origin]; r < origins.start[origin + 1]; r++)
      dense[origins.node[r]] = 0;
  }
}

/** Solves ē = U⁻¹ ū and adds to `bar.upper` and `bar.pivot` what the origin contributes. */
export function reverseOrigin(work: RouteWork, origin: number): void {
  const { layout, factors, bar, u, uBar, eBar, dense } = work;
  const { start, node } = layout.origins;
  const { upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  const { upper: upperBar, pivot: pivotBar } = bar;
  const first = start[origin];
  for (let r = start[origin + 1] - 1; r >= first; r--) {
    const i = node[r];
    const value = u[r];
    let sum = uBar[r];
    const end = upperStart[i + 1];
    for (let q = upperStart[i]; q < end; q++) {
      const adjoint = dense[upperColumn[q]];
      sum -= upper[q] * adjoint;
      upperBar[q] -= value * adjoint;
    }
    sum *= inversePivot[i];
    dense[i] = sum;
    eBar[r] = sum;
    pivotBar[i] -= value * sum;
  }
  for (let r = first; r < start[origin + 1]; r++) dense[node[r]] = 0;
}

/** Returns log of the factor that the z of a task's routes hold too much. */
export function logScale({ layout, scale }: RouteWork, task: number): number {
  return Math.log(LARGE) + Math.log(scale[task]) - layout.level[task];
}

/** Growth beyond this (or NaN) makes u overflow, and its adjoints with it. */
const MOST_GROWTH = Math.log(1e140);

/** Whether anything can be solved with these factors. */
export function isInRange({ logGrowth }: Resolution): boolean {
  return logGrowth <= MOST_GROWTH;
}

/** What the factors can resolve: computed once per factorisation. */
export interface Resolution {
  /** log of the largest entry of (I − M)⁻¹, at least 0; an upper bound. */
  readonly logGrowth: number;
  /** Whether entries of the factors are so small that others may have been lost to underflow. */
  readonly hasTiny: boolean;
}

/** Below this a number may already have lost digits, or have been rounded to zero. */
const TINY = 1e-290;

/** @param masked whether zeros of M are wanted, so that a zero in the factors says nothing */
export function resolutionOf(work: RouteWork, masked: boolean): Resolution {
  const { factors, dense } = work;
  dense.fill(1);
  solveLu(factors, dense, dense);
  let growth = 1;
  for (let i = 0; i < dense.length; i++) growth = Math.max(growth, dense[i]);
  dense.fill(0);
  return {
    logGrowth: Math.log(growth),
    hasTiny: masked || isAnyTiny(factors.lower) || isAnyTiny(factors.upper),
  };
}

function isAnyTiny(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (values[i] > -TINY) return true;
  return false;
}

/** Whether the value of every route of the open task survived underflow. */
function isRepresentable(work: RouteWork, task: number, resolution: Resolution): boolean {
  const { layout, z, scale } = work;
  const { routeStart } = layout;
  let smallest = Number.POSITIVE_INFINITY;
  for (let route = routeStart[task]; route < routeStart[task + 1]; route++) {
    if (!Number.isFinite(z[route])) return false;
    smallest = Math.min(smallest, z[route]);
  }
  const logSmallest = Math.log(smallest) - Math.log(LARGE) - Math.log(scale[task]);
  return logSmallest > logFloor(work, task, resolution);
}

/**
 * Returns the log below which z, its scale taken off, may have lost digits to underflow.
 *
 * Losing an entry δ of I − M or of its factors changes z by at most δ times the square of the
 * growth; losing an entry of u or y by at most that entry, unscaled, times the growth. Where z is
 * larger than that by many digits, nothing that matters is missing.
 */
export function logFloor(
  { layout, scale }: RouteWork,
  task: number,
  { logGrowth, hasTiny }: Resolution,
): number {
  const { exits, exitWeight } = layout;
  let tiny = hasTiny;
  for (let e = exits.start[task]; e < exits.start[task + 1]; e++) tiny ||= exitWeight[e] < TINY;
  const lostInSolves = Math.log(TINY) - Math.log(scale[task]) + logGrowth;
  const lostInFactors = tiny ? Math.log(TINY) + 2 * logGrowth : Number.NEGATIVE_INFINITY;
  return MARGIN + Math.max(lostInSolves, lostInFactors);
}

/** Digits to spare on top: 1e8. */
const MARGIN = Math.log(1e8);

/** What y may start at: as large as it can. */
export const STARTS = [LARGE, SMALL] as const;

/** Solves a task where y starts as large as it can. Returns false where it is not representable. */
export function openRepresentable(work: RouteWork, task: number, resolution: Resolution): boolean {
  for (const scale of STARTS) {
    work.scale[task] = scale;
    openTask(work, task);
    if (isRepresentable(work, task, resolution)) return true;
    closeTask(work, task);
  }
  return false;
}
