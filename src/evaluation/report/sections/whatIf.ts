/** What changes when the world does, from `revealed what-if`. */

import { type Quantity, WhatIfResult } from '../../prediction/whatIfResult.ts';
import type { Figure } from '../figure.ts';
import { stack } from '../figure.ts';
import { curves } from '../figures/curves.ts';
import { type IntervalRow, intervalPanels } from '../figures/intervalPanels.ts';
import { legend } from '../figures/lettering.ts';
import { type Html, html } from '../html.ts';
import { hasEstimates, otherResult, strangerNote } from '../otherResults.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, listed, significant } from '../words.ts';

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
  const per = file.per
    ? ` Over ${file.per.steps === null ? `${count(file.per.agents, 'trip')}` : `${count(file.per.steps, 'period')}, ${count(file.per.agents, 'agent')}`}.`
    : '';
  return html`<p>${changeWords(file)}${per}</p>
${(file.notes ?? []).map((note) => html`<p class="note">${note}${/[.!?]$/.test(note) ? '' : '.'}</p>`)}
${sweepFigure(file).map(place)}
${differenceFigure(shown).map(place)}
${table(
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
  {
    caption: `What is expected before and after the change${file.quantities.length > shown.length ? `; ${shown.length} of ${file.quantities.length.toLocaleString('en-US')} quantities, the others are in what-if.json` : ''}`,
  },
)}`;
}

function changeWords({ baseline, changed }: WhatIfResult): string {
  const set = (changed.set ?? []).map(
    (name) =>
      `${name} goes from ${number(baseline.parameters?.[name])} to ${number(changed.parameters?.[name])}`,
  );
  for (const key of ['discount', 'temperature'] as const)
    if (baseline[key] !== undefined && baseline[key] !== changed[key])
      set.push(`the ${key} goes from ${number(baseline[key])} to ${number(changed[key])}`);
  const words = [...set, ...(changed.changes ?? [])];
  return words.length === 0
    ? 'Nothing is changed: this is what the fit expects.'
    : `The change: ${listed(words)}.`;
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

function sweepFigure({ sweep }: WhatIfResult): Figure[] {
  if (!sweep) return [];
  const points = sweep.points.flatMap(({ value: x, quantities }) => {
    const { value = null, interval } = quantities.find(({ name }) => name === sweep.shown) ?? {};
    if (value === null) return [];
    return [{ x, y: value, ...(interval ? { low: interval[0], high: interval[1] } : {}) }];
  });
  if (points.length < 2) return [];
  return [
    {
      name: 'what-if-sweep',
      title: `${sweep.shown} as ${sweep.parameter} changes`,
      caption: 'The band is the interval from the uncertainty of the other estimates.',
      description: points
        .map(({ x, y }) => `${significant(x, 3)}: ${significant(y, 3)}`)
        .join('; '),
      draw: (width) =>
        curves([{ name: sweep.shown, points }], { x: sweep.parameter, y: sweep.shown }, width),
    },
  ];
}

function number(x: number | null | undefined): string {
  return x === null || x === undefined ? '–' : significant(x);
}

function range(interval: readonly [number, number] | null | undefined): string {
  return interval ? `${significant(interval[0], 3)} to ${significant(interval[1], 3)}` : '–';
}
