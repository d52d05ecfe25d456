/**
 * A graph as a world: in each state one move per outgoing edge, which leads where it says. A move
 * is named by the state it leads to.
 */

import type { World } from '../mdp/world.ts';

/**
 * Builds the world of a directed graph; pair p is edge p.
 *
 * @param edgeStart [states + 1] first edge of each state
 * @param edgeTarget [edges] where each edge leads, distinct within a state; kept, not copied
 */
export function graphWorld(
  stateNames: readonly string[],
  edgeStart: Int32Array,
  edgeTarget: Int32Array,
): World {
  const stateCount = stateNames.length;
  const pairCount = edgeTarget.length;
  return {
    mdp: {
      stateCount,
      pairCount,
      pairStart: edgeStart,
      transitionStart: Int32Array.from({ length: pairCount + 1 }, (_, pair) => pair),
      nextState: edgeTarget,
      probability: new Float64Array(pairCount).fill(1),
    },
    stateNames,
    actionNames: stateNames,
    pairAction: edgeTarget,
  };
}
