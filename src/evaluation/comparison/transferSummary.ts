/** A changed world and a learning curve, as they are printed. */

import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import type { LearningCurve } from './curveResult.ts';
import type { Transfer } from './transferResult.ts';

/** Says what changed, and who predicts better since. */
export function describeChange(transfer: Transfer): string[] {
  const { states, gone, added, redirected, changedStates, home, verdicts } = transfer;
  const changes = [
    gone > 0 ? `${gone} ${gone === 1 ? 'choice is' : 'choices are'} gone` : '',
    added > 0 ? `${added} ${added === 1 ? 'is' : 'are'} new` : '',
    redirected > 0 ? `${redirected} ${redirected === 1 ? 'leads' : 'lead'} elsewhere` : '',
  ].filter((text) => text !== '');
  const what = changes.length === 0 ? 'no choice differs' : changes.join(', ');
  const heading = `The world changed: ${what}; ${changedStates} of ${states} states ${changedStates === 1 ? 'is' : 'are'} touched.`;
  return [
    heading,
    home ? homeTable(transfer) : '',
    verdicts.map(({ words }) => colors.bold(words)).join('\n'),
  ];
}

function homeTable({ home, verdicts }: Transfer): string {
  const table = plainTable(['per decision, less the reference', 'at home', 'in the changed world']);
  for (const { method, reference, home: before, away } of verdicts)
    table.push([`${method}, less ${reference}`, signed(before), signed(away)]);
  return home && verdicts.length > 0 ? table.toString() : '';
}

/** The curve as a table, and where the lead changes in words. */
export function describeCurve({ points, crossings }: LearningCurve): string[] {
  const names = Object.keys(points[0].methods);
  const table = plainTable(['fitted to', ...names]);
  for (const { size, trajectories, methods } of points)
    table.push([
      size === 'all' ? `all (${Math.round(trajectories)})` : String(size),
      ...names.map((name) => {
        const { perDecision, interval } = methods[name];
        if (perDecision === null) return '–';
        const range = interval ? ` (${interval.map((x) => x.toFixed(3)).join(' to ')})` : '';
        return `${perDecision.toFixed(4)}${range}`;
      }),
    ]);
  const failures = points.flatMap(({ size, methods }) =>
    names.flatMap((name) => {
      const why = methods[name].reasons?.perDecision;
      return why === undefined ? [] : [colors.yellow(`${name} at ${size}: ${why}.`)];
    }),
  );
  return [
    `${colors.dim('Held-out log-likelihood per decision, by the number of trajectories fitted to')}\n${table.toString()}`,
    [...crossings.map(({ words }) => colors.bold(words)), ...failures].join('\n'),
  ];
}

function signed(x: number | null): string {
  return x === null ? '–' : `${x > 0 ? '+' : ''}${x.toFixed(5)}`;
}
