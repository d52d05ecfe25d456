/** Which states a person can step to from which, and the shortest way where a step is missing. */

import type { Discretizer } from '../discretize/discretizer.ts';

export interface MoveGraph {
  readonly stateNames: readonly string[];
  readonly allows: (from: string, to: string) => boolean;
  /** States between two, along the shortest way; null where there is none with at most so many. */
  readonly between: (from: string, to: string, most: number) => readonly string[] | null;
  /** Calls `visit` for every move, by state and then by next state. */
  readonly eachMove: (visit: (from: string, to: string) => void) => void;
}

/** Moves between states whose centres are no further apart than `distance`; both ways. */
export function graphWithin(discretizer: Discretizer, distance: number): MoveGraph {
  if (!(distance > 0))
    throw new RangeError(`Cannot join states: the distance must be above 0, got ${distance}`);
  const { stateCount, dimension } = discretizer;
  const centers = new Float64Array(stateCount * dimension);
  for (let s = 0; s < stateCount; s++)
    discretizer.center(s, centers.subarray(s * dimension, (s + 1) * dimension));
  // Centres are sums of cell sizes: what is meant to be equal may differ in the last digits.
  const reach = distance * (1 + 1e-9);
  const apart = (a: number, b: number) => {
    let squares = 0;
    for (let k = 0; k < dimension; k++)
      squares += (centers[a * dimension + k] - centers[b * dimension + k]) ** 2;
    return Math.sqrt(squares);
  };
  // Sorted by their first coordinate, only those within reach of it need be looked at.
  const order = Int32Array.from({ length: stateCount }, (_, s) => s).sort(
    (a, b) => centers[a * dimension] - centers[b * dimension] || a - b,
  );
  const next: number[][] = Array.from({ length: stateCount }, () => []);
  for (let i = 0; i < stateCount; i++)
    for (let j = i + 1; j < stateCount; j++) {
      const [a, b] = [order[i], order[j]];
      if (centers[b * dimension] - centers[a * dimension] > reach) break;
      if (apart(a, b) > reach) continue;
      next[a].push(b);
      next[b].push(a);
    }
  for (const list of next) list.sort((a, b) => a - b);
  const names = Array.from({ length: stateCount }, (_, s) => discretizer.stateName(s));
  return moveGraph(names, next, apart);
}

/** Moves as given, each one way; every step counts the same. */
export function graphOfEdges(edges: Iterable<readonly [string, string]>): MoveGraph {
  const number = new Map<string, number>();
  const next: number[][] = [];
  const numberOf = (name: string) => {
    if (name === '') throw new RangeError('Cannot join states: one that is listed has no name');
    let found = number.get(name);
    if (found === undefined) {
      found = number.size;
      number.set(name, found);
      next.push([]);
    }
    return found;
  };
  for (const [from, to] of edges) {
    const list = next[numberOf(from)];
    const target = numberOf(to);
    if (!list.includes(target)) list.push(target);
  }
  return moveGraph([...number.keys()], next, () => 1);
}

function moveGraph(
  stateNames: readonly string[],
  next: readonly (readonly number[])[],
  length: (from: number, to: number) => number,
): MoveGraph {
  const number = new Map(stateNames.map((name, s) => [name, s]));
  if (number.size < stateNames.length)
    throw new RangeError('Cannot join states: two of them have the same name');
  const neighbours = next.map((list) => new Set(list));
  const found = new Map<string, readonly string[] | null>();
  const known = (name: string) => {
    const state = number.get(name);
    if (state === undefined)
      throw new RangeError(`Cannot tell moves: no move leads to or from state "${name}"`);
    return state;
  };
  return {
    stateNames,
    allows: (from, to) => number.has(from) && neighbours[known(from)].has(number.get(to) ?? -1),
    between(from, to, most) {
      if (!number.has(from) || !number.has(to)) return null;
      const key = `${known(from)} ${known(to)} ${most}`;
      let way = found.get(key);
      if (way === undefined) {
        const states = shortestWay(next, length, known(from), known(to), most);
        way = states?.map((s) => stateNames[s]) ?? null;
        found.set(key, way);
      }
      return way;
    },
    eachMove(visit) {
      next.forEach((list, from) => {
        for (const to of list) visit(stateNames[from], stateNames[to]);
      });
    },
  };
}

/**
 * States between two along the shortest way of at most `most` such; null where there is none.
 * Bellman's recursion over the number of steps, from the start outwards.
 */
function shortestWay(
  next: readonly (readonly number[])[],
  length: (from: number, to: number) => number,
  start: number,
  goal: number,
  most: number,
): number[] | null {
  /** By number of steps: the shortest length to each state in so many, and the state before. */
  let reached = new Map<number, number>([[start, 0]]);
  const before: Map<number, number>[] = [];
  let best = Number.POSITIVE_INFINITY;
  let bestSteps = -1;
  const least = new Map<number, number>([[start, 0]]);
  for (let steps = 1; steps <= most + 1 && reached.size > 0; steps++) {
    const here = new Map<number, number>();
    const from = new Map<number, number>();
    for (const [state, so] of reached)
      for (const to of next[state]) {
        const total = so + length(state, to);
        // A way with more steps is of use only if it is shorter.
        if (total >= best || total >= (least.get(to) ?? Number.POSITIVE_INFINITY)) continue;
        least.set(to, total);
        here.set(to, total);
        from.set(to, state);
      }
    before.push(from);
    const total = here.get(goal);
    if (total !== undefined) {
      best = total;
      bestSteps = steps;
    }
    reached = here;
  }
  if (bestSteps < 0) return null;
  const way: number[] = [];
  for (let steps = bestSteps, state = goal; steps > 0; steps--) {
    state = before[steps - 1].get(state)!;
    if (steps > 1) way.push(state);
  }
  return way.reverse();
}
