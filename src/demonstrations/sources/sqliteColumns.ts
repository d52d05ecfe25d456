/** The columns of an SQLite table, from the statement that made it. */

import { parseDecimal } from '../tables/tableCells.ts';
import { SqliteError, type SqliteValue } from './sqlitePages.ts';

export interface SqliteColumn {
  readonly name: string;
  /** Whether it is another name of the rowid, and so not stored with the others. */
  readonly isRowid: boolean;
  /** What rows written before the column was added have there; undefined where that is not plain. */
  readonly fallback: SqliteValue | undefined;
}

/** One piece of SQL: a name, a text, a mark, or a group in parentheses. */
type Token =
  | { readonly kind: 'word' | 'quoted' | 'text' | 'mark'; readonly text: string }
  | { readonly kind: 'group'; readonly text: string; readonly inner: readonly Token[] };

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '`': '`', '[': ']', "'": "'" };
const TABLE_CONSTRAINTS = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'];

/** Returns the columns of a table; throws a SqliteError where it is of a kind that is not read. */
export function sqliteColumns(sql: string): SqliteColumn[] {
  const tokens = tokensOf(sql);
  const body = tokens.find((token) => token.kind === 'group');
  const words = tokens.map(upper);
  if (words.includes('VIRTUAL')) throw new SqliteError('is a virtual table, which is not stored');
  if (words.includes('WITHOUT'))
    throw new SqliteError('has no rowid (WITHOUT ROWID), and such tables are not read');
  if (body === undefined) throw new SqliteError('was made by a statement without columns');
  const definitions = parted(body.inner);
  const constraints = definitions.filter(
    ([first]) => first?.kind === 'word' && TABLE_CONSTRAINTS.includes(upper(first)),
  );
  const keys = constraints.map(primaryKey).filter((key) => key !== null);
  return definitions
    .filter((definition) => !constraints.includes(definition))
    .map(([first, ...rest]) => {
      if (first === undefined)
        throw new SqliteError('was made by a statement with an empty column');
      const upperRest = rest.map(upper);
      const generated = upperRest.includes('GENERATED') || upperRest.includes('AS');
      if (generated)
        throw new SqliteError(
          `has a computed column "${first.text}", and such tables are not read`,
        );
      const type = upperRest.slice(0, 1).join('');
      const at = upperRest.indexOf('PRIMARY');
      const isKey = at >= 0 && upperRest[at + 1] === 'KEY' && upperRest[at + 2] !== 'DESC';
      const named = keys.some((key) => key.toLowerCase() === first.text.toLowerCase());
      // Only the one word INTEGER makes a key another name of the rowid.
      const second = upperRest[1];
      const oneWord = second === undefined || /^[A-Z]+$/.test(second);
      return {
        name: first.text,
        isRowid: type === 'INTEGER' && oneWord && (isKey || named),
        fallback: fallbackOf(rest),
      };
    });
}

/** Returns the column of a PRIMARY KEY (…) over one column. */
function primaryKey(definition: readonly Token[]): string | null {
  const at = definition.findIndex((token) => upper(token) === 'PRIMARY');
  const group = definition[at + 2];
  if (at < 0 || group?.kind !== 'group') return null;
  const columns = parted(group.inner);
  return columns.length === 1 ? (columns[0][0]?.text ?? null) : null;
}

function fallbackOf(rest: readonly Token[]): SqliteValue | undefined {
  const at = rest.findIndex((token) => token.kind === 'word' && upper(token) === 'DEFAULT');
  if (at < 0) return null;
  const [first, second] = rest.slice(at + 1);
  if (first === undefined) return undefined;
  if (first.kind === 'text' || first.kind === 'quoted') return first.text;
  if (upper(first) === 'NULL') return null;
  if (upper(first) === 'TRUE' || upper(first) === 'FALSE') return upper(first) === 'TRUE' ? 1 : 0;
  const sign = first.text === '-' || first.text === '+' ? first.text : '';
  const number = parseDecimal(sign + (sign === '' ? first.text : (second?.text ?? '')));
  return Number.isNaN(number) ? undefined : number;
}

function upper(token: Token): string {
  return token.kind === 'word' ? token.text.toUpperCase() : '';
}

/** Parts tokens at their commas. */
function parted(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const token of tokens)
    if (token.kind === 'mark' && token.text === ',') parts.push([]);
    else parts[parts.length - 1].push(token);
  return parts;
}

function tokensOf(sql: string): Token[] {
  const stack: Token[][] = [[]];
  let at = 0;
  while (at < sql.length) {
    const rest = sql.slice(at, at + 2);
    const character = sql[at];
    const skipped = rest === '--' ? '\n' : rest === '/*' ? '*/' : null;
    if (skipped !== null) {
      const end = sql.indexOf(skipped, at + 2);
      at = end < 0 ? sql.length : end + skipped.length;
    } else if (/\s/.test(character)) at++;
    else if (Object.hasOwn(CLOSING, character)) {
      const [text, end] = quotedText(sql, at, CLOSING[character]);
      stack[stack.length - 1].push({ kind: character === "'" ? 'text' : 'quoted', text });
      at = end;
    } else if (character === '(') {
      stack.push([]);
      at++;
    } else if (character === ')') {
      const inner = stack.pop()!;
      if (stack.length === 0) throw new SqliteError('was made by a statement that cannot be read');
      stack[stack.length - 1].push({ kind: 'group', text: '', inner });
      at++;
    } else {
      const [word] = /^[\p{L}\p{N}_$.]+/u.exec(sql.slice(at, at + 1000)) ?? [''];
      stack[stack.length - 1].push(
        word === '' ? { kind: 'mark', text: character } : { kind: 'word', text: word },
      );
      at += word === '' ? 1 : word.length;
    }
  }
  return stack[0];
}

/** Reads a quoted text whose closing quote is doubled inside; returns it and where it ends. */
function quotedText(sql: string, from: number, close: string): [text: string, end: number] {
  let text = '';
  let at = from + 1;
  for (;;) {
    const end = sql.indexOf(close, at);
    if (end < 0) throw new SqliteError('was made by a statement with an open quote');
    text += sql.slice(at, end);
    if (sql[end + 1] !== close || close === ']') return [text, end + 1];
    text += close;
    at = end + 2;
  }
}
