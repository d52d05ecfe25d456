/** The tables of a fit in every format, written by DuckDB: the same people, the same answer. */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { revealed, temporaryFolder } from '../support/commandLine.ts';

const PARK = fileURLToPath(new URL('../../scripts/examples/gridworld', import.meta.url));
const NAMES = ['transitions', 'features', 'trajectories'];

async function fitted(folder: string, ending: string): Promise<unknown> {
  const tables = NAMES.flatMap((name) => [`--${name}`, join(folder, name + ending)]);
  const { code, stdout, stderr } = await revealed('fit', ...tables, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { methods, data } = JSON.parse(stdout);
  const { seconds: _, ...method } = methods['causal-entropy'];
  expect(data.files.map(({ name }: { name: string }) => name).sort()).toEqual(
    NAMES.map((name) => name + ending).sort(),
  );
  return { method, decisions: data.decisions };
}

test.each([
  ['.parquet', 'format parquet'],
  ['.jsonl', 'format json'],
  ['.jsonl.gz', 'format json, compression gzip'],
  ['.csv.zst', 'format csv, compression zstd'],
])('fit reads %s', async (ending, format) => {
  const folder = temporaryFolder();
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const name of NAMES)
    await connection.run(
      `copy (from '${join(PARK, name)}.csv') to '${join(folder, name + ending)}' (${format})`,
    );
  connection.closeSync();
  instance.closeSync();
  expect(await fitted(folder, ending)).toEqual(await fitted(PARK, '.csv'));
});
