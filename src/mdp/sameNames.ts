/** Two worlds whose states and actions of the same name are the same. */

import { statesOfPairs } from './mdp.ts';
import type { World } from './world.ts';

/** Where the parts of one world are found in another. */
export interface Namesakes {
  /** [states] the other world's state of the same name; −1 where it has none. */
  readonly state: Int32Array;
  /** [pairs] the other world's pair with the same state and action; −1 where it has none. */
  readonly pair: Int32Array;
}

/** Returns where the states and pairs of `world` are in `other`; a world is its own namesake. */
export function namesakes(world: World, other: World): Namesakes {
  const { mdp, stateNames, actionNames, pairAction } = world;
  if (world === other)
    return {
      state: Int32Array.from({ length: mdp.stateCount }, (_, s) => s),
      pair: Int32Array.from({ length: mdp.pairCount }, (_, p) => p),
    };
  const stateNumber = new Map(other.stateNames.map((name, s) => [name, s]));
  const actionNumber = new Map(other.actionNames.map((name, a) => [name, a]));
  const state = Int32Array.from(stateNames, (name) => stateNumber.get(name) ?? -1);
  const stateOfPair = statesOfPairs(mdp);
  const pair = Int32Array.from(pairAction, (action, p) => {
    const there = state[stateOfPair[p]];
    const wanted = actionNumber.get(actionNames[action]);
    if (there < 0 || wanted === undefined) return -1;
    for (let q = other.mdp.pairStart[there]; q < other.mdp.pairStart[there + 1]; q++)
      if (other.pairAction[q] === wanted) return q;
    return -1;
  });
  return { state, pair };
}
