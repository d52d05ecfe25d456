import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CsvDialect,
  type CsvMistake,
  CsvReader,
  type CsvRecord,
} from '../../../src/demonstrations/sources/csvRecords.ts';

const PLAIN: CsvDialect = { delimiter: ',', quote: '"', comment: null, maxRecord: 1000 };

/** Reads `text` cut at `cuts`. */
function read(text: string, dialect = PLAIN, cuts: readonly number[] = []) {
  const reader = new CsvReader(dialect);
  const found: (CsvRecord | CsvMistake)[] = [];
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    if (cut < from || cut > text.length) continue;
    found.push(...reader.push(text.slice(from, cut), false));
    from = cut;
  }
  found.push(...reader.push(text.slice(from), true));
  return found;
}

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '🙂', ',', ';', '"', '\n', '\r', ' ', '#', '0'),
  maxLength: 6,
});
const cuts = fc.array(fc.nat(80), { maxLength: 8 });

/** Writes one cell so that it can be read again. */
function written(text: string, quoteAll: boolean): string {
  return quoteAll || /[",;\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

describe('CsvReader and csv-parse read the same rows', () => {
  test.each([',', ';', '\t', '::'])('separated by %j', (delimiter) => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.boolean(),
        cuts,
        (rows, newline, quoteAll, last, at) => {
          const line = (row: string[]) =>
            row
              .map((text) => written(text, quoteAll || text.includes(delimiter[0])))
              .join(delimiter);
          const text = rows.map(line).join(newline) + (last ? newline : '');
          const ours = read(text, { ...PLAIN, delimiter }, at);
          expect(ours.map((row) => 'cells' in row && row.cells)).toEqual(
            parse(text, { delimiter, record_delimiter: newline, relax_column_count: true }),
          );
        },
      ),
    );
  });
});

test('CsvReader finds the same, records and mistakes, however the text is cut', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('a', ',', '"', '\n', '\r', '#', '\0', '\ufffd'),
        maxLength: 80,
      }),
      cuts,
      fc.constantFrom(5, 20, 1000),
      (text, at, maxRecord) => {
        const dialect = { ...PLAIN, comment: '#', maxRecord };
        expect(read(text, dialect, at)).toEqual(read(text, dialect));
      },
    ),
    { numRuns: 4000 },
  );
});

test('CsvReader loses no line: each belongs to a record, to a mistake, or is a comment', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a,b', '"a",b', 'a"b,c', '"a', '"a"b,c', '', '#x', '"a\nb",c'), {
        maxLength: 12,
      }),
      (texts) => {
        const text = texts.map((line) => `${line}\n`).join('');
        const lines = text.split('\n').slice(0, -1);
        const covered = new Array<boolean>(lines.length).fill(false);
        for (const found of read(text, { ...PLAIN, comment: '#' })) {
          const breaks = 'cells' in found ? found.cells.join('').split('\n').length : 1;
          for (let i = 0; i < breaks; i++) {
            expect(covered[found.line - 1 + i]).toBe(false);
            covered[found.line - 1 + i] = true;
          }
        }
        lines.forEach((line, i) => {
          expect(covered[i] || line.startsWith('#')).toBe(true);
        });
      },
    ),
  );
});

test('CsvReader gives up one line for a stray quote and goes on after it', () => {
  expect(read('a,b\nx,5" pipe\n"y"z,1\nc,d\n"never closed\ne,f\n')).toEqual([
    { line: 1, cells: ['a', 'b'] },
    {
      line: 2,
      problem:
        'has a quote inside a field that is not quoted; quote the whole field and double the quotes inside',
      text: 'x,5" pipe',
    },
    {
      line: 3,
      problem: 'goes on after a closing quote; double the quotes inside a quoted field',
      text: '"y"z,1',
    },
    { line: 4, cells: ['c', 'd'] },
    { line: 5, problem: 'opens a quote that is not closed', text: '"never closed' },
    { line: 6, cells: ['e', 'f'] },
  ]);
});

test('CsvReader keeps no more than its limit of a line without end', () => {
  const reader = new CsvReader({ ...PLAIN, maxRecord: 100 });
  const piece = 'x'.repeat(1000);
  const found = [...reader.push('a,b\n', false)];
  for (let i = 0; i < 1000; i++) found.push(...reader.push(piece, false));
  found.push(...reader.push('\r', false), ...reader.push('\nc,d', false), ...reader.push('', true));
  expect(found).toEqual([
    { line: 1, cells: ['a', 'b'] },
    {
      line: 2,
      problem: 'is longer than 100 characters, the limit of a record',
      text: `${'x'.repeat(100)}…`,
    },
    { line: 3, cells: ['c', 'd'] },
  ]);
});

test('CsvReader takes time in proportion to the text where every line opens a quote', () => {
  const read20k = (line: string) => {
    const start = performance.now();
    read(line.repeat(20_000), { ...PLAIN, maxRecord: 2 ** 20 });
    return performance.now() - start;
  };
  const plain = read20k('a,b\n');
  expect(read20k('"a""\n')).toBeLessThan(100 * plain + 1000);
  expect(read20k('a,"b\n')).toBeLessThan(100 * plain + 1000);
});
