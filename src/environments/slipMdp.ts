/**
 * Moves that sometimes slip: with probability 1 − slip the intended one happens, otherwise one of
 * all moves, uniformly.
 *
 *   p(s′ | s, a) = (1 − slip) [s′ = move(s, a)] + slip / moves · |{ d : move(s, d) = s′ }|
 */

import type { Mdp } from '../mdp/mdp.ts';

export interface Moves {
  readonly stateCount: number;
  /** How many moves every state has. */
  readonly moveCount: number;
  /** [states × moves] where each move leads when it does not slip. */
  readonly target: Int32Array;
  /** [states] 1 where nothing can be chosen: the state keeps no pairs. */
  readonly terminal?: Uint8Array;
}

/**
 * Fills the dynamics straight into typed arrays. Pairs of a state are its moves in order; the
 * transitions of a pair are merged and ascending in the next state.
 *
 * @param slip probability of an arbitrary move, 0 … 1
 */
export function slipMdp({ stateCount, moveCount, target, terminal }: Moves, slip: number): Mdp {
  const pairStart = new Int32Array(stateCount + 1);
  for (let s = 0; s < stateCount; s++) {
    pairStart[s + 1] = pairStart[s] + (terminal?.[s] ? 0 : moveCount);
  }
  const pairCount = pairStart[stateCount];
  const capacity = pairCount * (slip === 0 ? 1 : moveCount);
  const transitionStart = new Int32Array(pairCount + 1);
  const nextState = new Int32Array(capacity);
  const probability = new Float64Array(capacity);
  const successor = new Int32Array(moveCount);
  const share = new Float64Array(moveCount);
  let k = 0;
  for (let s = 0; s < stateCount; s++) {
    const pair = pairStart[s];
    if (pairStart[s + 1] === pair) continue;
    const count = distinctSuccessors(target, s * moveCount, moveCount, slip, successor, share);
    for (let a = 0; a < moveCount; a++) {
      const intended = target[s * moveCount + a];
      for (let i = 0; i < count; i++) {
        const p = share[i] + (successor[i] === intended ? 1 - slip : 0);
        if (p === 0) continue;
        nextState[k] = successor[i];
        probability[k++] = p;
      }
      transitionStart[pair + a + 1] = k;
    }
  }
  return {
    stateCount,
    pairCount,
    pairStart,
    transitionStart,
    nextState: nextState.subarray(0, k),
    probability: probability.subarray(0, k),
  };
}

/** Writes the successors of one state, ascending, with what slipping gives each; returns how many. */
function distinctSuccessors(
  target: Int32Array,
  start: number,
  moveCount: number,
  slip: number,
  successor: Int32Array,
  share: Float64Array,
): number {
  let count = 0;
  for (let d = 0; d < moveCount; d++) {
    const to = target[start + d];
    let at = count;
    while (at > 0 && successor[at - 1] > to) at--;
    if (at > 0 && successor[at - 1] === to) {
      share[at - 1] += slip / moveCount;
      continue;
    }
    for (let i = count; i > at; i--) {
      successor[i] = successor[i - 1];
      share[i] = share[i - 1];
    }
    successor[at] = to;
    share[at] = slip / moveCount;
    count++;
  }
  return count;
}
