/** Data sets fetched from a copy, and made of their original files, by a server of our own. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { borlangeTables } from '../../../src/demonstrations/recorded/borlangeOriginals.ts';
import { type DataCard, dataCards } from '../../../src/demonstrations/recorded/dataCard.ts';
import { fetchDataset } from '../../../src/demonstrations/recorded/fetchDataset.ts';
import { hasSharedData } from '../../support/sharedData.ts';

const TRIPS = 'trip,step,link\n1,0,7\n1,1,8\n';
const card: DataCard = {
  name: 'walks',
  title: 'Walks',
  source: 'nowhere',
  licence: 'none',
  shipped: false,
  studies: [],
  files: [{ name: 'trips.csv', rows: 2, sha256: sha256(TRIPS) }],
};

let server: Server;
let origin: string;
let files: Record<string, string>;
let home: string;
let homeBefore: string | undefined;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'revealed-fetch-'));
  homeBefore = process.env.REVEALED_DATA;
  process.env.REVEALED_DATA = home;
  files = {};
  server = createServer(({ url = '' }, response) => {
    if (Object.hasOwn(files, url)) response.end(files[url]);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  if (homeBefore === undefined) delete process.env.REVEALED_DATA;
  else process.env.REVEALED_DATA = homeBefore;
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('fetchDataset', () => {
  test('fetchDataset brings what is missing from a copy, once', async () => {
    files['/copies/walks/trips.csv'] = TRIPS;
    const from = `${origin}/copies/`;
    expect(await fetchDataset(card, { from })).toEqual(['trips.csv']);
    expect(readFileSync(join(home, 'walks/trips.csv'), 'utf8')).toBe(TRIPS);
    expect(await fetchDataset(card, { from })).toEqual([]);
  });

  test('fetchDataset keeps nothing of a copy that was tampered with', async () => {
    files['/walks/trips.csv'] = TRIPS.replace('8', '9');
    await expect(fetchDataset(card, { from: origin })).rejects.toThrow(
      /not the file that was published/,
    );
    expect(existsSync(join(home, 'walks/trips.csv'))).toBe(false);
  });

  test('fetchDataset does not touch a file that is there and is another one', async () => {
    mkdirSync(join(home, 'walks'));
    writeFileSync(join(home, 'walks/trips.csv'), 'mine');
    await expect(fetchDataset(card, { from: origin })).rejects.toThrow(/move it away first/);
    expect(readFileSync(join(home, 'walks/trips.csv'), 'utf8')).toBe('mine');
  });

  test('fetchDataset says where no address is known', async () => {
    await expect(fetchDataset(card, {})).rejects.toThrow(/no address is known.*--from URL/);
  });
});

const COLUMNS = 20;

/** A matrix as MATLAB writes it with `save -ascii`. */
function ascii(entries: readonly (readonly number[])[]): string {
  return entries.map((row) => `${row.map((x) => `   ${x.toExponential(16)}`).join('')}\n`).join('');
}

/** Original files that say the same as tables, in the order of their columns, zeros and all. */
function originalsOf(tables: Readonly<Record<string, string>>): Record<string, string> {
  const rows = (name: string): number[][] =>
    tables[name]
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map((cell) => (cell === '' ? Number.NaN : Number(cell))));
  const byColumn = (a: number[], b: number[]): number => a[1] - b[1] || a[0] - b[0];
  const moves = rows('transitions.csv');
  const observations: number[][] = [];
  let last: number[] | null = null;
  for (const [trip, destination, step, link] of rows('trips.csv')) {
    if (step === 0) {
      if (last) observations.push([last[0], last[2] + 3, last[1]]);
      observations.push([trip, 1, destination]);
    }
    observations.push([trip, step + 2, link]);
    last = [trip, destination, step];
  }
  if (last) observations.push([last[0], last[2] + 3, last[1]], [1, 300, 0]);
  const samples: number[][] = [];
  const splits = rows('splits.csv');
  for (let split = 1; split <= COLUMNS; split++) {
    for (const isTest of [0, 1]) {
      const chosen = splits.filter((row) => row[split] === isTest).map(([trip]) => trip);
      chosen.reverse().forEach((trip, i) => {
        samples.push([2 * split - 1 + isTest, i + 1, trip]);
      });
    }
  }
  return {
    incidence: ascii(
      [
        ...moves.map(([from, to]) => [from, to, 1]),
        ...rows('destinations.csv').map(([to, from]) => [from, to, 1]),
      ].sort(byColumn),
    ),
    time: `${moves.map(([from, to, minutes]) => `${from}\t${to}\t${minutes}\n`).join('')}\n`,
    angle: ascii(
      moves
        .map(([from, to, , angle]) => [from, to, angle])
        .filter(([, , angle]) => !Number.isNaN(angle))
        .sort(byColumn),
    ),
    observations: ascii(observations.sort(byColumn)),
    samples: ascii(samples.sort(byColumn)),
  };
}

describe('borlangeTables', () => {
  test.skipIf(!hasSharedData('borlange'))(
    'borlangeTables makes the published tables of their original files',
    async () => {
      const [borlange] = dataCards().filter(({ name }) => name === 'borlange');
      const read = (name: string): string =>
        readFileSync(join(homeBefore ?? '', 'borlange', name), 'utf8');
      const tables = Object.fromEntries(borlange.files.map(({ name }) => [name, read(name)]));
      for (const [name, text] of Object.entries(originalsOf(tables))) files[`/${name}`] = text;
      const served: DataCard = {
        ...borlange,
        originals: (borlange.originals ?? []).map(({ name }) => ({
          name,
          url: `${origin}/${name}`,
        })),
      };
      expect(await fetchDataset(served, {})).toEqual(borlange.files.map(({ name }) => name));
      for (const { name, sha256: published } of borlange.files)
        expect(sha256(readFileSync(join(home, 'borlange', name), 'utf8'))).toBe(published);

      rmSync(join(home, 'borlange/trips.csv'));
      files['/observations'] = files['/observations'].replace('7.2890', '7.2900');
      await expect(fetchDataset(served, {})).rejects.toThrow(/Cannot make trips.csv.*have changed/);
      expect(existsSync(join(home, 'borlange/trips.csv'))).toBe(false);
    },
  );

  test('borlangeTables names the line that is no entry of a matrix', () => {
    const texts = { incidence: '', angle: '', observations: '', samples: '' };
    expect(() => borlangeTables({ ...texts, time: '1 2 0.5\n<html>\n' })).toThrow(
      'Cannot read the original file of time: line 2 must be "row column value", got "<html>"',
    );
  });
});
