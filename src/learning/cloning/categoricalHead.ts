/**
 * One of n actions, from n numbers z:
 *
 *   log π(a) = zₐ − log Σ_b exp z_b,   ∂log π(a)/∂z_b = 1[a = b] − π(b)
 */

import { sampleIndex } from '../../numeric/rng.ts';
import type { ActionHead, HeadAt } from './actionHead.ts';

export function categoricalHead(count: number): ActionHead {
  const probabilities = new Float64Array(count);

  /** Writes the probabilities; returns log Σ exp z. */
  function evaluate({ outputs, start }: HeadAt): number {
    let largest = outputs[start];
    for (let b = 1; b < count; b++) largest = Math.max(largest, outputs[start + b]);
    let sum = 0;
    for (let b = 0; b < count; b++) {
      probabilities[b] = Math.exp(outputs[start + b] - largest);
      sum += probabilities[b];
    }
    for (let b = 0; b < count; b++) probabilities[b] /= sum;
    return largest + Math.log(sum);
  }

  return {
    outputs: count,
    free: 0,
    logDensity(at, action, from, slopes) {
      const chosen = action[from];
      const log = at.outputs[at.start + chosen] - evaluate(at);
      if (slopes)
        for (let b = 0; b < count; b++)
          slopes.outputs[at.start + b] =
            slopes.weight * ((b === chosen ? 1 : 0) - probabilities[b]);
      return log;
    },
    choose(at, rng, out) {
      evaluate(at);
      if (rng) out[0] = sampleIndex(probabilities, rng);
      else out[0] = probabilities.reduce((best, p, b) => (p > probabilities[best] ? b : best), 0);
    },
    below: () => null,
  };
}
