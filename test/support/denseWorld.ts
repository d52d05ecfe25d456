/**
 * Plain tables into the moves of each state, and what a goal makes of them.
 *
 *   discounted, finite   a state without moves, and the goal, end the episode with value 0
 *   undiscounted goals   the goal ends with value 0. A state is alive if it can reach the goal for
 *                        certain: alive is the largest set from which the goal can be reached by
 *                        moves that never leave it. Other states are worth −∞, and a move with
 *                        such a successor is never taken
 *   exits                the goal is no state: stopping, for the reward of the exit, is one more
 *                        move of the states that have one
 */

import type { Tables } from './tables.ts';

export interface DenseMove {
  /** The name in the tables; null for stopping at an exit. */
  readonly action: string | null;
  /** [features] expected features of the move; all 0 for stopping. */
  readonly features: readonly number[];
  /** The part of the reward that θ does not touch: the reward of an exit. */
  readonly constant: number;
  /** Where it leads, by state index; empty where it ends the episode. */
  readonly successors: readonly { readonly state: number; readonly probability: number }[];
}

/** What one goal (or the absence of goals) makes of the world. */
export interface DenseTask {
  readonly goal: string | null;
  /** [states][moves] moves of non-zero probability; empty where the episode is over or dead. */
  readonly moves: readonly (readonly DenseMove[])[];
  /** [states] false where the value is −∞. */
  readonly alive: readonly boolean[];
}

/** [states] → the moves of the tables, before any goal. */
export function readWorld(tables: Tables): { states: Map<string, number>; world: DenseMove[][] } {
  const states = new Map<string, number>();
  for (const { state, nextState } of tables.transitions) {
    for (const id of [state, nextState]) if (!states.has(id)) states.set(id, states.size);
  }
  const featuresOf = featureLookup(tables);
  const moves = Array.from(
    states,
    () => new Map<string, { state: number; probability: number }[]>(),
  );
  for (const { state, action, nextState, probability } of tables.transitions) {
    const ofState = moves[states.get(state)!];
    const name = action ?? nextState;
    const successors = ofState.get(name) ?? [];
    successors.push({ state: states.get(nextState)!, probability: probability ?? 1 });
    ofState.set(name, successors);
  }
  const ids = [...states.keys()];
  const world = moves.map((ofState, state) =>
    Array.from(ofState, ([action, successors]) => ({
      action,
      constant: 0,
      successors,
      features: tables.features.names.map((_, feature) =>
        successors.reduce(
          (sum, next) =>
            sum + next.probability * featuresOf(ids[state], action, ids[next.state])[feature],
          0,
        ),
      ),
    })),
  );
  return { states, world };
}

function featureLookup(tables: Tables) {
  const { rows } = tables.features;
  const key = (...parts: (string | undefined)[]) =>
    JSON.stringify(parts.map((part) => part ?? null));
  const values = new Map(
    rows.map((row) => [key(row.state, row.action, row.nextState), row.values]),
  );
  const byAction = rows.some((row) => row.action !== undefined);
  const byNext = rows.some((row) => row.nextState !== undefined);
  return (state: string, action: string, nextState: string): readonly number[] => {
    const wanted = key(state, byAction ? action : undefined, byNext ? nextState : undefined);
    const found = values.get(wanted);
    if (!found) throw new RangeError(`Cannot read features: no row for ${wanted}`);
    return found;
  };
}

/** Returns the world as it is for one goal; null stands for no goal. */
export function buildTask(
  world: readonly DenseMove[][],
  ids: readonly string[],
  tables: Tables,
  goal: string | null,
  undiscounted: boolean,
): DenseTask {
  const exits = (tables.exits ?? []).filter((exit) => exit.goal === goal);
  const none = tables.features.names.map(() => 0);
  const moves = world.map((ofState, state): DenseMove[] => {
    if (exits.length === 0 && ids[state] === goal) return [];
    const stops = exits.filter((exit) => exit.state === ids[state]);
    return [
      ...ofState,
      ...stops.map(({ reward }) => ({
        action: null,
        features: none,
        constant: reward ?? 0,
        successors: [],
      })),
    ];
  });
  if (!undiscounted) return { goal, moves, alive: moves.map(() => true) };
  const ends = ids.map((id) => exits.length === 0 && id === goal);
  const alive = aliveStates(moves, ends);
  const kept = moves.map((ofState, state) =>
    alive[state]
      ? ofState.filter((move) => move.successors.every((next) => alive[next.state]))
      : [],
  );
  return { goal, moves: kept, alive };
}

/** The largest set of states that can reach the end by moves that never leave the set. */
function aliveStates(moves: readonly DenseMove[][], ends: readonly boolean[]): boolean[] {
  let alive = moves.map(() => true);
  for (;;) {
    const reaches = [...ends];
    for (let changed = true; changed; ) {
      changed = false;
      moves.forEach((ofState, state) => {
        if (reaches[state]) return;
        reaches[state] = ofState.some(
          ({ successors }) =>
            successors.every((next) => alive[next.state]) &&
            (successors.length === 0 || successors.some((next) => reaches[next.state])),
        );
        changed ||= reaches[state];
      });
    }
    if (reaches.every((reached, state) => reached === alive[state])) return alive;
    alive = reaches;
  }
}
