/** The data in a picture: how long trajectories are, where decisions were made, what was done. */

import type { CellResult, DataSummary } from '../../resultFile.ts';
import type { Figure } from '../figure.ts';
import { bars } from '../figures/bars.ts';
import { histogram } from '../figures/histogram.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, percent, shortened } from '../words.ts';

export const data: Section = { id: 'data', title: 'The data', write };

function write({ result, cells, place }: Page): Html {
  const isSplit = 'comparison' in result && result.comparison !== undefined;
  const warnings = [...new Set(cells.flatMap(({ data }) => data.warnings ?? []))];
  const [first] = cells;
  return html`${cells.length === 1 ? html`<p>${sentence(first.data)}</p>` : cellTable(cells, isSplit)}
${warnings.map((warning) => html`<p class="note">${warning}.</p>`)}
${
  cells.length > 1 && first.data.histograms
    ? html`<p>The pictures show ${isSplit ? 'what is fitted to in split ' : ''}<em>${shortened(first.name, 60)}</em>.</p>`
    : ''
}
<div class="figures">${figuresOf(first.data).map(place)}</div>`;
}

function sentence({
  trajectories,
  decisions,
  states,
  actions,
  goals,
  cutOff,
  empty,
  histograms,
}: DataSummary): string {
  const to = goals > 0 ? `, heading for ${count(goals, 'goal')}` : '';
  const [bar, ...others] = histograms?.trajectories ?? [];
  const isSame = bar && others.length === 0 && bar.low === bar.high;
  const mean = (decisions / trajectories).toFixed(1);
  const each =
    trajectories === 0 ? '' : isSame ? ` of ${bar.low} each` : `, ${mean} each on average`;
  return [
    `${count(decisions, 'decision')} in ${count(trajectories, 'trajectory', 'trajectories')}${each}${to}, in a world of ${count(states, 'state')} and ${count(actions, 'action')}.`,
    cutOff > 0
      ? `${count(cutOff, 'trajectory is', 'trajectories are')} cut off before the end.`
      : '',
    empty > 0 ? `${count(empty, 'trajectory holds', 'trajectories hold')} no decision.` : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

const COUNTS = [
  ['trajectories', 'trajectories'],
  ['decisions', 'decisions'],
  ['states', 'states'],
  ['actions', 'actions'],
  ['goals', 'goals'],
  ['cutOff', 'cut off'],
  ['empty', 'empty'],
] as const;

function cellTable(cells: readonly CellResult[], isSplit: boolean): Html {
  const shown = COUNTS.filter(([key]) => cells.some(({ data }) => data[key] > 0));
  return table(
    [isSplit ? 'split' : 'experiment', ...shown.map(([, name]) => name)],
    cells.map(({ name, data }) => [
      name,
      ...shown.map(([key]) => data[key].toLocaleString('en-US')),
    ]),
    {
      caption: isSplit ? 'What is fitted to in each split' : 'What each experiment is fitted to',
      folded: isSplit && cells.length > 3,
    },
  );
}

function figuresOf({ histograms, choices, decisions }: DataSummary): Figure[] {
  const figures: Figure[] = [];
  if (histograms) {
    const { trajectories, states } = histograms;
    const cut = trajectories.some(({ cutOff }) => cutOff > 0);
    if (trajectories.length > 1)
      figures.push({
        name: 'data-trajectories',
        title: 'How long trajectories are',
        caption: `Trajectories by the number of decisions in them${cut ? '; those that are cut off before the end are set apart' : ''}.`,
        description: describe('Trajectories by number of decisions', trajectories),
        draw: (width) =>
          histogram(
            trajectories.map(({ low, high, count, cutOff }) => ({
              label: range(low, high),
              count,
              part: cutOff,
            })),
            { x: 'decisions', y: 'trajectories', parts: ['cut off', 'complete'] },
            width,
          ),
      });
    const never = states.find(({ high }) => high === 0)?.count ?? 0;
    const all = states.reduce((sum, { count }) => sum + count, 0);
    figures.push({
      name: 'data-states',
      title: 'How often states were decided in',
      caption:
        never > 0
          ? `${never.toLocaleString('en-US')} of ${count(all, 'state')} that offer a choice saw no decision: what is said of them rests on the model alone.`
          : 'Every state that offers a choice saw a decision.',
      description: describe('States by number of decisions made there', states),
      draw: (width) =>
        histogram(
          states.map(({ low, high, count }) => ({ label: range(low, high), count })),
          { x: 'decisions made there', y: 'states' },
          width,
        ),
    });
  }
  const taken = choices?.filter(({ count }) => count > 0) ?? [];
  if (taken.length > 1)
    figures.push({
      name: 'data-actions',
      title: 'What was done',
      caption: 'Decisions by the action taken.',
      description: taken.map(({ action, count }) => `${action}: ${count}`).join(', '),
      draw: (width) =>
        bars(
          taken.map(({ action, count }) => ({
            label: action,
            value: count,
            words: `${count.toLocaleString('en-US')} (${percent(count / decisions)})`,
          })),
          width,
        ),
    });
  return figures;
}

function describe(
  what: string,
  bins: readonly { low: number; high: number; count: number }[],
): string {
  return `${what}: ${bins.map(({ low, high, count }) => `${range(low, high)}: ${count}`).join(', ')}`;
}

function range(low: number, high: number): string {
  return low === high ? String(low) : `${low}–${high}`;
}
