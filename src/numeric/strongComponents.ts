/**
 * The strongly connected components of a sparse directed graph: nodes that lead to one another.
 *
 * Reference: Tarjan (1972), Depth-first search and linear graph algorithms, SIAM J. Comput. 1,
 * 146–160; without recursion, so that long paths do no harm.
 */

/** Who leads where, in compressed rows. */
export interface Links {
  /** [nodes + 1] */
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
}

export interface Components {
  /** [nodes] the component of each node, −1 where the start does not lead. */
  readonly componentOf: Int32Array;
  /** The nodes of each component; one comes after those that it leads to. */
  readonly components: readonly (readonly number[])[];
}

/** @param start [nodes] positive where to begin */
export function strongComponents(
  { rowStart, column }: Links,
  start: ArrayLike<number>,
): Components {
  const nodeCount = start.length;
  const order = new Int32Array(nodeCount).fill(-1);
  const low = new Int32Array(nodeCount);
  const componentOf = new Int32Array(nodeCount).fill(-1);
  const components: number[][] = [];
  const open: number[] = [];
  const next = rowStart.slice(0, nodeCount);
  let count = 0;
  for (let root = 0; root < nodeCount; root++) {
    if (!(start[root] > 0) || order[root] >= 0) continue;
    const path = [root];
    while (path.length > 0) {
      const node = path[path.length - 1];
      if (order[node] < 0) {
        order[node] = low[node] = count++;
        open.push(node);
      }
      if (next[node] < rowStart[node + 1]) {
        const to = column[next[node]++];
        if (order[to] < 0) path.push(to);
        else if (componentOf[to] < 0) low[node] = Math.min(low[node], order[to]);
        continue;
      }
      path.pop();
      if (path.length > 0) {
        const before = path[path.length - 1];
        low[before] = Math.min(low[before], low[node]);
      }
      if (low[node] !== order[node]) continue;
      const members: number[] = [];
      for (let member = -1; member !== node; ) {
        member = open.pop() as number;
        componentOf[member] = components.length;
        members.push(member);
      }
      components.push(members.reverse());
    }
  }
  return { componentOf, components };
}
