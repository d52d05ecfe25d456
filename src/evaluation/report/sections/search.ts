/** Which features are worth having, by what they predict, from `revealed search`. */

import {
  type SearchCandidate,
  SearchResult,
  type SearchStep,
} from '../../comparison/searchResult.ts';
import type { Figure } from '../figure.ts';
import { type IntervalPanel, type IntervalRow, intervalPanels } from '../figures/intervalPanels.ts';
import { type Html, html } from '../html.ts';
import { otherResult, strangerNote } from '../otherResults.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, fixed, listed, orDash, sentence, signed, significant } from '../words.ts';

export const search: Section = { id: 'search', title: 'Which features are worth having', write };

function write(page: Page): Html | null {
  const file = otherResult(page, 'search', SearchResult);
  if (!file) return null;
  if (!isOwn(page, file)) return strangerNote('search');
  const { method, direction, folds, trajectories, decisions, path, rejected, chosen } = file;
  const way = {
    forward: 'added one by one',
    backward: 'dropped one by one',
    both: 'added and dropped',
  };
  return html`<p>Features were ${way[direction]}. Every set was fitted by ${method} without one of ${count(folds, 'fold')} at a time, and asked about that: ${count(trajectories, 'trajectory', 'trajectories')} with ${count(decisions, 'decision')}.</p>
${chosenWords(file).map((words) => html`<p>${words}</p>`)}
${stepFigure(file).map(page.place)}
${table(
  ['step', 'features', 'held out, per decision', 'difference', '95 % interval', 'stopped as'],
  path.map((step) => [stepName(step), step.features.length, ...scoreCells(step), step.stop]),
  { caption: 'The path of the search', text: [5] },
)}
${
  rejected.length === 0
    ? ''
    : table(
        ['tried', 'held out, per decision', 'difference', '95 % interval', 'stopped as'],
        rejected.map((candidate) => [
          candidateName(candidate),
          ...scoreCells(candidate),
          candidate.stop,
        ]),
        { caption: 'What was tried last and not taken', text: [4] },
      )
}
${
  chosen.parameters.length === 0
    ? ''
    : table(
        ['parameter', 'estimate', 'standard error'],
        chosen.parameters.map(({ name, estimate, standardError }) => [
          name,
          orDash(estimate, (x) => significant(x, 5)),
          orDash(standardError),
        ]),
        {
          caption:
            'The chosen features, fitted to all that took part; standard errors (sandwich) as if the features had not been chosen by the same trajectories',
        },
      )
}
${reasonNotes(file)}
${file.warnings.map((warning) => html`<p class="note">${sentence(warning)}</p>`)}`;
}

/** Every feature that the search knew. */
function searched({ path, rejected }: SearchResult): Set<string> {
  return new Set([
    ...path.flatMap(({ features, candidates }) => [
      ...features,
      ...candidates.map(({ feature }) => feature),
    ]),
    ...rejected.map(({ feature }) => feature),
  ]);
}

/** Whether it is a search of what the result was made from: its files or study, and its features. */
function isOwn({ result, cells }: Page, file: SearchResult): boolean {
  const known = searched(file);
  const alike = cells.some(({ model: { features } }) => {
    const own = new Set(features);
    return features.every((name) => known.has(name)) || [...known].every((name) => own.has(name));
  });
  return alike && origin(result.source) === origin(file.source);
}

/** The study, or the tables that say where people went, as text; both start from the same folder. */
function origin(source: Readonly<Record<string, unknown>> | undefined): string {
  const tables = source?.tables;
  if (typeof tables !== 'object' || tables === null) return JSON.stringify(source?.study ?? null);
  const { transitions = null, trajectories = null } = tables as Record<string, unknown>;
  return JSON.stringify([transitions, trajectories]);
}

function stepName({ action, feature, features }: SearchStep): string {
  if (action === 'start') return `start with ${features.length === 0 ? 'none' : listed(features)}`;
  return `${action === 'add' ? '+' : '−'} ${feature}`;
}

function candidateName({ action, feature }: SearchCandidate): string {
  return `${action === 'add' ? '+' : '−'} ${feature}`;
}

function scoreCells({
  perDecision,
  difference,
}: Pick<SearchStep, 'perDecision' | 'difference'>): string[] {
  const interval = difference?.interval;
  return [
    orDash(perDecision, (x) => fixed(x, 5)),
    orDash(difference?.estimate, (x) => signed(x, 5)),
    interval ? `${signed(interval[0], 5)} to ${signed(interval[1], 5)}` : '–',
  ];
}

function chosenWords(file: SearchResult): (Html | string)[] {
  const { chosen, path, rejected, ended, rule, outer } = file;
  const names = chosen.features.length === 0 ? 'no feature' : listed(chosen.features);
  const added = path.filter(({ action }) => action === 'add');
  const unsure = added.filter(
    ({ difference }) => difference?.interval && difference.interval[0] <= 0,
  );
  const open = rejected.filter(
    ({ action, difference }) => action === 'add' && (difference?.interval?.[1] ?? 0) > 0,
  );
  const sentences = [`: ${ended}.`];
  if (unsure.length > 0)
    sentences.push(
      `Of ${listed(unsure.map(({ feature }) => feature ?? ''))} it is not sure that it improves the prediction.`,
    );
  else if (added.some(({ difference }) => difference?.interval))
    sentences.push('Every feature that was added improves the prediction beyond its interval.');
  if (open.length > 0 && rule === 'sure')
    sentences.push(
      `The interval does not rule out that ${listed(
        open.map(({ feature }) => feature),
        'or',
      )} would help: more trajectories may tell.`,
    );
  const words: (Html | string)[] = [html`Chosen: <strong>${names}</strong>${sentences.join(' ')}`];
  if (outer) {
    const { fold, trajectories, chosen: ours, all, difference, reasons } = outer;
    const range = difference?.interval;
    const beside =
      all === null || !difference
        ? ''
        : `; with all features ${fixed(all, 5)}, which is ${signed(difference.estimate, 5)} for the chosen ones${range ? ` (95 % interval ${signed(range[0], 5)} to ${signed(range[1], 5)})` : ''}`;
    words.push(
      ours === null
        ? `Fold “${fold}” took no part in the search and cannot be predicted: ${reasons?.chosen ?? 'a number is missing'}.`
        : `Fold “${fold}” (${count(trajectories, 'trajectory', 'trajectories')}) took no part in the search: the chosen features predict it with ${fixed(ours, 5)} per decision${beside}.`,
    );
  }
  return words;
}

/** What each step brought, and what those tried last would have. */
function stepFigure({ path, rejected }: SearchResult): Figure[] {
  const row = (label: string, series: number, { difference }: Pick<SearchStep, 'difference'>) =>
    difference
      ? [{ label, estimate: difference.estimate, interval: difference.interval, series }]
      : [];
  const panels = (
    [
      ['taken, step by step', path.flatMap((step): IntervalRow[] => row(stepName(step), 0, step))],
      [
        'tried last, not taken',
        rejected.flatMap((tried): IntervalRow[] => row(candidateName(tried), 1, tried)),
      ],
    ] as const
  ).flatMap(([title, rows]): IntervalPanel[] => (rows.length > 0 ? [{ title, rows }] : []));
  if (panels.length === 0) return [];
  return [
    {
      name: 'search',
      title: 'What each feature brings',
      caption:
        'Change of the held-out log-likelihood per decision, with 95 % intervals over who is predicted; right of zero is better. Each panel has its own axis.',
      description: panels
        .map(
          ({ title, rows }) =>
            `${title}: ${rows.map(({ label, estimate }) => `${label} ${orDash(estimate, (x) => signed(x, 4))}`).join(', ')}`,
        )
        .join('; '),
      draw: (width) => intervalPanels(panels, width),
    },
  ];
}

/** Why numbers are missing, once each. */
function reasonNotes({ path, rejected, chosen }: SearchResult): Html[] {
  const notes = [
    ...path.flatMap((step) =>
      Object.values(step.reasons ?? {}).map((reason) => `${stepName(step)}: ${reason}`),
    ),
    ...rejected.flatMap((tried) =>
      Object.values(tried.reasons ?? {}).map((reason) => `${candidateName(tried)}: ${reason}`),
    ),
    ...chosen.parameters.flatMap(({ name, reasons }) =>
      Object.values(reasons ?? {}).map((reason) => `${name}: ${reason}`),
    ),
  ];
  return [...new Set(notes)].map((note) => html`<p class="note">${sentence(note)}</p>`);
}
