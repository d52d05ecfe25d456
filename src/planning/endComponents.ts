/**
 * Where one can stay for ever if one likes: the maximal end components of a decision process.
 *
 * An end component is a set of states with some pairs of each such that no pair leads out of it and
 * every state leads to every other. Whoever never ends comes to stay in one. They are what is left
 * when pairs that may leave their strongly connected component are dropped until none does.
 *
 * Reference: de Alfaro (1997), Formal Verification of Probabilistic Systems, PhD thesis, Stanford,
 * §3.3; Baier & Katoen (2008), Principles of Model Checking, alg. 47.
 */

import { type Mdp, statesOfPairs } from '../mdp/mdp.ts';
import { strongComponents } from '../numeric/strongComponents.ts';

export interface EndComponent {
  /** Its states, ascending. */
  readonly states: readonly number[];
  /** Pairs that may be chosen without ever leaving, ascending; at least one for each state. */
  readonly pairs: readonly number[];
}

/** @param allowed [pairs] 0 for pairs that are out of the question; null allows all */
export function endComponents(mdp: Mdp, allowed: Uint8Array | null = null): EndComponent[] {
  const { stateCount, pairCount, transitionStart, nextState } = mdp;
  const stateOfPair = statesOfPairs(mdp);
  const kept = allowed?.slice() ?? new Uint8Array(pairCount).fill(1);
  const everywhere = new Uint8Array(stateCount).fill(1);
  for (;;) {
    const { componentOf, components } = strongComponents(linksOf(mdp, kept), everywhere);
    let dropped = false;
    for (let pair = 0; pair < pairCount; pair++) {
      if (kept[pair] === 0) continue;
      const home = componentOf[stateOfPair[pair]];
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        if (componentOf[nextState[k]] !== home) kept[pair] = 0;
      if (kept[pair] === 0) dropped = true;
    }
    if (dropped) continue;
    const pairsOf: number[][] = components.map(() => []);
    kept.forEach((on, pair) => {
      if (on) pairsOf[componentOf[stateOfPair[pair]]].push(pair);
    });
    return components.flatMap((states, c) =>
      pairsOf[c].length > 0
        ? [{ states: [...states].sort((a, b) => a - b), pairs: pairsOf[c] }]
        : [],
    );
  }
}

/** Which states the kept pairs may lead to. */
function linksOf(
  { stateCount, pairStart, transitionStart, nextState }: Mdp,
  kept: Uint8Array,
): { rowStart: Int32Array; column: Int32Array } {
  const rowStart = new Int32Array(stateCount + 1);
  const column = new Int32Array(nextState.length);
  let free = 0;
  for (let s = 0; s < stateCount; s++) {
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      if (kept[pair])
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          column[free++] = nextState[k];
    rowStart[s + 1] = free;
  }
  return { rowStart, column: column.subarray(0, free) };
}
