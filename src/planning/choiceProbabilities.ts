/** What somebody does, wherever they are: the probability of every choice at one decision time. */

import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';

export interface ChoiceProbabilities {
  /** [pairs] π(a | s); 0 throughout a state in which nothing is chosen. */
  readonly pairs: Float64Array;
  /** [states] probability of stopping there by an exit. */
  readonly stop: Float64Array;
}

/** Choices by decision time, 0 at the start; stationary ones are the same object at all times. */
export type TimedChoices = (time: number) => ChoiceProbabilities;

/** Returns [states] 1 where a walk goes on: something is chosen there, and the goal does not absorb. */
export function decidingStates(
  { stateCount, pairStart }: Mdp,
  goal: Goal | null,
  { pairs, stop }: ChoiceProbabilities,
): Uint8Array {
  const deciding = new Uint8Array(stateCount);
  for (let s = 0; s < stateCount; s++) {
    let chosen = stop[s] > 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1] && !chosen; pair++)
      chosen = pairs[pair] > 0;
    deciding[s] = chosen ? 1 : 0;
  }
  if (goal?.absorbing) for (const s of goal.stopState) deciding[s] = 0;
  return deciding;
}

/** Writes `out[s] = Σₐ π(a | s) Σₛ′ p(s′ | s, a) x[s′]` where a walk goes on, else 0. */
export function expectNext(
  { stateCount, pairStart, transitionStart, nextState, probability }: Mdp,
  { pairs }: ChoiceProbabilities,
  deciding: Uint8Array,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let s = 0; s < stateCount; s++) {
    let sum = 0;
    if (deciding[s])
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        if (pairs[pair] === 0) continue;
        let next = 0;
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          next += probability[k] * x[nextState[k]];
        sum += pairs[pair] * next;
      }
    out[s] = sum;
  }
}

/** Writes `out[s′] = Σ mass[s] π(a | s) p(s′ | s, a)` over the states where a walk goes on. */
export function pushOn(
  { stateCount, pairStart, transitionStart, nextState, probability }: Mdp,
  { pairs }: ChoiceProbabilities,
  deciding: Uint8Array,
  mass: Float64Array,
  out: Float64Array,
): void {
  out.fill(0);
  for (let s = 0; s < stateCount; s++) {
    if (mass[s] === 0 || !deciding[s]) continue;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const flow = mass[s] * pairs[pair];
      if (flow === 0) continue;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        out[nextState[k]] += flow * probability[k];
    }
  }
}
