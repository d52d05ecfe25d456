/**
 * Soft value iteration: the backward pass of maximum causal entropy, as one reads it in the papers.
 *
 *   Q(s, a) = r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′)
 *   V(s)    = τ log Σₐ exp(Q(s, a) / τ)
 *   π(a|s)  = exp((Q(s, a) − V(s)) / τ)
 *
 * This is the readable reference. It needs log(1/ε)/(1 − γ) sweeps; soft policy iteration reaches
 * the same plan in a few steps, and a test holds the two together.
 *
 * Reference: Ziebart (2010), PhD thesis, Carnegie Mellon, eqs. 9.1–9.3.
 */

import { z } from 'zod';
import type { Mdp } from '../mdp/mdp.ts';

export const SoftValueIterationOptions = z.strictObject({
  discount: z.number().min(0).max(1).describe('Worth of the next step γ; 1 needs states that stop'),
  temperature: z.number().positive().default(1).describe('Entropy weight τ, in units of reward'),
  tolerance: z.number().positive().default(1e-10).describe('Stop when max |ΔV| falls below this'),
  maxIterations: z.int().positive().default(1_000_000).describe('Give up after this many sweeps'),
});
/** What a caller may write. */
export type SoftValueIterationOptions = z.input<typeof SoftValueIterationOptions>;

export interface SoftPlan {
  /** [states] soft-optimal value V(s). */
  readonly value: Float64Array;
  /** [pairs] policy π(a | s) = exp((Q(s, a) − V(s)) / τ). */
  readonly policy: Float64Array;
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Plans for `reward` [pairs] from V = 0.
 *
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent,
 *   states without pairs end with value 0 and no others can end
 */
export function softValueIteration(
  mdp: Mdp,
  reward: Float64Array,
  options: SoftValueIterationOptions,
  stop: Float64Array = terminalStop(mdp),
): SoftPlan {
  const { discount, temperature, tolerance, maxIterations } =
    SoftValueIterationOptions.parse(options);
  if (reward.length !== mdp.pairCount)
    throw new RangeError(
      `Cannot plan: reward must have ${mdp.pairCount} entries (one per pair), got ${reward.length}`,
    );
  const { stateCount, pairStart } = mdp;
  const actionValue = new Float64Array(mdp.pairCount);
  let value = new Float64Array(stateCount);
  let next = new Float64Array(stateCount);

  for (let iteration = 1; ; iteration++) {
    backUp(mdp, reward, value, discount, actionValue);
    let change = 0;
    for (let s = 0; s < stateCount; s++) {
      next[s] = softMaximum(actionValue, pairStart[s], pairStart[s + 1], stop[s], temperature);
      const difference = Math.abs(next[s] - value[s]);
      if (!(difference <= change)) change = difference;
    }
    [value, next] = [next, value];
    const converged = change <= tolerance;
    if (!converged && iteration < maxIterations && Number.isFinite(change)) continue;

    const policy = new Float64Array(mdp.pairCount);
    for (let s = 0; s < stateCount; s++)
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
        policy[pair] = Math.exp((actionValue[pair] - value[s]) / temperature);
    return { value, policy, converged, iterations: iteration };
  }
}

/** [states] the reward of ending at once that the time structure implies: 0 where there is no choice. */
export function terminalStop(mdp: Mdp): Float64Array {
  return Float64Array.from({ length: mdp.stateCount }, (_, s) =>
    mdp.pairStart[s] === mdp.pairStart[s + 1] ? 0 : Number.NEGATIVE_INFINITY,
  );
}

/** Writes `out[pair] = r + γ Σ p(s′) V(s′)`. */
export function backUp(
  { pairCount, transitionStart, nextState, probability }: Mdp,
  reward: Float64Array,
  value: Float64Array,
  discount: number,
  out: Float64Array,
): void {
  for (let pair = 0; pair < pairCount; pair++) {
    let sum = 0;
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      sum += probability[k] * value[nextState[k]];
    out[pair] = reward[pair] + discount * sum;
  }
}

/** Returns τ log( Σ exp(x[i] / τ) + exp(extra / τ) ) over start ≤ i < end. */
export function softMaximum(
  x: Float64Array,
  start: number,
  end: number,
  extra: number,
  temperature: number,
): number {
  let largest = extra;
  for (let i = start; i < end; i++) largest = Math.max(largest, x[i]);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = Math.exp((extra - largest) / temperature);
  for (let i = start; i < end; i++) sum += Math.exp((x[i] - largest) / temperature);
  return largest + temperature * Math.log(sum);
}
