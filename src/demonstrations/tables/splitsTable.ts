/**
 * The table of splits, `trajectory, split, is_test`. Test sets of different splits may overlap. A
 * trajectory that a split does not list is neither fitted nor predicted in it.
 */

import { z } from 'zod';
import type { Split, Splits } from '../splits.ts';
import { NameCollector, numbersOf, suggestion } from './nameIndex.ts';
import { openTable } from './readTable.ts';
import { Id } from './tableCells.ts';
import { quoted, TableError } from './tableError.ts';

const COLUMNS = {
  required: ['trajectory', 'split', 'is_test'],
  optional: [],
  further: 'ignored',
} as const;

const Row = z.object({
  trajectory: Id,
  split: Id,
  is_test: z.enum(['0', '1', 'false', 'true'], { error: 'must be 1 (test) or 0 (train)' }),
});

/** A split while its rows come in. */
interface Collected {
  readonly isTrain: Uint8Array;
  readonly isTest: Uint8Array;
  /** [trajectories] the line that lists each; 0 where none did. */
  readonly line: Int32Array;
  readonly firstLine: number;
}

/** @param trajectoryNames [trajectories] what the table may name */
export async function readSplits(
  path: string,
  trajectoryNames: readonly string[],
): Promise<Splits> {
  const table = await openTable(path, COLUMNS);
  const numberOf = numbersOf(trajectoryNames);
  const collector = new NameCollector();
  const collected: Collected[] = [];
  for await (const { line, values } of table.rows(Row)) {
    const i = numberOf.get(values.trajectory);
    if (i === undefined)
      throw new TableError(
        table.name,
        line,
        `there is no trajectory ${quoted(values.trajectory)}${suggestion(values.trajectory, trajectoryNames)}; name those of the trajectories table`,
      );
    const number = collector.add(values.split);
    collected[number] ??= emptySplit(trajectoryNames.length, line);
    const split = collected[number];
    const wanted = values.is_test === '1' || values.is_test === 'true' ? 'isTest' : 'isTrain';
    if (split.line[i] > 0) {
      const twice = split[wanted][i] === 1 ? 'is listed twice' : 'is in both train and test';
      throw new TableError(
        table.name,
        line,
        `trajectory ${quoted(values.trajectory)} ${twice} in split ${quoted(values.split)} (also on line ${split.line[i]}); keep one row`,
      );
    }
    split.line[i] = line;
    split[wanted][i] = 1;
  }
  collected.forEach(({ isTrain, isTest, firstLine }, number) => {
    for (const [part, flags] of [
      ['test', isTest],
      ['train', isTrain],
    ] as const)
      if (!flags.includes(1))
        throw new TableError(
          table.name,
          firstLine,
          `split ${quoted(collector.names[number])}, which begins here, has no trajectory to ${part} on; list one with is_test ${part === 'test' ? 1 : 0}`,
        );
  });
  const { names, position } = collector.sorted();
  const splits: Split[] = [];
  collected.forEach(({ isTrain, isTest }, number) => {
    splits[position[number]] = { name: names[position[number]], isTrain, isTest };
  });
  return { splits, file: table.summary(), warnings: table.warnings };
}

function emptySplit(count: number, firstLine: number): Collected {
  return {
    isTrain: new Uint8Array(count),
    isTest: new Uint8Array(count),
    line: new Int32Array(count),
    firstLine,
  };
}
