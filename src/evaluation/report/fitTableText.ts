/** Fits side by side, for a terminal. */

import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import type { FitTable } from './fitTable.ts';

export function fitTableText({ columns, rows, measures, notes }: FitTable): string {
  const table = plainTable(['', ...columns]);
  for (const { parameter, entries } of rows) {
    table.push([
      parameter,
      ...entries.map((entry) => (entry ? `${entry.estimate}${entry.stars}` : '')),
    ]);
    table.push(['', ...entries.map((entry) => (entry ? `(${entry.below})` : ''))]);
  }
  table.push(new Array<string>(columns.length + 1).fill(''));
  for (const { name, values } of measures) table.push([name, ...values]);
  const text = `${table.toString()}\n\n${notes.map((note) => colors.dim(`  ${note}`)).join('\n')}\n`;
  return text.replace(/ +$/gm, '');
}
