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
  const seen = new Int32Array(stateCount).fill(-1);
  const rowStart = new Int32Array(stateCount + 1);
  for (let s = 0; s < stateCount; s++) {
    seen[s] = s;
    let width = 1;
    const end = transitionStart[pairStart[s + 1]];
    for (let k = transitionStart[pairStart[s]]; k < end; k++)
      if (seen[nextState[k]] !== s) {
        seen[nextState[k]] = s;
        width++;
      }
    rowStart[s + 1] = rowStart[s] + width;
  }

  const column = new Int32Array(rowStart[stateCount]);
  const diagonal = new Int32Array(stateCount);
  const slot = new Int32Array(nextState.length);
  const place = new Int32Array(stateCount);
  seen.fill(-1);
  for (let s = 0; s < stateCount; s++) {
    const start = rowStart[s];
    let free = start;
    column[free++] = s;
    seen[s] = s;
    const end = transitionStart[pairStart[s + 1]];
    for (let k = transitionStart[pairStart[s]]; k < end; k++) {
      const to = nextState[k];
      if (seen[to] === s) continue;
      seen[to] = s;
      column[free++] = to;
    }
    sortRange(column, start, free);
    for (let k = start; k < free; k++) place[column[k]] = k;
    diagonal[s] = place[s];
    for (let k = transitionStart[pairStart[s]]; k < end; k++) slot[k] = place[nextState[k]];
  }
  const value = new Float64Array(column.length);
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
