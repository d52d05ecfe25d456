/** What changes when the world does, from `revealed what-if`. */

import { type Quantity, WhatIfResult } from '../../prediction/whatIfResult.ts';
import { countedOver } from '../../prediction/whatIfSummary.ts';
import type { Figure } from '../figure.ts';
import { stack } from '../figure.ts';
import { type IntervalRow, intervalPanels } from '../figures/intervalPanels.ts';
import { legend } from '../figures/lettering.ts';
import { sweepFigure } from '../figures/sweepCurve.ts';
import { type Html, html } from '../html.ts';
import { hasEstimates, otherResult, strangerNote } from '../otherResults.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { listed, sentence, significant } from '../words.ts';

export const whatIf: Section = { id: 'what-if', title: 'What if', write };

/** So many quantities are shown: those of the whole first, then those that change most. */
const MOST = 24;

function write(page: Page): Html | null {
  const file = otherResult(page, 'what-if', WhatIfResult);
  if (!file) return null;
  const { place } = page;
  if (!hasEstimates(page, file.cell, file.method, file.baseline.parameters))
    return strangerNote('what-if');
  const shown = chosen(file.quantities);
  return html`<p>${changeWords(file)} Counts are ${countedOver(file)}.</p>
${file.notes.map((note) => html`<p class="note">${sentence(note)}</p>`)}
${sweepOf(file).map(place)}
${differenceFigure(shown).map(place)}
${changesOf(file).length === 0 ? expectedTable(file, shown) : changeTable(file, shown)}`;
}

function leftOut({ quantities }: WhatIfResult, shown: readonly Quantity[]): string {
  return quantities.length > shown.length
    ? `; ${shown.length} of ${quantities.length.toLocaleString('en-US')} quantities, the others are in what-if.json`
    : '';
}

/** Where nothing changes there is nothing to set beside. */
function expectedTable(file: WhatIfResult, shown: readonly Quantity[]): Html {
  return table(
    ['quantity', 'expected', 'interval'],
    shown.map(({ name, value, interval }) => [name, number(value), range(interval)]),
    { caption: `What is expected at the estimates${leftOut(file, shown)}` },
  );
}

function changeTable(file: WhatIfResult, shown: readonly Quantity[]): Html {
  return table(
    ['quantity', 'as it was', 'interval', 'changed', 'interval', 'difference', 'interval'],
    shown.map(({ name, value, interval, baseline, difference }) => [
      name,
      number(baseline?.value),
      range(baseline?.interval),
      number(value),
      range(interval),
      number(difference?.value),
      range(difference?.interval),
    ]),
    { caption: `What is expected before and after the change${leftOut(file, shown)}` },
  );
}

/** What was changed, in words. */
function changesOf({ baseline, changed }: WhatIfResult): string[] {
  const set = changed.set.map(
    (name) =>
      `${name} goes from ${number(baseline.parameters[name])} to ${number(changed.parameters[name])}`,
  );
  for (const key of ['discount', 'temperature'] as const)
    if (baseline[key] !== changed[key])
      set.push(`the ${key} goes from ${number(baseline[key])} to ${number(changed[key])}`);
  const told = [`discount ${changed.discount}`, `temperature ${changed.temperature}`];
  return [...set, ...changed.changes.filter((words) => !told.includes(words))];
}

function changeWords(file: WhatIfResult): string {
  const words = changesOf(file);
  if (words.length > 0) return `The change: ${listed(words)}.`;
  const { sweep } = file;
  return sweep
    ? `${sweep.parameter} is moved, all else is left as it was.`
    : 'Nothing is changed: this is what the fit expects.';
}

function chosen(quantities: readonly Quantity[]): Quantity[] {
  const size = ({ difference }: Quantity): number => Math.abs(difference?.value ?? 0);
  const isWhole = ({ kind }: Quantity): boolean =>
    kind === undefined || kind === 'whole' || kind === 'action';
  const whole = quantities.filter(isWhole);
  const parts = quantities.filter((quantity) => !isWhole(quantity) && size(quantity) > 0);
  return [...whole, ...parts.sort((a, b) => size(b) - size(a))].slice(0, MOST);
}

function differenceFigure(quantities: readonly Quantity[]): Figure[] {
  const known = quantities.filter(
    ({ difference }) => difference?.value !== null && difference !== undefined,
  );
  if (known.length === 0 || known.every(({ difference }) => difference?.value === 0)) return [];
  const panels = known.slice(0, 12).map(({ name, value, interval, baseline }) => ({
    title: name,
    rows: [
      {
        label: 'as it was',
        estimate: baseline?.value ?? null,
        interval: baseline?.interval ?? null,
        series: 0,
      },
      { label: 'changed', estimate: value, interval: interval ?? null, series: 1 },
    ] satisfies IntervalRow[],
  }));
  return [
    {
      name: 'what-if',
      title: 'Before and after',
      caption:
        'Each quantity on its own axis, with intervals from the uncertainty of the estimates.',
      description: known
        .slice(0, 12)
        .map(
          ({ name, value, baseline }) => `${name}: ${number(baseline?.value)} to ${number(value)}`,
        )
        .join('; '),
      draw: (width) =>
        stack([
          legend(
            [
              { name: 'as it was', color: seriesColor(0), mark: 'dot' },
              { name: 'changed', color: seriesColor(1), mark: 'dot' },
            ],
            width,
          ),
          intervalPanels(panels, width),
        ]),
    },
  ];
}

/** The sweep as a figure, over the range where it has numbers. */
function sweepOf(file: WhatIfResult): Figure[] {
  const { sweep, uncertainty, baseline } = file;
  if (!sweep) return [];
  const known = sweep.points.filter(({ quantities }) =>
    quantities.some(({ name, value }) => name === sweep.shown && value !== null),
  );
  if (known.length < 2) return [];
  const estimate = baseline.parameters[sweep.parameter] ?? null;
  return [sweepFigure(sweep, uncertainty.level, countedOver(file), estimate)];
}

function number(x: number | null | undefined): string {
  return x === null || x === undefined ? '–' : significant(x);
}

function range(interval: readonly [number, number] | null | undefined): string {
  return interval ? `${significant(interval[0], 3)} to ${significant(interval[1], 3)}` : '–';
}
