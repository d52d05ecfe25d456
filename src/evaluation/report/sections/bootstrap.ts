/** How the estimates come out again on data drawn like their own, from `revealed bootstrap`. */

import { normalQuantile } from '../../../numeric/normal.ts';
import { BootstrapResult } from '../../inference/bootstrapResult.ts';
import { type Figure, stack } from '../figure.ts';
import { type IntervalPanel, intervalPanels } from '../figures/intervalPanels.ts';
import { legend } from '../figures/lettering.ts';
import { type Html, html } from '../html.ts';
import { hasEstimates, otherResult, strangerNote } from '../otherResults.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, listed, orDash, percent, sentence, significant } from '../words.ts';

export const bootstrap: Section = { id: 'bootstrap', title: 'Drawn again', write };

/** So many parameters are drawn; the table holds all. */
const MOST = 24;

function write(page: Page): Html | null {
  const file = otherResult(page, 'bootstrap', BootstrapResult);
  if (!file) return null;
  const values = Object.fromEntries(file.parameters.map(({ name, estimate }) => [name, estimate]));
  if (!hasEstimates(page, file.cell, file.method, values)) return strangerNote('bootstrap');
  const { draws, stops, words, level, studentisedBy, notes } = file;
  const failed = Object.entries(stops).filter(([stop]) => stop !== 'converged');
  const converged = stops.converged ?? 0;
  const outcome =
    failed.length === 0
      ? `all ${draws.toLocaleString('en-US')} refits converged`
      : `${converged.toLocaleString('en-US')} of ${count(draws, 'refit')} converged (${listed(failed.map(([stop, n]) => `${n} stopped as “${stop}”`))})`;
  const reasons = file.parameters.flatMap(({ name, reasons }) =>
    [...new Set(Object.values(reasons ?? {}))].map(
      (reason) => html`<p class="note">${name}: ${reason}.</p>`,
    ),
  );
  const share = percent(level, level * 100 === Math.round(level * 100) ? 0 : 1);
  return html`<p>The fit of ${file.method}${page.cells.length > 1 ? ` to ${file.cell}` : ''} was made again on data drawn like its own: ${words}; ${outcome}.</p>
<p>${agreement(file)}</p>
${intervalFigure(file, share).map(page.place)}
${table(
  [
    'parameter',
    'estimate',
    'error, drawn',
    `error, ${studentisedBy}`,
    'bias',
    'percentile',
    'basic',
    'studentised',
  ],
  file.parameters.map(({ name, estimate, standardError, bias, intervals, formula }) => [
    name,
    significant(estimate),
    orDash(standardError),
    orDash(formula[studentisedBy]),
    orDash(bias, (x) => significant(x, 2)),
    ...[intervals.percentile, intervals.basic, intervals.studentised].map(range),
  ]),
  { caption: `Standard errors, and ${share} intervals, by drawing again` },
)}
${reasons}
${notes.map((note) => html`<p class="note">${sentence(note)}</p>`)}`;
}

/** How far the drawn standard errors are from those of the formula. */
function agreement({ parameters, studentisedBy }: BootstrapResult): string {
  const ratios = parameters.flatMap(({ name, standardError, formula }) => {
    const own = formula[studentisedBy] ?? null;
    return standardError === null || own === null || own === 0
      ? []
      : [{ name, ratio: standardError / own }];
  });
  if (ratios.length === 0) return 'There is no standard error to compare with one by formula.';
  const size = ({ ratio }: { readonly ratio: number }): number => Math.abs(Math.log(ratio));
  const furthest = ratios.reduce((a, b) => (size(b) > size(a) ? b : a));
  const times = `${significant(furthest.ratio, 3)} times that of the formula (${studentisedBy})`;
  return ratios.length === 1
    ? `The standard error of ${furthest.name} over the draws is ${times}.`
    : `Where the two differ most, for ${furthest.name}, the standard error over the draws is ${times}.`;
}

const KINDS = ['percentile', 'basic', 'studentised'] as const;

function intervalFigure(file: BootstrapResult, share: string): Figure[] {
  const { parameters, level, studentisedBy } = file;
  const z = normalQuantile((1 + level) / 2);
  const free = parameters.filter(({ intervals }) => KINDS.some((kind) => intervals[kind]));
  const panels = free
    .slice(0, MOST)
    .map(({ name, estimate, intervals, formula }): IntervalPanel => {
      const error = formula[studentisedBy] ?? null;
      return {
        title: name,
        rows: [
          {
            label: `by formula (${studentisedBy})`,
            estimate,
            interval: error === null ? null : [estimate - z * error, estimate + z * error],
            series: 0,
          },
          ...KINDS.map((kind) => ({
            label: kind,
            estimate,
            interval: intervals[kind],
            series: 1,
          })),
        ],
      };
    });
  if (panels.length === 0) return [];
  const keys = [
    { name: 'by formula', color: seriesColor(0), mark: 'dot' as const },
    { name: 'by drawing again', color: seriesColor(1), mark: 'dot' as const },
  ];
  const left = free.length - panels.length;
  return [
    {
      name: 'bootstrap',
      title: 'Intervals by formula and by drawing again',
      caption: `${share} intervals around the same estimates; percentile and basic ones follow the shape of the draws, studentised ones also how sure each draw is of itself.${left > 0 ? ` ${left} more in the table.` : ''}`,
      description: free
        .slice(0, MOST)
        .map(
          ({ name, intervals }) =>
            `${name}: ${KINDS.map((kind) => `${kind} ${range(intervals[kind])}`).join(', ')}`,
        )
        .join('; '),
      draw: (width) => stack([legend(keys, width), intervalPanels(panels, width)]),
    },
  ];
}

function range(interval: readonly [number, number] | null): string {
  return interval ? `${significant(interval[0], 3)} to ${significant(interval[1], 3)}` : '–';
}
