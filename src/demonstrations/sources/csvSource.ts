/**
 * Delimited text as a source: one record per row, every field a text. A row that cannot be read, or
 * has more or fewer fields than there are columns, is malformed and costs nothing but itself.
 */

import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { quoted, TableError } from '../tables/tableError.ts';
import { type CsvMistake, CsvReader, type CsvRecord } from './csvRecords.ts';
import type { Source, SourceItem } from './source.ts';
import { TextOptions, textChunks } from './textChunks.ts';

export const CsvOptions = TextOptions.extend({
  delimiter: z.string().min(1).default(',').describe('What separates the fields of a row'),
  quote: z
    .string()
    .length(1)
    .nullable()
    .default('"')
    .describe('Character that quotes a field, doubled inside; null where none does'),
  comment: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Lines that begin with this are no records'),
  columns: z
    .array(z.string())
    .min(1)
    .nullable()
    .default(null)
    .describe('Names of the columns; null where the first row has them'),
});
/** What a caller may write; every field optional. */
export type CsvOptions = z.input<typeof CsvOptions>;

/** Opens delimited text (.csv, .tsv or any other), packed with gzip or Zstandard or not. */
export function csvSource(path: string, options: CsvOptions = {}): Source {
  const given = CsvOptions.parse(options);
  const name = basename(path);
  const { delimiter, quote } = given;
  if (quote !== null && delimiter.includes(quote))
    throw new RangeError(`Cannot read ${name}: the delimiter must not hold the quote ${quote}`);
  if (given.columns !== null) checkColumns(name, null, given.columns);
  return {
    name,
    files: [resolve(path)],
    unit: 'line',
    async *read() {
      const reader = new CsvReader(given);
      let columns: readonly string[] | null = given.columns;
      const take = (found: readonly (CsvRecord | CsvMistake)[]): SourceItem[] => {
        const items: SourceItem[] = [];
        for (const each of found) {
          if (columns === null) columns = headerOf(name, each);
          else {
            const item = itemOf(each, columns, delimiter);
            if (item !== null) items.push(item);
          }
        }
        return items;
      };
      for await (const text of textChunks(path, given)) {
        const items = take(reader.push(text, false));
        if (items.length > 0) yield items;
      }
      const items = take(reader.push('', true));
      if (columns === null)
        throw new TableError(name, 1, 'is empty; the first row must name the columns');
      if (items.length > 0) yield items;
    },
  };
}

function headerOf(file: string, first: CsvRecord | CsvMistake): readonly string[] | null {
  if ('problem' in first) throw new TableError(file, first.line, `the header ${first.problem}`);
  if (isBlank(first.cells)) return null;
  checkColumns(file, first.line, first.cells);
  return first.cells;
}

/** Throws where names of columns are empty, doubled, or one that objects cannot have. */
export function checkColumns(file: string, line: number | null, columns: readonly string[]): void {
  const seen = new Set<string>();
  columns.forEach((column, i) => {
    const refuse = (problem: string): never => {
      throw new TableError(file, line, problem);
    };
    if (column === '') refuse(`column ${i + 1} has no name; give names to all columns`);
    if (column === '__proto__') refuse('a column must not be named "__proto__"');
    if (seen.has(column)) refuse(`column ${quoted(column)} is there twice; rename one of them`);
    seen.add(column);
  });
}

/** Returns the record of a row; null for a blank line, which is none. */
function itemOf(
  found: CsvRecord | CsvMistake,
  columns: readonly string[],
  delimiter: string,
): SourceItem | null {
  const { line: place } = found;
  if ('problem' in found) return { place, problem: found.problem, text: found.text };
  const { cells } = found;
  if (cells.length !== columns.length) {
    if (isBlank(cells)) return null;
    return {
      place,
      problem: `has ${cells.length} ${cells.length === 1 ? 'field' : 'fields'}, but there are ${columns.length} columns`,
      text: cells.join(delimiter),
    };
  }
  const fields: Record<string, string> = {};
  for (let i = 0; i < columns.length; i++) fields[columns[i]] = cells[i];
  return { place, fields };
}

function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0] === '';
}
