/**
 * A line search: finds a step α along a descent direction with
 *
 *   φ(α) ≤ φ(0) + c₁ α φ′(0)   and   |φ′(α)| ≤ c₂ |φ′(0)|          (strong Wolfe)
 *
 * by stretching a bracket and then narrowing it with safeguarded cubic interpolation. A step
 * where φ is +Infinity is too long by definition, and the bracket retreats to the last feasible
 * one. Where changes of φ drown in its round-off, slopes decide (approximate Wolfe):
 *
 *   (2c₁ − 1) φ′(0) ≥ φ′(α) ≥ c₂ φ′(0)
 *
 * Reference: Nocedal & Wright (2006), Numerical Optimization, algs. 3.5 and 3.6; Hager & Zhang
 * (2005), SIAM Journal on Optimization 16(1), eq. 1.5.
 */

import { roundOffOf, type Trial } from './descent.ts';

/** A trial at a step along the line; `slope` is φ′. */
export interface LinePoint extends Trial {
  readonly step: number;
  readonly slope: number;
}

export interface Line {
  /** φ(0), with a negative slope. */
  readonly start: LinePoint;
  /** Evaluates φ at a step. */
  readonly probe: (step: number) => LinePoint;
  readonly firstStep: number;
  /** The step beyond which the line leaves the box; reaching it downhill is good enough. */
  readonly maxStep: number;
  /** Differences between steps below this do not move x. */
  readonly resolution: number;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
const MAX_PROBES = 40;
/** So many times a step is lengthened before one that goes on falling is good enough. */
const MAX_STRETCHES = 10;

/**
 * Returns a point that lowers φ, or why there is none. It satisfies the conditions above unless
 * the bracket closes on a point that is merely lower, as it does at the edge of feasibility.
 */
export function strongWolfe(line: Line): LinePoint | 'line-search-failed' | 'not-finite' {
  const { start, maxStep } = line;
  const roundOff = roundOffOf(start.value);
  let low = start;
  let high: LinePoint | null = null;
  let step = Math.min(line.firstStep, maxStep);
  for (let probes = 0; probes < MAX_PROBES; probes++) {
    const trial = line.probe(step);
    if (Number.isNaN(trial.value)) return 'not-finite';
    const drowned = Math.abs(trial.value - start.value) <= roundOff;
    if (isAcceptable(trial, start, drowned)) return trial;
    if (isTooHigh(trial, start, low, drowned ? roundOff : 0)) high = trial;
    else {
      if (trial.step === maxStep && trial.slope < 0) return trial;
      if (trial.slope >= 0 === trial.step > low.step) high = low;
      low = trial;
    }
    if (high ? isClosed(low, high, line.resolution) : probes >= MAX_STRETCHES) break;
    step = high ? between(low, high, roundOff) : beyond(start, low, step, maxStep);
  }
  return low.value < start.value ? low : 'line-search-failed';
}

function isAcceptable(trial: LinePoint, start: LinePoint, drowned: boolean): boolean {
  const lowEnough = trial.value <= start.value + SUFFICIENT_DECREASE * trial.step * start.slope;
  if (lowEnough && Math.abs(trial.slope) <= -CURVATURE * start.slope) return true;
  const flatAhead = trial.slope <= (2 * SUFFICIENT_DECREASE - 1) * start.slope;
  return drowned && flatAhead && trial.slope >= CURVATURE * start.slope;
}

/** Whether a minimiser must lie on the near side of the trial; `slack` > 0 leaves it to slopes. */
function isTooHigh(trial: LinePoint, start: LinePoint, low: LinePoint, slack: number): boolean {
  if (slack > 0) return trial.value > low.value + slack;
  const line = start.value + SUFFICIENT_DECREASE * trial.step * start.slope;
  return trial.value > line || (low !== start && trial.value >= low.value);
}

function isClosed(low: LinePoint, high: LinePoint, resolution: number): boolean {
  const width = Math.abs(high.step - low.step);
  if (width <= resolution) return true;
  // A minimiser at the edge of feasibility has no flat point to wait for.
  return high.value === Infinity && low.step > 0 && width <= 0.1 * low.step;
}

/** Returns a longer step: where the last slopes point to, between 2 and 10 times as far. */
function beyond(start: LinePoint, low: LinePoint, step: number, maxStep: number): number {
  const bend = low.slope - start.slope;
  const predicted = bend > 0 ? low.step - (low.slope * (low.step - start.step)) / bend : Infinity;
  return Math.min(Math.max(2 * step, Math.min(predicted, 10 * step)), maxStep);
}

/**
 * Returns the minimiser of the cubic through both ends, or of the parabola through their slopes
 * where the values say nothing, kept a tenth of the width inside.
 */
function between(low: LinePoint, high: LinePoint, roundOff: number): number {
  const width = high.step - low.step;
  const fraction =
    Math.abs(high.value - low.value) <= roundOff
      ? low.slope / (low.slope - high.slope)
      : cubicMinimum(low, high, width);
  if (!Number.isFinite(fraction)) return low.step + 0.5 * width;
  return low.step + Math.min(Math.max(fraction, 0.1), 0.9) * width;
}

/** Returns where between its ends the interpolating cubic is lowest, as a fraction of the width. */
function cubicMinimum(low: LinePoint, high: LinePoint, width: number): number {
  const chord = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const root = Math.sqrt(chord * chord - low.slope * high.slope) * Math.sign(width);
  return 1 - (high.slope + root - chord) / (high.slope - low.slope + 2 * root);
}
