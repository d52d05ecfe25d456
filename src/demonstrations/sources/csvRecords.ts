/**
 * Delimited text into records, with the line on which each begins (RFC 4180, and any delimiter,
 * quote, or kind of line break). A record that cannot be read costs its own first line only: reading
 * goes on at the next line, so that one stray quote does not swallow what follows.
 */

import { REPLACEMENT } from './textChunks.ts';

export interface CsvDialect {
  readonly delimiter: string;
  /** Character that quotes a field, doubled inside; null where none does. */
  readonly quote: string | null;
  /** Lines that begin with this are no records; null where all are. */
  readonly comment: string | null;
  /** Most characters of a record. */
  readonly maxRecord: number;
}

export interface CsvRecord {
  /** Line where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvMistake {
  readonly line: number;
  readonly problem: string;
  readonly text: string;
}

/** How much of a record that is too long is kept, to recognise it by. */
const KEPT = 1000;

const QUOTE_INSIDE =
  'has a quote inside a field that is not quoted; quote the whole field and double the quotes inside';

function tooLong(limit: number): string {
  return `is longer than ${limit} characters, the limit of a record`;
}

/** What reading one quoted record came to. */
type Outcome =
  | { readonly kind: 'record'; readonly cells: string[]; readonly end: number }
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'mistake'; readonly problem: string };

/** Holds what has come of a record and hands on those that are whole. */
export class CsvReader {
  readonly #dialect: CsvDialect;
  /** Text not yet handed on, from the beginning of a record. */
  #text = '';
  #line = 1;
  /** Inside a line that is too long, whose rest is passed over. */
  #skipping = false;

  constructor(dialect: CsvDialect) {
    this.#dialect = dialect;
  }

  /** Takes more text and returns the records that it completes; `final` when none will come. */
  push(text: string, final: boolean): (CsvRecord | CsvMistake)[] {
    this.#text += text;
    const found: (CsvRecord | CsvMistake)[] = [];
    if (this.#skipping && !this.#skip(final)) return found;
    let from = 0;
    const next = new NextIndex(this.#text);
    while (from < this.#text.length) {
      const to = this.#take(from, next, final, found);
      if (to === from) break;
      from = to;
      if (this.#skipping) break;
    }
    this.#text = this.#text.slice(from);
    return found;
  }

  /** Passes over the rest of a line that is too long; returns whether its end has come. */
  #skip(final: boolean): boolean {
    const text = this.#text;
    const end = lineEnd(text, 0, new NextIndex(text));
    // After a carriage return a line feed may still come.
    const open = end + 1 >= text.length && text[end] !== '\n' && !final;
    this.#text = text.slice(open ? end : afterBreak(text, end));
    if (open) return false;
    this.#skipping = false;
    this.#line++;
    return true;
  }

  /** Takes one record or mistake at `from`; returns where the next begins, `from` if unfinished. */
  #take(from: number, next: NextIndex, final: boolean, found: (CsvRecord | CsvMistake)[]): number {
    const text = this.#text;
    const { delimiter, quote, comment, maxRecord } = this.#dialect;
    const end = lineEnd(text, from, next);
    const wholeLine = final || end + 1 < text.length || (end < text.length && text[end] === '\n');
    if (!wholeLine && end - from <= maxRecord) return from;
    if (end - from > maxRecord) {
      found.push({
        line: this.#line,
        problem: tooLong(maxRecord),
        text: `${text.slice(from, from + Math.min(KEPT, maxRecord))}…`,
      });
      if (!wholeLine) {
        this.#skipping = true;
        return end;
      }
      this.#line++;
      return afterBreak(text, end);
    }
    const mistake = (problem: string): number => {
      found.push({ line: this.#line++, problem, text: text.slice(from, end) });
      return afterBreak(text, end);
    };
    if (comment !== null && text.startsWith(comment, from)) {
      this.#line++;
      return afterBreak(text, end);
    }
    let cells: string[];
    let after = end;
    if (quote === null || next.of(quote, from) >= end)
      cells = text.slice(from, end).split(delimiter);
    else {
      const outcome = this.#quoted(from, final);
      if (outcome.kind === 'unfinished') return from;
      if (outcome.kind === 'mistake') return mistake(outcome.problem);
      cells = outcome.cells;
      after = outcome.end;
    }
    if (next.of('\0', from) < after) return mistake('holds a NUL byte, so it is not text');
    if (next.of(REPLACEMENT, from) < after)
      return mistake('holds bytes that are no characters of the encoding');
    found.push({ line: this.#line, cells });
    this.#line += 1 + (after > end ? lineBreaks(text, end, after) : 0);
    return afterBreak(text, after);
  }

  /** Reads the record at `from` field by field. */
  #quoted(from: number, final: boolean): Outcome {
    const text = this.#text;
    const { delimiter, maxRecord } = this.#dialect;
    const quote = this.#dialect.quote!;
    const cells: string[] = [];
    let at = from;
    for (;;) {
      let after: number;
      if (text.startsWith(quote, at)) {
        let value = '';
        let start = at + 1;
        for (;;) {
          const close = text.indexOf(quote, start);
          if (close < 0 || close - from > maxRecord) {
            const known = final || text.length - from > maxRecord;
            return known
              ? { kind: 'mistake', problem: 'opens a quote that is not closed' }
              : { kind: 'unfinished' };
          }
          value += text.slice(start, close);
          start = close + 1;
          if (start === text.length && !final) return { kind: 'unfinished' };
          if (text[start] !== quote) break;
          value += quote;
          start++;
        }
        cells.push(value);
        after = start;
        // A delimiter of several characters may still be on its way.
        if (!final && text.length - after < delimiter.length && !isBreak(text[after]))
          return { kind: 'unfinished' };
      } else {
        let end = at;
        while (end < text.length && !isBreak(text[end]) && !text.startsWith(delimiter, end)) {
          if (end - from > maxRecord) return { kind: 'mistake', problem: tooLong(maxRecord) };
          if (text[end] === quote) return { kind: 'mistake', problem: QUOTE_INSIDE };
          end++;
        }
        cells.push(text.slice(at, end));
        after = end;
      }
      if (after === text.length || isBreak(text[after])) {
        if (
          !final &&
          (after === text.length || (text[after] === '\r' && after + 1 === text.length))
        )
          return { kind: 'unfinished' };
        return { kind: 'record', cells, end: after };
      }
      if (!text.startsWith(delimiter, after))
        return {
          kind: 'mistake',
          problem: 'goes on after a closing quote; double the quotes inside a quoted field',
        };
      at = after + delimiter.length;
    }
  }
}

/** Where a string occurs next in a text, looked up again only once it has been passed. */
class NextIndex {
  readonly #text: string;
  readonly #found = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the first index at or after `from`, or Infinity; `from` must not decrease. */
  of(wanted: string, from: number): number {
    let index = this.#found.get(wanted) ?? -1;
    if (index < from) {
      index = this.#text.indexOf(wanted, from);
      if (index < 0) index = Number.POSITIVE_INFINITY;
      this.#found.set(wanted, index);
    }
    return index;
  }
}

/** Returns the index of the line break that ends the line at `from`, or the text's length. */
function lineEnd(text: string, from: number, next: NextIndex): number {
  return Math.min(next.of('\n', from), next.of('\r', from), text.length);
}

function isBreak(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

function afterBreak(text: string, end: number): number {
  return end + (text[end] === '\r' && text[end + 1] === '\n' ? 2 : 1);
}

function lineBreaks(text: string, from: number, to: number): number {
  return text.slice(from, to).split(/\r\n|\n|\r/).length - 1;
}
