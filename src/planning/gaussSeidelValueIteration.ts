/**
 * Value iteration in place: each state sees the values that this sweep has computed already.
 *
 *   V(s) ← TV(s),  one state after another
 *
 * Sweeps run alternately up and down the states, so that news travels either way in one sweep where
 * neighbours have neighbouring numbers. Each shrinks the error by γ at least, as a plain sweep does.
 *
 * Reference: Bertsekas & Tsitsiklis (1996), Neuro-Dynamic Programming, §2.2; Puterman (1994), §6.3.3.
 */

import type { Mdp } from '../mdp/mdp.ts';
import {
  backUpState,
  type DynamicPlan,
  type DynamicProgramOptions,
  dynamicProgram,
  planOf,
} from './dynamicProgram.ts';

/**
 * Plans for `reward` [pairs] from V = 0.
 *
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent,
 *   states without pairs end with value 0 and no others can end
 */
export function gaussSeidelValueIteration(
  mdp: Mdp,
  reward: Float64Array,
  options: DynamicProgramOptions,
  stop?: Float64Array,
): DynamicPlan {
  const program = dynamicProgram(mdp, reward, options, stop);
  const { stateCount } = mdp;
  const value = new Float64Array(stateCount);
  const actionValue = new Float64Array(mdp.pairCount);
  for (let sweep = 1; ; sweep++) {
    let change = 0;
    for (let i = 0; i < stateCount; i++) {
      const s = sweep % 2 === 1 ? i : stateCount - 1 - i;
      const next = backUpState(program, value, s, actionValue);
      const moved = Math.abs(next - value[s]);
      if (!(moved <= change)) change = moved;
      value[s] = next;
    }
    // a sweep that moves nothing by more than ε leaves max |TV − V| ≤ γ ε
    const converged = change <= program.tolerance;
    const backUps = sweep * stateCount;
    if (converged || !Number.isFinite(change) || backUps >= program.maxBackUps)
      return planOf(program, value, converged, backUps);
  }
}
