/**
 * A table read row by row: the header is checked when the table is opened, every row against a
 * schema as it passes, and whatever is wrong is reported with its file and line.
 */

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { z } from 'zod';
import { openSourceTable } from './sourceTable.ts';
import type { Table, TableRow } from './table.ts';
import { TableError } from './tableError.ts';
import { badCell, type ColumnsWanted, checkHeader, columnsOf, described } from './tableHeader.ts';
import { tableFormat, tableText } from './tableText.ts';

export type { Table, TableFile } from './table.ts';

/**
 * Opens a table and checks its header: .csv or .tsv text, packed (.gz, .zst) or not, or the records
 * of a .jsonl or .parquet file.
 */
export async function openTable(path: string, wanted: ColumnsWanted): Promise<Table> {
  const name = basename(path);
  const format = tableFormat(path);
  if (format.kind === 'records') return openSourceTable(path, wanted);
  const hash = createHash('sha256');
  const parser = parse({
    delimiter: format.delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
  });
  // Iterating over the parser throws what the pipeline reports.
  pipeline(tableText(path, hash), parser, () => {});
  const batches = parser[Symbol.asyncIterator]();
  const header = await batches.next().catch((error) => rethrow(error, name));
  if (header.done)
    throw new TableError(
      name,
      1,
      `is empty; the first line must name ${described(columnsOf(wanted, []))}`,
    );
  const columns: readonly string[] = header.value;
  let warnings: string[];
  try {
    warnings = checkHeader(name, columns, wanted);
  } catch (error) {
    parser.destroy();
    throw error;
  }

  let line = 1;
  let nextLine = 1 + linesOf(columns);
  let rowCount = 0;
  async function* rows<Schema extends z.ZodObject>(
    schema: Schema,
  ): AsyncGenerator<TableRow<z.output<Schema>>> {
    const keys = Object.keys(schema.shape);
    const position = keys.map((key) => columns.indexOf(key));
    const rowOf = (cells: readonly string[]) => {
      line = nextLine;
      nextLine += linesOf(cells);
      if (cells.length !== columns.length) {
        if (cells.length === 1 && cells[0] === '') return null;
        throw wrongFieldCount(name, line, cells.length, columns.length);
      }
      const texts: Record<string, string | undefined> = {};
      for (let k = 0; k < keys.length; k++) texts[keys[k]] = cells[position[k]];
      const parsed = schema.safeParse(texts);
      if (!parsed.success) throw badCell(name, line, texts, parsed.error.issues[0]);
      rowCount++;
      return { line, values: parsed.data, cells };
    };
    try {
      // The iterator waits for records; those that came together are taken without waiting.
      for (let next = await batches.next(); !next.done; next = await batches.next())
        for (let cells = next.value; cells !== null; cells = parser.read()) {
          const row = rowOf(cells);
          if (row !== null) yield row;
        }
    } catch (error) {
      rethrow(error, name);
    } finally {
      parser.destroy();
    }
    if (rowCount === 0)
      throw new TableError(name, nextLine, 'has a header but no rows; add at least one');
  }

  return {
    name,
    columns,
    warnings,
    line: () => line,
    rows,
    summary: () => ({ name, sha256: hash.copy().digest('hex'), rows: rowCount }),
  };
}

/** Throws `error`, told as a TableError if it is csv-parse's. */
function rethrow(error: unknown, file: string): never {
  if (!(error instanceof CsvError)) throw error;
  const { lines } = error as CsvError & { lines: number };
  throw new TableError(
    file,
    lines,
    error.code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'ends inside a double quote; close the quote that some field before opens'
      : 'a double quote stands where none may; quote a field with quotes as a whole, and double those inside',
    { cause: error },
  );
}

function wrongFieldCount(file: string, line: number, got: number, wanted: number): TableError {
  return new TableError(
    file,
    line,
    `has ${got} ${got === 1 ? 'field' : 'fields'}, but the header has ${wanted} columns; put a field that contains the separator in double quotes`,
  );
}

/** Returns how many lines of the file a record takes: line breaks inside quoted cells count. */
function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells)
    if (cell.includes('\n') || cell.includes('\r')) lines += cell.split(/\r\n|\n|\r/).length - 1;
  return lines;
}
