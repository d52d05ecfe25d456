/** The initial table, `state, probability`, into a start distribution. */

import { z } from 'zod';
import { knownState, type NamedWorld } from '../namedWorld.ts';
import { openTable, type TableFile } from './readTable.ts';
import { Id, NonNegative } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

const COLUMNS = { required: ['state', 'probability'], optional: [], further: 'ignored' } as const;
const Row = z.object({ state: Id, probability: NonNegative });
const SUM_TOLERANCE = 1e-9;

export interface InitialTable {
  /** [states] probability to start there, summing to 1. */
  readonly initial: Float64Array;
  readonly file: TableFile;
  readonly warnings: readonly string[];
}

/** Reads the start distribution; states that are not listed have probability 0. */
export async function readInitial(path: string, named: NamedWorld): Promise<InitialTable> {
  const table = await openTable(path, COLUMNS);
  const { stateCount } = named.world.mdp;
  const initial = new Float64Array(stateCount);
  const seenOn = new Int32Array(stateCount);
  let rows = 0;
  for await (const { line, values } of table.rows(Row)) {
    const state = knownState(named, values.state, table, line);
    if (seenOn[state] > 0)
      throw new TableError(
        table.name,
        line,
        `state ${quoted(values.state)} is listed twice (also on line ${seenOn[state]}); keep one row`,
      );
    seenOn[state] = line;
    initial[state] = values.probability;
    rows++;
  }
  const sum = initial.reduce((total, p) => total + p, 0);
  if (!(Math.abs(sum - 1) <= SUM_TOLERANCE + rows * Number.EPSILON))
    throw new TableError(
      table.name,
      table.line(),
      `the probabilities must sum to 1 within ${SUM_TOLERANCE}, got ${sum}; correct them`,
    );
  return {
    initial: initial.map((p) => p / sum),
    file: table.summary(),
    warnings: table.warnings,
  };
}
