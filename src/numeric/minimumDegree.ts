/**
 * Approximate minimum degree: an order of elimination that keeps sparse factors sparse.
 *
 * Eliminating a node joins all its neighbours. The quotient graph remembers such a clique by its
 * members only, as an *element* named after the node that made it, so it never grows:
 *
 *   Aᵢ  nodes next to i that no element accounts for
 *   Eᵢ  elements that i belongs to
 *   Lₑ  nodes of element e
 *
 * Next comes a node p of smallest degree, bounded from above by
 *
 *   dᵢ = min( nodes left, old dᵢ + |Lₚ \ i|, |Aᵢ| + |Lₚ \ i| + Σₑ |Lₑ \ Lₚ| )
 *
 * Nodes that cannot be told apart are merged and eliminated together; an element that lies within
 * the new one is absorbed by it; nodes of very high degree go last.
 *
 * Reference: Amestoy, Davis & Duff (1996), SIAM J. Matrix Anal. Appl. 17(4), 886–905.
 */

import { DegreeBuckets } from './degreeBuckets.ts';

interface QuotientGraph {
  /**
   * Aᵢ and Eᵢ share the space that i's neighbours took at first, `space[start[i]] …`: elements fill it
   * from the left, neighbours from the right. What was eliminated or absorbed is dropped when met.
   */
  readonly space: Int32Array;
  readonly start: Int32Array;
  readonly elementCount: Int32Array;
  readonly neighbourCount: Int32Array;
  /** Lₑ by element. */
  readonly members: Int32Array[];
  /** [nodes] how many nodes i stands for; 0 once it is eliminated or merged. */
  readonly weight: Int32Array;
  /** [nodes] weight of Lₑ; 0 where there is no such element any more. */
  readonly elementWeight: Int32Array;
  /** [nodes] bound on the weight of all nodes next to i. */
  readonly degree: Int32Array;
  /** [nodes] the next node among those that one node stands for, −1 at the end; and their last. */
  readonly nextMerged: Int32Array;
  readonly lastMerged: Int32Array;
  /** [nodes] scratch: the latest pass that marked i. */
  readonly mark: Int32Array;
  /** [nodes] |Lₑ \ Lₚ|, valid where `outsideOf` is p. */
  readonly outside: Int32Array;
  readonly outsideOf: Int32Array;
  /** [nodes] scratch: hash table of `mergeTwins`, and the key of each node. */
  readonly firstOfKey: Int32Array;
  readonly nextOfKey: Int32Array;
  readonly key: Int32Array;
  /** [nodes] the nodes of the element just formed. */
  readonly front: Int32Array;
  frontLength: number;
  passes: number;
}

const NONE = new Int32Array(0);

/**
 * Returns `order`: the row and column to eliminate k-th is `order[k]`. The order is fill-reducing
 * for the pattern of A + Aᵀ; the diagonal is ignored.
 *
 * @param rowStart [size + 1] pattern of A in compressed rows; rows need not be sorted
 */
export function minimumDegree(
  size: number,
  rowStart: Int32Array,
  column: Int32Array,
): Int32Array<ArrayBuffer> {
  const graph = quotientGraph(size, rowStart, column);
  const { weight, elementWeight, degree, nextMerged, front, members } = graph;
  const buckets = new DegreeBuckets(size);
  const order = new Int32Array(size);
  let eliminated = 0;
  const eliminate = (node: number) => {
    for (let i = node; i >= 0; i = nextMerged[i]) order[eliminated++] = i;
    weight[node] = 0;
  };

  // Nearly full rows would slow every step down, and belong at the end anyway.
  const dense = Math.max(16, 10 * Math.sqrt(size));
  const last: number[] = [];
  for (let i = size - 1; i >= 0; i--) {
    if (degree[i] <= dense) buckets.insert(i, degree[i]);
    else {
      weight[i] = 0;
      last.push(i);
    }
  }
  last.sort((i, j) => degree[i] - degree[j]);
  const sparse = size - last.length;

  while (eliminated < sparse) {
    const p = buckets.takeSmallest();
    formElement(graph, p);
    eliminate(p);
    measureOverlap(graph, p);
    for (let f = 0; f < graph.frontLength; f++) {
      const i = front[f];
      buckets.remove(i, degree[i]);
      if (attach(graph, p, i)) continue;
      elementWeight[p] -= weight[i];
      eliminate(i);
    }
    mergeTwins(graph);
    let kept = 0;
    for (let f = 0; f < graph.frontLength; f++) {
      const i = front[f];
      if (weight[i] === 0) continue;
      front[kept++] = i;
      const others = elementWeight[p] - weight[i];
      degree[i] = Math.min(sparse - eliminated - weight[i], degree[i] + others);
      buckets.insert(i, degree[i]);
    }
    members[p] = kept > 0 ? front.slice(0, kept) : NONE;
  }
  for (const i of last) order[eliminated++] = i;
  return order;
}

/** The pattern of A + Aᵀ without its diagonal, nothing eliminated yet. */
function quotientGraph(size: number, rowStart: Int32Array, column: Int32Array): QuotientGraph {
  const start = new Int32Array(size + 1);
  for (let i = 0; i < size; i++)
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      if (column[k] === i) continue;
      start[i + 1]++;
      start[column[k] + 1]++;
    }
  for (let i = 0; i < size; i++) start[i + 1] += start[i];
  const space = new Int32Array(start[size]);
  const neighbourCount = new Int32Array(size);
  for (let i = 0; i < size; i++)
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      const j = column[k];
      if (j === i) continue;
      space[start[i + 1] - ++neighbourCount[i]] = j;
      space[start[j + 1] - ++neighbourCount[j]] = i;
    }
  const mark = new Int32Array(size).fill(-1);
  for (let i = 0; i < size; i++) {
    let left = start[i + 1];
    for (let k = start[i + 1] - 1; k >= start[i]; k--) {
      const j = space[k];
      if (mark[j] === i) continue;
      mark[j] = i;
      space[--left] = j;
    }
    neighbourCount[i] = start[i + 1] - left;
  }
  return {
    space,
    start,
    elementCount: new Int32Array(size),
    neighbourCount,
    members: new Array<Int32Array>(size).fill(NONE),
    weight: new Int32Array(size).fill(1),
    elementWeight: new Int32Array(size),
    degree: neighbourCount.slice(),
    nextMerged: new Int32Array(size).fill(-1),
    lastMerged: new Int32Array(size).map((_, i) => i),
    mark: mark.fill(0),
    outside: new Int32Array(size),
    outsideOf: new Int32Array(size).fill(-1),
    firstOfKey: new Int32Array(size).fill(-1),
    nextOfKey: new Int32Array(size),
    key: new Int32Array(size),
    front: new Int32Array(size),
    frontLength: 0,
    passes: 0,
  };
}

/** Makes Lₚ the front, marked with the current pass; the elements of p are absorbed into it. */
function formElement(graph: QuotientGraph, p: number): void {
  const { space, start, elementCount, neighbourCount, members, elementWeight } = graph;
  graph.passes++;
  graph.mark[p] = graph.passes;
  graph.frontLength = 0;
  elementWeight[p] = joinFront(graph, space, start[p + 1] - neighbourCount[p], start[p + 1]);
  for (let k = start[p]; k < start[p] + elementCount[p]; k++) {
    const e = space[k];
    if (elementWeight[e] === 0) continue;
    elementWeight[p] += joinFront(graph, members[e], 0, members[e].length);
    elementWeight[e] = 0;
    members[e] = NONE;
  }
}

/** Adds the nodes of `list` that are not there yet to the front; returns their weight. */
function joinFront(graph: QuotientGraph, list: Int32Array, from: number, to: number): number {
  const { front, weight, mark, passes } = graph;
  let length = graph.frontLength;
  let added = 0;
  for (let k = from; k < to; k++) {
    const i = list[k];
    if (weight[i] === 0 || mark[i] === passes) continue;
    mark[i] = passes;
    front[length++] = i;
    added += weight[i];
  }
  graph.frontLength = length;
  return added;
}

/** Works out |Lₑ \ Lₚ| of every element e that the front touches, by taking off what they share. */
function measureOverlap(graph: QuotientGraph, p: number): void {
  const { space, start, elementCount, front, weight, elementWeight, outside, outsideOf } = graph;
  for (let f = 0; f < graph.frontLength; f++) {
    const i = front[f];
    for (let k = start[i]; k < start[i] + elementCount[i]; k++) {
      const e = space[k];
      if (outsideOf[e] !== p) {
        outsideOf[e] = p;
        outside[e] = elementWeight[e];
      }
      outside[e] -= weight[i];
    }
  }
}

/**
 * Makes i, a node of the front, a member of element p, and sets its degree, the front itself not yet
 * counted. Returns false where nothing lies outside the front: eliminating i now adds no fill.
 */
function attach(graph: QuotientGraph, p: number, i: number): boolean {
  const { space, start, elementCount, neighbourCount, members, passes } = graph;
  const { weight, elementWeight, degree, mark, outside } = graph;
  let reach = 0;
  let key = p;
  let right = start[i];
  for (let k = start[i]; k < start[i] + elementCount[i]; k++) {
    const e = space[k];
    if (elementWeight[e] === 0) continue;
    if (outside[e] === 0) {
      elementWeight[e] = 0;
      members[e] = NONE;
      continue;
    }
    space[right++] = e;
    reach += outside[e];
    key = (key + e) | 0;
  }
  let left = start[i + 1];
  for (let k = start[i + 1] - 1; k >= start[i + 1] - neighbourCount[i]; k--) {
    const j = space[k];
    if (weight[j] === 0 || mark[j] === passes) continue;
    space[--left] = j;
    reach += weight[j];
    key = (key + j) | 0;
  }
  if (reach === 0) return false;
  // There is room: i has lost p itself, or an element that p absorbed.
  space[right++] = p;
  elementCount[i] = right - start[i];
  neighbourCount[i] = start[i + 1] - left;
  degree[i] = Math.min(degree[i], reach);
  graph.key[i] = key;
  return true;
}

/** Merges the nodes of the front that have the same Aᵢ and Eᵢ. */
function mergeTwins(graph: QuotientGraph): void {
  const { front, frontLength, weight, key, firstOfKey, nextOfKey } = graph;
  const { nextMerged, lastMerged } = graph;
  const size = weight.length;
  for (let f = 0; f < frontLength; f++) {
    const i = front[f];
    if (weight[i] === 0) continue;
    const slot = (key[i] >>> 0) % size;
    let twin = firstOfKey[slot];
    while (twin >= 0 && !(key[twin] === key[i] && sameLists(graph, twin, i)))
      twin = nextOfKey[twin];
    if (twin < 0) {
      nextOfKey[i] = firstOfKey[slot];
      firstOfKey[slot] = i;
      continue;
    }
    weight[twin] += weight[i];
    weight[i] = 0;
    nextMerged[lastMerged[twin]] = i;
    lastMerged[twin] = lastMerged[i];
  }
  for (let f = 0; f < frontLength; f++) firstOfKey[(key[front[f]] >>> 0) % size] = -1;
}

function sameLists(graph: QuotientGraph, i: number, j: number): boolean {
  const { space, start, elementCount, neighbourCount, mark } = graph;
  if (elementCount[i] !== elementCount[j] || neighbourCount[i] !== neighbourCount[j]) return false;
  const pass = ++graph.passes;
  for (let k = 0; k < elementCount[i]; k++) mark[space[start[i] + k]] = pass;
  for (let k = 1; k <= neighbourCount[i]; k++) mark[space[start[i + 1] - k]] = pass;
  for (let k = 0; k < elementCount[j]; k++) if (mark[space[start[j] + k]] !== pass) return false;
  for (let k = 1; k <= neighbourCount[j]; k++)
    if (mark[space[start[j + 1] - k]] !== pass) return false;
  return true;
}
