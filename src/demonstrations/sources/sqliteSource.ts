/**
 * A table of an SQLite database as a source, read from the file itself. Blobs are hexadecimal text.
 * What another program has written but not yet moved into the file is not there to be read, so a
 * database with changes waiting beside it is refused.
 */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { nearestName } from '../nearestName.ts';
import { quoted, quotedList, TableError } from '../tables/tableError.ts';
import { checkColumns } from './csvSource.ts';
import { checkRegularFile } from './fileBytes.ts';
import type { FieldValue, Source, SourceItem } from './source.ts';
import { type SqliteColumn, sqliteColumns } from './sqliteColumns.ts';
import { openPages, SqliteError, type SqlitePages, type SqliteRow } from './sqlitePages.ts';

export const SqliteOptions = z.strictObject({
  table: z.string().optional().describe('Which table; may be left out where there is only one'),
  maxRecord: z
    .int()
    .positive()
    .default(2 ** 20)
    .describe('Most bytes that one row may have'),
});
/** What a caller may write; every field optional. */
export type SqliteOptions = z.input<typeof SqliteOptions>;

const BATCH = 1000;

/** Opens a table of an SQLite database. */
export function sqliteSource(path: string, options: SqliteOptions = {}): Source {
  const { table, maxRecord } = SqliteOptions.parse(options);
  const name = basename(path);
  return {
    name,
    files: [resolve(path)],
    unit: 'row',
    async *read() {
      await checkRegularFile(path);
      let handle: FileHandle | null = null;
      let place = 0;
      try {
        await refuseWaiting(path);
        handle = await open(path);
        const pages = await openPages(handle, maxRecord);
        const { columns, root } = await findTable(pages, table);
        checkColumns(
          name,
          null,
          columns.map((column) => column.name),
        );
        let batch: SourceItem[] = [];
        for await (const row of pages.rows(root)) {
          batch.push({ place: place + 1, fields: fieldsOf(row, columns) });
          place++;
          if (batch.length < BATCH) continue;
          yield batch;
          batch = [];
        }
        if (batch.length > 0) yield batch;
      } catch (error) {
        if (error instanceof TableError || !(error instanceof Error)) throw error;
        const known = error instanceof SqliteError || 'code' in error;
        if (!known) throw error;
        const where = place === 0 ? '' : `after row ${place} `;
        throw new TableError(name, null, where + error.message, { cause: error });
      } finally {
        await handle?.close();
      }
    },
  };
}

async function refuseWaiting(path: string): Promise<void> {
  for (const ending of ['-wal', '-journal']) {
    const beside = await stat(path + ending).catch(() => null);
    if (beside !== null && beside.size > 0)
      throw new SqliteError(
        `has changes waiting in ${basename(path)}${ending}; close the program that writes it, or copy it by "vacuum into"`,
      );
  }
}

async function findTable(
  pages: SqlitePages,
  wanted: string | undefined,
): Promise<{ columns: readonly SqliteColumn[]; root: number }> {
  const tables: { name: string; root: number; sql: string }[] = [];
  for await (const { values } of pages.rows(1)) {
    const [type, name, , root, sql] = values;
    if (type === 'table' && !String(name).startsWith('sqlite_'))
      tables.push({ name: String(name), root: Number(root), sql: String(sql) });
  }
  const names = tables.map(({ name }) => name);
  if (names.length === 0) throw new SqliteError('has no tables');
  if (wanted === undefined && names.length > 1)
    throw new SqliteError(`has the tables ${quotedList(names, 20)}; say which one to read`);
  const found = tables.find(({ name }) => wanted === undefined || name === wanted);
  if (found === undefined) {
    const near = nearestName(wanted!, names);
    throw new SqliteError(
      `has no table ${quoted(wanted!)}; it has ${quotedList(names, 20)}${near === null ? '' : `; did you mean ${quoted(near)}?`}`,
    );
  }
  try {
    return { columns: sqliteColumns(found.sql), root: found.root };
  } catch (error) {
    if (!(error instanceof SqliteError)) throw error;
    throw new SqliteError(`table ${quoted(found.name)} ${error.message}`, { cause: error });
  }
}

function fieldsOf(
  { rowid, values }: SqliteRow,
  columns: readonly SqliteColumn[],
): Record<string, FieldValue> {
  if (values.length > columns.length)
    throw new SqliteError(`has a row of ${values.length} values in ${columns.length} columns`);
  const fields: Record<string, FieldValue> = {};
  columns.forEach(({ name, isRowid, fallback }, i) => {
    const value = i < values.length ? values[i] : fallback;
    if (value === undefined)
      throw new SqliteError(
        `has rows older than its column ${quoted(name)}, whose default is no plain value`,
      );
    if (isRowid) fields[name] = Number.isSafeInteger(Number(rowid)) ? Number(rowid) : rowid;
    else if (value instanceof Uint8Array) fields[name] = Buffer.from(value).toString('hex');
    else fields[name] = value;
  });
  return fields;
}
