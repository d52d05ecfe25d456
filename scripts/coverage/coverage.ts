/**
 * Do 95 % intervals hold the truth in 95 of 100 data sets? Draws many, fits each, and counts.
 *
 *   npm run coverage -- --out DIR [--data-sets 1000] [--bootstrapped 200] [--workers N] [--seed 0] [--resume]
 *
 * Leaves `coverage.json` and `coverage.md` in DIR; exit 1 where an interval does not cover as promised.
 */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { json, writeWhole } from '../../src/study/output/wholeFile.ts';
import { sideBySide, type Workers } from '../../src/study/run/sideBySide.ts';
import { sibling } from '../../src/study/run/threads.ts';
import { cases } from './cases.ts';
import { coverageReport, summarizeCase } from './summary.ts';
import { openCase, runTrial, type Trial, type TrialOrder } from './trial.ts';

const Options = z.strictObject({
  out: z.string({ error: 'Cannot run the coverage study: give --out DIR' }),
  'data-sets': z.coerce.number().pipe(z.int().min(1)).default(1000),
  bootstrapped: z.coerce.number().pipe(z.int().min(0)).default(200),
  workers: z.union([z.literal('auto'), z.coerce.number().pipe(z.int().min(1))]).default('auto'),
  seed: z.coerce.number().pipe(z.int()).default(0),
  cases: z.string().optional(),
  resume: z.boolean().default(false),
});

/** Data sets that a thread does at a time. */
const BATCH = 10;
/** Milliseconds between two saved states. */
const SAVE_EVERY = 5_000;

/** What is being asked; batches are the same whatever else is. */
interface Coverage {
  readonly out: string;
  readonly dataSets: number;
  /** Of how many data sets the bootstrap is taken too. */
  readonly bootstrapped: number;
  readonly workers: Workers;
  readonly seed: number;
  readonly names: readonly string[];
  readonly resume: boolean;
}

/** Returns whether everything covers as promised. */
export async function runCoverage(settings: Coverage, tell = (_line: string): void => {}) {
  const { out, dataSets, bootstrapped, workers, seed, names, resume } = settings;
  const file = join(out, 'coverage-state.json');
  const asked = JSON.stringify({ format: 1, dataSets, bootstrapped, seed, names });
  const saved = resume && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  if (saved && saved.asked !== asked)
    throw new RangeError(`Cannot resume: ${file} belongs to a study with other options`);
  const done: Record<string, Trial[]> = saved?.done ?? {};
  let lastSave = performance.now();
  const save = (): void => {
    writeWhole(file, JSON.stringify({ asked, done }));
    lastSave = performance.now();
  };

  const batches = names.flatMap((of) =>
    Array.from({ length: Math.ceil(dataSets / BATCH) }, (_, batch) => ({
      key: `${of} ${batch}`,
      orders: Array.from(
        { length: Math.min(BATCH, dataSets - batch * BATCH) },
        (_, i): TrialOrder => {
          const trial = batch * BATCH + i;
          return { of, seed, trial, bootstrap: trial < bootstrapped };
        },
      ),
    })),
  );
  const open = batches.filter(({ key }) => !done[key]);
  const side = sideBySide<readonly TrialOrder[], Trial[], never, (typeof batches)[number]>({
    workers,
    jobCount: open.length,
    module: sibling(import.meta.url, 'coverageThread'),
    order: ({ orders }) => orders,
    async here({ orders }) {
      const trials: Trial[] = [];
      for (const order of orders) trials.push(await runTrial(order));
      return trials;
    },
  });
  let finished = batches.length - open.length;
  try {
    await Promise.all(
      open.map(async (batch) => {
        done[batch.key] = await side.run(batch);
        tell(`${++finished} of ${batches.length} batches`);
        if (performance.now() - lastSave > SAVE_EVERY) save();
      }),
    );
  } finally {
    await side.close();
  }
  const summaries = names.map((of) =>
    summarizeCase(
      openCase(of),
      batches.filter(({ orders }) => orders[0].of === of).flatMap(({ key }) => done[key]),
    ),
  );
  writeWhole(
    join(out, 'coverage.json'),
    json({ format: 1, seed, dataSets, bootstrapped, cases: summaries }),
  );
  writeWhole(join(out, 'coverage.md'), coverageReport(summaries, seed));
  rmSync(file, { force: true });
  return summaries.every(({ parameters }) =>
    parameters.every(({ coverage }) =>
      Object.values(coverage).every(({ asPromised }) => asPromised !== false),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      'data-sets': { type: 'string' },
      bootstrapped: { type: 'string' },
      workers: { type: 'string' },
      seed: { type: 'string' },
      cases: { type: 'string' },
      resume: { type: 'boolean' },
    },
  });
  const options = Options.parse(values);
  const { out, workers, seed, bootstrapped, resume } = options;
  const names = options.cases?.split(';') ?? cases.map(({ name }) => name);
  const tell = (line: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${line}`);
  };
  const covers = await runCoverage(
    { out, workers, seed, bootstrapped, resume, names, dataSets: options['data-sets'] },
    tell,
  );
  process.stdout.write(readFileSync(join(out, 'coverage.md'), 'utf8'));
  process.exitCode = covers ? 0 : 1;
}
