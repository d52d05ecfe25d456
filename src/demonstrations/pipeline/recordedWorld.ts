/**
 * The world that tracks move in: given by a graph of moves, else by the steps that were recorded,
 * with the share in which each action led where.
 *
 *   p̂(s′ | s, a) = n(s, a, s′) / Σₛ″ n(s, a, s″)
 *
 * Which steps are possible is read off all folds, held out or not, as a map would tell it: a table
 * that lacks a step cannot hold the track that took it. The shares are of the folds that are not
 * held out, wherever these saw every next state of the action; where only held-out tracks saw one
 * of them, the share of that action is of all folds, and such actions are counted.
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

/** The moves there are, and how far held-out folds took part in finding them. */
export interface KnownMoves {
  /** Sorted by state, action and next state. */
  readonly moves: readonly WorldMove[];
  /** Null where the moves were given and not recorded. */
  readonly recorded: {
    /** Folds whose steps the shares are not of, as far as that can be. */
    readonly heldOut: readonly string[];
    /** Moves that nobody outside the held-out folds made. */
    readonly movesOnlyHeldOut: number;
    /** Actions (of a state) whose shares are of all folds, held-out ones too. */
    readonly sharesWithHeldOut: number;
  } | null;
}

/** How often a step was taken, in all folds and in those that are not held out. */
interface Times {
  all: number;
  taught: number;
}

export interface RecordedSteps {
  /** Adds the steps of a track. */
  readonly take: (track: Track) => void;
  readonly known: () => KnownMoves;
}

/** @param heldOut folds whose steps tell what is possible, but not how likely it is */
export function recordedSteps(heldOut: readonly string[]): RecordedSteps {
  /** By state, by action ('' without), by next state. */
  const steps = new Map<string, Map<string, Map<string, Times>>>();
  let named = false;
  return {
    take({ states, actions, fold }) {
      if (!states) return;
      if (actions) named = true;
      const taught = fold !== null && heldOut.includes(fold) ? 0 : 1;
      for (let row = 0; row + 1 < states.length; row++) {
        const next = within(
          within(steps, states[row], () => new Map()),
          actions?.[row] ?? '',
          () => new Map<string, Times>(),
        );
        const times = within(next, states[row + 1], () => ({ all: 0, taught: 0 }));
        times.all++;
        times.taught += taught;
      }
    },
    known: () => {
      const moves: WorldMove[] = [];
      let movesOnlyHeldOut = 0;
      let sharesWithHeldOut = 0;
      for (const [state, byAction] of sorted(steps))
        for (const [action, next] of sorted(byAction)) {
          const unseen = [...next.values()].filter(({ taught }) => taught === 0).length;
          const counted = unseen > 0 ? 'all' : 'taught';
          const total = [...next.values()].reduce((sum, times) => sum + times[counted], 0);
          movesOnlyHeldOut += unseen;
          if (named && unseen > 0) sharesWithHeldOut++;
          for (const [nextState, times] of sorted(next))
            moves.push({
              state,
              action: named ? action : null,
              nextState,
              probability: named ? times[counted] / total : 1,
            });
        }
      return { moves, recorded: { heldOut, movesOnlyHeldOut, sharesWithHeldOut } };
    },
  };
}

/** @param canStay whether staying is a move in every state of the graph */
export function movesOfGraph(graph: MoveGraph, canStay: boolean): KnownMoves {
  const moves: WorldMove[] = [];
  graph.eachMove((state, nextState) => {
    if (state !== nextState) moves.push({ state, action: null, nextState, probability: 1 });
  });
  if (canStay)
    for (const state of graph.stateNames)
      moves.push({ state, action: null, nextState: state, probability: 1 });
  moves.sort((a, b) => byName(a.state, b.state) || byName(a.nextState, b.nextState));
  return { moves, recorded: null };
}

export interface StateVisits {
  readonly name: string;
  readonly visits: number;
}

/** Counts the visits of finished tracks to states. */
export function stateVisits(moves: readonly WorldMove[], others: readonly string[]) {
  const visits = new Map<string, number>(others.map((name) => [name, 0]));
  for (const { state, nextState } of moves) visits.set(state, 0).set(nextState, 0);
  return {
    take({ states }: Track) {
      for (const state of states ?? []) visits.set(state, (visits.get(state) ?? 0) + 1);
    },
    /** Every state that was visited, can be moved to or was given, sorted by name. */
    sorted: (): StateVisits[] => sorted(visits).map(([name, visits]) => ({ name, visits })),
  };
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
