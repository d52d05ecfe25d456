import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { dataFile } from '../../../src/demonstrations/recorded/dataHome.ts';
import { tableFile } from '../tables/tableFiles.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('dataFile finds a file in the folder REVEALED_DATA', () => {
  const path = tableFile('trips.csv', 'a,b\n');
  const dataset = dirname(path);
  vi.stubEnv('REVEALED_DATA', dirname(dataset));
  expect(dataFile(basename(dataset), 'trips.csv')).toBe(path);
});

test('dataFile names where it looked and what to do', () => {
  const own = fileURLToPath(new URL('../../../datasets/nowhere/trips.csv', import.meta.url));
  const remedy = 'set REVEALED_DATA=… to the folder that holds nowhere/trips.csv';
  vi.stubEnv('REVEALED_DATA', '');
  expect(() => dataFile('nowhere', 'trips.csv')).toThrow(
    `Cannot find trips.csv of data set "nowhere": ${own} does not exist, and REVEALED_DATA is not set; ${remedy}`,
  );
  vi.stubEnv('REVEALED_DATA', '/absent');
  expect(() => dataFile('nowhere', 'trips.csv')).toThrow(
    `Cannot find trips.csv of data set "nowhere": neither ${own} nor ${join('/absent', 'nowhere', 'trips.csv')} exists; ${remedy}`,
  );
});
