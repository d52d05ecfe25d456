/** The header of a table: which columns there must and may be, and what is wrong with others. */

import { looksLikeColumn, nearestName } from '../nearestName.ts';
import { quoted, quotedList, TableError } from './tableError.ts';

/** The columns that a table may have. */
export interface TableColumns {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Whether columns beyond these carry data too, or are left out with a warning. */
  readonly further: 'data' | 'ignored';
}

/** The columns that a table may have, or which it may where it has certain ones. */
export type ColumnsWanted = TableColumns | ((columns: readonly string[]) => TableColumns);

export function columnsOf(wanted: ColumnsWanted, columns: readonly string[]): TableColumns {
  return typeof wanted === 'function' ? wanted(columns) : wanted;
}

/** Returns warnings; throws if a column is missing, doubled, unnamed or probably misspelt. */
export function checkHeader(
  file: string,
  columns: readonly string[],
  columnsWanted: ColumnsWanted,
): string[] {
  const wanted = columnsOf(columnsWanted, columns);
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

/** Returns what columns a table wants, in words. */
export function described({ required, optional, further }: TableColumns): string {
  const names = required.map(quoted).join(', ');
  const more = optional.length > 0 ? ` and may name ${optional.map(quoted).join(', ')}` : '';
  return `the columns ${names}${more}${further === 'data' ? ', and one column per feature' : ''}`;
}

/** Returns what is wrong with one cell of a row. */
export function badCell(
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
