/**
 * Modified policy iteration: improve the policy, evaluate it by a few sweeps only, improve again.
 *
 *   π ← optimal for Q of V,  V ← (T^π)ᵐ TV
 *   T^π V(s) = Σₐ π(a | s) [ Q(s, a) − τ log π(a | s) ] + π(stop | s) [ stop(s) − τ log π(stop | s) ]
 *
 * m = 0 is value iteration, m → ∞ policy iteration. Sweeps of evaluation compute no maximum and, soft,
 * no exponential.
 *
 * Reference: Puterman & Shin (1978), Management Science 24; Puterman (1994), §6.5.
 */

import type { Mdp } from '../mdp/mdp.ts';
import {
  backUpState,
  type DynamicPlan,
  type DynamicProgram,
  type DynamicProgramOptions,
  dynamicProgram,
  planOf,
  writePolicy,
} from './dynamicProgram.ts';

/**
 * Plans for `reward` [pairs] from V = 0.
 *
 * @param sweeps m ≥ 0, of evaluation after each improvement
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent,
 *   states without pairs end with value 0 and no others can end
 */
export function modifiedPolicyIteration(
  mdp: Mdp,
  reward: Float64Array,
  options: DynamicProgramOptions,
  sweeps = 10,
  stop?: Float64Array,
): DynamicPlan {
  if (!(Number.isInteger(sweeps) && sweeps >= 0))
    throw new RangeError(`Cannot plan: sweeps must be a whole number ≥ 0, got ${sweeps}`);
  const program = dynamicProgram(mdp, reward, options, stop);
  const { stateCount, pairCount } = mdp;
  const actionValue = new Float64Array(pairCount);
  const policy = new Float64Array(pairCount);
  const value = new Float64Array(stateCount);
  const next = new Float64Array(stateCount);
  for (let backUps = stateCount; ; backUps += stateCount * (1 + sweeps)) {
    let change = 0;
    for (let s = 0; s < stateCount; s++) {
      next[s] = backUpState(program, value, s, actionValue);
      const moved = Math.abs(next[s] - value[s]);
      if (!(moved <= change)) change = moved;
    }
    value.set(next);
    const converged = change <= program.tolerance;
    if (converged || !Number.isFinite(change) || backUps >= program.maxBackUps)
      return planOf(program, value, converged, backUps);
    writePolicy(program, actionValue, policy);
    const gain = gainOf(program, policy);
    for (let sweep = 0; sweep < sweeps; sweep++) {
      evaluateOnce(program, policy, gain, value, next);
      value.set(next);
    }
  }
}

/** [states] what one step of π pays, entropy and ending included. */
function gainOf({ mdp, reward, temperature, stop }: DynamicProgram, policy: Float64Array) {
  const { stateCount, pairStart } = mdp;
  const paid = (p: number, amount: number): number =>
    p > 0 ? p * (temperature === 0 ? amount : amount - temperature * Math.log(p)) : 0;
  return Float64Array.from({ length: stateCount }, (_, s) => {
    let [sum, ending] = [0, 1];
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      sum += paid(policy[pair], reward[pair]);
      ending -= policy[pair];
    }
    // what is left over is an ending only where one is possible; else it is round-off
    return stop[s] === Number.NEGATIVE_INFINITY ? sum : sum + paid(ending, stop[s]);
  });
}

/** Writes gain + γ P_π V. */
function evaluateOnce(
  { mdp, discount }: DynamicProgram,
  policy: Float64Array,
  gain: Float64Array,
  value: Float64Array,
  out: Float64Array,
): void {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  for (let s = 0; s < stateCount; s++) {
    let ahead = 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const p = policy[pair];
      if (p === 0) continue;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        ahead += p * probability[k] * value[nextState[k]];
    }
    out[s] = gain[s] + discount * ahead;
  }
}
