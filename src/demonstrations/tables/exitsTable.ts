/**
 * The exits table, `goal, state [, reward]`: destinations outside the graph, and the states from
 * which an absorbing move leads to them.
 */

import { z } from 'zod';
import type { Goal } from '../../mdp/goal.ts';
import { knownState, type NamedWorld } from '../namedWorld.ts';
import { openTable, type TableFile } from './readTable.ts';
import { Decimal, Id } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

const COLUMNS = { required: ['goal', 'state'], optional: ['reward'], further: 'ignored' } as const;
const Row = z.object({ goal: Id, state: Id, reward: Decimal.optional() });

export interface ExitsTable {
  /** Every goal that has an exit, by name. */
  readonly goals: ReadonlyMap<string, Goal>;
  readonly file: TableFile;
  readonly warnings: readonly string[];
}

/**
 * Reads the exits of every goal; a reward that is not given is 0.
 *
 * @param foreign what to do with exits from states that the world does not have
 */
export async function readExits(
  path: string,
  named: NamedWorld,
  foreign: 'error' | 'ignore' = 'error',
): Promise<ExitsTable> {
  const table = await openTable(path, COLUMNS);
  const exits = new Map<string, Map<number, { line: number; reward: number }>>();
  for await (const { line, values } of table.rows(Row)) {
    if (foreign === 'ignore' && !named.stateNumber.has(values.state)) continue;
    const state = knownState(named, values.state, table, line);
    let exitsOfGoal = exits.get(values.goal);
    if (exitsOfGoal === undefined) {
      exitsOfGoal = new Map();
      exits.set(values.goal, exitsOfGoal);
    }
    const before = exitsOfGoal.get(state);
    if (before !== undefined)
      throw new TableError(
        table.name,
        line,
        `goal ${quoted(values.goal)} has its exit from state ${quoted(values.state)} twice (also on line ${before.line}); keep one row`,
      );
    exitsOfGoal.set(state, { line, reward: values.reward ?? 0 });
  }
  const goals = new Map<string, Goal>();
  for (const [name, exitsOfGoal] of exits) {
    const ascending = [...exitsOfGoal].sort(([a], [b]) => a - b);
    goals.set(name, {
      name,
      absorbing: false,
      stopState: Int32Array.from(ascending, ([state]) => state),
      stopReward: Float64Array.from(ascending, ([, { reward }]) => reward),
    });
  }
  return { goals, file: table.summary(), warnings: table.warnings };
}
