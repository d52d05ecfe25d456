/**
 * The collapsed pattern of an MDP: per state the union of its successors over all actions.
 *
 * Whatever the policy, P_π lives on this pattern, so a linear solve runs over far fewer entries
 * than a sweep over all transitions (on a grid five instead of twenty-five per state).
 */

import type { Mdp } from '../mdp/mdp.ts';
import type { Csr } from '../numeric/csr.ts';

export interface CollapsedPattern {
  /** The matrix γ P_π, refilled by every assembly; its diagonal is always present. */
  readonly matrix: Csr;
  /** [transitions] the entry of `matrix` that each transition adds to. */
  readonly slot: Int32Array;
}

export function collapsedPattern(mdp: Mdp): CollapsedPattern {
  const { stateCount, pairStart, transitionStart, nextState } = mdp;
  const rowStart = new Int32Array(stateCount + 1);
  const diagonal = new Int32Array(stateCount);
  const slot = new Int32Array(nextState.length);
  // No row is longer than its transitions and the diagonal; most are much shorter.
  const columns = new Int32Array(nextState.length + stateCount);
  /** [states] where a successor stands in the row of the state at hand; −1 for all others. */
  const place = new Int32Array(stateCount).fill(-1);
  let free = 0;
  for (let s = 0; s < stateCount; s++) {
    const start = free;
    const firstTransition = transitionStart[pairStart[s]];
    const end = transitionStart[pairStart[s + 1]];
    columns[free++] = s;
    place[s] = start;
    for (let k = firstTransition; k < end; k++) {
      const to = nextState[k];
      if (place[to] >= 0) continue;
      place[to] = start;
      columns[free++] = to;
    }
    sortRange(columns, start, free);
    for (let e = start; e < free; e++) place[columns[e]] = e;
    diagonal[s] = place[s];
    for (let k = firstTransition; k < end; k++) slot[k] = place[nextState[k]];
    for (let e = start; e < free; e++) place[columns[e]] = -1;
    rowStart[s + 1] = free;
  }
  const column = columns.slice(0, free);
  const value = new Float64Array(free);
  return { matrix: { size: stateCount, rowStart, column, diagonal, value }, slot };
}

/** Sorts x[start … end − 1] in place; insertion for the short rows that are the rule. */
function sortRange(x: Int32Array, start: number, end: number): void {
  if (end - start > 64) {
    x.subarray(start, end).sort();
    return;
  }
  for (let i = start + 1; i < end; i++) {
    const item = x[i];
    let j = i - 1;
    while (j >= start && x[j] > item) {
      x[j + 1] = x[j];
      j--;
    }
    x[j + 1] = item;
  }
}
