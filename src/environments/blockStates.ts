/**
 * A world some of whose states have become impassable: what would lead into one of them leaves
 * everything as it is.
 *
 *   p′(s′ | s, a) = p(s′ | s, a)                     s′ passable, s′ ≠ s
 *   p′(s | s, a)  = p(s | s, a) + p(blocked | s, a)
 *
 * States and pairs keep their numbers, so a policy made for the world as it was can be followed in it
 * as it is. Blocked states keep their actions but are never entered.
 */

import type { Mdp } from '../mdp/mdp.ts';

/** @param blocked [states] 1 where a state can no longer be entered */
export function blockStates(mdp: Mdp, blocked: Uint8Array): Mdp {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  if (blocked.length !== stateCount)
    throw new RangeError(
      `Cannot block states: ${stateCount} flags are wanted (one per state), got ${blocked.length}`,
    );
  const start = new Int32Array(pairCount + 1);
  // a pair has at most one successor more than before: its own state
  const to = new Int32Array(nextState.length + pairCount);
  const share = new Float64Array(nextState.length + pairCount);
  let kept = 0;
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      let staying = 0;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        if (nextState[k] === s || blocked[nextState[k]]) staying += probability[k];
        else {
          to[kept] = nextState[k];
          share[kept++] = probability[k];
        }
      if (staying > 0) {
        let at = kept++;
        for (; at > start[pair] && to[at - 1] > s; at--) {
          to[at] = to[at - 1];
          share[at] = share[at - 1];
        }
        to[at] = s;
        share[at] = staying;
      }
      start[pair + 1] = kept;
    }
  return {
    stateCount,
    pairCount,
    pairStart,
    transitionStart: start,
    nextState: to.slice(0, kept),
    probability: share.slice(0, kept),
  };
}
