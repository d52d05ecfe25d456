/** The estimates of a method as a table for a terminal: how large, how sure, how far from 0. */

import { colors } from './colors.ts';
import { plainTable } from './plainTable.ts';
import type { MethodResult, ParameterResult } from './resultFile.ts';

const shownKinds = ['hessian', 'sandwich'] as const;

/** Returns the table, and below it what its last columns are made with. */
export function parameterTable({
  parameters,
  unidentified,
  unbounded,
  stopReason,
  clusteredBy = 'trajectory',
}: MethodResult): string {
  const kinds = shownKinds.filter((kind) =>
    parameters.some(({ standardErrors }) => standardErrors?.[kind] != null),
  );
  const robust = kinds.at(-1);
  const tested = robust !== undefined && parameters.some(({ p }) => p?.[robust] != null);
  const level = parameters.find(({ intervals }) => intervals)?.intervals?.level ?? Number.NaN;
  const table = plainTable([
    'parameter',
    'estimate',
    ...kinds.map((kind) => `s.e. (${kind})`),
    ...(tested ? ['z', 'p', `${percent(level)} interval`] : []),
    '',
  ]);
  for (const parameter of parameters) {
    const { name, estimate, standardErrors, held, reasons } = parameter;
    const flat = unidentified?.some(({ direction }) => Object.hasOwn(direction, name));
    const notes = [
      held === 'fixed' ? 'fixed' : held === 'at-bound' ? 'at its bound' : '',
      unbounded?.includes(name) ? 'runs to infinity' : '',
      flat ? 'not identified' : '',
      estimate === null && stopReason === undefined ? (reasons?.estimate ?? '') : '',
    ];
    table.push([
      name,
      estimate === null ? '–' : significant(estimate),
      ...kinds.map((kind) => standardErrors?.[kind]?.toPrecision(4) ?? '–'),
      ...(tested ? testCells(parameter, robust) : []),
      notes.filter((text) => text !== '').join(', '),
    ]);
  }
  if (!tested) return table.toString();
  const by = robust === 'sandwich' ? `sandwich, clustered by ${clusteredBy}` : 'inverse Hessian';
  return `${table.toString()}\n${colors.dim(`  z (against 0), p and interval by the ${by}`)}`;
}

function testCells({ z, p, intervals }: ParameterResult, kind: (typeof shownKinds)[number]) {
  const interval = intervals?.[kind];
  return [
    z?.[kind]?.toFixed(2) ?? '–',
    p?.[kind] == null ? '–' : probability(p[kind]),
    interval ? interval.map((end) => end.toPrecision(4)).join(' to ') : '–',
  ];
}

/** A probability with three decimals, or how small it is. */
export function probability(p: number): string {
  return p < 0.001 ? '<.001' : p.toFixed(3).replace(/^0/, '');
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** Six significant digits, without an exponent where that can be avoided. */
export function significant(x: number): string {
  if (x === 0) return '0';
  const size = Math.abs(x);
  if (size >= 1e6 || size < 1e-4) return x.toExponential(5);
  return x.toPrecision(6);
}
