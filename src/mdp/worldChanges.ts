/** What is different in another version of a world: choices that are gone, new, or lead elsewhere. */

import { namesakes } from './sameNames.ts';
import type { World } from './world.ts';

export interface WorldChanges {
  /** Choices (state and action) of the old world that the new one does not have. */
  readonly gone: number;
  /** Choices that only the new one has. */
  readonly added: number;
  /** Choices of both that lead elsewhere now, or with other probabilities. */
  readonly redirected: number;
  /** [states of the new world] 1 where any choice is gone, new or redirected. */
  readonly changed: Uint8Array;
}

const SAME = 1e-12;

/** Compares two worlds by the names of their states and actions. */
export function worldChanges(before: World, after: World): WorldChanges {
  const { mdp } = after;
  const back = namesakes(after, before);
  const forth = namesakes(before, after);
  const changed = new Uint8Array(mdp.stateCount);
  let [gone, added, redirected] = [0, 0, 0];
  for (let s = 0; s < before.mdp.stateCount; s++)
    for (let p = before.mdp.pairStart[s]; p < before.mdp.pairStart[s + 1]; p++) {
      if (forth.pair[p] >= 0) continue;
      gone++;
      if (forth.state[s] >= 0) changed[forth.state[s]] = 1;
    }
  for (let s = 0; s < mdp.stateCount; s++)
    for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++) {
      const old = back.pair[p];
      if (old < 0) added++;
      else if (leadsElsewhere(before, old, after, p, back.state)) redirected++;
      else continue;
      changed[s] = 1;
    }
  return { gone, added, redirected, changed };
}

function leadsElsewhere(
  before: World,
  old: number,
  after: World,
  pair: number,
  stateBefore: Int32Array,
): boolean {
  const shares = new Map<number, number>();
  const { transitionStart, nextState, probability } = before.mdp;
  for (let k = transitionStart[old]; k < transitionStart[old + 1]; k++)
    shares.set(nextState[k], (shares.get(nextState[k]) ?? 0) + probability[k]);
  const now = after.mdp;
  for (let k = now.transitionStart[pair]; k < now.transitionStart[pair + 1]; k++) {
    const s = stateBefore[now.nextState[k]];
    shares.set(s, (shares.get(s) ?? 0) - now.probability[k]);
  }
  return [...shares.values()].some((gap) => Math.abs(gap) > SAME);
}
