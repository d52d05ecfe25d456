/**
 * The features table, `state [, action [, next_state]]` and one column per feature, into a matrix.
 *
 * A feature of a transition enters by its expectation: f(s, a) = Σₛ′ p(s′ | s, a) f(s, a, s′).
 */

import { z } from 'zod';
import type { FeatureMatrix } from '../../features/featureMatrix.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import { actionsOf, findPair, findTransition, knownState, type NamedWorld } from '../namedWorld.ts';
import { suggestion } from './nameIndex.ts';
import { openTable, type Table, type TableFile } from './readTable.ts';
import { DECIMAL_WANTED, Id, parseDecimal } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

const COLUMNS = {
  required: ['state'],
  optional: ['action', 'next_state'],
  further: 'data',
} as const;
/** An action may be empty where there is none to name: see `pairOfRow`. */
const Row = z.object({ state: Id, action: z.string().optional(), next_state: Id.optional() });

/** What the rows of a features table are of. */
type Level = 'state' | 'pair' | 'transition';

export interface FeaturesTable {
  readonly features: FeatureMatrix;
  readonly file: TableFile;
  readonly warnings: readonly string[];
}

/** What to do with rows of states, pairs and transitions that the world does not have. */
export type ForeignRows = 'error' | 'ignore';

/**
 * Reads the features of a world.
 *
 * @param missing whether a state, pair or transition of the world that is not listed is an error,
 *   or has zeros; states without actions need no row
 */
export async function readFeatures(
  path: string,
  named: NamedWorld,
  missing: 'error' | 'zero',
  foreign: ForeignRows = 'error',
): Promise<FeaturesTable> {
  const table = await openTable(path, COLUMNS);
  const level = levelOf(table, named);
  const featureColumns = featureColumnsOf(table, level);
  const warnings = [...table.warnings];
  const { mdp } = named.world;
  const rowCount = { state: mdp.stateCount, pair: mdp.pairCount, transition: mdp.nextState.length };
  const listed = new Float64Array(rowCount[level] * featureColumns.length);
  const seenOn = new Int32Array(rowCount[level]);

  for await (const { line, values, cells } of table.rows(Row)) {
    if (foreign === 'ignore' && !named.stateNumber.has(values.state)) continue;
    const state = knownState(named, values.state, table, line);
    const ignored =
      (mdp.pairStart[state] === mdp.pairStart[state + 1] && !values.action) ||
      (foreign === 'ignore' && !hasRow(named, level, state, values));
    const row = ignored ? -1 : rowOf(named, table, level, line, state, values);
    if (row >= 0) {
      if (seenOn[row] > 0)
        throw new TableError(
          table.name,
          line,
          `${describeKey(values)} is listed twice (also on line ${seenOn[row]}); keep one row`,
        );
      seenOn[row] = line;
    }
    for (let j = 0; j < featureColumns.length; j++) {
      const column = featureColumns[j];
      const value = parseDecimal(cells[column]);
      if (Number.isNaN(value))
        throw new TableError(
          table.name,
          line,
          `${quoted(table.columns[column])} ${DECIMAL_WANTED}, got ${quoted(cells[column])}`,
        );
      if (row >= 0) listed[row * featureColumns.length + j] = value;
    }
  }

  const absent = unlisted(named, level, seenOn);
  if (absent.length > 0) {
    const first = absent
      .slice(0, 3)
      .map((row) => describeRow(named, level, row))
      .join('; ');
    const what = `${absent.length} of the world's ${rowCount[level]} ${level}s ${absent.length === 1 ? 'has' : 'have'} no row (${first}${absent.length > 3 ? '; …' : ''})`;
    if (missing === 'error')
      throw new TableError(
        table.name,
        table.line(),
        `ends, and ${what}; add them, or use --missing-features zero`,
      );
    warnings.push(`${table.name}: ${what}; their features are taken to be 0`);
  }
  return {
    features: {
      names: featureColumns.map((column) => table.columns[column]),
      per: level === 'state' ? 'state' : 'pair',
      values: level === 'transition' ? expectation(named, listed, featureColumns.length) : listed,
    },
    file: table.summary(),
    warnings,
  };
}

function levelOf(table: Table, { movesAreStates }: NamedWorld): Level {
  const hasAction = table.columns.includes('action');
  if (!table.columns.includes('next_state')) return hasAction ? 'pair' : 'state';
  if (hasAction) return 'transition';
  if (movesAreStates) return 'pair';
  throw new TableError(
    table.name,
    1,
    'column "next_state" needs a column "action" beside it, as the world has actions; add it',
  );
}

/** Returns the positions of the columns that are features. */
function featureColumnsOf(table: Table, level: Level): number[] {
  const reserved = new Set<string>([...COLUMNS.required, ...COLUMNS.optional]);
  const columns = [...table.columns.keys()].filter((i) => !reserved.has(table.columns[i]));
  if (columns.length > 0) return columns;
  throw new TableError(
    table.name,
    1,
    `there is no column but those that name the ${level}; add one column per feature`,
  );
}

/** Returns the row of the matrix that a row of the table fills; throws if the world lacks it. */
function rowOf(
  named: NamedWorld,
  table: Table,
  level: Level,
  line: number,
  state: number,
  key: z.output<typeof Row>,
): number {
  if (level === 'state') return state;
  const { world, file } = named;
  const actionName = key.action ?? key.next_state ?? '';
  if (actionName === '')
    throw new TableError(
      table.name,
      line,
      `"action" must not be empty, as state ${quoted(key.state)} has actions; name one`,
    );
  const action = named.actionNumber.get(actionName) ?? -1;
  const pair = action < 0 ? -1 : findPair(world, state, action);
  if (pair < 0) {
    const actions = actionsOf(named, state);
    throw new TableError(
      table.name,
      line,
      `${describeKey(key)} is not in ${file.name}${actions.length === 0 ? `, where the state has no actions; leave the row out` : suggestion(actionName, actions)}`,
    );
  }
  if (level === 'pair') return pair;
  const nextState = knownState(named, key.next_state ?? '', table, line);
  const transition = findTransition(world, pair, nextState);
  if (transition >= 0 || named.isImpossible(state, action, nextState)) return transition;
  throw new TableError(
    table.name,
    line,
    `${describeKey(key)} is not in ${file.name}; leave the row out, or add the transition there`,
  );
}

/** Whether the world has the pair or transition that a row is of. */
function hasRow(
  { world, actionNumber, stateNumber }: NamedWorld,
  level: Level,
  state: number,
  key: z.output<typeof Row>,
): boolean {
  if (level === 'state') return true;
  const action = actionNumber.get(key.action ?? key.next_state ?? '') ?? -1;
  const pair = action < 0 ? -1 : findPair(world, state, action);
  if (pair < 0 || level === 'pair') return pair >= 0;
  const next = stateNumber.get(key.next_state ?? '') ?? -1;
  return next >= 0 && findTransition(world, pair, next) >= 0;
}

/** Returns the rows of the matrix that nothing filled, states without actions aside. */
function unlisted({ world }: NamedWorld, level: Level, seenOn: Int32Array): number[] {
  const { pairStart } = world.mdp;
  const absent: number[] = [];
  for (let row = 0; row < seenOn.length; row++) {
    if (seenOn[row] > 0) continue;
    if (level === 'state' && pairStart[row] === pairStart[row + 1]) continue;
    absent.push(row);
  }
  return absent;
}

function expectation({ world }: NamedWorld, listed: Float64Array, width: number): Float64Array {
  const { pairCount, transitionStart, probability } = world.mdp;
  const values = new Float64Array(pairCount * width);
  for (let pair = 0; pair < pairCount; pair++)
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      for (let j = 0; j < width; j++)
        values[pair * width + j] += probability[k] * listed[k * width + j];
  return values;
}

function describeKey(key: {
  state: string;
  action?: string | undefined;
  next_state?: string | undefined;
}) {
  let text = `state ${quoted(key.state)}`;
  if (key.action !== undefined) text += `, action ${quoted(key.action)}`;
  if (key.next_state !== undefined) text += `, next state ${quoted(key.next_state)}`;
  return text;
}

function describeRow({ world }: NamedWorld, level: Level, row: number): string {
  const { stateNames, actionNames, pairAction, mdp } = world;
  if (level === 'state') return describeKey({ state: stateNames[row] });
  const pair = level === 'pair' ? row : mdp.transitionStart.findLastIndex((start) => start <= row);
  const state = stateNames[statesOfPairs(mdp)[pair]];
  const action = actionNames[pairAction[pair]];
  if (level === 'pair') return describeKey({ state, action });
  return describeKey({ state, action, next_state: stateNames[mdp.nextState[row]] });
}
