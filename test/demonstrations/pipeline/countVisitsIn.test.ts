/**
 * The same counts from another engine. ClickHouse runs in this process where the package chdb is
 * installed, here or in the folder that `CHDB` names; it is too large to be a dependency.
 */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type AnswerQuery,
  countVisits,
  countVisitsIn,
} from '../../../src/demonstrations/pipeline/countVisits.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';

interface Chdb {
  query(text: string, format: string): string;
}

function loadChdb(): Chdb | null {
  try {
    return createRequire(join(process.env.CHDB ?? process.cwd(), 'index.js'))('chdb') as Chdb;
  } catch {
    process.stderr.write('SKIPPED: no package "chdb"; counting with ClickHouse needs it\n');
    return null;
  }
}

const chdb = loadChdb();
const columns = { state: 'place', action: 'move', goal: 'goal' };

/** A log as CSV; some cells need quotes. */
function randomLog(): string {
  const rng = createRng(0, 'log');
  const any = (names: readonly string[]): string => names[Math.floor(names.length * rng())];
  const rows = Array.from({ length: 2_000 }, (_, i) => [
    Math.floor(i / 20),
    // Steps of two digits: sorted as numbers, not as text.
    i % 20,
    any(['a', '"b, c"', 'ü']),
    any(['left', 'right']),
    any(['x', 'y']),
  ]);
  return `${[['trip', 'step', 'place', 'move', 'goal'], ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

test('countVisitsIn puts what an engine answers in order, and leaves out rows without a state', async () => {
  const asked: string[] = [];
  const answer: AnswerQuery = async function* (query) {
    asked.push(query);
    yield [
      ['b', 'left', '3'],
      [null, 'left', 2],
    ];
    yield [['a', 'left', 4n]];
  };
  const { counts, rows, withoutState } = await countVisitsIn(answer, 'log', {
    state: 'state',
    action: 'action',
  });
  expect(asked).toEqual([
    'SELECT "state", "action", count(*) AS "count" FROM (SELECT "state" AS "state", "action" AS "action" FROM log) AS visits GROUP BY "state", "action"',
  ]);
  expect(counts).toEqual([
    { state: 'a', action: 'left', count: 4 },
    { state: 'b', action: 'left', count: 3 },
  ]);
  expect([rows, withoutState]).toEqual([9, 2]);
});

test.skipIf(chdb === null).each([
  ['choices', columns],
  ['moves', { ...columns, follow: { trajectory: 'trip', step: 'step' } }],
])('ClickHouse counts the same %s', async (_, wanted) => {
  const path = join(temporaryFolder(), 'log.csv');
  writeFileSync(path, randomLog());
  const clickhouse: AnswerQuery = async function* (query) {
    yield (chdb as Chdb)
      .query(query, 'JSONCompactEachRow')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown[]);
  };
  const text = 'trip String, step String, place String, move String, goal String';
  const table = `file('${path}', 'CSVWithNames', '${text}')`;
  expect(await countVisitsIn(clickhouse, table, wanted)).toEqual(await countVisits(path, wanted));
});
