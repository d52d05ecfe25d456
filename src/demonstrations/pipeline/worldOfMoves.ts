/** The moves there are, as an MDP whose states and pairs are known by name. */

import type { Mdp } from '../../mdp/mdp.ts';
import type { WorldMove } from './recordedWorld.ts';

export interface WorldOfMoves {
  readonly mdp: Mdp;
  readonly numberOf: (state: string) => number | undefined;
  /** −1 where the state does not offer the action; of moves without actions, named by next state. */
  readonly pairOf: (state: string, action: string) => number;
}

/** @param moves sorted by state, action and next state */
export function worldOfMoves(moves: readonly WorldMove[]): WorldOfMoves {
  const number = new Map<string, number>();
  for (const { state } of moves) if (!number.has(state)) number.set(state, number.size);
  for (const { nextState } of moves) if (!number.has(nextState)) number.set(nextState, number.size);
  const pairs = Array.from({ length: number.size }, () => new Map<string, number>());
  const pairStart = new Int32Array(number.size + 1);
  const transitionStart: number[] = [];
  let before = -1;
  for (let i = 0; i < moves.length; i++) {
    const { state, action, nextState } = moves[i];
    const own = pairs[number.get(state)!];
    const name = action ?? nextState;
    const pair = transitionStart.length;
    if (own.get(name) === before && before >= 0) continue;
    own.set(name, pair);
    before = pair;
    transitionStart.push(i);
    pairStart[number.get(state)! + 1]++;
  }
  for (let s = 0; s < number.size; s++) pairStart[s + 1] += pairStart[s];
  return {
    mdp: {
      stateCount: number.size,
      pairCount: transitionStart.length,
      pairStart,
      transitionStart: Int32Array.from([...transitionStart, moves.length]),
      nextState: Int32Array.from(moves, ({ nextState }) => number.get(nextState)!),
      probability: Float64Array.from(moves, ({ probability }) => probability),
    },
    numberOf: (state) => number.get(state),
    pairOf: (state, action) => pairs[number.get(state) ?? -1]?.get(action) ?? -1,
  };
}
