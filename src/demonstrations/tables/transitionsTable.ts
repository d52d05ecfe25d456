/**
 * The transitions table into a world: `state [, action], next_state [, probability]`.
 *
 * Without `action` a move is named by its next state. Probabilities of a (state, action) must sum
 * to 1 within 1e-9 and are then divided by their sum; a transition of probability 0 is left out.
 */

import { z } from 'zod';
import type { NamedWorld } from '../namedWorld.ts';
import { NameCollector, numbersOf } from './nameIndex.ts';
import { openTable } from './readTable.ts';
import { Id, NonNegative } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

const COLUMNS = {
  required: ['state', 'next_state'],
  optional: ['action', 'probability'],
  further: 'ignored',
} as const;

const Row = z.object({
  state: Id,
  action: Id.optional(),
  next_state: Id,
  probability: NonNegative.optional(),
});

const SUM_TOLERANCE = 1e-9;

/** Transitions as they come, one entry per row in each list. */
interface ListedTransitions {
  readonly state: number[];
  readonly action: number[];
  readonly nextState: number[];
  readonly probability: number[];
  readonly line: number[];
}

/** Reads the world from a transitions table; throws a TableError at the first thing wrong. */
export async function readTransitions(path: string): Promise<NamedWorld> {
  const table = await openTable(path, COLUMNS);
  const movesAreStates = !table.columns.includes('action');
  const states = new NameCollector();
  const actions = new NameCollector();
  const listed: ListedTransitions = {
    state: [],
    action: [],
    nextState: [],
    probability: [],
    line: [],
  };
  for await (const { line, values } of table.rows(Row)) {
    listed.state.push(states.add(values.state));
    listed.action.push(actions.add(values.action ?? values.next_state));
    listed.nextState.push(states.add(values.next_state));
    listed.probability.push(values.probability ?? 1);
    listed.line.push(line);
  }

  const { names: stateNames, position: statePosition } = states.sorted();
  const { names: actionNames, position: actionPosition } = actions.sorted();
  renumber(listed.state, statePosition);
  renumber(listed.action, actionPosition);
  renumber(listed.nextState, statePosition);
  const describe = (row: number) =>
    movesAreStates
      ? `the move from ${quoted(stateNames[listed.state[row]])} to ${quoted(stateNames[listed.nextState[row]])}`
      : `state ${quoted(stateNames[listed.state[row]])}, action ${quoted(actionNames[listed.action[row]])}`;
  const hasProbability = table.columns.includes('probability');
  const { impossible, ...dynamics } = assemble(table.name, listed, describe, {
    stateCount: stateNames.length,
    actionCount: actionNames.length,
    sumRemedy: hasProbability
      ? 'correct them'
      : 'without a "probability" column each row has probability 1; add one',
  });
  return {
    world: { ...dynamics, stateNames, actionNames },
    stateNumber: numbersOf(stateNames),
    actionNumber: numbersOf(actionNames),
    movesAreStates,
    isImpossible: (state, action, nextState) => impossible.has(`${state} ${action} ${nextState}`),
    file: table.summary(),
    warnings: table.warnings,
  };
}

/** Lays sorted rows out as an MDP, checking each (state, action) on the way. */
function assemble(
  file: string,
  listed: ListedTransitions,
  describe: (row: number) => string,
  {
    stateCount,
    actionCount,
    sumRemedy,
  }: { stateCount: number; actionCount: number; sumRemedy: string },
) {
  const { state, action, nextState, probability, line } = listed;
  let order = stableOrder(nextState, stateCount, null);
  order = stableOrder(action, actionCount, order);
  order = stableOrder(state, stateCount, order);

  const impossible = new Set<string>();
  const pairStart = new Int32Array(stateCount + 1);
  const transitionStart = [0];
  const pairAction: number[] = [];
  const successor: number[] = [];
  const chance: number[] = [];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const first = order[start];
    let sum = 0;
    for (end = start; end < order.length; end++) {
      const row = order[end];
      if (state[row] !== state[first] || action[row] !== action[first]) break;
      const before = order[end - 1];
      if (end > start && nextState[row] === nextState[before])
        throw new TableError(
          file,
          line[row],
          `${describe(row)} is listed twice with the same next state (also on line ${line[before]}); keep one row and add up the probabilities`,
        );
      sum += probability[row];
    }
    // Beyond the tolerance, room for the rounding of the sum itself.
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE + (end - start) * Number.EPSILON))
      throw new TableError(
        file,
        line[first],
        `the probabilities of ${describe(first)} must sum to 1 within ${SUM_TOLERANCE}, got ${sum} from ${end - start === 1 ? 'one row' : `${end - start} rows`}; ${sumRemedy}`,
      );
    for (let k = start; k < end; k++) {
      const row = order[k];
      if (probability[row] === 0) {
        impossible.add(`${state[row]} ${action[row]} ${nextState[row]}`);
        continue;
      }
      successor.push(nextState[row]);
      chance.push(probability[row] / sum);
    }
    pairAction.push(action[first]);
    transitionStart.push(successor.length);
    pairStart[state[first] + 1]++;
  }
  for (let s = 0; s < stateCount; s++) pairStart[s + 1] += pairStart[s];
  return {
    mdp: {
      stateCount,
      pairCount: pairAction.length,
      pairStart,
      transitionStart: Int32Array.from(transitionStart),
      nextState: Int32Array.from(successor),
      probability: Float64Array.from(chance),
    },
    pairAction: Int32Array.from(pairAction),
    impossible,
  };
}

function renumber(numbers: number[], position: Int32Array): void {
  for (let i = 0; i < numbers.length; i++) numbers[i] = position[numbers[i]];
}

/** Returns `order` (null: as they come) sorted by key, equal keys left in their order. */
function stableOrder(
  keys: readonly number[],
  keyCount: number,
  order: Int32Array | null,
): Int32Array {
  const next = new Int32Array(keyCount + 1);
  for (const key of keys) next[key + 1]++;
  for (let key = 0; key < keyCount; key++) next[key + 1] += next[key];
  const sorted = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const row = order === null ? i : order[i];
    sorted[next[keys[row]]++] = row;
  }
  return sorted;
}
