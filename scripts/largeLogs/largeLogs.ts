/**
 * How fast large logs are read, and in how much memory: rows per second and peak memory for one and
 * for five million rows of a synthetic log, each measured in a process of its own. On a machine that does
 * other work too, CPU seconds tell more than seconds.
 *
 *   npm run large-logs [-- millions,millions]
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { countVisits } from '../../src/demonstrations/pipeline/countVisits.ts';
import { field } from '../../src/demonstrations/pipeline/field.ts';
import { pipeline } from '../../src/demonstrations/pipeline/pipeline.ts';
import { csvSource } from '../../src/demonstrations/sources/csvSource.ts';
import { writeSyntheticLog } from './syntheticLog.ts';

const COLUMNS = { state: 'state', action: 'action' };

/** What is measured, by name; returns the rows that it saw. */
const jobs: Record<string, (csv: string, parquet: string, folder: string) => Promise<number>> = {
  'nothing else': async () => 0,
  'counts of CSV': async (csv) => (await countVisits(csv, COLUMNS)).rows,
  'counts of Parquet': async (_, parquet) => (await countVisits(parquet, COLUMNS)).rows,
  'moves of Parquet, next states sought': async (_, parquet) =>
    (await countVisits(parquet, { ...COLUMNS, follow: { trajectory: 'trajectory', step: 'step' } }))
      .rows,
  'records of CSV alone': async (csv) => {
    let rows = 0;
    for await (const batch of csvSource(csv).read()) rows += batch.length;
    return rows;
  },
  'pipeline to tables': async (csv, _, folder) => {
    const { stages } = await pipeline(csvSource(csv))
      .clean(
        z.object({
          trajectory: field.text(),
          step: field.integer(),
          state: field.text(),
          action: field.text(),
        }),
        { 'a step below 0': ({ step }) => step < 0 },
      )
      .sessions({
        person: (row) => row.trajectory,
        time: (row) => row.step,
        state: (row) => row.state,
        action: (row) => row.action,
      })
      .write(folder);
    return stages[0].in;
  },
};

const [first = '1,5', ...measured] = process.argv.slice(2);
if (first === 'measure') await measure();
else await compareSizes(first.split(',').map((text) => Number(text) * 1e6));

/** Runs one job and prints what it took, as JSON. */
async function measure(): Promise<void> {
  const [job, csv, parquet, folder] = measured;
  const start = performance.now();
  const before = process.cpuUsage();
  const rows = await jobs[job](csv, parquet, folder);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = (user + system) / 1e6;
  const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
  console.log(JSON.stringify({ rows, seconds, cpuSeconds, megabytes }));
}

async function compareSizes(sizes: readonly number[]): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'revealed-large-logs-'));
  try {
    const idle = measureIn(home, 'nothing else', '', '');
    console.log(`the program alone: ${idle.megabytes.toFixed(0)} MB\n`);
    console.log(
      'rows       what                                   seconds CPU seconds     rows/s    peak MB',
    );
    for (const rows of sizes) {
      const csv = join(home, `${rows}.csv`);
      const parquet = join(home, `${rows}.parquet`);
      writeSyntheticLog(csv, rows);
      await toParquet(csv, parquet);
      for (const job of Object.keys(jobs).slice(1)) {
        const took = measureIn(home, job, csv, parquet);
        if (took.rows !== rows) throw new Error(`${job} saw ${took.rows} rows of ${rows}`);
        console.log(
          [
            String(rows).padEnd(10),
            job.padEnd(38),
            took.seconds.toFixed(2).padStart(7),
            took.cpuSeconds.toFixed(2).padStart(11),
            (took.rows / took.seconds).toFixed(0).padStart(10),
            took.megabytes.toFixed(0).padStart(10),
          ].join(' '),
        );
      }
      console.log(`           CSV ${size(csv)} MB, Parquet ${size(parquet)} MB`);
    }
  } finally {
    rmSync(home, { recursive: true });
  }
}

function measureIn(home: string, job: string, csv: string, parquet: string) {
  const folder = join(home, 'out');
  rmSync(folder, { recursive: true, force: true });
  const script = fileURLToPath(import.meta.url);
  const args = ['--import', 'jiti/register', script, 'measure', job, csv, parquet, folder];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as {
    rows: number;
    seconds: number;
    cpuSeconds: number;
    megabytes: number;
  };
}

async function toParquet(csv: string, parquet: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT trajectory, CAST(step AS INTEGER) AS step, state, action FROM read_csv('${csv}', all_varchar = true)) TO '${parquet}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

function size(path: string): string {
  return (statSync(path).size / 1e6).toFixed(0);
}
