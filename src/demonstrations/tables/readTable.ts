/**
 * A table read row by row: the header is checked when the table is opened, every row against a
 * schema as it passes, and whatever is wrong is reported with its file and line.
 */

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { z } from 'zod';
import { looksLikeColumn, nearestName } from '../nearestName.ts';
import { quoted, quotedList, TableError } from './tableError.ts';
import { tableFormat, tableText } from './tableText.ts';

/** The columns that a table may have. */
export interface TableColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Whether columns beyond these carry data too, or are left out with a warning. */
  readonly further: 'data' | 'ignored';
}

/** Which file was read: what a result records about it. */
export interface TableFile {
  /** Base name. */
  readonly name: string;
  /** SHA-256 of the file as it lies on the disk, in hexadecimal. */
  readonly sha256: string;
  /** Rows below the header, blank lines not counted. */
  readonly rows: number;
}

export interface TableRow<Values> {
  /** Line of the file where the row begins, from 1. */
  readonly line: number;
  /** The cells that the schema names, parsed; undefined where the table lacks the column. */
  readonly values: Values;
  /** All cells as text, in the order of `columns`. */
  readonly cells: readonly string[];
}

export interface Table {
  /** Base name of the file. */
  readonly name: string;
  readonly columns: readonly string[];
  /** What a user should know though nothing is wrong. */
  readonly warnings: readonly string[];
  /** Line read last, from 1. */
  readonly line: () => number;
  /** Yields every row; to be called once. Throws a TableError at the first bad row, or if none comes. */
  readonly rows: <Schema extends z.ZodObject>(
    schema: Schema,
  ) => AsyncGenerator<TableRow<z.output<Schema>>>;
  /** What was read; to be called after the last row. */
  readonly summary: () => TableFile;
}

/** Opens a .csv or .tsv file, packed with gzip or not, and checks its header. */
export async function openTable(path: string, wanted: TableColumns): Promise<Table> {
  const name = basename(path);
  const hash = createHash('sha256');
  const parser = parse({
    delimiter: tableFormat(path).delimiter,
    bom: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
  });
  // Iterating over the parser throws what the pipeline reports.
  pipeline(tableText(path, hash), parser, () => {});
  const batches = parser[Symbol.asyncIterator]();
  const header = await batches.next().catch((error) => rethrow(error, name));
  if (header.done)
    throw new TableError(name, 1, `is empty; the first line must name ${described(wanted)}`);
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

function badCell(
  file: string,
  line: number,
  texts: Record<string, string | undefined>,
  { path, message }: { readonly path: readonly PropertyKey[]; readonly message: string },
): TableError {
  const column = String(path[0]);
  return new TableError(
    file,
    line,
    `${quoted(column)} ${message}, got ${quoted(texts[column] ?? '')}`,
  );
}

/** Returns how many lines of the file a record takes: line breaks inside quoted cells count. */
function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells)
    if (cell.includes('\n') || cell.includes('\r')) lines += cell.split(/\r\n|\n|\r/).length - 1;
  return lines;
}

/** Returns warnings; throws if a column is missing, doubled, unnamed or probably misspelt. */
function checkHeader(file: string, columns: readonly string[], wanted: TableColumns): string[] {
  const refuse = (problem: string): never => {
    throw new TableError(file, 1, problem);
  };
  if (columns.length === 1 && wanted.required.length + wanted.optional.length > 1)
    for (const [separator, text] of [
      [';', 'semicolons; separate the columns by commas'],
      ['\t', 'tabs; name the file .tsv'],
      [',', 'commas; name the file .csv'],
    ])
      if (columns[0].includes(separator)) refuse(`is separated by ${text}`);
  const known = [...wanted.required, ...wanted.optional];
  const unknown = columns.filter((column) => !known.includes(column));
  columns.forEach((column, i) => {
    if (column === '') refuse(`column ${i + 1} has no name; name it or leave it out`);
    if (columns.indexOf(column) < i)
      refuse(`column ${quoted(column)} is there twice; keep one of them`);
  });
  for (const column of wanted.required) {
    if (columns.includes(column)) continue;
    const meant = unknown.find((c) => looksLikeColumn(c, column)) ?? nearestName(column, unknown);
    refuse(
      `column ${quoted(column)} is missing; ${meant === null ? '' : `rename ${quoted(meant)}? `}the header has ${quotedList(columns, 12)}`,
    );
  }
  for (const column of wanted.optional) {
    if (columns.includes(column)) continue;
    const meant = unknown.find((c) => looksLikeColumn(c, column));
    if (meant !== undefined)
      refuse(
        `column ${quoted(meant)} is not known; rename it to ${quoted(column)}, or to something less alike if it means something else`,
      );
  }
  for (const column of unknown)
    if (column !== column.trim())
      refuse(`column ${quoted(column)} begins or ends with a space; take the space out`);
  if (wanted.further === 'data' || unknown.length === 0) return [];
  return [`${file}: ignores the columns ${quotedList(unknown, 12)}`];
}

function described({ required, optional, further }: TableColumns): string {
  const names = required.map(quoted).join(', ');
  const more = optional.length > 0 ? ` and may name ${optional.map(quoted).join(', ')}` : '';
  return `the columns ${names}${more}${further === 'data' ? ', and one column per feature' : ''}`;
}
