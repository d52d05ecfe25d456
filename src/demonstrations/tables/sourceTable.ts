/**
 * A table that is not written as delimited text: JSON lines or Parquet, read as if each value were
 * the cell of a CSV file. Columns are those of the first record.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { firstRecord } from '../sources/firstRecord.ts';
import { openSource } from '../sources/openRecording.ts';
import { type FieldValue, isMalformed, type SourceRecord } from '../sources/source.ts';
import type { Table, TableRow } from './table.ts';
import { quoted, TableError } from './tableError.ts';
import { badCell, type ColumnsWanted, checkHeader } from './tableHeader.ts';

/** Opens a .jsonl or .parquet file and checks its columns. */
export async function openSourceTable(path: string, wanted: ColumnsWanted): Promise<Table> {
  const name = basename(path);
  const source = await openSource(path);
  const columns = Object.keys((await firstRecord(source)).fields);
  const warnings = checkHeader(name, columns, wanted);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const sha256 = hash.digest('hex');
  let line = 1;
  let rowCount = 0;
  async function* rows<Schema extends z.ZodObject>(
    schema: Schema,
  ): AsyncGenerator<TableRow<z.output<Schema>>> {
    const keys = Object.keys(schema.shape).filter((key) => columns.includes(key));
    for await (const batch of source.read())
      for (const item of batch) {
        line = item.place;
        if (isMalformed(item)) throw new TableError(name, line, item.problem);
        const cells = cellsOf(name, item, columns);
        const texts: Record<string, string | undefined> = {};
        for (const key of keys) texts[key] = cells[columns.indexOf(key)];
        const parsed = schema.safeParse(texts);
        if (!parsed.success) throw badCell(name, line, texts, parsed.error.issues[0]);
        rowCount++;
        yield { line, values: parsed.data, cells };
      }
  }
  return {
    name,
    columns,
    warnings,
    line: () => line,
    rows,
    summary: () => ({ name, sha256, rows: rowCount }),
  };
}

function cellsOf(
  file: string,
  { place, fields }: SourceRecord,
  columns: readonly string[],
): string[] {
  for (const name of Object.keys(fields))
    if (!columns.includes(name))
      throw new TableError(
        file,
        place,
        `has a field ${quoted(name)} that the first record lacks; give it to all, empty where there is none`,
      );
  return columns.map((name) => {
    const value: FieldValue = Object.hasOwn(fields, name) ? fields[name] : null;
    if (value instanceof Float64Array)
      throw new TableError(file, place, `has a list in ${quoted(name)}; a cell holds one value`);
    return value === null ? '' : String(value);
  });
}
