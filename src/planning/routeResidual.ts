/** A check of route values that does not depend on how they were found. */

import { closeTask, openTask, type RouteWork } from './routeValues.ts';

/** Weights below this may have lost digits to underflow without harm to larger ones. */
const SMALLEST = 1e-290;

/**
 * Returns the largest |log z(s) − log(Σ M(s, s′) z(s′) + b(s))| over the states of a solved task,
 * after completing z = U⁻¹ y with a dense back substitution.
 */
export function logResidual(work: RouteWork, task: number): number {
  const { layout, factors, m, scale, denseY } = work;
  const { exits, exitWeight } = layout;
  const { size, order, rowStart, entryPosition, upperStart, upperColumn } = layout.pattern;
  const { upper, inversePivot } = factors;
  openTask(work, task);
  const z = denseY.slice();
  closeTask(work, task);
  for (let i = size - 1; i >= 0; i--) {
    let sum = z[i];
    for (let q = upperStart[i]; q < upperStart[i + 1]; q++) sum -= upper[q] * z[upperColumn[q]];
    z[i] = sum * inversePivot[i];
  }
  const right = new Float64Array(size);
  for (let e = exits.start[task]; e < exits.start[task + 1]; e++)
    right[exits.node[e]] = exitWeight[e] * scale[task];
  let largest = 0;
  for (let i = 0; i < size; i++) {
    let sum = right[i];
    for (let e = rowStart[order[i]]; e < rowStart[order[i] + 1]; e++)
      sum += m[e] * z[entryPosition[e]];
    if (sum < SMALLEST && z[i] < SMALLEST) continue;
    const residual = Math.abs(Math.log(z[i]) - Math.log(sum));
    if (Number.isNaN(residual)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, residual);
  }
  return largest;
}
