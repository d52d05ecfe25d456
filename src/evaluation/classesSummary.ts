/** What was found about classes of demonstrators, in words and a table. */

import { colors } from './colors.ts';
import { plainTable } from './plainTable.ts';
import type { MethodResult } from './resultFile.ts';

const measures = [
  ['aic', 'AIC'],
  ['bic', 'BIC'],
  ['bicTrajectories', 'BIC (by trajectories)'],
  ['heldOutLogLikelihood', 'held-out log-likelihood'],
] as const;

/** Returns paragraphs; none where the method finds no classes. */
export function describeClasses(method: MethodResult): string[] {
  const { classes, assignmentEntropy, restarts, restartsAtBest, degenerate = [] } = method;
  if (!classes) return [];
  const parts: string[] = [];
  const sizes = classes.map(
    ({ class: k, share, likeliestOf }) =>
      `class ${k} holds ${percent(share)} (${likeliestOf} likeliest to be of it)`,
  );
  parts.push(
    `Of the trajectories ${sizes.join(', ')}.` +
      (assignmentEntropy === undefined
        ? ''
        : ` Who belongs where is ${sureness(assignmentEntropy)}.`),
  );
  for (const { words } of degenerate) parts.push(colors.yellow(`Note: ${words}.`));
  if (restarts && restartsAtBest !== undefined)
    parts.push(
      `${restartsAtBest} of ${restarts.length} starts ended at this likelihood` +
        (restartsAtBest < 2 && restarts.length > 1
          ? colors.yellow('; more --restarts would tell whether a higher one was missed.')
          : '.'),
    );
  if (method.classCounts && method.classCounts.length > 1) parts.push(countTable(method));
  return parts;
}

function countTable({ classCounts = [], preferredClasses = {} }: MethodResult): string {
  const held = classCounts.some(({ heldOutLogLikelihood: h }) => h !== null);
  const shown = measures.filter(([key]) => held || key !== 'heldOutLogLikelihood');
  const table = plainTable([
    'classes',
    'log-likelihood',
    'parameters',
    ...shown.map(([, name]) => name),
    'uncertainty',
    '',
  ]);
  const number = (x: number | null): string => (x === null ? '–' : x.toFixed(2));
  for (const row of classCounts)
    table.push([
      String(row.classes),
      number(row.logLikelihood),
      String(row.freeParameters),
      ...shown.map(([key]) => {
        const text = number(row[key]);
        return preferredClasses[key] === row.classes ? colors.green(`${text} ✓`) : text;
      }),
      number(row.entropy),
      row.stop === 'converged' ? '' : row.stop,
    ]);
  return `${table.toString()}\n${colors.dim('  (✓ what a measure prefers among these)')}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function sureness(entropy: number): string {
  const grade = entropy < 0.1 ? 'clear' : entropy < 0.5 ? 'fairly clear' : 'far from clear';
  return `${grade} for a single one (uncertainty ${entropy.toFixed(2)} of 1)`;
}
