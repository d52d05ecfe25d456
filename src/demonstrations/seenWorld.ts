/**
 * The world as far as a recording shows it: the states that were visited, the actions taken in them
 * (named by where they led, where none are recorded), and the shares in which they led where.
 */

import type { World } from '../mdp/world.ts';
import type { LooseRecording } from './tables/looseRecording.ts';

/** States and actions are numbered as the recording's. Moves whose end was not recorded are left out. */
export function seenWorld({
  state,
  action,
  follows,
  stateNames,
  actionNames,
}: LooseRecording): World {
  const moves: number[] = [];
  for (let row = 0; row < state.length; row++)
    if (follows[row] && (action === null || action[row] >= 0)) moves.push(row);
  const taken = (row: number): number => (action === null ? state[row + 1] : action[row]);
  moves.sort(
    (a, b) => state[a] - state[b] || taken(a) - taken(b) || state[a + 1] - state[b + 1] || a - b,
  );
  const pairStart = new Int32Array(stateNames.length + 1);
  const transitionStart = [0];
  const pairAction: number[] = [];
  const nextState: number[] = [];
  const probability: number[] = [];
  for (let start = 0, end = 0; start < moves.length; start = end) {
    const [from, by] = [state[moves[start]], taken(moves[start])];
    while (end < moves.length && state[moves[end]] === from && taken(moves[end]) === by) end++;
    for (let k = start; k < end; k++) {
      const to = state[moves[k] + 1];
      const isNew = k === start || to !== state[moves[k - 1] + 1];
      if (isNew) {
        nextState.push(to);
        probability.push(0);
      }
      probability[probability.length - 1] += 1 / (end - start);
    }
    pairAction.push(by);
    transitionStart.push(nextState.length);
    pairStart[from + 1]++;
  }
  for (let s = 0; s < stateNames.length; s++) pairStart[s + 1] += pairStart[s];
  return {
    mdp: {
      stateCount: stateNames.length,
      pairCount: pairAction.length,
      pairStart,
      transitionStart: Int32Array.from(transitionStart),
      nextState: Int32Array.from(nextState),
      probability: Float64Array.from(probability),
    },
    stateNames,
    actionNames: action === null ? stateNames : actionNames,
    pairAction: Int32Array.from(pairAction),
  };
}
