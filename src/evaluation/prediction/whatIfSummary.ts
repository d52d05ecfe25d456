/** A what-if for people: what changes most, by how much, how sure; then in words. */

import { colors } from '../colors.ts';
import { percent } from '../parameterTable.ts';
import { plainTable } from '../plainTable.ts';
import { significant } from '../report/words.ts';
import type { Quantity, WhatIfResult } from './whatIfResult.ts';

/** Rows of a table at most; of them actions, if there are so few, and states or pairs. */
const MOST_ROWS = 24;
const MOST_ACTIONS = 16;
const MOST_PLACES = 10;

export function whatIfSummary(result: WhatIfResult, impossible: string | null): string {
  const { baseline, changed, uncertainty, quantities, notes, sweep } = result;
  const lines: string[] = [];
  const same = changed.changes.length === 0 && changed.set.length === 0;
  lines.push(
    `${colors.bold(same ? 'Prediction' : 'What if')}  ${result.study}${result.cell === result.study ? '' : `, ${result.cell}`}, ${result.method}`,
  );
  for (const name of changed.set)
    lines.push(
      `  ${name}: ${significant(baseline.parameters[name])} → ${significant(changed.parameters[name])}`,
    );
  for (const change of changed.changes) lines.push(`  ${change}`);
  lines.push('');
  if (impossible !== null && quantities.every(({ value }) => value === null)) {
    lines.push(`No prediction: ${impossible}.`, '');
    return lines.join('\n');
  }
  const shown = largest(quantities, same);
  const share = percent(uncertainty.level);
  const table = plainTable(
    same
      ? ['quantity', 'value', `${share} interval`, `${share} drawn`]
      : ['quantity', 'before', 'after', 'difference', `${share} interval`],
  );
  for (const { name, value, interval, drawn, baseline: old, difference } of shown)
    table.push(
      same
        ? [name, shownOr(value), range(interval), range(drawn)]
        : [
            name,
            shownOr(old.value),
            shownOr(value),
            shownOr(difference.value),
            range(difference.interval),
          ],
    );
  if (!sweep || !same) lines.push(table.toString());
  const listed = quantities.filter(({ kind }) => kind !== 'period').length;
  if (shown.length < listed && (!sweep || !same))
    lines.push(
      colors.dim(
        `  The ${same ? 'most telling' : 'largest changes'}, ${shown.length} of ${quantities.length}; what-if.json holds all.`,
      ),
    );
  if (sweep) lines.push(...(same ? [] : ['']), sweepTable(sweep, uncertainty.level));
  lines.push('', ...words(result, same, shown), '');
  lines.push(
    colors.dim(`Counts are ${countedOver(result)}; ${notes.join('; ')}.`),
    colors.dim(sureness(result)),
    '',
  );
  return lines.join('\n');
}

/** What counts are taken over, in words. */
export function countedOver({ per: { steps, agents } }: WhatIfResult): string {
  if (steps === null) return agents === 1 ? 'per trip' : `per ${agents} trips`;
  const people = agents === 1 ? 'one agent' : `${agents} agents`;
  return `over ${steps} period${steps === 1 ? '' : 's'}, ${people}`;
}

/** The whole and the actions; then the states and pairs that change most. */
function largest(quantities: readonly Quantity[], same: boolean): Quantity[] {
  const weight = ({ value, baseline, difference }: Quantity): number =>
    Math.abs(same ? (value ?? 0) : (difference.value ?? (value ?? 0) - (baseline.value ?? 0)));
  const byWeight = (a: Quantity, b: Quantity): number => weight(b) - weight(a);
  const of = (...kinds: Quantity['kind'][]) =>
    quantities.filter(({ kind }) => kinds.includes(kind));
  const actions = of('action');
  // Where every move is an action of its own, they are told by the states they lead to.
  const general = [...of('whole'), ...(actions.length <= MOST_ACTIONS ? actions : [])];
  const first = general.length <= MOST_ROWS ? general : general.sort(byWeight).slice(0, MOST_ROWS);
  const room = Math.max(0, Math.min(MOST_PLACES, MOST_ROWS - first.length));
  return [...first, ...of('state', 'pair').sort(byWeight).slice(0, room)];
}

function sweepTable(
  { parameter, shown, points }: NonNullable<WhatIfResult['sweep']>,
  level: number,
): string {
  const table = plainTable([
    parameter,
    shown,
    `${percent(level)} interval`,
    `${percent(level)} drawn`,
  ]);
  for (const { value, quantities } of points) {
    const found = quantities.find(({ name }) => name === shown);
    table.push([
      significant(value),
      shownOr(found?.value ?? null),
      range(found?.interval ?? null),
      range(found?.drawn ?? null),
    ]);
  }
  return table.toString();
}

function words(
  { quantities, sweep, uncertainty }: WhatIfResult,
  same: boolean,
  shown: readonly Quantity[],
): string[] {
  if (sweep) {
    const { parameter, shown: name, points } = sweep;
    const [low, high] = [points[0], points[points.length - 1]].map((point) => {
      const found = point.quantities.find((quantity) => quantity.name === name);
      const sure = found?.interval ? ` (${range(found.interval)})` : '';
      return `${shownOr(found?.value ?? null)}${sure} at ${significant(point.value)}`;
    });
    return [`As "${parameter}" rises, "${name}" goes from ${low} to ${high}.`];
  }
  if (same) return ['Nothing was changed: these are the predictions of the fit itself.'];
  const clear = shown.filter(({ difference: { value, interval } }) => {
    return value !== null && interval !== null && (interval[0] > 0 || interval[1] < 0);
  });
  const ranked = [...clear].sort((a, b) => relative(b) - relative(a));
  const isGeneral = ({ kind }: Quantity): boolean => kind === 'whole' || kind === 'action';
  const telling = [
    ...ranked.filter(isGeneral).slice(0, 2),
    ...ranked.filter((quantity) => !isGeneral(quantity)).slice(0, 1),
  ];
  const open = quantities.filter(({ value }) => value === null).length;
  const lines = telling.map(({ name, value, baseline, difference }) => {
    const [from, to] = [baseline.value ?? 0, value ?? 0];
    const proportion =
      from === 0 ? '' : `, by ${significant((100 * Math.abs(to - from)) / Math.abs(from), 3)} %`;
    return `"${name}" ${to > from ? 'rises' : 'falls'} from ${significant(from)} to ${significant(to)}${proportion}; the change is between ${range(difference.interval)}.`;
  });
  if (telling.length === 0)
    lines.push(
      `No change shown stands clear of 0 at ${percent(uncertainty.level)}, given how unsure the estimates are.`,
    );
  const unsure = shown.length - clear.length;
  if (telling.length > 0 && unsure > 0)
    lines.push(`Of ${shown.length} quantities above, ${unsure} may not change at all.`);
  if (open > 0) lines.push(`${open} quantities have no value; what-if.json says why for each.`);
  return lines;
}

function relative({ baseline, difference }: Quantity): number {
  return Math.abs(difference.value ?? 0) / Math.max(Math.abs(baseline.value ?? 0), 1e-12);
}

function sureness({ uncertainty }: WhatIfResult): string {
  const { errors, draws, infeasibleDraws, inexactness, level, reasons } = uncertainty;
  if (errors === null) return `No intervals: ${reasons?.errors ?? 'there is no covariance'}.`;
  const lost = Math.max(infeasibleDraws.baseline, infeasibleDraws.changed);
  return (
    `Intervals at ${percent(level)} by the delta method from the ${errors} covariance, beside ${draws} draws` +
    `${lost > 0 ? ` (${lost} of them infeasible and left out)` : ''}; parameters given by hand have no uncertainty.` +
    (inexactness !== null && inexactness > 0.05
      ? ' The predictions bend within a fiftieth of a standard error: trust the draws.'
      : '')
  );
}

function shownOr(x: number | null): string {
  return x === null ? '–' : significant(x);
}

function range(ends: readonly [number, number] | null): string {
  return ends === null ? '–' : `${significant(ends[0])} to ${significant(ends[1])}`;
}
