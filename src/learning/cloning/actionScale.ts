/**
 * The scale on which a head meets continuous actions, and what that does to densities:
 *
 *   standard:  t = (a − m) / s          log p(a) = log p(t) − Σ log s
 *   box:       t = atanh((a − m) / s)   log p(a) = log p(t) − Σ [log s + log(1 − tanh² t)]
 *
 * with m and s the mean and spread of the training actions, or the middle and half the width of the
 * box. A Gaussian on the scale of the box is the tanh-Gaussian of soft actor-critic.
 */

import { logTanhSlope } from '../neural/tanhGaussian.ts';

export interface ActionScale {
  readonly kind: 'standard' | 'box';
  /** [width] m */
  readonly middle: readonly number[];
  /** [width] s > 0 */
  readonly reach: readonly number[];
}

/**
 * A box's edges are infinitely far away on its scale; what lies there is moved inwards by this share
 * of half the width. Densities of such actions, but not of others, depend on it.
 */
export const EDGE = 1e-3;

/** Writes t of one action. Returns whether a coordinate was moved in from the edge. */
export function toScale(
  { kind, middle, reach }: ActionScale,
  action: ArrayLike<number>,
  from: number,
  out: Float64Array,
  to: number,
): boolean {
  let moved = false;
  for (let j = 0; j < middle.length; j++) {
    const share = (action[from + j] - middle[j]) / reach[j];
    if (kind === 'standard') out[to + j] = share;
    else {
      const inside = Math.max(EDGE - 1, Math.min(1 - EDGE, share));
      moved ||= inside !== share;
      out[to + j] = Math.atanh(inside);
    }
  }
  return moved;
}

/** Overwrites t by the action. */
export function fromScale({ kind, middle, reach }: ActionScale, action: Float64Array): void {
  for (let j = 0; j < middle.length; j++)
    action[j] = middle[j] + reach[j] * (kind === 'box' ? Math.tanh(action[j]) : action[j]);
}

/** log p(a) − log p(t) at one t. */
export function logDensityChange(
  { kind, reach }: ActionScale,
  scaled: Float64Array,
  from: number,
): number {
  let log = 0;
  for (let j = 0; j < reach.length; j++) {
    log -= Math.log(reach[j]);
    if (kind === 'box') log -= logTanhSlope(scaled[from + j]);
  }
  return log;
}
