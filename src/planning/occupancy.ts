/**
 * Expected discounted visits under a policy, by pushing the start distribution forwards:
 *
 *   D₀ = start,  D ← start + γ P_πᵀ D
 *
 * The readable forward pass (Ziebart 2010, alg. 9.3). Exact planners solve (I − γ P_πᵀ) D = start
 * instead; the two are tested against each other.
 */

import { z } from 'zod';
import type { Mdp } from '../mdp/mdp.ts';
import { checkPerPair, checkPerState } from './checkLengths.ts';

export const OccupancyOptions = z.strictObject({
  discount: z
    .number()
    .min(0)
    .max(1)
    .describe('Worth of the next step γ; 1 needs a policy that ends'),
  tolerance: z.number().positive().default(1e-12).describe('Stop when Σ |ΔD| falls below this'),
  maxIterations: z.int().positive().default(1_000_000).describe('Give up after this many steps'),
});
/** What a caller may write. */
export type OccupancyOptions = z.input<typeof OccupancyOptions>;

/**
 * Returns the expected discounted number of visits to each pair, [pairs].
 *
 * @param policy [pairs] π(a | s); what is missing to 1 in a state is the probability of ending there
 * @param start [states] where trajectories begin; any non-negative weights
 */
export function occupancy(
  mdp: Mdp,
  policy: Float64Array,
  start: Float64Array,
  options: OccupancyOptions,
): Float64Array {
  const { discount, tolerance, maxIterations } = OccupancyOptions.parse(options);
  checkPerPair('count visits', 'policy', policy, mdp);
  checkPerState('count visits', 'start', start, mdp);
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const visits = new Float64Array(mdp.pairCount);
  let arriving = start.slice();
  let next = new Float64Array(stateCount);
  for (let step = 0; step < maxIterations; step++) {
    next.fill(0);
    let moving = 0;
    for (let s = 0; s < stateCount; s++) {
      if (arriving[s] === 0) continue;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        const flow = arriving[s] * policy[pair];
        visits[pair] += flow;
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          next[nextState[k]] += discount * flow * probability[k];
      }
    }
    for (let s = 0; s < stateCount; s++) moving += next[s];
    [arriving, next] = [next, arriving];
    if (moving <= tolerance * (1 - discount || 1)) break;
  }
  return visits;
}
