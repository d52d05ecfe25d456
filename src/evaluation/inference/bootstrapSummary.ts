/** A bootstrap in words and a table, as it is printed. */

import { colors } from '../colors.ts';
import { percent, significant } from '../parameterTable.ts';
import { plainTable } from '../plainTable.ts';
import type { BootstrapResult } from './bootstrapResult.ts';

/** Returns the summary as text for a terminal, ending in a newline. */
export function summarizeBootstrap(bootstrap: BootstrapResult): string {
  const { method, cell, draws, stops, words, level, parameters, studentisedBy, notes } = bootstrap;
  const others = Object.entries(stops).filter(([stop]) => stop !== 'converged');
  const outcome = [
    `${stops.converged ?? 0} of ${draws} refits converged`,
    ...others.map(([stop, n]) => colors.red(`${n} ${stop}`)),
  ].join(', ');
  const share = percent(level);
  const table = plainTable([
    'parameter',
    'estimate',
    's.e. (bootstrap)',
    `s.e. (${studentisedBy})`,
    'bias',
    `${share} percentile`,
    'basic',
    'studentised',
  ]);
  const remarks: string[] = [];
  const ends = (interval: readonly [number, number] | null): string =>
    interval === null ? '–' : interval.map((x) => x.toPrecision(5)).join(' to ');
  for (const { name, estimate, standardError, bias, intervals, formula, reasons } of parameters) {
    const own = formula[studentisedBy] ?? null;
    table.push([
      name,
      significant(estimate),
      standardError?.toPrecision(4) ?? '–',
      own?.toPrecision(4) ?? '–',
      bias?.toPrecision(2) ?? '–',
      ends(intervals.percentile),
      ends(intervals.basic),
      ends(intervals.studentised),
    ]);
    for (const why of new Set(Object.values(reasons ?? {}))) remarks.push(`  ${name}: ${why}.`);
  }
  return [
    `${colors.bold('Bootstrap')}  ${method} in ${cell}: ${words}`,
    `${outcome}.`,
    '',
    table.toString(),
    ...(remarks.length > 0 ? ['', ...remarks] : []),
    ...(notes.length > 0 ? ['', ...notes.map((note) => colors.yellow(`Note: ${note}.`))] : []),
    '',
  ]
    .join('\n')
    .replace(/ +$/gm, '');
}
