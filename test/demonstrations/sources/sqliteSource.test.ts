import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteColumns } from '../../../src/demonstrations/sources/sqliteColumns.ts';
import { sqliteSource } from '../../../src/demonstrations/sources/sqliteSource.ts';
import { recording } from '../../support/recordings.ts';
import { failure, tableFile } from '../tables/tableFiles.ts';
import { readSource } from './readSource.ts';

const path = recording('table.sqlite');

test('sqliteSource reads what sqlite3 wrote, over many pages and long rows', async () => {
  const { records, malformed } = await readSource(sqliteSource(path, { table: 'points' }));
  expect(malformed).toEqual([]);
  const numbers = Array.from({ length: 399 }, (_, i) => i + 1).filter((i) => i < 100 || i > 120);
  // As make.py writes them.
  const wanted = numbers.map((i) => ({
    id: i,
    trip: `trip ${Math.floor(i / 7)}`,
    x: i % 5 === 0 ? null : i / 8,
    'the day': i,
    data: null,
    note: 'ü'.repeat((i % 11) * 50),
    late: null,
  }));
  expect(records.map(({ fields }) => fields)).toEqual([
    ...wanted,
    {
      id: 2n ** 53n + 1n,
      trip: '',
      x: 1e300,
      'the day': -129,
      data: null,
      note: null,
      late: 40000,
    },
  ]);
  expect(records.map(({ place }) => place)).toEqual(records.map((_, i) => i + 1));
});

describe('sqliteColumns reads the statements that people write', () => {
  const names = (sql: string) => sqliteColumns(sql).map(({ name }) => name);
  test.each([
    ['create table t(a, b INTEGER, c text)', ['a', 'b', 'c']],
    ['create table "my ""t"" (x)" ("a b" int, [c,d] text, `e` real)', ['a b', 'c,d', 'e']],
    [
      'create table t(a decimal(10, 2) default (1 + 2), -- first, (\n b /* , c */ text)',
      ['a', 'b'],
    ],
    [
      "create table t(a text check (a in ('x', ')')), primary key (a, b), b, foreign key (b) references u(c))",
      ['a', 'b'],
    ],
    ['create table t("primary" text, "check" int)', ['primary', 'check']],
  ])('%s', (sql, wanted) => {
    expect(names(sql)).toEqual(wanted);
  });

  test.each([
    ['create table t(a integer primary key, b)', true],
    ['create table t(a INTEGER PRIMARY KEY AUTOINCREMENT)', true],
    ['create table t(a integer constraint k primary key)', true],
    ['create table t(a integer not null, primary key (a))', true],
    ['create table t(a integer primary key desc)', false],
    ['create table t(a int primary key)', false],
    ['create table t(a integer, b integer, primary key (a, b))', false],
    ['create table t(a text primary key)', false],
  ])('%s: its key is the rowid: %s', (sql, wanted) => {
    expect(sqliteColumns(sql)[0].isRowid).toBe(wanted);
  });

  test.each([
    ['a default 5', 5],
    ["a default 'it''s'", "it's"],
    ['a default -1.5', -1.5],
    ['a default null', null],
    ['a default true', 1],
    ['a', null],
    ['a default (random())', undefined],
    ['a default current_timestamp', undefined],
  ])('%s', (definition, wanted) => {
    expect(sqliteColumns(`create table t(${definition})`)[0].fallback).toBe(wanted);
  });
});

/** Makes a database by Python's sqlite3; null where there is no Python. */
function made(script: string): string | null {
  const out = join(dirname(tableFile('x', '')), 'made.db');
  try {
    execFileSync('python3', ['-c', `import sqlite3\nb = sqlite3.connect(${JSON.stringify(out)})\n${script}\nb.commit()`]); // biome-ignore format: one call
    return out;
  } catch {
    process.stderr.write('SKIPPED: no python3 with sqlite3; databases are made by it\n');
    return null;
  }
}

describe('databases made here', () => {
  test.each(['UTF-8', 'UTF-16le', 'UTF-16be'])(
    'in %s, with every kind of value',
    async (encoding) => {
      const file = made(
        [
          `b.execute("pragma encoding = '${encoding}'")`,
          'b.execute("create table t(a, b)")',
          'for v in [None, 0, 1, -1, 127, -32768, 2**23, -2**31, 2**40, 2**53, 2**62, 0.1, -1e-300, "é🙂", "\ufeffx", "", b"\\x00\\xff"]:',
          '    b.execute("insert into t values (?, ?)", (v, 7))',
          'b.execute("alter table t add column c text default \'new\'")',
        ].join('\n'),
      );
      if (file === null) return;
      const { records } = await readSource(sqliteSource(file));
      expect(records.map(({ fields }) => fields.a)).toEqual([
        ...[null, 0, 1, -1, 127, -32768, 2 ** 23, -(2 ** 31), 2 ** 40],
        ...[2n ** 53n, 2n ** 62n, 0.1, -1e-300, 'é🙂', '\ufeffx', '', '00ff'],
      ]);
      expect(new Set(records.map(({ fields }) => `${fields.b}${fields.c}`))).toEqual(
        new Set(['7new']),
      );
    },
  );

  test('of a hundred thousand rows', async () => {
    const file = made(
      'b.execute("create table t(a integer primary key, b)")\nb.executemany("insert into t values (?, ?)", ((i, i * 0.5) for i in range(100000)))',
    );
    if (file === null) return;
    const { records } = await readSource(sqliteSource(file));
    expect(records).toHaveLength(100_000);
    expect(records.every(({ fields }, i) => fields.a === i && fields.b === i / 2)).toBe(true);
  });
});

describe('what is not read is told', () => {
  test.each([
    [{}, 'TableError: table.sqlite: has the tables "points", "other"; say which one to read'],
    [
      { table: 'point' },
      'TableError: table.sqlite: has no table "point"; it has "points", "other"; did you mean "points"?',
    ],
    [
      { table: 'points', maxRecord: 300 },
      'TableError: table.sqlite: after row 2 has a row of 323 bytes, above the limit of 300',
    ],
  ])('%o', async (options, message) => {
    expect(await failure(readSource(sqliteSource(path, options)))).toBe(message);
  });

  test('changes that wait beside the file', async () => {
    const copy = tableFile('a.db', '');
    copyFileSync(path, copy);
    writeFileSync(`${copy}-wal`, 'x');
    expect(await failure(readSource(sqliteSource(copy, { table: 'other' })))).toContain(
      'a.db: has changes waiting in a.db-wal; close the program',
    );
  });

  test('tables of other kinds', async () => {
    for (const [sql, message] of [
      ['create table t(a primary key) without rowid', 'table "t" has no rowid'],
      ['create table t(a, b as (a + 1))', 'table "t" has a computed column "b"'],
    ]) {
      const file = made(`b.execute(${JSON.stringify(sql)})`);
      if (file === null) return;
      expect(await failure(readSource(sqliteSource(file)))).toContain(message);
    }
  });
});
