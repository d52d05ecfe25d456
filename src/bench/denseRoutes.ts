/**
 * Likelihood and gradient of route choice, one destination at a time on dense vectors, as codes for
 * recursive logit do: z_d = (I − M)⁻¹ b_d and D_d = (I − M)⁻ᵀ c_d by the factorisation of the whole
 * matrix. A yardstick, and an independent answer to compare with.
 */

import { sumNorm } from '../numeric/csr.ts';
import { analyzeLu } from '../numeric/luPattern.ts';
import { createFactors, factorize, solveLu, solveLuTransposed } from '../numeric/sparseLu.ts';
import type { RouteProblem } from './routeProblem.ts';

/** Returns a function that returns the log-likelihood and overwrites `gradient` [features]. */
export function denseRoutes({ world, features, moments, goals }: RouteProblem) {
  const { stateCount, pairCount, pairStart, nextState } = world.mdp;
  const width = features.names.length;
  const factors = createFactors(analyzeLu(stateCount, pairStart, nextState));
  const weight = new Float64Array(pairCount);
  const z = new Float64Array(stateCount);
  const b = new Float64Array(stateCount);
  const c = new Float64Array(stateCount);
  const adjoint = new Float64Array(stateCount);

  return (reward: Float64Array, gradient: Float64Array): number => {
    for (let pair = 0; pair < pairCount; pair++) weight[pair] = Math.exp(reward[pair]);
    if (factorize(factors, weight) >= 0) return Number.NEGATIVE_INFINITY;
    const surplus = moments.counts.slice();
    let value = moments.stopReward;
    for (let pair = 0; pair < pairCount; pair++) value += moments.counts[pair] * reward[pair];
    for (const { goal, state, weight: times } of moments.tasks) {
      b.fill(0);
      goals[goal].stopState.forEach((s, i) => {
        b[s] = Math.exp(goals[goal].stopReward[i]);
      });
      solveLu(factors, b, z);
      c.fill(0);
      state.forEach((s, i) => {
        value += times[i] * Math.log(z[s]);
        c[s] += times[i] / z[s];
      });
      if (sumNorm(c) === 0) continue;
      solveLuTransposed(factors, c, adjoint);
      for (let s = 0; s < stateCount; s++)
        for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
          surplus[pair] += adjoint[s] * weight[pair] * z[nextState[pair]];
    }
    gradient.fill(0);
    for (let pair = 0; pair < pairCount; pair++)
      for (let k = 0; k < width; k++)
        gradient[k] += surplus[pair] * features.values[pair * width + k];
    return value;
  };
}
