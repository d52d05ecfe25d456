/** Broken files thrown at every source: each is read or refused by name, and soon. */

import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openSource } from '../../../src/demonstrations/sources/openRecording.ts';
import { formats } from '../../../src/demonstrations/sources/registry.ts';
import { isMalformed } from '../../../src/demonstrations/sources/source.ts';
import { TableError } from '../../../src/demonstrations/tables/tableError.ts';
import { recording } from '../../support/recordings.ts';
import { failure, lines, tableFile } from '../tables/tableFiles.ts';

const csv = lines('trajectory,step,note', 'a,0,"x, y"', 'a,1,', 'b,0,"two\nlines"', 'b,1,z');
const json = lines('{"a": 1, "b": {"c": [1, 2]}}', '{"a": 2}', '{"a": null, "t": "x\\ny"}');
const gpx = `<?xml version="1.0"?><gpx><trk><trkseg>\n<trkpt lat="1" lon="2"><time>2024</time></trkpt>\n<trkpt lat="1" lon="3"/></trkseg></trk></gpx>`;
const geo = JSON.stringify({
  type: 'Feature',
  properties: { coordTimes: [1, 2] },
  geometry: { type: 'LineString', coordinates: [[1, 2], [3, 4]] }, // biome-ignore format: short
});

/** Broken files per whole one. */
const RUNS = Number(process.env.REVEALED_FUZZ_RUNS ?? 60);

/** Whole files that breaking starts from. */
const WHOLE: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a.csv', Buffer.from(csv)],
  ['a.csv.gz', gzipSync(csv)],
  ['a.jsonl', Buffer.from(json)],
  ['a.gpx', Buffer.from(gpx)],
  ['a.geojson', Buffer.from(geo)],
  ...[
    'imitation.npz',
    'imitationDiscrete.npz',
    'minari.hdf5',
    'd4rlNext.hdf5',
    'table.parquet',
    'table.arrow',
    'table.arrows',
    'tablePacked.arrow',
    'table.sqlite',
  ].map((name) => [name, readFileSync(recording(name))] as const),
];

/** One way to break a file: where, as a share of its length, and what with. */
const injury = fc.record({
  kind: fc.constantFrom('cut', 'flip', 'insert', 'remove', 'repeat'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.integer({ min: 1, max: 40 }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.constantFrom('\0', '"', '\r\n', '\ufeff', ',,,,', '1e999', '<', '{', '-1').map((text) => Buffer.from(text)), // biome-ignore format: short
  ),
});

function broken(
  bytes: Buffer,
  injuries: readonly { kind: string; at: number; size: number; bytes: Uint8Array }[],
): Buffer {
  let out = Buffer.from(bytes);
  for (const { kind, at, size, bytes: put } of injuries) {
    const from = Math.floor(at * out.length);
    const [before, after] = [out.subarray(0, from), out.subarray(from)];
    if (kind === 'cut') out = Buffer.from(before);
    else if (kind === 'insert') out = Buffer.concat([before, put, after]);
    else if (kind === 'remove') out = Buffer.concat([before, after.subarray(size)]);
    else if (kind === 'repeat') out = Buffer.concat([before, after.subarray(0, size), after]);
    else if (from < out.length) out[from] ^= put[0] === 0 ? 1 : put[0];
  }
  return out;
}

/** Reads a file to its end; returns how many items came, or the error that ended it. */
async function outcome(path: string): Promise<number | unknown> {
  let count = 0;
  try {
    const source = await openSource(path, path.endsWith('.sqlite') ? { table: 'points' } : {});
    for await (const batch of source.read())
      for (const item of batch) {
        expect(item.place).toBeGreaterThan(0);
        if (isMalformed(item)) expect(item.problem).not.toBe('');
        count++;
      }
  } catch (error) {
    return error;
  }
  return count;
}

describe('a file that was broken is read or refused by name', () => {
  test.each(WHOLE)('%s', { timeout: 120_000 }, async (name, bytes) => {
    expect(await outcome(tableFile(name, bytes))).toBeGreaterThan(0);
    const folder = mkdtempSync(join(tmpdir(), 'revealed-fuzz-'));
    folders.push(folder);
    await fc.assert(
      fc.asyncProperty(fc.array(injury, { minLength: 1, maxLength: 3 }), async (injuries) => {
        const start = performance.now();
        const result = await outcome(tableFile(name, broken(bytes, injuries)));
        expect(performance.now() - start).toBeLessThan(20_000);
        if (typeof result === 'number') return;
        expect(result).toBeInstanceOf(TableError);
        expect((result as TableError).message).toMatch(new RegExp(`^${name}(:\\d+)?: `));
      }),
      { numRuns: RUNS },
    );
  });
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('what is no file is refused by every format', () => {
  const fifo = join(mkdtempSync(join(tmpdir(), 'revealed-fifo-')), 'pipe');
  execFileSync('mkfifo', [fifo]);
  test.each(Object.keys(formats))('%s', async (format) => {
    for (const [path, what] of [
      ['/dev/zero', 'zero: is a device'],
      [fifo, 'pipe: is a pipe'],
      [tmpdir(), 'is a folder'],
      [join(tmpdir(), 'nowhere'), 'nowhere: there is no such file'],
    ])
      expect(
        await failure(
          openSource(path, { format }).then(async (source) => {
            for await (const _ of source.read());
          }),
        ),
      ).toContain(what);
    const empty = await failure(
      openSource(tableFile('empty', ''), { format }).then(async (source) => {
        for await (const _ of source.read());
      }),
    );
    expect(empty).toMatch(format === 'jsonl' ? /no error/ : /^TableError: empty(:1)?: /);
  });
});

describe('nothing is read or unpacked without bound', () => {
  const folder = mkdtempSync(join(tmpdir(), 'revealed-bomb-'));
  folders.push(folder);

  test('a file that unpacks to far more than it holds stops at the limit, in little memory', async () => {
    const path = join(folder, 'bomb.csv.gz');
    const piece = Buffer.from('1,2\n'.repeat(2 ** 18));
    await pipeline(
      (async function* () {
        yield 'a,b\n';
        for (let i = 0; i < 100; i++) yield piece;
      })(),
      createGzip({ level: 1 }),
      createWriteStream(path),
    );
    const before = process.memoryUsage().rss;
    let rows = 0;
    const reading = (async () => {
      const source = await openSource(path, { maxUnpacked: 2 ** 21 });
      for await (const batch of source.read()) rows += batch.length;
    })();
    expect(await failure(reading)).toBe(
      `TableError: bomb.csv.gz: holds more than ${2 ** 21} bytes once unpacked; raise the limit if that is right`,
    );
    expect(rows).toBeLessThan(2 ** 19);
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 29);
  });

  test.each(['csv', 'jsonl'])('a line of ten megabytes costs itself alone: %s', async (format) => {
    const good = format === 'csv' ? 'ok' : '{"a":"ok"}';
    const head = format === 'csv' ? 'a\n' : '';
    const path = tableFile(`long.${format}`, `${head}${good}\n"${'x'.repeat(1e7)}\n${good}\n`);
    const source = await openSource(path);
    const items = [];
    for await (const batch of source.read()) items.push(...batch);
    expect(items.map((item) => isMalformed(item))).toEqual([false, true, false]);
    const long = items[1];
    expect(isMalformed(long) && [long.problem, long.text.length]).toEqual([
      'is longer than 1048576 characters, the limit of a record',
      1001,
    ]);
  });

  test('arrays beyond a limit are not unpacked', async () => {
    const error = (name: string) => failure(openSource(recording(name), { maxUnpacked: 64 }));
    expect(await error('imitation.npz')).toMatch(/member "obs.npy" holds \d+ bytes once unpacked/);
    const source = await openSource(recording('minari.hdf5'), { maxUnpacked: 16 });
    expect(await failure(source.read().next())).toMatch(/would take \d+ bytes for rows 0 to/);
  });
});
