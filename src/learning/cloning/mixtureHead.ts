/**
 * Actions of several kinds in one and the same state: a mixture of K Gaussians, each with a mean and
 * a spread per coordinate.
 *
 *   log π(a) = log Σₖ wₖ Nₖ(a),   w = softmax(z),   rₖ = wₖ Nₖ(a) / π(a)
 *   ∂log π/∂zₖ = rₖ − wₖ,   ∂log π/∂μₖ = rₖ eₖ / σₖ,   ∂log π/∂log σₖ = rₖ (eₖ² − 1)
 *
 * Reference: Bishop (1994), Mixture density networks, Aston University NCRG/94/004, eqs. 22–40.
 */

import { normalCdf } from '../../numeric/normal.ts';
import { sampleIndex } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import type { ActionHead, HeadAt } from './actionHead.ts';
import { logSpreadSlope, spreadOf } from './spread.ts';

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** @param size coordinates of an action */
export function mixtureHead(size: number, components: number): ActionHead {
  // of each state: z [K], μ [K × size], what σ is made of [K × size]
  const means = components;
  const spreads = components * (1 + size);
  /** log wₖ, then log wₖ Nₖ(a). */
  const logShares = new Float64Array(components);
  const joint = new Float64Array(components);
  const weights = new Float64Array(components);
  const kept = new Float64Array(size);

  /** Writes the log weights, and the weights. */
  function weigh({ outputs, start }: HeadAt): void {
    for (let k = 0; k < components; k++) logShares[k] = outputs[start + k];
    const total = logSum(logShares);
    for (let k = 0; k < components; k++) {
      logShares[k] -= total;
      weights[k] = Math.exp(logShares[k]);
    }
  }

  /** Returns log π(a), and leaves log wₖ Nₖ(a) in `joint`; the weights must be written. */
  function densityAt({ outputs, start }: HeadAt, action: Float64Array, from: number): number {
    for (let k = 0; k < components; k++) {
      let log = logShares[k];
      for (let j = 0; j < size; j++) {
        const i = start + k * size + j;
        const sigma = spreadOf(outputs[i + spreads]);
        const error = (action[from + j] - outputs[i + means]) / sigma;
        log -= 0.5 * error * error + Math.log(sigma) + HALF_LOG_2PI;
      }
      joint[k] = log;
    }
    return logSum(joint);
  }

  return {
    outputs: components * (1 + 2 * size),
    free: 0,
    logDensity(at, action, from, slopes) {
      const { outputs, start } = at;
      weigh(at);
      const log = densityAt(at, action, from);
      if (!slopes) return log;
      for (let k = 0; k < components; k++) {
        const share = Math.exp(joint[k] - log);
        slopes.outputs[start + k] = slopes.weight * (share - weights[k]);
        for (let j = 0; j < size; j++) {
          const i = start + k * size + j;
          const x = outputs[i + spreads];
          const sigma = spreadOf(x);
          const error = (action[from + j] - outputs[i + means]) / sigma;
          slopes.outputs[i + means] = (slopes.weight * share * error) / sigma;
          slopes.outputs[i + spreads] =
            slopes.weight * share * (error * error - 1) * logSpreadSlope(x, sigma);
        }
      }
      return log;
    },
    /** The most likely one is sought among the means. */
    choose(at, rng, out) {
      const { outputs, start } = at;
      weigh(at);
      if (rng) {
        const from = start + sampleIndex(weights, rng) * size;
        for (let j = 0; j < size; j++)
          out[j] =
            outputs[from + means + j] + spreadOf(outputs[from + spreads + j]) * standardNormal(rng);
        return;
      }
      let best = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < components; k++) {
        const from = start + k * size + means;
        for (let j = 0; j < size; j++) kept[j] = outputs[from + j];
        const log = densityAt(at, kept, 0);
        if (!(log > best)) continue;
        best = log;
        out.set(kept);
      }
    },
    below(at, action, from, j) {
      weigh(at);
      let below = 0;
      for (let k = 0; k < components; k++) {
        const i = at.start + k * size + j;
        const sigma = spreadOf(at.outputs[i + spreads]);
        below += weights[k] * normalCdf((action[from + j] - at.outputs[i + means]) / sigma);
      }
      return below;
    },
  };
}

function logSum(logs: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logs.length; k++) largest = Math.max(largest, logs[k]);
  let sum = 0;
  for (let k = 0; k < logs.length; k++) sum += Math.exp(logs[k] - largest);
  return largest + Math.log(sum);
}
