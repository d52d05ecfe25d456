/**
 * The published training subsets of the Shanghai taxi trips: of each fold of the cross-validation
 * some of the trips that it does not test on.
 *
 * Reference: Z. Zhao, Y. Liang (2023), Transportation Research Part C 149, 104079.
 */

import { z } from 'zod';
import type { TableFile } from '../tables/readTable.ts';
import { Id, StepNumber } from '../tables/tableCells.ts';
import { quoted, TableError } from '../tables/tableError.ts';
import { openShanghai } from './shanghaiRoads.ts';

/** How many folds the published cross-validation has. */
export const SHANGHAI_FOLDS = 5;

/** How many trips its training subsets hold. */
export const SHANGHAI_TRAIN_SIZES = [100, 1_000, 10_000] as const;
export type ShanghaiTrainSize = (typeof SHANGHAI_TRAIN_SIZES)[number];

/** A cell that names one of its folds. */
export const ShanghaiFold = StepNumber.refine(
  (fold) => fold < SHANGHAI_FOLDS,
  `must be a fold from 0 to ${SHANGHAI_FOLDS - 1}`,
);

const Row = z.object({ fold: ShanghaiFold, train_size: StepNumber, trip_id: Id });

export interface ShanghaiSubsets {
  /** [folds] names of the trips to train on. */
  readonly subsets: readonly ReadonlySet<string>[];
  readonly file: TableFile;
}

/**
 * Reads the training subsets of one size; none may hold a trip that its own fold tests on.
 *
 * @param testedIn by name of a trip, the fold that tests on it
 */
export async function readShanghaiSubsets(
  trainSize: ShanghaiTrainSize,
  testedIn: ReadonlyMap<string, number>,
): Promise<ShanghaiSubsets> {
  const table = await openShanghai('train_subsets.csv', Row);
  const subsets = Array.from({ length: SHANGHAI_FOLDS }, () => new Set<string>());
  for await (const { line, values } of table.rows(Row)) {
    const { fold, train_size, trip_id: trip } = values;
    if (train_size !== trainSize) continue;
    const tested = testedIn.get(trip);
    if (tested === undefined)
      throw new TableError(table.name, line, `there is no trip ${quoted(trip)}`);
    if (tested === fold)
      throw new TableError(table.name, line, `fold ${fold} tests on trip ${quoted(trip)}`);
    subsets[fold].add(trip);
  }
  return { subsets, file: table.summary() };
}
