/**
 * A source as a CSV file, and what of it was malformed as JSON lines beside: written as it comes,
 * never held, and in place only once whole.
 */

import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type FieldValue, isMalformed, type Source, type SourceRecord } from './source.ts';

export interface Written {
  readonly rows: number;
  readonly rejected: number;
}

/**
 * The columns of a table: fields, and how many numbers each holds where it holds a list, which
 * becomes that many columns `name_0`, `name_1`, …; 0 for a plain value.
 */
export type Columns = ReadonlyMap<string, number>;

/** Finds the columns of a source by reading all of it; lists must always be of one length. */
export async function columnsOf(source: Source): Promise<Columns> {
  const columns = new Map<string, number>();
  for await (const batch of source.read())
    for (const item of batch) {
      if (isMalformed(item)) continue;
      for (const [name, value] of Object.entries(item.fields)) {
        const length = value instanceof Float64Array ? value.length : 0;
        const known = columns.get(name);
        // A field that is empty in some records says nothing of its length there.
        if (known === undefined || (known === 0 && value instanceof Float64Array))
          columns.set(name, length);
      }
    }
  return columns;
}

/**
 * Writes a source to `table`, with what is malformed, or does not fit the columns, in `rejected`
 * (only where there is any). Null and fields that a record lacks are empty cells; numbers are the
 * shortest decimals that name the same double.
 */
export async function writeRecords(
  source: Source,
  columns: Columns,
  paths: { readonly table: string; readonly rejected: string },
): Promise<Written> {
  const table = new PartialFile(paths.table);
  const rejected = new PartialFile(paths.rejected);
  const count = { rows: 0, rejected: 0 };
  try {
    await table.write(`${headerOf(columns).map(csvCell).join(',')}\n`);
    for await (const batch of source.read()) {
      let rows = '';
      let rejects = '';
      for (const item of batch) {
        const row = isMalformed(item) ? item.problem : cellsOf(item, columns);
        if (typeof row !== 'string') {
          rows += `${row.join(',')}\n`;
          count.rows++;
        } else {
          const text = isMalformed(item) ? item.text : '';
          const { place } = item;
          rejects += `${JSON.stringify({ file: source.name, [source.unit]: place, problem: row, text })}\n`;
          count.rejected++;
        }
      }
      if (rows !== '') await table.write(rows);
      if (rejects !== '') await rejected.write(rejects);
    }
    await table.keep();
    if (count.rejected > 0) await rejected.keep();
    else {
      await rejected.drop();
      await rm(paths.rejected, { force: true });
    }
  } catch (error) {
    await table.drop();
    await rejected.drop();
    throw error;
  }
  return count;
}

function headerOf(columns: Columns): string[] {
  return [...columns].flatMap(([name, length]) =>
    length === 0 ? [name] : Array.from({ length }, (_, i) => `${name}_${i}`),
  );
}

/** Returns the cells of a record, or why it has no place in the table. */
function cellsOf({ fields }: SourceRecord, columns: Columns): string[] | string {
  const cells: string[] = [];
  for (const [name, length] of columns) {
    const value = Object.hasOwn(fields, name) ? fields[name] : null;
    if (value === null) for (let i = 0; i < Math.max(1, length); i++) cells.push('');
    else if (value instanceof Float64Array ? value.length !== length : length > 0)
      return `"${name}" must be a list of ${length} numbers, got ${value instanceof Float64Array ? `one of ${value.length}` : 'a plain value'}`;
    else if (value instanceof Float64Array) for (const each of value) cells.push(csvCell(each));
    else cells.push(csvCell(value));
  }
  for (const name of Object.keys(fields))
    if (!columns.has(name)) return `has a field "${name}" that is no column`;
  return cells;
}

/** Returns a value as the text of a cell, quoted where needed. */
function csvCell(value: Exclude<FieldValue, Float64Array>): string {
  if (value === null) return '';
  if (typeof value === 'string')
    return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A file that gets its name only once it is whole. */
class PartialFile {
  readonly #path: string;
  readonly #partial: string;
  readonly #out: WriteStream;
  readonly #done: Promise<void>;

  constructor(path: string) {
    this.#path = path;
    this.#partial = `${path}.${process.pid}.part`;
    this.#out = createWriteStream(this.#partial);
    this.#done = finished(this.#out);
    // Awaited in `write` and `keep`; until then a failure waits.
    this.#done.catch(() => {});
  }

  async write(text: string): Promise<void> {
    if (!this.#out.write(text)) await Promise.race([once(this.#out, 'drain'), this.#done]);
  }

  async keep(): Promise<void> {
    this.#out.end();
    await this.#done;
    await rename(this.#partial, this.#path);
  }

  async drop(): Promise<void> {
    this.#out.destroy();
    await this.#done.catch(() => {});
    await rm(this.#partial, { force: true });
  }
}
