/**
 * Shortest ways from the end of a link to the beginning of others, up to a bound (Dijkstra 1959).
 * What was found for a link is kept, as a trip's neighbours ask again.
 */

import { createMinQueue } from '../../numeric/minQueue.ts';
import type { RoadNetwork } from './roadNetwork.ts';

export interface LinkRoutes {
  /**
   * Metres from the end of a link to the beginning of another, over the links between; Infinity
   * where that is more than `bound` or there is no way.
   */
  readonly distance: (from: number, to: number, bound: number) => number;
  /** The links between, in order; to be asked only where the distance is finite. */
  readonly between: (from: number, to: number, bound: number) => number[];
}

interface Tree {
  readonly bound: number;
  readonly distance: ReadonlyMap<number, number>;
  /** The link before; −1 for those that the first link leads into. */
  readonly before: ReadonlyMap<number, number>;
}

/** How many trees are kept at most. */
const KEPT = 20_000;

export function linkRoutes({ turnStart, turnTo, length }: RoadNetwork): LinkRoutes {
  const trees = new Map<number, Tree>();

  function treeOf(from: number, bound: number): Tree {
    const known = trees.get(from);
    if (known && known.bound >= bound) return known;
    // Rounded up, so that a slightly larger bound does not start again.
    const tree = grow(from, 500 * Math.ceil(bound / 500));
    if (trees.size >= KEPT) trees.clear();
    trees.set(from, tree);
    return tree;
  }

  function grow(from: number, bound: number): Tree {
    const distance = new Map<number, number>();
    const before = new Map<number, number>();
    const queue = createMinQueue();
    const reach = (link: number, metres: number, last: number): void => {
      if (metres > bound || metres >= (distance.get(link) ?? Number.POSITIVE_INFINITY)) return;
      distance.set(link, metres);
      before.set(link, last);
      queue.push(link, metres);
    };
    for (let turn = turnStart[from]; turn < turnStart[from + 1]; turn++) reach(turnTo[turn], 0, -1);
    while (queue.size() > 0) {
      const metres = queue.least();
      const link = queue.pop();
      if (metres > (distance.get(link) ?? 0)) continue;
      for (let turn = turnStart[link]; turn < turnStart[link + 1]; turn++)
        reach(turnTo[turn], metres + length[link], link);
    }
    return { bound, distance, before };
  }

  return {
    distance(from, to, bound) {
      const metres = treeOf(from, bound).distance.get(to) ?? Number.POSITIVE_INFINITY;
      return metres <= bound ? metres : Number.POSITIVE_INFINITY;
    },
    between(from, to, bound) {
      const { before } = treeOf(from, bound);
      const links: number[] = [];
      for (let link = before.get(to) ?? -1; link >= 0; link = before.get(link) ?? -1)
        links.push(link);
      return links.reverse();
    },
  };
}
