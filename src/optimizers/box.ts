/**
 * Box constraints lower ≤ x ≤ upper.
 *
 * A variable is *pinned* where it lies on a bound and the gradient pushes it outwards; the
 * gradient without its pinned components is the projected gradient, zero exactly at a point that
 * satisfies the first-order conditions.
 *
 * Reference: Bertsekas (1982), Projected Newton methods for optimization problems with simple
 * constraints, SIAM Journal on Control and Optimization 20(2).
 */

export interface Box {
  /** [size] −Infinity where free. */
  readonly lower: Float64Array;
  /** [size] +Infinity where free. */
  readonly upper: Float64Array;
}

/** Returns the box of given bounds; a missing side is free. Throws where the box is empty. */
export function boxOf(
  size: number,
  lower: Float64Array | undefined,
  upper: Float64Array | undefined,
): Box {
  const box = { lower: boundOf(size, lower, -Infinity), upper: boundOf(size, upper, Infinity) };
  for (let i = 0; i < size; i++) {
    if (!(box.lower[i] <= box.upper[i]) || box.lower[i] === Infinity || box.upper[i] === -Infinity)
      throw new RangeError(
        `Cannot minimise: bounds of variable ${i} must enclose a number, got [${box.lower[i]}, ${box.upper[i]}]`,
      );
  }
  return box;
}

function boundOf(size: number, bound: Float64Array | undefined, free: number): Float64Array {
  if (bound && bound.length !== size)
    throw new RangeError(`Cannot minimise: a bound must have ${size} entries, got ${bound.length}`);
  return bound ? bound.slice() : new Float64Array(size).fill(free);
}

/** Moves `x` in place to the nearest point of the box. */
export function projectOnto({ lower, upper }: Box, x: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] = Math.min(Math.max(x[i], lower[i]), upper[i]);
}

/** Whether variable `i` lies on a bound that the gradient pushes it against. */
export function isPinned(
  { lower, upper }: Box,
  x: Float64Array,
  gradient: Float64Array,
  i: number,
): boolean {
  return (x[i] <= lower[i] && gradient[i] >= 0) || (x[i] >= upper[i] && gradient[i] <= 0);
}

/** Returns the largest component of the projected gradient in absolute value. */
export function projectedGradientNorm(box: Box, x: Float64Array, gradient: Float64Array): number {
  let norm = 0;
  for (let i = 0; i < x.length; i++) {
    if (!isPinned(box, x, gradient, i)) norm = Math.max(norm, Math.abs(gradient[i]));
  }
  return norm;
}

/** Returns the step along `direction` at which `x` meets the bound of variable `i`, or +Infinity. */
function breakpoint(box: Box, x: Float64Array, direction: Float64Array, i: number): number {
  if (direction[i] < 0) return (box.lower[i] - x[i]) / direction[i];
  if (direction[i] > 0) return (box.upper[i] - x[i]) / direction[i];
  return Infinity;
}

/** Returns how far one may go from `x` along `direction` before the first bound, ≥ 0. */
export function stepToBoundary(box: Box, x: Float64Array, direction: Float64Array): number {
  let step = Infinity;
  for (let i = 0; i < x.length; i++) step = Math.min(step, breakpoint(box, x, direction, i));
  return step;
}

/**
 * Overwrites `out` with the projection of x + step · direction. A variable that meets its bound
 * lands exactly on it, also at the step that `stepToBoundary` returned.
 */
export function moveAlong(
  box: Box,
  x: Float64Array,
  direction: Float64Array,
  step: number,
  out: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) {
    if (breakpoint(box, x, direction, i) <= step)
      out[i] = direction[i] < 0 ? box.lower[i] : box.upper[i];
    else out[i] = x[i] + step * direction[i];
  }
}

/**
 * Overwrites `out` with a descent direction along which every variable may move: pinned variables
 * are left out, and one on a bound that the others would drag outwards is left out too.
 *
 * @param descend overwrites its `out` with a descent direction in the free variables, those with
 *   `free` 1, and 0 elsewhere; called again where it leads outwards
 */
export function descendInside(
  box: Box,
  x: Float64Array,
  gradient: Float64Array,
  descend: (free: Uint8Array, out: Float64Array) => void,
  out: Float64Array,
): void {
  const free = Uint8Array.from(x, (_, i) => (isPinned(box, x, gradient, i) ? 0 : 1));
  for (;;) {
    descend(free, out);
    let blocked = false;
    for (let i = 0; i < x.length; i++) {
      const outwards = (out[i] < 0 && x[i] <= box.lower[i]) || (out[i] > 0 && x[i] >= box.upper[i]);
      if (!outwards) continue;
      free[i] = 0;
      blocked = true;
    }
    if (!blocked) return;
  }
}
