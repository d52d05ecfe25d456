import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openTable } from '../../../src/demonstrations/tables/readTable.ts';
import { TableError } from '../../../src/demonstrations/tables/tableError.ts';
import { failure, lines, tableFile } from './tableFiles.ts';

const COLUMNS = { required: ['id', 'size'], optional: ['weight'], further: 'ignored' } as const;
const Row = z.object({ id: z.string().min(1, 'must not be empty'), size: z.string() });

async function read(name: string, content: string | Uint8Array) {
  const table = await openTable(tableFile(name, content), COLUMNS);
  const rows: [number, string, string][] = [];
  for await (const { line, values } of table.rows(Row)) rows.push([line, values.id, values.size]);
  return { rows, warnings: table.warnings, summary: table.summary() };
}

const errorOf = (name: string, content: string | Uint8Array) => failure(read(name, content));

test('openTable yields rows with their lines, by the names of their columns', async () => {
  const { rows, warnings, summary } = await read('a.csv', 'size,id\n1,x\n2,y');
  expect(rows).toEqual([
    [2, 'x', '1'],
    [3, 'y', '2'],
  ]);
  expect(warnings).toEqual([]);
  expect(summary).toMatchObject({ name: 'a.csv', rows: 2 });
});

describe('what spreadsheets do to a file changes nothing', () => {
  const plain = 'id,size\na b,1\n"x, ""y""",2\n';
  test.each([
    ['a byte order mark', `\ufeff${plain}`],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['CR', plain.replaceAll('\n', '\r')],
    ['CRLF in the header only', plain.replace('\n', '\r\n')],
    ['no newline at the end', plain.trimEnd()],
    ['quotes around everything', '"id","size"\n"a b","1"\n"x, ""y""","2"\n'],
  ])('%s', async (_, content) => {
    expect((await read('a.csv', content)).rows).toEqual([
      [2, 'a b', '1'],
      [3, 'x, "y"', '2'],
    ]);
  });
});

test('openTable counts blank lines and line breaks in quotes as lines, not as rows', async () => {
  const { rows, summary } = await read('a.csv', 'id,size\n\n"a\nb",1\nc,2\n\n\nd,3\n');
  expect(rows).toEqual([
    [3, 'a\nb', '1'],
    [5, 'c', '2'],
    [8, 'd', '3'],
  ]);
  expect(summary.rows).toBe(3);
});

describe('.tsv and .gz hold the same rows as .csv', () => {
  const csv = 'id,size\na b,1\né🙂,2\n';
  const tsv = csv.replaceAll(',', '\t');
  const wanted = [
    [2, 'a b', '1'],
    [3, 'é🙂', '2'],
  ];
  test.each([
    ['a.csv', csv],
    ['a.CSV', csv],
    ['a.tsv', tsv],
    ['a.csv.gz', gzipSync(csv)],
    ['a.tsv.gz', gzipSync(tsv)],
    ['a.gz', gzipSync(csv)],
    // python-zstandard 0.25
    [
      'a.csv.zst',
      Buffer.from('28b52ffd2017b9000069642c73697a650a6120622c310ac3a9f09f99822c320a', 'hex'),
    ],
  ])('%s', async (name, content) => {
    const { rows, summary } = await read(name, content);
    expect(rows).toEqual(wanted);
    expect(summary.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });
});

test('openTable reads characters that lie across the chunks of a long file', async () => {
  // 65,536 bytes is the chunk of a read stream; three lengths shift the character across its end.
  for (const shift of [0, 1, 2]) {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${'x'.repeat(shift)}🙂,${i % 10}`);
    const table = await read('a.csv', lines('id,size', ...rows));
    expect(table.rows).toHaveLength(30_000);
    expect(new Set(table.rows.map(([, id]) => id)).size).toBe(1);
  }
});

test('the records of JSON lines are rows, their values cells', async () => {
  const content = '{"size": 1, "id": "a b"}\n\n{"id": -0.5, "size": null}\n{"id": true}\n';
  const { rows, summary } = await read('a.jsonl', content);
  expect(rows).toEqual([
    [1, 'a b', '1'],
    [3, '-0.5', ''],
    [4, 'true', ''],
  ]);
  expect(summary.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  expect((await read('a.ndjson.gz', gzipSync(content))).rows).toEqual(rows);
});

describe('a header that will not do is told on line 1', () => {
  test.each([
    [
      '',
      'a.csv:1: is empty; the first line must name the columns "id", "size" and may name "weight"',
    ],
    [
      'id,Size\nx,1\n',
      'a.csv:1: column "size" is missing; rename "Size"? the header has "id", "Size"',
    ],
    [
      'id,sze\nx,1\n',
      'a.csv:1: column "size" is missing; rename "sze"? the header has "id", "sze"',
    ],
    ['id,colour\nx,1\n', 'a.csv:1: column "size" is missing; the header has "id", "colour"'],
    ['id,size,id\nx,1,y\n', 'a.csv:1: column "id" is there twice; keep one of them'],
    [',id,size\n0,x,1\n', 'a.csv:1: column 1 has no name; name it or leave it out'],
    ['id;size\nx;1\n', 'a.csv:1: is separated by semicolons; separate the columns by commas'],
    ['id\tsize\nx\t1\n', 'a.csv:1: is separated by tabs; name the file .tsv'],
    [
      'id,size,Weights\nx,1,2\n',
      'a.csv:1: column "Weights" is not known; rename it to "weight", or to something less alike if it means something else',
    ],
    [
      'id,size, note\nx,1,2\n',
      'a.csv:1: column " note" begins or ends with a space; take the space out',
    ],
  ])('%j', async (content, message) => {
    expect(await errorOf('a.csv', content)).toBe(`TableError: ${message}`);
  });
});

test('openTable leaves out columns that it does not know, and says so', async () => {
  const { rows, warnings } = await read('a.csv', 'id,size,height\nx,1,2\n');
  expect(rows).toEqual([[2, 'x', '1']]);
  expect(warnings).toEqual(['a.csv: ignores the columns "height"']);
});

describe('a bad row is told with its line', () => {
  test.each([
    ['id,size\n', 'a.csv:2: has a header but no rows; add at least one'],
    [
      'id,size\nx,1\ny,1,2\n',
      'a.csv:3: has 3 fields, but the header has 2 columns; put a field that contains the separator in double quotes',
    ],
    [
      'id,size\n\nx\n',
      'a.csv:3: has 1 field, but the header has 2 columns; put a field that contains the separator in double quotes',
    ],
    ['id,size\n"a\nb",1\n,2\n', 'a.csv:4: "id" must not be empty, got ""'],
    [
      'id,size\nx,1\n"y,1\nz,1\n',
      'a.csv:4: ends inside a double quote; close the quote that some field before opens',
    ],
    [
      'id,size\nx,1\n5" pipe,1\n',
      'a.csv:3: a double quote stands where none may; quote a field with quotes as a whole, and double those inside',
    ],
    ['id,size\nx,1\ny\0,1\n', 'a.csv:3: holds a NUL byte, so it is not text; write CSV in UTF-8'],
    [
      Buffer.from('id,size\nx,1\ny,1\ncaf\xe9,1\n', 'latin1'),
      'a.csv:4: is not UTF-8 text; write CSV in UTF-8',
    ],
    [Buffer.from('id,size\nx,\xc3', 'latin1'), 'a.csv:2: is not UTF-8 text; write CSV in UTF-8'],
  ])('%j', async (content, message) => {
    expect(await errorOf('a.csv', content)).toBe(`TableError: ${message}`);
  });
});

describe('what is not a table is refused by name or by its first bytes', () => {
  const packed = gzipSync('id,size\nx,1\n');
  test.each([
    ['a.jsonl', '', 'a.jsonl: has not one line that is a record'],
    ['a.jsonl', '{"size": "1"}', 'a.jsonl:1: column "id" is missing; the header has "size"'],
    [
      'a.jsonl',
      '{"id": 1, "size": [2]}',
      'a.jsonl:1: has a list in "size"; a cell holds one value',
    ],
    [
      'a.jsonl',
      '{"id": 1, "size": 2}\n{"id": 1, "size": 2, "weight": 1}',
      'a.jsonl:2: has a field "weight" that the first record lacks; give it to all, empty where there is none',
    ],
    [
      'a.csv',
      Buffer.from('28b52ffd', 'hex'),
      'a.csv:1: is packed with Zstandard; add .zst to its name',
    ],
    [
      'a.xlsx',
      'PK',
      'a.xlsx: a table must be a .csv, .tsv or .jsonl file, any of them as .gz or .zst, or .parquet; write CSV',
    ],
    ['a.csv', 'PAR1\0', 'a.csv:1: is a Parquet file; name it .parquet'],
    ['a.csv', 'PK\x03\x04\0', 'a.csv:1: is a spreadsheet or zip archive; write CSV'],
    ['a.csv', packed, 'a.csv:1: is packed with gzip; add .gz to its name'],
    [
      'a.csv',
      Buffer.from('\ufeffid,size\n', 'utf16le'),
      'a.csv:1: is written in UTF-16; write CSV in UTF-8',
    ],
    [
      'a.csv.gz',
      'id,size\nx,1\n',
      'a.csv.gz: cannot be unpacked as gzip (incorrect header check); write it again, or drop .gz from its name if it is not packed',
    ],
    [
      'a.csv.gz',
      packed.subarray(0, 20),
      'a.csv.gz: cannot be unpacked as gzip (unexpected end of file); write it again, or drop .gz from its name if it is not packed',
    ],
  ])('%s: %j', async (name, content, message) => {
    expect(await errorOf(name, content)).toBe(`TableError: ${message}`);
  });
});

test('what is broken in JSON lines and Parquet is told', async () => {
  expect(await errorOf('a.jsonl', '{"id": 1, "size": 2}\n{')).toMatch(
    /^TableError: a\.jsonl:2: is not JSON \(/,
  );
  expect(await errorOf('a.parquet', 'PAR1')).toMatch(/^TableError: a\.parquet: cannot be read: /);
});

test('openTable says where it looked for a file that does not exist, or is a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'revealed-folder.csv'));
  expect(await failure(openTable(join(folder, 'b.csv'), COLUMNS))).toBe(
    `TableError: b.csv: there is no such file at ${join(folder, 'b.csv')}`,
  );
  mkdirSync(join(folder, 'c.csv'));
  expect(await failure(openTable(join(folder, 'c.csv'), COLUMNS))).toMatch(
    /^TableError: c\.csv: cannot be read \(EISDIR.*\); name a readable file$/,
  );
  rmSync(folder, { recursive: true });
});

test('TableError carries file and line', async () => {
  const error = await read('a.csv', 'id,size\n,1\n').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TableError);
  expect(error).toBeInstanceOf(SyntaxError);
  expect(error).toMatchObject({ file: 'a.csv', line: 2, name: 'TableError' });
});
