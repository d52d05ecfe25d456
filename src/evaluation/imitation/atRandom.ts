/** Every action as likely as any other: what a policy has to beat. */

import type { OfferedActions } from '../../algorithms/simulated/simulatedProblem.ts';
import type { BoxActions, DiscreteActions } from '../../environments/simulator.ts';
import type { ActingPolicy } from './actingPolicy.ts';

/**
 * @param offered where observations do not all offer every action
 * @throws from `act` a TypeError without a stream to draw from: there is no likeliest action
 */
export function atRandom(
  actions: DiscreteActions | BoxActions,
  observationSize: number,
  offered: OfferedActions | null = null,
): ActingPolicy {
  const countOf = (observations: Float64Array, row: number, all: number): number =>
    offered?.(observations.subarray(row * observationSize, (row + 1) * observationSize)) ?? all;
  return {
    act(observations, rows, rng, out) {
      if (!rng) throw new TypeError('Cannot act at random: wanted a stream to draw from, got none');
      if (actions.kind === 'discrete')
        for (let row = 0; row < rows; row++)
          out[row] = Math.floor(rng() * countOf(observations, row, actions.count));
      else {
        const { low, high } = actions;
        for (let i = 0; i < rows * low.length; i++) {
          const j = i % low.length;
          out[i] = low[j] + rng() * (high[j] - low[j]);
        }
      }
    },
    logLikelihood(observations, taken, rows, out) {
      if (actions.kind === 'discrete')
        for (let row = 0; row < rows; row++) {
          const count = countOf(observations, row, actions.count);
          out[row] = taken[row] < count ? -Math.log(count) : Number.NEGATIVE_INFINITY;
        }
      else {
        const { low, high } = actions;
        out.fill(-low.reduce((sum, least, j) => sum + Math.log(high[j] - least), 0), 0, rows);
      }
    },
  };
}
