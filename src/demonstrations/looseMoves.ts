/**
 * Which pair of the world every recorded row chose, as far as that can be told, and what is wrong
 * where it cannot. The strict reading, which stops at the first fault, is `recordedMoves`.
 */

import type { World } from '../mdp/world.ts';
import { findPair, findTransition } from './namedWorld.ts';
import type { LooseRecording } from './tables/looseRecording.ts';

/** What may be wrong with a row, by its number in `LooseMoves.fault`. */
export const moveFaults = [
  'none',
  'unknown state',
  'unavailable action',
  'impossible move',
  'missing action',
  'ambiguous move',
] as const;
export type MoveFault = (typeof moveFaults)[number];

export interface LooseMoves {
  /** [rows] the pair chosen, −1 where nothing was chosen or it cannot be told. */
  readonly pair: Int32Array;
  /** [rows] index into `moveFaults`. */
  readonly fault: Uint8Array;
}

/** States and actions of the recording must be numbered as the world's are. */
export function looseMoves(world: World, recording: LooseRecording): LooseMoves {
  const { state, action, follows } = recording;
  const pair = new Int32Array(state.length).fill(-1);
  const fault = new Uint8Array(state.length);
  const blame = (row: number, what: MoveFault): void => {
    fault[row] = moveFaults.indexOf(what);
  };
  for (let row = 0; row < state.length; row++) {
    if (state[row] >= world.mdp.stateCount) {
      blame(row, 'unknown state');
      continue;
    }
    const next = follows[row] ? state[row + 1] : -1;
    if (action === null) {
      if (next < 0) continue;
      const candidates = pairsInto(world, state[row], next);
      if (candidates.length === 1) pair[row] = candidates[0];
      else if (next < world.mdp.stateCount)
        blame(row, candidates.length > 1 ? 'ambiguous move' : 'impossible move');
      continue;
    }
    if (action[row] < 0) {
      if (next >= 0) blame(row, 'missing action');
      continue;
    }
    const chosen = findPair(world, state[row], action[row]);
    if (chosen < 0) blame(row, 'unavailable action');
    else if (next >= 0 && findTransition(world, chosen, next) < 0) {
      // A next state that the world does not have is blamed where it stands.
      if (next < world.mdp.stateCount) blame(row, 'impossible move');
    } else pair[row] = chosen;
  }
  return { pair, fault };
}

function pairsInto(world: World, state: number, next: number): number[] {
  const { pairStart } = world.mdp;
  const found: number[] = [];
  for (let pair = pairStart[state]; pair < pairStart[state + 1]; pair++)
    if (findTransition(world, pair, next) >= 0) found.push(pair);
  return found;
}
