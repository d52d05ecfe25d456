/** Published numbers beside ours. */

import type { PublishedResult } from '../../resultFile.ts';
import type { Figure } from '../figure.ts';
import { type DifferenceDot, differencePanels } from '../figures/differencePanels.ts';
import { type Html, html } from '../html.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { mark, table } from '../table.ts';
import { count, fixed, significant } from '../words.ts';

export const published: Section = { id: 'published', title: 'Beside published numbers', write };

/** From so many numbers on there is a figure. */
const MANY = 8;

interface Placed extends PublishedResult {
  readonly cell: string | null;
}

function write({ result, cells, place }: Page): Html | null {
  const ofCells = cells.flatMap(({ name, published }) =>
    published.map((entry): Placed => ({ ...entry, cell: cells.length > 1 ? name : null })),
  );
  const compared = 'comparison' in result ? (result.comparison?.published ?? []) : [];
  const all: Placed[] = [...ofCells, ...compared.map((entry) => ({ ...entry, cell: null }))];
  if (all.length === 0) return null;
  const judged = all.filter(({ passed }) => passed !== undefined);
  const met = judged.filter(({ passed }) => passed).length;
  const known = all.filter(({ difference }) => difference !== null);
  return html`<p>${
    judged.length > 0
      ? `${met === judged.length ? (met === 1 ? 'The' : 'All') : `${met} of`} ${count(judged.length, 'number')} with a stated tolerance ${judged.length === 1 ? 'is' : 'are'} within it.`
      : 'No tolerance was stated for these numbers.'
  }</p>
${known.length >= MANY ? place(differences(known)) : ''}
${table(
  ['quantity', 'published', 'ours', 'difference', 'source'],
  all.flatMap((entry, i) => [
    ...(entry.cell !== null && entry.cell !== all[i - 1]?.cell ? [{ group: entry.cell }] : []),
    [
      entry.quantity,
      asPrinted(entry.published),
      entry.ours === null ? '–' : besidePrinted(entry.ours, entry.published),
      html`${entry.difference === null ? (entry.reasons?.ours ?? '–') : significant(entry.difference, 2)} ${mark(entry.passed)}`,
      entry.source,
    ],
  ]),
  { caption: 'Numbers that were printed, and ours', text: [4] },
)}`;
}

function differences(entries: readonly Placed[]): Figure {
  const dots = entries.map(
    ({ cell, quantity, difference, published, passed }): DifferenceDot => ({
      row: cell ?? quantity,
      panel: cell === null ? '' : quantity,
      value: (100 * (difference ?? 0)) / (Math.abs(published) || 1),
      series: passed === false ? null : 0,
    }),
  );
  const largest = Math.max(...dots.map(({ value }) => Math.abs(value)));
  const failed = entries.some(({ passed }) => passed === false);
  return {
    name: 'published',
    title: 'How far ours are from the published numbers',
    caption: `Ours minus published, in percent of what was published. The largest difference is ${significant(largest, 2)} %.`,
    description: `${entries.length} differences from published numbers, the largest ${significant(largest, 2)} percent`,
    draw: (width) =>
      differencePanels(
        dots,
        {
          x: 'difference, in percent of the published number',
          keys: failed
            ? [
                { name: 'within tolerance, or none stated', color: seriesColor(0), mark: 'dot' },
                { name: 'missed', color: 'var(--bad)', mark: 'dot' },
              ]
            : [],
        },
        width,
      ),
  };
}

function asPrinted(x: number): string {
  return fixed(x, decimals(x));
}

/** Ours with one more decimal than was printed. */
function besidePrinted(ours: number, theirs: number): string {
  return fixed(ours, decimals(theirs) + 1);
}

function decimals(x: number): number {
  return Math.min(12, String(x).split('.')[1]?.length ?? 0);
}
