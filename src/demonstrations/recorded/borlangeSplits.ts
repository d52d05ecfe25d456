/**
 * The 20 random splits of the Borlänge trips into 1,466 and 366 that were published with a test
 * likelihood: `trip_id, split_1_is_test, …`, one column per split.
 *
 * Reference: A. Knies, J. Lorca, E. Melo (2022), Transportation Research B 155, appendix D.
 */

import { z } from 'zod';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { Split, Splits } from '../splits.ts';
import { numbersOf } from '../tables/nameIndex.ts';
import { openTable } from '../tables/readTable.ts';
import { Id } from '../tables/tableCells.ts';
import { quoted, TableError } from '../tables/tableError.ts';
import { dataFile } from './dataHome.ts';

const Row = z.object({ trip_id: Id });

/** Reads the splits of the trips that `borlange` reads. */
export async function borlangeSplits({
  trajectories,
}: {
  readonly trajectories: Trajectories;
}): Promise<Splits> {
  const columns = { required: ['trip_id'], optional: [], further: 'data' } as const;
  const table = await openTable(dataFile('borlange', 'splits.csv'), columns);
  const numberOf = numbersOf(trajectories.names);
  const found = table.columns.flatMap((column, at) => {
    const name = /^split_(\d+)_is_test$/.exec(column)?.[1];
    const none = (): Uint8Array => new Uint8Array(trajectories.count);
    return name === undefined ? [] : [{ at, split: { name, isTrain: none(), isTest: none() } }];
  });
  for await (const { line, values, cells } of table.rows(Row)) {
    const trip = numberOf.get(values.trip_id);
    if (trip === undefined)
      throw new TableError(table.name, line, `there is no trip ${quoted(values.trip_id)}`);
    for (const { at, split } of found) {
      if (cells[at] !== '0' && cells[at] !== '1')
        throw new TableError(
          table.name,
          line,
          `${quoted(table.columns[at])} must be 1 (test) or 0 (train), got ${quoted(cells[at])}`,
        );
      (cells[at] === '1' ? split.isTest : split.isTrain)[trip] = 1;
    }
  }
  const splits: Split[] = found.map(({ split }) => split);
  return { splits, file: table.summary(), warnings: table.warnings };
}
