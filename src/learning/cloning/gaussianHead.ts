/**
 * Actions around a mean, each coordinate on its own:
 *
 *   log π(a) = Σ −e²/2 − log σ − ½ log 2π,   e = (a − μ) / σ
 *   ∂log π/∂μ = e / σ,   ∂log π/∂log σ = e² − 1
 *
 * The network gives μ, and with a spread `of the state` what σ is made of too; `one` spread is a free
 * parameter per coordinate. On a `box` scale this is the tanh-Gaussian.
 */

import { normalCdf } from '../../numeric/normal.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import type { ActionHead, HeadAt } from './actionHead.ts';
import { logSpreadSlope, spreadOf } from './spread.ts';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** @param size coordinates of an action */
export function gaussianHead(size: number, spread: 'state' | 'one'): ActionHead {
  const own = spread === 'state';
  const spreadNumber = ({ outputs, start, free }: HeadAt, j: number): number =>
    own ? outputs[start + size + j] : free[j];
  return {
    outputs: own ? 2 * size : size,
    free: own ? 0 : size,
    logDensity(at, action, from, slopes) {
      const { outputs, start } = at;
      let log = 0;
      for (let j = 0; j < size; j++) {
        const x = spreadNumber(at, j);
        const sigma = spreadOf(x);
        const error = (action[from + j] - outputs[start + j]) / sigma;
        log -= 0.5 * error * error + Math.log(sigma) + HALF_LOG_2PI;
        if (!slopes) continue;
        slopes.outputs[start + j] = (slopes.weight * error) / sigma;
        const slope = slopes.weight * (error * error - 1) * logSpreadSlope(x, sigma);
        if (own) slopes.outputs[start + size + j] = slope;
        else slopes.free[j] += slope;
      }
      return log;
    },
    choose(at, rng, out) {
      for (let j = 0; j < size; j++) {
        const noise = rng ? spreadOf(spreadNumber(at, j)) * standardNormal(rng) : 0;
        out[j] = at.outputs[at.start + j] + noise;
      }
    },
    below: (at, action, from, j) =>
      normalCdf((action[from + j] - at.outputs[at.start + j]) / spreadOf(spreadNumber(at, j))),
  };
}
