/**
 * Rows of a query as a source, by DuckDB, which lives inside the process: over Parquet, CSV and JSON
 * files of any size, joined and filtered as SQL can. Rows stream by in the order of the answer.
 */

import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { z } from 'zod';
import { quoted, TableError } from '../tables/tableError.ts';
import { checkRegularFile } from './fileBytes.ts';
import { flatFields } from './flatFields.ts';
import { isoTime } from './isoTime.ts';
import type { Source, SourceItem } from './source.ts';

export const SqlOptions = z.strictObject({
  name: z.string().min(1).default('query').describe('What messages call it'),
  files: z
    .array(z.string())
    .default([])
    .describe('Files that the query reads, for the record of what was read'),
  memory: z
    .string()
    .regex(/^\d+(\.\d+)?\s*(KB|MB|GB|KiB|MiB|GiB)$/i, 'wanted an amount such as 500MB')
    .default('1GB')
    .describe('Most memory that the query may use'),
});
/** What a caller may write; every field optional. */
export type SqlOptions = z.input<typeof SqlOptions>;

/** Makes a source of what a query answers. No extension is fetched from the network for it. */
export function sqlSource(query: string, options: SqlOptions = {}): Source {
  const { name, files, memory } = SqlOptions.parse(options);
  return {
    name,
    files: files.map((file) => resolve(file)),
    unit: 'row',
    async *read() {
      for (const file of files) await checkRegularFile(file);
      const duckdb = await import('@duckdb/node-api');
      let instance: DuckDBInstance | null = null;
      let connection: DuckDBConnection | null = null;
      let place = 0;
      try {
        instance = await duckdb.DuckDBInstance.create(':memory:', {
          memory_limit: memory,
          autoinstall_known_extensions: 'false',
          autoload_known_extensions: 'false',
        });
        connection = await instance.connect();
        const result = await connection.stream(query);
        const columns = columnsOf(result);
        const plain = plainValues(duckdb);
        for (;;) {
          const chunk = await result.fetchChunk();
          if (chunk === null || chunk.rowCount === 0) break;
          const items: SourceItem[] = [];
          for (const row of chunk.getRows()) {
            place++;
            items.push(itemOf(place, columns, row, plain));
          }
          yield items;
        }
      } catch (error) {
        throw refusal(name, place, error);
      } finally {
        connection?.closeSync();
        instance?.closeSync();
      }
    },
  };
}

/** Opens a Parquet file. */
export function parquetSource(path: string, options: Pick<SqlOptions, 'memory'> = {}): Source {
  const absolute = resolve(path);
  const name = absolute.slice(absolute.lastIndexOf('/') + 1);
  return sqlSource(`from read_parquet(${sqlText(globbed(absolute))})`, {
    ...options,
    name,
    files: [absolute],
  });
}

/** Returns a text as SQL writes it. */
function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Returns a pattern that only this path matches. */
function globbed(path: string): string {
  return path.replace(/[*?[]/g, (character) => `[${character}]`);
}

function columnsOf(result: DuckDBResult): readonly string[] {
  const columns = result.columnNames();
  columns.forEach((column, i) => {
    if (columns.indexOf(column) < i)
      throw new Error(`column ${quoted(column)} is there twice; give one another name`);
  });
  return columns;
}

function itemOf(
  place: number,
  columns: readonly string[],
  row: readonly DuckDBValue[],
  plain: (value: DuckDBValue) => unknown,
): SourceItem {
  const values: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++)
    if (columns[i] !== '__proto__') values[columns[i]] = plain(row[i]);
  const fields = columns.includes('__proto__')
    ? 'has a field "__proto__", which no field may be named'
    : flatFields(values, null);
  return typeof fields === 'string'
    ? { place, problem: fields, text: row.map(String).join(', ') }
    : { place, fields };
}

/** Returns what turns DuckDB's values into those of records; what has no such form becomes text. */
function plainValues(duckdb: typeof import('@duckdb/node-api')): (value: DuckDBValue) => unknown {
  const MILLION = 1_000_000n;
  const plain = (value: DuckDBValue): unknown => {
    if (typeof value === 'bigint') return safeNumber(value);
    if (value === null || typeof value !== 'object') return value;
    if (value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue)
      return value.items.map(plain);
    if (value instanceof duckdb.DuckDBStructValue)
      return Object.fromEntries(
        Object.entries(value.entries).map(([key, inner]) => [key, plain(inner)]),
      );
    if (value instanceof duckdb.DuckDBTimestampTZValue)
      return isoTime(value.micros * 1000n, 'Z') ?? String(value);
    if (value instanceof duckdb.DuckDBTimestampValue)
      return isoTime(value.micros * 1000n, '') ?? String(value);
    if (value instanceof duckdb.DuckDBTimestampSecondsValue)
      return isoTime(value.seconds * 1000n * MILLION, '') ?? String(value);
    if (value instanceof duckdb.DuckDBTimestampMillisecondsValue)
      return isoTime(value.millis * MILLION, '') ?? String(value);
    if (value instanceof duckdb.DuckDBTimestampNanosecondsValue)
      return isoTime(value.nanos, '') ?? String(value);
    if (value instanceof duckdb.DuckDBDecimalValue && isShort(value.value)) return value.toDouble();
    return String(value);
  };
  return plain;
}

/** Whether a double holds so many digits exactly enough to be written back the same. */
function isShort(digits: bigint): boolean {
  return digits > -(10n ** 15n) && digits < 10n ** 15n;
}

function safeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function refusal(name: string, place: number, error: unknown): unknown {
  if (error instanceof TableError || !(error instanceof Error)) return error;
  const message = error.message.split('\n').find((line) => line.trim() !== '') ?? '';
  return new TableError(
    name,
    null,
    `cannot be read${place === 0 ? '' : ` beyond row ${place}`}: ${message}`,
    {
      cause: error,
    },
  );
}
