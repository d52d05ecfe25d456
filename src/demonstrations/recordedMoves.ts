/**
 * Which pair of the world every recorded row chose. An action that was not recorded is inferred
 * from the next state, where only one available action can lead there.
 */

import { actionsOf, findPair, findTransition, type NamedWorld, unavailable } from './namedWorld.ts';
import { quoted, quotedList, TableError } from './tables/tableError.ts';
import type { Recording } from './tables/trajectoriesTable.ts';

/**
 * Returns [rows] the pair chosen at each row, −1 at a last row without an action; throws a
 * TableError where a move is impossible, not recorded, or not to be inferred.
 */
export function recordedMoves(named: NamedWorld, recording: Recording): Int32Array {
  const { names, rowStart, state, action } = recording;
  const pairs = new Int32Array(state.length).fill(-1);
  for (let i = 0; i < names.length; i++) {
    const last = rowStart[i + 1] - 1;
    for (let row = rowStart[i]; row < last; row++) {
      pairs[row] =
        action === null
          ? inferredPair(named, recording, row)
          : recordedPair(named, recording, i, row);
      if (findTransition(named.world, pairs[row], state[row + 1]) < 0)
        throw jump(named, recording, i, row, pairs[row]);
    }
    if (action !== null && action[last] >= 0) pairs[last] = recordedPair(named, recording, i, last);
  }
  return pairs;
}

function recordedPair(named: NamedWorld, recording: Recording, i: number, row: number): number {
  const { file, line, state, names } = recording;
  const action = recording.action?.[row] ?? -1;
  if (action < 0)
    throw new TableError(
      file.name,
      line[row],
      `"action" is empty, yet trajectory ${quoted(names[i])} goes on (line ${line[row + 1]}); fill it in, or leave the column out where every move determines it`,
    );
  const pair = findPair(named.world, state[row], action);
  if (pair >= 0) return pair;
  throw unavailable(named, file, line[row], state[row], named.world.actionNames[action]);
}

function inferredPair(named: NamedWorld, { file, line, state }: Recording, row: number): number {
  const { world } = named;
  const { pairStart } = world.mdp;
  const candidates: number[] = [];
  for (let pair = pairStart[state[row]]; pair < pairStart[state[row] + 1]; pair++)
    if (findTransition(world, pair, state[row + 1]) >= 0) candidates.push(pair);
  if (candidates.length === 1) return candidates[0];
  const from = `state ${quoted(world.stateNames[state[row]])}`;
  const to = `state ${quoted(world.stateNames[state[row + 1]])}`;
  if (candidates.length > 1) {
    const actions = candidates.map((pair) => world.actionNames[world.pairAction[pair]]);
    throw new TableError(
      file.name,
      line[row],
      `the move from ${from} to ${to} (line ${line[row + 1]}) does not determine its action, which may be ${quotedList(actions)}; add a column "action"`,
    );
  }
  const offered = actionsOf(named, state[row]);
  const successors = new Set<number>();
  for (let pair = pairStart[state[row]]; pair < pairStart[state[row] + 1]; pair++)
    for (const next of successorsOf(named, pair)) successors.add(next);
  throw new TableError(
    file.name,
    line[row + 1],
    offered.length === 0
      ? `is in ${to}, but ${from} on line ${line[row]} has no actions in ${named.file.name}; end the trajectory there, or add its transitions`
      : `is in ${to}, but no move leads there from ${from} on line ${line[row]}; its moves lead to ${quotedList([...successors].map((s) => world.stateNames[s]))}: correct the rows, or split the trajectory between them`,
  );
}

function jump(
  named: NamedWorld,
  { file, line, names, state }: Recording,
  i: number,
  row: number,
  pair: number,
): TableError {
  const { stateNames, actionNames, pairAction } = named.world;
  const leadsTo = Array.from(successorsOf(named, pair), (s) => stateNames[s]);
  return new TableError(
    file.name,
    line[row + 1],
    `trajectory ${quoted(names[i])} is in state ${quoted(stateNames[state[row + 1]])}, but action ${quoted(actionNames[pairAction[pair]])} in state ${quoted(stateNames[state[row]])} on line ${line[row]} leads to ${quotedList(leadsTo)}; correct the rows, or split the trajectory between them`,
  );
}

function successorsOf({ world: { mdp } }: NamedWorld, pair: number): Int32Array {
  return mdp.nextState.subarray(mdp.transitionStart[pair], mdp.transitionStart[pair + 1]);
}
