/**
 * The world that tracks move in: given by a graph of moves, else by the steps that were recorded,
 * with the share in which each action led where.
 */

import type { MoveGraph } from './moveGraph.ts';
import type { Track } from './track.ts';

/** A move, as `transitions.csv` lists it. */
export interface WorldMove {
  readonly state: string;
  /** Null where moves are named by where they lead. */
  readonly action: string | null;
  readonly nextState: string;
  readonly probability: number;
}

export interface RecordedWorld {
  /** Adds the states and steps of a track. */
  readonly take: (track: Track) => void;
  /** Every state that was visited or can be moved to, sorted by name, with its visits. */
  readonly states: () => readonly { readonly name: string; readonly visits: number }[];
  /** Sorted by state, action and next state. */
  readonly moves: () => readonly WorldMove[];
}

/**
 * @param graph the moves there are; null where they are those recorded
 * @param canStay whether staying is a move in every state of the graph
 */
export function recordedWorld(graph: MoveGraph | null, canStay: boolean): RecordedWorld {
  const visits = new Map<string, number>();
  /** Times by state, by action ('' without), by next state. */
  const steps = new Map<string, Map<string, Map<string, number>>>();
  let named = false;
  return {
    take({ states, actions }) {
      if (!states) return;
      if (actions) named = true;
      for (let row = 0; row < states.length; row++) {
        visits.set(states[row], (visits.get(states[row]) ?? 0) + 1);
        if (graph || row + 1 === states.length) continue;
        const next = within(
          within(steps, states[row], () => new Map()),
          actions?.[row] ?? '',
          () => new Map<string, number>(),
        );
        next.set(states[row + 1], (next.get(states[row + 1]) ?? 0) + 1);
      }
    },
    states: () => {
      const names = new Set([...visits.keys(), ...(graph?.stateNames ?? [])]);
      return [...names].sort(byName).map((name) => ({ name, visits: visits.get(name) ?? 0 }));
    },
    moves: () => {
      if (graph) return movesOfGraph(graph, canStay);
      const moves: WorldMove[] = [];
      for (const [state, byAction] of sorted(steps))
        for (const [action, next] of sorted(byAction)) {
          const total = [...next.values()].reduce((a, b) => a + b, 0);
          for (const [nextState, times] of sorted(next))
            moves.push({
              state,
              action: named ? action : null,
              nextState,
              probability: named ? times / total : 1,
            });
        }
      return moves;
    },
  };
}

function movesOfGraph(graph: MoveGraph, canStay: boolean): WorldMove[] {
  const moves: WorldMove[] = [];
  graph.eachMove((state, nextState) => {
    if (state !== nextState) moves.push({ state, action: null, nextState, probability: 1 });
  });
  if (canStay)
    for (const state of graph.stateNames)
      moves.push({ state, action: null, nextState: state, probability: 1 });
  return moves.sort((a, b) => byName(a.state, b.state) || byName(a.nextState, b.nextState));
}

function within<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

function sorted<Value>(map: ReadonlyMap<string, Value>): (readonly [string, Value])[] {
  return [...map].sort(([a], [b]) => byName(a, b));
}

/** Order of code units: the same everywhere. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
