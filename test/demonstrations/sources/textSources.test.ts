import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { csvSource } from '../../../src/demonstrations/sources/csvSource.ts';
import { jsonLinesSource } from '../../../src/demonstrations/sources/jsonLinesSource.ts';
import { recordsSource } from '../../../src/demonstrations/sources/recordsSource.ts';
import { failure, tableFile } from '../tables/tableFiles.ts';
import { readSource } from './readSource.ts';

/** `id;grösse\nä;1,5\n` packed by python-zstandard 0.25.0. */
const ZSTD = Buffer.from('28b52ffd201291000069643b6772c3b67373650ac3a43b312c350a', 'hex');

const wanted = [{ place: 2, fields: { id: 'ä', grösse: '1,5' } }];
const text = 'id;grösse\nä;1,5\n';
const utf16 = (bigEndian: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

describe('csvSource reads the same records, however they are written', () => {
  test.each([
    ['a.csv', text, {}],
    ['marked.csv', `\ufeff${text}`, {}],
    ['crlf.csv', text.replaceAll('\n', '\r\n'), {}],
    ['packed.csv.gz', gzipSync(text), {}],
    ['packed without saying so.csv', gzipSync(text), {}],
    ['in two parts.csv.gz', Buffer.concat([gzipSync('id;grösse\n'), gzipSync('ä;1,5\n')]), {}],
    ['packed.csv.zst', ZSTD, {}],
    ['little.csv', utf16(false), { encoding: 'utf-16' }],
    ['big.csv', utf16(true), { encoding: 'utf-16' }],
    ['unmarked.csv', Buffer.from(text, 'utf16le'), { encoding: 'utf-16le' }],
    ['old.csv', Buffer.from(text, 'latin1'), { encoding: 'windows-1252' }],
  ])('%s', async (name, content, options) => {
    const path = tableFile(name, content);
    const source = csvSource(path, { delimiter: ';', ...options });
    expect(await readSource(source)).toEqual({ records: wanted, malformed: [] });
    expect(await readSource(source)).toEqual({ records: wanted, malformed: [] });
    expect(source).toMatchObject({ name, files: [path], unit: 'line' });
  });

  test('windows-1252 has what Latin-1 lacks', async () => {
    const path = tableFile('a.csv', Buffer.from([0x61, 0x0a, 0x80, 0x0a]));
    const { records } = await readSource(csvSource(path, { encoding: 'windows-1252' }));
    expect(records[0].fields).toEqual({ a: '€' });
  });
});

test('csvSource takes names, comments and quotes as it is told', async () => {
  const path = tableFile('a.txt', "# by hand\n'x|1'|2\n\n# more\n3|4\n");
  const options = { delimiter: '|', quote: "'", comment: '#', columns: ['a', 'b'] };
  expect((await readSource(csvSource(path, options))).records).toEqual([
    { place: 2, fields: { a: 'x|1', b: '2' } },
    { place: 5, fields: { a: '3', b: '4' } },
  ]);
  const plain = tableFile('b.tsv', 'a\tb\n5" pipe\t"x\n');
  const unquoted = csvSource(plain, { delimiter: '\t', quote: null });
  expect((await readSource(unquoted)).records[0].fields).toEqual({ a: '5" pipe', b: '"x' });
});

test('csvSource hands on what is no record, with its line', async () => {
  const bytes = Buffer.concat([
    Buffer.from('a,b\n1,2\n1,2,3\nonly\nx\0y,1\n'),
    Buffer.from([0xff, 0x2c, 0x31, 0x0a]),
    Buffer.from('5,6'),
  ]);
  const { records, malformed } = await readSource(csvSource(tableFile('a.csv', bytes)));
  expect(records.map(({ place }) => place)).toEqual([2, 7]);
  expect(malformed).toEqual([
    { place: 3, problem: 'has 3 fields, but there are 2 columns', text: '1,2,3' },
    { place: 4, problem: 'has 1 field, but there are 2 columns', text: 'only' },
    { place: 5, problem: 'holds a NUL byte, so it is not text', text: 'x\0y,1' },
    { place: 6, problem: 'holds bytes that are no characters of the encoding', text: '\ufffd,1' },
  ]);
});

describe('what cannot be read at all is told by file', () => {
  const packed = gzipSync(`a,b\n${'1,2\n'.repeat(1000)}`);
  test.each([
    ['empty.csv', '', {}, 'empty.csv:1: is empty; the first row must name the columns'],
    ['a.csv', 'a,a\n', {}, 'a.csv:1: column "a" is there twice; rename one of them'],
    ['a.csv', 'a,\n', {}, 'a.csv:1: column 2 has no name; give names to all columns'],
    ['a.csv', '"a\n1', {}, 'a.csv:1: the header opens a quote that is not closed'],
    ['a.csv', 'a,__proto__\n', {}, 'a.csv:1: a column must not be named "__proto__"'],
    [
      'cut.csv.gz',
      packed.subarray(0, packed.length - 12),
      {},
      'cut.csv.gz: cannot be unpacked as gzip (unexpected end of file); it is broken or cut off: write it again',
    ],
    [
      'cut.csv.zst',
      ZSTD.subarray(0, ZSTD.length - 6),
      {},
      'cut.csv.zst: cannot be unpacked as Zstandard (unexpected EOF); it is broken or cut off: write it again',
    ],
    [
      'bomb.csv.gz',
      packed,
      { maxUnpacked: 100 },
      'bomb.csv.gz: holds more than 100 bytes once unpacked; raise the limit if that is right',
    ],
    [
      'a.csv',
      utf16(false),
      {},
      'a.csv:1: begins as UTF-16 text does, but its encoding is given as utf-8; say utf-16',
    ],
  ])('%s: %#', async (name, content, options, message) => {
    const source = csvSource(tableFile(name, content), options);
    expect(await failure(readSource(source))).toBe(`TableError: ${message}`);
  });

  test('a folder, a device, nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'revealed-folder-'));
    const error = (path: string) => failure(readSource(csvSource(path)));
    expect(await error(folder)).toMatch(/: is a folder; name a regular file$/);
    expect(await error('/dev/zero')).toBe('TableError: zero: is a device; name a regular file');
    expect(await error(join(folder, 'no.csv'))).toMatch(/no\.csv: there is no such file at/);
  });
});

test('an encoding that does not exist is misuse', async () => {
  const source = csvSource(tableFile('a.csv', 'a\n1\n'), { encoding: 'utf-9' });
  expect(await failure(readSource(source))).toBe(
    'RangeError: Cannot read a.csv: there is no encoding "utf-9"; wanted utf-8, utf-16, windows-1252 or another WHATWG label',
  );
});

test('jsonLinesSource flattens objects, keeps lists of numbers and refuses the rest', async () => {
  const lines = [
    '{"id": "x", "at": {"lat": 1.5, "lon": -2}, "obs": [1, 2.5], "ok": true, "none": null}',
    '',
    '[1]',
    '{"a": 1',
    '{"a": ["x"]}',
    '{"a.b": 1, "a": {"b": 2}}',
    '{"id": 12345678901234567891}',
    '{"id": 1e300, "other": 9007199254740992}',
    '{"__proto__": {"x": 1}}',
  ];
  const path = tableFile('a.jsonl', `${lines.join('\n')}\n`);
  const { records, malformed } = await readSource(jsonLinesSource(path));
  expect(records).toEqual([
    {
      place: 1,
      fields: {
        id: 'x',
        'at.lat': 1.5,
        'at.lon': -2,
        obs: Float64Array.of(1, 2.5),
        ok: true,
        none: null,
      },
    },
    { place: 8, fields: { id: 1e300, other: 9007199254740992 } },
  ]);
  expect(malformed.map(({ place, problem }) => [place, problem])).toEqual([
    [3, 'is a list, wanted an object with one value per field'],
    [4, expect.stringMatching(/^is not JSON \(/)],
    [5, 'has a list in "a" that is not of numbers alone'],
    [6, 'has the field "a.b" twice'],
    [7, 'has a whole number beyond ±2⁵³ in "id"; write it as text'],
    [9, 'has a field "__proto__", which no field may be named'],
  ]);
});

test('recordsSource numbers objects from 1', async () => {
  const source = recordsSource([{ a: 1n, b: { c: 'x' } }, { a: () => 1 }]);
  expect(await readSource(source)).toEqual({
    records: [{ place: 1, fields: { a: 1n, 'b.c': 'x' } }],
    malformed: [{ place: 2, problem: 'has a function in "a"', text: '[object Object]' }],
  });
});
