import { copyFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { arrowSource } from '../../../src/demonstrations/sources/arrowSource.ts';
import { isoTime } from '../../../src/demonstrations/sources/isoTime.ts';
import { parquetSource, sqlSource } from '../../../src/demonstrations/sources/sqlSource.ts';
import { recording } from '../../support/recordings.ts';
import { failure, tableFile } from '../tables/tableFiles.ts';
import { readSource } from './readSource.ts';

/** What pyarrow wrote (make.py). */
const wanted = [
  {
    place: 1,
    fields: {
      trip: 'a',
      n: 1,
      small: 1,
      x: 0.1,
      x32: Math.fround(0.1),
      ok: true,
      at: '1970-01-01T00:00:00',
      zoned: '1970-01-01T00:00:00Z',
      day: '1970-01-01',
      obs: Float64Array.of(1, 2.5),
      'where.lat': 1,
      'where.lon': 2,
    },
  },
  {
    place: 2,
    fields: {
      trip: 'a',
      n: 2,
      small: 2,
      x: -0,
      x32: -2.5,
      ok: false,
      at: '1970-01-01T00:00:01.5',
      zoned: '1970-01-01T00:00:01.5Z',
      day: '1970-01-02',
      obs: Float64Array.of(3, 4),
      'where.lat': 3,
      'where.lon': 4,
    },
  },
  {
    place: 3,
    fields: {
      trip: 'b',
      n: 2n ** 53n + 1n,
      small: 3,
      x: 1e300,
      x32: 3,
      ok: null,
      at: '1970-01-01T00:00:02.000001',
      zoned: '1970-01-01T00:00:02.000001Z',
      day: '1971-01-01',
      obs: Float64Array.of(5, 6),
      where: null,
    },
  },
  {
    place: 4,
    fields: Object.fromEntries(
      ['trip', 'n', 'small', 'x', 'x32', 'at', 'zoned', 'day', 'obs', 'where'].map((name) => [
        name,
        null,
      ]),
    ),
  },
];
Object.assign(wanted[3].fields, { ok: true });

test('parquetSource reads what pyarrow wrote, of every type', async () => {
  const source = parquetSource(recording('table.parquet'));
  expect(await readSource(source)).toEqual({ records: wanted, malformed: [] });
  expect(await readSource(source)).toEqual({ records: wanted, malformed: [] });
  expect(source).toMatchObject({ name: 'table.parquet', files: [recording('table.parquet')] });
});

test.each(['table.arrow', 'table.arrows', 'tablePacked.arrow'])(
  'arrowSource reads what pyarrow wrote: %s',
  async (name) => {
    const { records, malformed } = await readSource(arrowSource(recording(name)));
    expect(malformed).toEqual([]);
    expect(records).toEqual(wanted);
  },
);

/** What `write_feather(table({'x': [1.5] * 40}), compression='lz4')` of pyarrow 26.0.1 wrote, deflated. */
const PACKED_BY_LZ4 =
  'eNq1UbsKwkAQnJh4CXJgBIsUaRQLwUbBPklnI0oaWz/B0lL8Cks/M12c3SwaBEsn3O7dMPtMVdeH0wZoiQuAFIIRPByGSHgjgohv8JXQRmZJ80w1ZkrOIVZVajmCUHxmWpj+Sp1onTIDrfuwPALPiK6y12wII+R0a3zgyaTaR6fZ8eSWY9nTRfpJld9Y9e7BV7ygDCzXfJ+dy7uUmFA4a4oY4wRtfiTTFG+9zAPbo2dHTrtMu1nYzZZ20dvfzeKe5vtz/mPfsutK//kLvG4edg==';

test('arrowSource says what packed a file that it cannot unpack, and what to do', async () => {
  const path = join(dirname(tableFile('x', '')), 'lz4.arrow');
  writeFileSync(path, inflateSync(Buffer.from(PACKED_BY_LZ4, 'base64')));
  expect(await failure(readSource(arrowSource(path)))).toContain(
    'lz4.arrow: is packed by LZ4, which is not read here; write it with Zstandard',
  );
});

test('parquetSource takes the name of a file as it is, without patterns', async () => {
  const folder = dirname(tableFile('x', ''));
  for (const name of ["it's [1]*.parquet", 'other1.parquet']) {
    copyFileSync(recording('table.parquet'), join(folder, name));
    expect((await readSource(parquetSource(join(folder, name)))).records).toHaveLength(4);
  }
  expect(await failure(readSource(parquetSource(join(folder, 'other?.parquet'))))).toContain(
    'other?.parquet: there is no such file',
  );
});

test('sqlSource joins and filters, in the order asked for', async () => {
  const csv = tableFile('a.csv', 'id,x\nb,2\na,1\nc,3\n');
  const source = sqlSource(`select id, x * 1.5 as y from '${csv}' where x < 3 order by id`, {
    files: [csv],
  });
  expect((await readSource(source)).records).toEqual([
    { place: 1, fields: { id: 'a', y: 1.5 } },
    { place: 2, fields: { id: 'b', y: 3 } },
  ]);
});

test('sqlSource keeps the order of a long answer and hands it on in pieces', async () => {
  let next = 0;
  let batches = 0;
  for await (const batch of sqlSource('select range as i from range(20000)').read()) {
    batches++;
    expect(batch).toEqual(batch.map((_, k) => ({ place: next + k + 1, fields: { i: next + k } })));
    next += batch.length;
  }
  expect(next).toBe(20_000);
  expect(batches).toBeGreaterThan(5);
});

describe('what cannot be read is told by name', () => {
  test.each([
    [
      'a query with a mistake',
      sqlSource('selec 1'),
      'query: cannot be read: Failed to extract statements: Parser',
    ],
    ['a column twice', sqlSource('select 1 as a, 2 as a'), 'query: cannot be read: column "a" is'],
    ['no Parquet', parquetSource(recording('table.arrow')), 'table.arrow: cannot be read: '],
    ['no Arrow', arrowSource(recording('table.parquet')), 'table.parquet: cannot be read: '],
    [
      'an extension that is not built in',
      sqlSource("from read_xlsx('a')"),
      'query: cannot be read',
    ],
    ['a folder', parquetSource('/tmp'), 'tmp: is a folder'],
    ['a device', arrowSource('/dev/zero'), 'zero: is a device'],
  ])('%s', async (_, source, message) => {
    expect(await failure(readSource(source))).toContain(`TableError: ${message}`);
  });
});

test('isoTime writes instants to the nanosecond, before 1970 too', () => {
  expect(isoTime(0n, 'Z')).toBe('1970-01-01T00:00:00Z');
  expect(isoTime(-1n, '')).toBe('1969-12-31T23:59:59.999999999');
  expect(isoTime(1_714_564_800_250_000_000n, 'Z')).toBe('2024-05-01T12:00:00.25Z');
  expect(isoTime(10n ** 26n, 'Z')).toBeNull();
});
