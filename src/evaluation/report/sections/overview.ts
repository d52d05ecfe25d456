/** In short: what came out, read off the numbers. */

import { hasArrived } from '../../../algorithms/algorithm.ts';
import type { CellResult, ComparisonResult, PublishedResult } from '../../resultFile.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { verdictHtml } from '../verdict.ts';
import { count, listed } from '../words.ts';

export const overview: Section = { id: 'in-short', title: 'In short', write };

const MOST_NAMED = 4;

function write({ result, cells }: Page): Html {
  const comparison = 'comparison' in result ? result.comparison : undefined;
  const points = [
    fitsWords(cells),
    ...verdicts(comparison),
    publishedWords([
      ...cells.flatMap(({ published }) => published),
      ...(comparison?.published ?? []),
    ]),
    ...openWords(cells),
  ].filter((point) => point !== null);
  const { meaning } = result;
  return html`${meaning ? html`<p class="meaning">${meaning}</p>` : ''}
<ul class="points">${points.map((point) => html`<li>${point}</li>`)}</ul>`;
}

function verdicts(comparison: ComparisonResult | undefined): Html[] {
  if (!comparison) return [];
  const { transfer, differences } = comparison;
  if (transfer && !transfer.recorded) return transfer.verdicts.map(({ words }) => html`${words}`);
  const where = transfer ? 'In the changed world ' : '';
  return differences.map((difference) => html`${where}${verdictHtml(difference, comparison)}`);
}

interface NamedFit {
  readonly name: string;
  readonly stop: string;
}

function fitsWords(cells: readonly CellResult[]): Html | string {
  const fits = cells.flatMap(({ name, methods }) =>
    Object.entries(methods).map(
      ([method, { stop }]): NamedFit => ({
        stop,
        name: cells.length > 1 ? `${method} (${name})` : method,
      }),
    ),
  );
  const failed = fits.filter(({ stop }) => !hasArrived(stop));
  if (failed.length === 0)
    return fits.length === 1
      ? 'The fit converged.'
      : `${fits.length === 2 ? 'Both' : `All ${fits.length.toLocaleString('en-US')}`} fits converged.`;
  const named = failed.slice(0, MOST_NAMED).map(({ name, stop }) => `${name} stopped as “${stop}”`);
  const more = failed.length > MOST_NAMED ? [`${failed.length - MOST_NAMED} more`] : [];
  return html`<strong class="bad">${failed.length} of ${count(fits.length, 'fit')} did not converge:</strong> ${listed([...named, ...more])}.`;
}

function publishedWords(published: readonly PublishedResult[]): Html | string | null {
  const judged = published.filter(({ passed }) => passed !== undefined);
  if (judged.length === 0) return null;
  const missed = judged.filter(({ passed }) => passed === false);
  if (missed.length === 0)
    return judged.length === 1
      ? 'The published number is met within its tolerance.'
      : `All ${judged.length} published numbers are met within their tolerances.`;
  const named = missed.slice(0, MOST_NAMED).map(({ quantity }) => quantity);
  const more = missed.length > MOST_NAMED ? [`${missed.length - MOST_NAMED} more`] : [];
  return html`<strong class="bad">${missed.length} of ${judged.length} published numbers are missed:</strong> ${listed([...named, ...more])}.`;
}

/** What the data leave open. */
function openWords(cells: readonly CellResult[]): Html[] {
  const words = new Set<string>();
  for (const { methods } of cells)
    for (const [method, { unidentified = [], unbounded = [] }] of Object.entries(methods)) {
      for (const { words: direction } of unidentified) words.add(`${method}: ${direction}.`);
      if (unbounded.length > 0)
        words.add(
          `${method}: ${listed(unbounded)} ${unbounded.length === 1 ? 'runs' : 'run'} to infinity.`,
        );
    }
  return [...words].map(
    (text) => html`<strong class="warn">The data leave something open.</strong> ${text}`,
  );
}
