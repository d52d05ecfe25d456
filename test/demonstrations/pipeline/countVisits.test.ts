import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { countLines, countVisits } from '../../../src/demonstrations/pipeline/countVisits.ts';
import { csvLine } from '../../../src/demonstrations/pipeline/csvLine.ts';
import { visitsQuery } from '../../../src/demonstrations/pipeline/visitsQuery.ts';

const home = mkdtempSync(join(tmpdir(), 'revealed-counts-'));
afterAll(() => rmSync(home, { recursive: true }));
let files = 0;
function file(ending: string, content: string | Uint8Array): string {
  const path = join(home, `${++files}.${ending}`);
  writeFileSync(path, content);
  return path;
}

const LOG = { state: 'state', action: 'action', fold: 'fold' };
type LogRow = readonly [state: string, action: string, fold: string];

const csvOf = (rows: readonly LogRow[]): string =>
  [csvLine(['state', 'action', 'fold']), ...rows.map((row) => csvLine(row))].join('');

/** The same counts by hand. */
function counted(rows: readonly LogRow[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    if (row[0] === '') continue;
    const key = JSON.stringify(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

const cell = fc.constantFrom('a', 'b', '01', '1', 'é, "x"', '');

describe('countVisits', () => {
  test('counts what a walk through the rows counts, nothing guessed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 30 }),
        async (rows) => {
          const found = await countVisits(file('csv', csvOf(rows)), LOG, { threads: 1 });
          const texts = found.counts.map(({ state, action = '', fold = '', count }) => [
            JSON.stringify([state, action, fold]),
            count,
          ]);
          expect(new Map(texts as [string, number][])).toEqual(counted(rows));
          expect(found.rows).toBe(rows.length);
          expect(found.withoutState).toBe(rows.filter(([state]) => state === '').length);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('reads tab-separated, packed and Parquet files, and queries, to the same counts', async () => {
    const rows: LogRow[] = [
      ['a', 'go', '1'],
      ['b', 'go', '2'],
      ['a', 'go', '1'],
    ];
    const plain = await countVisits(file('csv', csvOf(rows)), LOG);
    const tsv = rows.map((row) => row.join('\t')).join('\n');
    const parquet = join(home, 'log.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(
      `COPY (SELECT * FROM (VALUES ('a', 'go', 1), ('b', 'go', 2), ('a', 'go', 1)) AS t(state, action, fold)) TO '${parquet}' (FORMAT parquet)`,
    );
    connection.closeSync();
    for (const other of [
      file('tsv', `state\taction\tfold\n${tsv}\n`),
      file('csv.gz', gzipSync(csvOf(rows))),
      parquet,
      { sql: `SELECT * FROM read_parquet('${parquet}') WHERE true` },
    ])
      expect(await countVisits(other, LOG)).toEqual(plain);
    expect([...countLines(plain)].join('')).toBe('state,action,fold,count\na,go,1,2\nb,go,2,1\n');
  });

  test('finds next states by following trajectories, rows in any order', async () => {
    const log = 'id,t,s\nx,10,c\nx,9,b\ny,0,a\nx,2,a\ny,1,b\n';
    const { counts } = await countVisits(file('csv', log), {
      state: 's',
      follow: { trajectory: 'id', step: 't' },
    });
    expect(counts).toEqual([
      { state: 'a', nextState: 'b', count: 2 },
      { state: 'b', nextState: '', count: 1 },
      { state: 'b', nextState: 'c', count: 1 },
      { state: 'c', nextState: '', count: 1 },
    ]);
  });

  test('names the file and what is wrong with it', async () => {
    const missing = countVisits(join(home, 'none.csv'), LOG);
    await expect(missing).rejects.toThrow(/^none\.csv: there is no such file/);
    const noColumn = countVisits(file('csv', 'state,fold\na,1\n'), LOG);
    await expect(noColumn).rejects.toThrow(/\.csv: cannot be counted: .*"action"/);
    const ragged = countVisits(file('csv', 'state,action,fold\na,b,1\na,b\n'), LOG);
    await expect(ragged).rejects.toThrow(/cannot be counted: .*[Ll]ine: 3/);
    await expect(countVisits(file('txt', ''), LOG)).rejects.toThrow(/must be a \.csv/);
    await expect(countVisits('x.csv', { state: 's' })).rejects.toThrow(/must have an "action"/);
  });

  test('asks the same of any engine: SQLite answers the query with the same counts', async () => {
    const rows: LogRow[] = [
      ['a', 'go', '1'],
      ['b', 'go', '2'],
      ['a', 'go', '1'],
      ['a', 'st"ay', '1'],
    ];
    const query = `${visitsQuery('log', LOG)} ORDER BY 1, 2, 3`;
    const script = [
      'import json, sqlite3, sys',
      'query, rows = json.load(sys.stdin)',
      'c = sqlite3.connect(":memory:")',
      'c.execute("CREATE TABLE log (state TEXT, action TEXT, fold TEXT)")',
      'c.executemany("INSERT INTO log VALUES (?, ?, ?)", rows)',
      'print(json.dumps(c.execute(query).fetchall()))',
    ].join('\n');
    const answer = execFileSync('python3', ['-c', script], {
      input: JSON.stringify([query, rows]),
      encoding: 'utf8',
    });
    const { counts } = await countVisits(file('csv', csvOf(rows)), LOG);
    expect(JSON.parse(answer)).toEqual(
      counts.map(({ state, action, fold, count }) => [state, action, fold, count]),
    );
  });
});
