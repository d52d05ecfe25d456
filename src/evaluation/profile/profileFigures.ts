/** Pictures of recorded behaviour: how long it is, where it was, and what was done. */

import { lengthBars } from '../dataHistograms.ts';
import { isCutOff } from '../prediction/observation.ts';
import type { Figure } from '../report/figure.ts';
import { bars } from '../report/figures/bars.ts';
import { histogram } from '../report/figures/histogram.ts';
import { stateMap } from '../report/figures/stateMap.ts';
import { count, percent } from '../report/words.ts';
import type { ChoiceMeasures } from './checks/choices.ts';
import { type CoverageMeasures, visitsOf } from './checks/coverage.ts';
import { decisionsOf, type Profiled } from './profiled.ts';

const MOST_ACTIONS = 24;
/** Maps of more states than these are too fine for a page. */
const MOST_STATES = 60_000;
const WIDEST_MAP = 560;
/** Counts that differ by more than this factor are coloured by their ratios. */
const WIDE_RANGE = 60;

/** None where all are equally long. */
export function lengthFigure(data: Profiled): Figure[] {
  const decisions = decisionsOf(data);
  const { time, goals, recording } = data;
  const hasEnd = recording.goals ? data.judgesGoals : time?.kind === 'finite';
  const problem = { ...data, time: time ?? ({ kind: 'undiscounted' } as const) };
  const counted = lengthBars(decisions).map((bar) => ({ ...bar, count: 0, part: 0 }));
  decisions.forEach((n, i) => {
    const bar = counted.find(({ high }) => n <= high);
    if (!bar) return;
    bar.count++;
    const isJudged = !recording.goals || goals[data.trajectories.goal[i]] !== undefined;
    if (hasEnd && isJudged && n > 0 && isCutOff(problem, i)) bar.part++;
  });
  if (counted.length < 2) return [];
  return [
    {
      name: 'lengths',
      title: 'How long trajectories are',
      caption: `Trajectories by the number of decisions in them${counted.some(({ part }) => part > 0) ? '; those that are cut off before the end are set apart' : ''}.`,
      description: counted.map((bar) => `${range(bar)}: ${bar.count}`).join(', '),
      draw: (width) =>
        histogram(
          counted.map((bar) => ({ label: range(bar), count: bar.count, part: bar.part })),
          { x: 'decisions', y: 'trajectories', parts: ['cut off', 'complete'] },
          width,
        ),
    },
  ];
}

/** A map where the places of states are known, and how often states were visited. */
export function visitFigures(
  data: Profiled,
  { visits: visitBars, states }: CoverageMeasures,
): Figure[] {
  const { layout } = data;
  const never = visitBars.find(({ high }) => high === 0)?.count ?? 0;
  const figures: Figure[] = [
    {
      name: 'visits',
      title: 'How often states were visited',
      caption: `${never.toLocaleString('en-US')} of ${count(states, 'state')} were never visited.`,
      description: visitBars.map((bar) => `${range(bar)}: ${bar.count}`).join(', '),
      draw: (width) =>
        histogram(
          visitBars.map((bar) => ({ label: range(bar), count: bar.count })),
          { x: 'rows there', y: 'states' },
          width,
        ),
    },
  ];
  if (!layout || layout.kind === 'line' || states > MOST_STATES) return figures;
  const visits = visitsOf(data);
  const most = visits.reduce((a, b) => Math.max(a, b), 1);
  const logarithmic = most > WIDE_RANGE;
  figures.unshift({
    name: 'visits-map',
    title: 'Where people were',
    caption: `Number of rows by state${logarithmic ? ', colours in equal ratios' : ''}; empty where nobody was.`,
    description: `Map of ${states} states coloured by how often they were visited`,
    draw: (width) =>
      stateMap(
        {
          values: Array.from(visits, (n) => (n > 0 ? n : null)),
          title: '',
          logarithmic,
          isFlow: true,
          range: [logarithmic ? 1 : 0, most],
        },
        layout,
        Math.min(width, WIDEST_MAP),
      ),
  });
  return figures;
}

/** None where moves are named by where they lead. */
export function actionFigures({ actions, decisions }: ChoiceMeasures): Figure[] {
  if (!actions || actions.length < 2 || decisions === 0) return [];
  const shown = actions.slice(0, MOST_ACTIONS);
  return [
    {
      name: 'actions',
      title: 'What was done',
      caption: `Decisions by the action taken${shown.length < actions.length ? `, the ${MOST_ACTIONS} most frequent of ${actions.length.toLocaleString('en-US')}` : ''}.`,
      description: shown.map(({ action, taken }) => `${action}: ${taken}`).join(', '),
      draw: (width) =>
        bars(
          shown.map(({ action, taken }) => ({
            label: action,
            value: taken,
            words: `${taken.toLocaleString('en-US')} (${percent(taken / decisions)})`,
          })),
          width,
        ),
    },
  ];
}

function range({ low, high }: { readonly low: number; readonly high: number }): string {
  return low === high ? String(low) : `${low}–${high}`;
}
