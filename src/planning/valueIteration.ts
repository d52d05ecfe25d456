/**
 * Hard value iteration: the limit τ → 0 of the soft one, on the same structures.
 *
 *   V(s) ← max( maxₐ r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′), stop(s) )
 *
 * Reference: Puterman (1994), Markov Decision Processes, §6.3.
 */

import { z } from 'zod';
import type { Mdp } from '../mdp/mdp.ts';
import { backUp, terminalStop } from './softValueIteration.ts';

export const ValueIterationOptions = z.strictObject({
  discount: z.number().min(0).max(1).describe('Worth of the next step γ; 1 needs states that stop'),
  tolerance: z.number().positive().default(1e-10).describe('Stop when max |ΔV| falls below this'),
  maxIterations: z.int().positive().default(1_000_000).describe('Give up after this many sweeps'),
});
/** What a caller may write. */
export type ValueIterationOptions = z.input<typeof ValueIterationOptions>;

export interface HardPlan {
  /** [states] optimal value V(s). */
  readonly value: Float64Array;
  /** [pairs] r + γ P V. */
  readonly actionValue: Float64Array;
  /** [states] the best pair; −1 where ending at once is best (or all there is). */
  readonly greedy: Int32Array;
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Plans for `reward` [pairs] from V = 0.
 *
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent,
 *   states without pairs end with value 0 and no others can end
 */
export function valueIteration(
  mdp: Mdp,
  reward: Float64Array,
  options: ValueIterationOptions,
  stop: Float64Array = terminalStop(mdp),
): HardPlan {
  const { discount, tolerance, maxIterations } = ValueIterationOptions.parse(options);
  if (reward.length !== mdp.pairCount)
    throw new RangeError(
      `Cannot plan: reward must have ${mdp.pairCount} entries (one per pair), got ${reward.length}`,
    );
  const value = new Float64Array(mdp.stateCount);
  const actionValue = new Float64Array(mdp.pairCount);
  const greedy = new Int32Array(mdp.stateCount);
  for (let iteration = 1; ; iteration++) {
    backUp(mdp, reward, value, discount, actionValue);
    const change = greedyStep(mdp, actionValue, stop, greedy, value);
    const converged = change <= tolerance;
    if (converged || iteration >= maxIterations || !Number.isFinite(change))
      return { value, actionValue, greedy, converged, iterations: iteration };
  }
}

/**
 * Overwrites `greedy` with the best pair of each state (the first among equals) and `value` with its
 * worth. Returns the largest change of a value.
 */
export function greedyStep(
  { stateCount, pairStart }: Mdp,
  actionValue: Float64Array,
  stop: Float64Array,
  greedy: Int32Array,
  value: Float64Array,
): number {
  let largest = 0;
  for (let s = 0; s < stateCount; s++) {
    let best = stop[s];
    let choice = -1;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      if (actionValue[pair] > best) {
        best = actionValue[pair];
        choice = pair;
      }
    greedy[s] = choice;
    const change = Math.abs(best - value[s]);
    if (!(change <= largest)) largest = change;
    value[s] = best;
  }
  return largest;
}
