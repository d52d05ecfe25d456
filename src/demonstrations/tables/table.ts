/** A table, opened: its columns are known and its rows can be read, checked one by one. */

import type { z } from 'zod';

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
