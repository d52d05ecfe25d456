/** What tests say, in words and as a table. */

import { probability } from '../parameterTable.ts';
import { plainTable } from '../plainTable.ts';
import { distributionName, type TestOutcome } from './testOutcome.ts';

/** Below this a hypothesis is doubted. */
const DOUBT = 0.05;

/** The tests as a table, one row each, and below it why what is missing is missing. */
export function outcomeTable(tests: readonly TestOutcome[]): string {
  const table = plainTable(['test', 'by', 'statistic', 'distribution', 'p']);
  const remarks = new Map<string, string[]>();
  for (const outcome of tests) {
    const { test, by = '', statistic, p, notes, reasons } = outcome;
    table.push([
      test,
      by,
      statistic === null ? '–' : String(Number(statistic.toPrecision(5))),
      distributionName(outcome),
      p === null ? '–' : probability(p),
    ]);
    for (const remark of [...(notes ?? []), ...(reasons?.statistic ? [reasons.statistic] : [])]) {
      const name = by === '' || notes?.includes(remark) ? test : `${test} (${by})`;
      remarks.set(remark, [...(remarks.get(remark) ?? []), name]);
    }
  }
  const below = [...remarks].map(
    ([remark, names]) => `  ${[...new Set(names)].join(', ')}: ${remark}.`,
  );
  return [table.toString(), ...below].join('\n');
}

/** Whether the hypothesis is in doubt, and whether the tests agree. */
export function outcomeWords(hypothesis: string, tests: readonly TestOutcome[]): string[] {
  const made = tests.filter(({ p }) => p !== null);
  if (made.length === 0) return [`Nothing can be said of "${hypothesis}": no test could be made.`];
  const against = made.filter(({ p }) => (p as number) < DOUBT);
  const level = `at the 5 % level`;
  if (against.length === 0)
    return [
      `The data do not contradict "${hypothesis}" ${level}${made.length > 1 ? ' by any of the tests' : ''}; that is no proof of it.`,
    ];
  if (against.length === made.length)
    return [
      `The data contradict "${hypothesis}" ${level}${made.length > 1 ? ' by every test' : ''}.`,
    ];
  const names = (some: readonly TestOutcome[]): string =>
    some.map(({ test, by }) => (by === undefined ? test : `${test} (${by})`)).join(', ');
  return [
    `The tests disagree on "${hypothesis}" ${level}: ${names(against)} ${against.length === 1 ? 'speaks' : 'speak'} against it, the others do not. They agree in large samples; the sandwich versions need no belief in the model's variances.`,
  ];
}
