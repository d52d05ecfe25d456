/** What was asked: the model in words. */

import type { CellResult, ModelSummary } from '../../resultFile.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { count, listed, significant } from '../words.ts';

export const asked: Section = { id: 'asked', title: 'What was asked', write };

function write({ cells, summaries, result }: Page): Html {
  const methods = [...new Set(cells.flatMap((cell) => Object.keys(cell.methods)))];
  const models = distinct(cells, ({ model: { holdOut: _, ...model } }) => model);
  const comparison = 'comparison' in result ? result.comparison : undefined;
  const many =
    cells.length > 1
      ? html`<p>${
          comparison?.transfer
            ? `The recordings are parted ${count(cells.length, 'time')}; each time every method is fitted to one part, and asked what it expects of the other and in a world that has changed.`
            : comparison
              ? `The recordings are parted ${count(cells.length, 'time')}; each time every method is fitted to one part and asked what it expects of the other.`
              : `${count(cells.length, 'experiment')} stand side by side${models.length > 1 ? `, of ${models.length} kinds` : ', alike but for their data'}.`
        }</p>`
      : '';
  return html`${many}
${models.slice(0, 6).map(({ value, of }) => modelList(value, models.length > 1 ? of : null, seenBy(cells, of)))}
<h3>Methods</h3>
<dl class="facts">${methods.map((method) => html`<dt><code>${method}</code></dt><dd>${summaries[method] ?? ''}</dd>`)}</dl>`;
}

/** The features of each method that does not see all of them, in the cells of these names. */
function seenBy(cells: readonly CellResult[], names: readonly string[]): Map<string, string[]> {
  const seen = new Map<string, string[]>();
  for (const { name, model, methods } of cells)
    if (names.includes(name))
      for (const [method, { features }] of Object.entries(methods))
        if (features && model.features.some((feature) => !features.includes(feature)))
          seen.set(method, features);
  return seen;
}

/** The different values that cells have, and which cells have each. */
function distinct<T>(cells: readonly CellResult[], of: (cell: CellResult) => T) {
  const found = new Map<string, { value: T; of: string[] }>();
  for (const cell of cells) {
    const value = of(cell);
    const key = JSON.stringify(value);
    const known = found.get(key);
    if (known) known.of.push(cell.name);
    else found.set(key, { value, of: [cell.name] });
  }
  return [...found.values()];
}

function modelList(
  model: Omit<ModelSummary, 'holdOut'>,
  of: readonly string[] | null,
  seen: ReadonlyMap<string, readonly string[]>,
): Html {
  const { temperature, features, l2, start, fix, bounds } = model;
  const facts: [string, Html | string][] = [
    ['Looking ahead', aheadWords(model)],
    [
      'Reward',
      html`linear in ${seen.size > 0 ? 'at most ' : ''}${count(features.length, 'feature')}: ${listedNames(features)}${[...seen].map(([method, own]) => html`; <code>${method}</code> sees ${own.length === 0 ? 'none of them' : html`${own.length} of them: ${listedNames(own)}`}`)}`,
    ],
    [
      'Choice',
      temperature === 1
        ? 'the better, the likelier: noise of temperature 1, which is the unit of reward'
        : `the better, the likelier: noise of temperature ${significant(temperature)}, in units of reward`,
    ],
  ];
  if (l2 > 0)
    facts.push([
      'Penalty',
      `λ = ${significant(l2)}: (λ/2) Σ θ² is subtracted from the log-likelihood`,
    ]);
  if (start) facts.push(['Start', assigned(start)]);
  if (fix) facts.push(['Held fixed', assigned(fix)]);
  if (bounds)
    facts.push([
      'Bounds',
      listed(
        Object.entries(bounds).map(
          ([name, [low, high]]) =>
            `${name} from ${low === null ? '−∞' : significant(low)} to ${high === null ? '∞' : significant(high)}`,
        ),
      ),
    ]);
  const heading = of
    ? html`<h3>${count(of.length, 'experiment')}</h3><p class="names">${of.join('; ')}</p>`
    : '';
  return html`${heading}<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function aheadWords({ time, discount, horizon }: Omit<ModelSummary, 'holdOut'>): string {
  if (time === 'undiscounted') return 'to the goal of each trajectory, every step in full';
  if (time === 'finite')
    return `${count(horizon ?? 0, 'decision')}${discount === 1 ? ', each in full' : `, each worth ${discount} of the one before`}`;
  if (discount === 0) return 'not at all (discount 0): only what a choice brings at once counts';
  const reach = 1 / (1 - discount);
  return `for ever, each step worth ${discount} of the one before: about ${Math.round(reach).toLocaleString('en-US')} steps count`;
}

function listedNames(names: readonly string[]): Html[] {
  const most = 30;
  const shown = names.slice(0, most).map((name, i) => html`${i > 0 ? ', ' : ''}<em>${name}</em>`);
  return names.length > most ? [...shown, html` and ${names.length - most} more`] : shown;
}

function assigned(values: Readonly<Record<string, number>>): string {
  return listed(Object.entries(values).map(([name, value]) => `${name} = ${significant(value)}`));
}
