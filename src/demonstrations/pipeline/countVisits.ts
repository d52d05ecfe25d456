/**
 * Visits of a large log, counted where it lies: a CSV or Parquet file, or a query, that may be
 * larger than memory. Only counts come back, and a fit needs no more than these.
 */

import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { csvSource } from '../sources/csvSource.ts';
import { firstRecord } from '../sources/firstRecord.ts';
import { TableError } from '../tables/tableError.ts';
import { csvLine } from './csvLine.ts';
import { countedColumns, type VisitColumns, visitsQuery } from './visitsQuery.ts';

export const CountOptions = z.strictObject({
  memory: z
    .string()
    .regex(/^\d+(\.\d+)?\s*(KB|MB|GB|KiB|MiB|GiB)$/i, 'wanted an amount such as 500MB')
    .default('300MB')
    .describe('Most memory that the engine may hold; what does not fit goes to the disk'),
  delimiter: z.string().length(1).default(',').describe('What separates the columns of a CSV file'),
  threads: z.int().positive().optional().describe('Threads to count with; all there are if absent'),
});
/** What a caller may write. */
export type CountOptions = z.input<typeof CountOptions>;

/** How often something was done somewhere. */
export interface VisitCount {
  readonly state: string;
  /** Empty where none was taken: a state that was only reached. */
  readonly action?: string;
  /** Empty where the log does not say. */
  readonly nextState?: string;
  readonly goal?: string;
  readonly fold?: string;
  readonly count: number;
}

export interface VisitCounts {
  /** Names of the columns of `counts.csv`, without the last, `count`. */
  readonly columns: readonly string[];
  /** Sorted by all of these. */
  readonly counts: readonly VisitCount[];
  /** Rows of the log. */
  readonly rows: number;
  /** Rows without a state, which are not counted. */
  readonly withoutState: number;
}

/**
 * Counts the rows of a log.
 *
 * @param log path of a .csv, .tsv (or either as .gz) or .parquet file, or a query over any files
 */
export async function countVisits(
  log: string | { readonly sql: string },
  columns: VisitColumns,
  options: CountOptions = {},
): Promise<VisitCounts> {
  const { memory, delimiter, threads } = CountOptions.parse(options);
  const names = countedColumns(columns);
  const name = typeof log === 'string' ? basename(log) : 'query';
  const query = visitsQuery(
    typeof log === 'string' ? await readerOf(log, delimiter) : `(${log.sql})`,
    columns,
  );
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: memory,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(threads === undefined ? {} : { threads: String(threads) }),
  });
  const connection = await instance.connect();
  try {
    return await gathered(batchesOf(await connection.stream(query)), names);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new TableError(name, null, `cannot be counted: ${shortened(error.message)}`, {
      cause: error,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Answers a query with rows, in batches: each row its cells in the order of the columns asked for. */
export type AnswerQuery = (query: string) => AsyncIterable<readonly (readonly unknown[])[]>;

/**
 * Counts the rows of a table by any engine that answers SQL, so that on a cluster only counts come
 * back. With ClickHouse and its own client, which is to be installed where it is wanted:
 *
 *   countVisitsIn(async function* (query) {
 *     const answer = await client.query({ query, format: 'JSONCompactEachRow' });
 *     for await (const rows of answer.stream()) yield rows.map((row) => row.json());
 *   }, 'visits', { state: 'state', action: 'action' })
 *
 * @param table what stands behind FROM
 */
export async function countVisitsIn(
  answer: AnswerQuery,
  table: string,
  columns: VisitColumns,
): Promise<VisitCounts> {
  return gathered(answer(visitsQuery(table, columns)), countedColumns(columns));
}

async function* batchesOf(
  result: Awaited<ReturnType<DuckDBConnection['stream']>>,
): AsyncGenerator<readonly (readonly unknown[])[]> {
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows();
  }
}

/** Puts counts in the order of their columns; the same wherever they were counted. */
async function gathered(
  batches: ReturnType<AnswerQuery>,
  names: readonly string[],
): Promise<VisitCounts> {
  const found: { readonly key: string; readonly texts: string[]; readonly count: number }[] = [];
  let rows = 0;
  let withoutState = 0;
  for await (const batch of batches)
    for (const row of batch) {
      const count = Number(row[names.length]);
      const texts = names.map((_, k) => (row[k] === null ? '' : String(row[k])));
      rows += count;
      if (texts[0] === '') withoutState += count;
      else found.push({ key: JSON.stringify(texts), texts, count });
    }
  found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const keys = names.map((column) => (column === 'next_state' ? 'nextState' : column));
  return {
    columns: names,
    counts: merged(found).map(({ texts, count }) => ({
      ...(Object.fromEntries(keys.map((key, k) => [key, texts[k]])) as { state: string }),
      count,
    })),
    rows,
    withoutState,
  };
}

/** The text of `counts.csv`, line by line: what `revealed fit --counts` reads. */
export function* countLines({ columns, counts }: VisitCounts): Generator<string> {
  yield csvLine([...columns, 'count']);
  for (const { state, action, nextState, goal, fold, count } of counts) {
    const cells: Record<string, string | undefined> = {
      state,
      action,
      next_state: nextState,
      goal,
      fold,
    };
    yield csvLine([...columns.map((column) => cells[column] ?? ''), count]);
  }
}

/** What stands behind FROM for a file. Every cell of CSV is text: nothing is guessed. */
async function readerOf(path: string, delimiter: string): Promise<string> {
  const absolute = resolve(path);
  const file = basename(path);
  if (!existsSync(absolute) || !statSync(absolute).isFile())
    throw new TableError(file, null, `there is no such file at ${path}`);
  // A path is one file here, though brackets and stars would make a pattern of it.
  const quotedPath = text(absolute.replace(/[*?[]/g, (character) => `[${character}]`));
  const lower = file.toLowerCase();
  if (lower.endsWith('.parquet')) return `read_parquet(${quotedPath})`;
  const match = /\.(csv|tsv)(\.gz)?$/.exec(lower);
  if (!match)
    throw new TableError(file, null, 'a log must be a .csv, .tsv or .parquet file, or a query');
  const separator = match[1] === 'tsv' ? '\t' : delimiter;
  const columns = await headerOf(absolute, separator);
  const types = columns.map((column) => `${text(column)}: 'VARCHAR'`).join(', ');
  return `read_csv(${quotedPath}, auto_detect = false, header = true, columns = {${types}}, delim = ${text(separator)}, quote = '"', escape = '"')`;
}

/** Names of the columns of a CSV file. */
async function headerOf(path: string, delimiter: string): Promise<readonly string[]> {
  const { fields } = await firstRecord(csvSource(path, { delimiter }));
  return Object.keys(fields);
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Adds up neighbours that are the same: an empty cell and none are both empty. */
function merged<Found extends { readonly key: string; readonly count: number }>(
  sorted: readonly Found[],
): Found[] {
  const out: Found[] = [];
  for (const next of sorted) {
    const last = out.at(-1);
    if (last?.key === next.key) out[out.length - 1] = { ...last, count: last.count + next.count };
    else out.push(next);
  }
  return out;
}

/** What an engine says, without the advice on its own options that it adds. */
function shortened(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, 3).join('; ').slice(0, 300);
}
