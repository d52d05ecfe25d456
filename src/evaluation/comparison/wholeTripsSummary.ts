/** Scores of whole trips as they are printed: routes, visits, losses and features. */

import { colors } from '../colors.ts';
import { plainTable } from '../plainTable.ts';
import type { ComparisonScores, MethodScore } from './comparisonResult.ts';

/** Returns the tables of what was scored; texts that have nothing to say are empty. */
export function describeWholeTrips(comparison: ComparisonScores): string[] {
  return [tripTable(comparison), featureTable(comparison), missingScores(comparison)];
}

interface Column {
  readonly head: string;
  readonly of: (score: MethodScore) => string | null;
  readonly shortest?: string;
}

function tripTable({ methods, shortest }: ComparisonScores): string {
  const scores = Object.entries(methods);
  const candidates: Column[] = [
    {
      head: 'whole route',
      of: ({ routes }) => (routes ? percent(routes.exact) : null),
      ...(shortest ? { shortest: percent(shortest.routes.exact) } : {}),
    },
    {
      head: 'edit distance',
      of: ({ routes }) => (routes ? routes.editDistance.toFixed(4) : null),
      ...(shortest ? { shortest: shortest.routes.editDistance.toFixed(4) } : {}),
    },
    { head: 'visits off by', of: ({ visitDistance }) => percentOr(visitDistance) },
    { head: 'value lost (soft)', of: ({ valueDifference }) => short(valueDifference?.soft) },
    { head: 'value lost (hard)', of: ({ valueDifference }) => short(valueDifference?.hard) },
    { head: 'EPIC', of: ({ epic }) => short(epic) },
  ];
  const columns = candidates.filter(({ of }) => scores.some(([, score]) => of(score) !== null));
  if (columns.length === 0) return '';
  const table = plainTable(['whole trips', ...columns.map(({ head }) => head)]);
  for (const [name, score] of scores)
    table.push([name, ...columns.map(({ of }) => of(score) ?? '–')]);
  if (shortest)
    table.push([`shortest by ${shortest.by}`, ...columns.map((column) => column.shortest ?? '')]);
  return table.toString();
}

/** Per feature what was demonstrated, and how far each method expects something else. */
function featureTable({ methods }: ComparisonScores): string {
  const scores = Object.entries(methods).filter(([, { features }]) => features);
  if (scores.length === 0) return '';
  const table = plainTable([
    'feature, per trajectory',
    'demonstrated',
    ...scores.map(([name]) => `${name} (s.e. off)`),
  ]);
  scores[0][1].features?.forEach(({ name, demonstrated }, k) => {
    table.push([
      name,
      demonstrated.toPrecision(5),
      ...scores.map(([, { features }]) => {
        const gap = features?.[k];
        if (!gap || gap.expected === null) return '–';
        return `${gap.expected.toPrecision(5)}${gap.z === null ? '' : ` (${(-gap.z).toFixed(1)})`}`;
      }),
    ]);
  });
  return table.toString();
}

/** Why whole trips of a method have no numbers, where its decisions have. */
function missingScores({ methods }: ComparisonScores): string {
  return Object.entries(methods)
    .flatMap(([name, { reasons = {}, features, valueDifference }]) => {
      if (reasons.perDecision !== undefined) return [];
      const endless = features?.find(({ reasons: why }) => why?.expected)?.reasons?.expected;
      const why = new Set([
        ...(endless === undefined ? [] : [endless]),
        ...Object.values(valueDifference?.reasons ?? {}),
      ]);
      return [...why].map((text) => colors.yellow(`${name}: ${text}.`));
    })
    .join('\n');
}

function percent(x: number): string {
  return `${(100 * x).toFixed(2)}%`;
}

function percentOr(x: number | null | undefined): string | null {
  return x === null || x === undefined ? null : percent(x);
}

function short(x: number | null | undefined): string | null {
  if (x === null || x === undefined) return null;
  return Math.abs(x) < 5e-7 ? '0' : x.toPrecision(4);
}
