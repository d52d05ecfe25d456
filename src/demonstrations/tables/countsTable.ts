/**
 * Behaviour that was counted, not followed: `state [, action] [, next_state] [, goal] [, fold], count`,
 * in the place of a table of trajectories. Each row becomes a trajectory of one row that stands for
 * so many decisions. Counts hold all that a likelihood needs; which decisions belong together is lost.
 */

import { z } from 'zod';
import { findTransition, knownState, type NamedWorld, unavailable } from '../namedWorld.ts';
import type { Table } from './readTable.ts';
import { Id, StepNumber } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

export const COUNT_COLUMNS = {
  required: ['state', 'count'],
  optional: ['action', 'next_state', 'goal', 'fold'],
  further: 'ignored',
} as const;

const Row = z.object({
  state: Id,
  action: z.string().optional(),
  next_state: z.string().optional(),
  goal: Id.optional(),
  fold: Id.optional(),
  count: StepNumber,
});

interface Counted {
  readonly line: number;
  readonly state: number;
  /** −1 where nothing was done: a state that was only reached. */
  readonly action: number;
  readonly goal: string;
  readonly fold: string;
  readonly count: number;
}

/** Whether a table with these columns holds counts. */
export function isCounted(columns: readonly string[]): boolean {
  return columns.includes('count') && !columns.includes('step') && !columns.includes('trajectory');
}

/** Reads counts, as recordings of one row each; throws a TableError at the first thing wrong. */
export async function readCounts(table: Table, named: NamedWorld) {
  const found: Counted[] = [];
  for await (const { line, values } of table.rows(Row)) {
    const state = knownState(named, values.state, table, line);
    found.push({
      line,
      state,
      action: actionOf(named, table, line, state, values.action, values.next_state),
      goal: values.goal ?? '',
      fold: values.fold ?? '',
      count: values.count,
    });
  }
  const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  found.sort(
    (a, b) =>
      a.state - b.state ||
      a.action - b.action ||
      byName(a.goal, b.goal) ||
      byName(a.fold, b.fold) ||
      a.count - b.count,
  );
  const has = (column: string) => table.columns.includes(column);
  const times = Float64Array.from(found, ({ count }) => count);
  return {
    names: found.map(({ line }) => `${table.name}:${line}`),
    rowStart: Int32Array.from({ length: found.length + 1 }, (_, i) => i),
    state: Int32Array.from(found, ({ state }) => state),
    action: Int32Array.from(found, ({ action }) => action),
    line: Int32Array.from(found, ({ line }) => line),
    goals: has('goal') ? found.map(({ goal }) => goal) : null,
    weight: times.slice(),
    folds: has('fold') ? found.map(({ fold }) => fold) : null,
    persons: null,
    times,
    file: table.summary(),
    warnings: [
      ...table.warnings,
      `${table.name}: holds counts; each row counts as a trajectory of its own, and what needs whole trajectories (their standard errors, where they begin) does not exist`,
    ],
  };
}

/** The action of a row, found by where it led where it was not recorded. */
function actionOf(
  named: NamedWorld,
  table: Table,
  line: number,
  state: number,
  action: string | undefined,
  nextState: string | undefined,
): number {
  const { world } = named;
  if (action) {
    const number = named.actionNumber.get(action);
    if (number === undefined) throw unavailable(named, table, line, state, action);
    return number;
  }
  if (!nextState) return -1;
  if (table.columns.includes('action'))
    throw new TableError(
      table.name,
      line,
      `"action" is empty, yet somebody went on to ${quoted(nextState)}; fill it in, or leave the column out where every move determines it`,
    );
  const next = knownState(named, nextState, table, line);
  const { pairStart } = world.mdp;
  const candidates: number[] = [];
  for (let pair = pairStart[state]; pair < pairStart[state + 1]; pair++)
    if (findTransition(world, pair, next) >= 0) candidates.push(world.pairAction[pair]);
  if (candidates.length === 1) return candidates[0];
  throw new TableError(
    table.name,
    line,
    candidates.length === 0
      ? `no move leads from state ${quoted(world.stateNames[state])} to ${quoted(nextState)}; correct the row, or leave it out`
      : `the move from state ${quoted(world.stateNames[state])} to ${quoted(nextState)} does not determine its action; add a column "action"`,
  );
}
