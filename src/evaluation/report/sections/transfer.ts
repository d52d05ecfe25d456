/** What is left of the methods in a world that changed after the fit, beside what they were at home. */

import type {
  ComparisonScores,
  Difference,
  MethodScore,
} from '../../comparison/comparisonResult.ts';
import type { Transfer } from '../../comparison/transferResult.ts';
import { type Figure, stack } from '../figure.ts';
import { type IntervalRow, intervalPanels } from '../figures/intervalPanels.ts';
import { legend } from '../figures/lettering.ts';
import { type Html, html } from '../html.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, fixed, listed, orDash, percent, sentence, signed, significant } from '../words.ts';

export const transfer: Section = { id: 'transfer', title: 'When the world changes', write };

function write({ result, place }: Page): Html | null {
  const away = 'comparison' in result ? result.comparison : undefined;
  const change = away?.transfer;
  if (!away || !change) return null;
  const reasons = new Set([
    change.reasons?.home,
    ...change.verdicts.map(({ reasons }) => reasons?.away),
  ]);
  return html`<p>${changeWords(change)}</p>
<ul class="points">${change.verdicts.map(({ words }) => html`<li>${words}</li>`)}</ul>
${differenceFigure(change, away).map(place)}
${scoreTable(change, away)}
${differenceTable(change, away)}
${tripTable(change, away)}
${[...reasons].map((reason) => (reason === undefined ? '' : html`<p class="note">${sentence(reason)}</p>`))}`;
}

function changeWords(change: Transfer): string {
  const { states, gone, added, redirected, changedStates, decisionsWhereChanged: share } = change;
  const changes = [
    gone > 0 ? count(gone, 'choice is gone', 'choices are gone') : '',
    added > 0 ? count(added, 'choice is new', 'choices are new') : '',
    redirected > 0 ? count(redirected, 'choice leads elsewhere', 'choices lead elsewhere') : '',
  ].filter((text) => text !== '');
  const what = changes.length === 0 ? 'no choice differs' : listed(changes);
  const where = `${changedStates.toLocaleString('en-US')} of ${count(states, 'state')} ${changedStates === 1 ? 'is' : 'are'} touched`;
  const taken =
    share === null
      ? ''
      : ` Of the decisions recorded there, ${percent(share)} were taken in such a state.`;
  const unrecorded = change.recorded
    ? ''
    : ' No behaviour was recorded there: what the methods would do is compared, not what people did.';
  return `Every method was fitted in the world as it was, and then asked about a world that has changed: ${what}; ${where}.${taken}${unrecorded}`;
}

function differenceOf(scores: ComparisonScores | null, method: string): Difference['perDecision'] {
  return (
    scores?.differences.find((difference) => difference.method === method)?.perDecision ?? null
  );
}

/** For each method a pair of intervals, at home and after the change, on one axis. */
function differenceFigure({ home, recorded }: Transfer, away: ComparisonScores): Figure[] {
  const { reference } = away;
  const level = percent(away.bootstrap.level, 0);
  const sides = [...(home ? [home] : []), ...(recorded ? [away] : [])];
  const rows = away.differences.flatMap(({ method }) =>
    sides.map((side): IntervalRow => {
      const difference = differenceOf(side, method);
      return {
        label: side === sides[0] ? method : '',
        estimate: difference?.estimate ?? null,
        interval: difference?.interval ?? null,
        series: side === away ? 1 : 0,
      };
    }),
  );
  if (rows.every(({ estimate }) => estimate === null)) return [];
  const keys = [
    ...(home ? [{ name: 'at home', color: seriesColor(0), mark: 'dot' as const }] : []),
    ...(recorded
      ? [{ name: 'in the changed world', color: seriesColor(1), mark: 'dot' as const }]
      : []),
  ];
  const title = `log-likelihood per decision, less ${reference}`;
  return [
    {
      name: 'transfer',
      title: recorded ? 'At home and in the changed world' : 'At home, before the change',
      caption: `What each method predicts better (right of zero) or worse than ${reference}, of decisions that no fit saw; ${level} intervals.`,
      description: away.differences
        .map(({ method }) => {
          const [before, after] = [home, away].map((side) =>
            orDash(differenceOf(side, method)?.estimate, (x) => signed(x, 4)),
          );
          return `${method}: at home ${before}, in the changed world ${after}`;
        })
        .join('; '),
      draw: (width) => stack([legend(keys, width), intervalPanels([{ title, rows }], width)]),
    },
  ];
}

function scoreTable({ home, recorded }: Transfer, away: ComparisonScores): Html | string {
  if (!recorded) return '';
  const number = (x: number | null | undefined): string => orDash(x, (value) => fixed(value, 5));
  return table(
    [
      'method',
      'per decision, at home',
      'in the changed world',
      'change',
      'likeliest taken, at home',
      'in the changed world',
    ],
    Object.entries(away.methods).map(([name, there]) => {
      const here = home?.methods[name];
      const known = typeof here?.perDecision === 'number' && there.perDecision !== null;
      return [
        name,
        number(here?.perDecision),
        number(there.perDecision),
        known ? signed((there.perDecision ?? 0) - (here.perDecision ?? 0), 4) : '–',
        orDash(here?.top1, percent),
        orDash(there.top1, percent),
      ];
    }),
    {
      caption:
        'Held-out log-likelihood before and after. The change is not all the methods’ doing: decisions there may be harder or easier to predict',
    },
  );
}

function differenceTable(
  { home, verdicts, recorded }: Transfer,
  away: ComparisonScores,
): Html | string {
  if (verdicts.length === 0 || !recorded) return '';
  const cells = (side: ComparisonScores | null, method: string): string[] => {
    const difference = differenceOf(side, method);
    const range = difference?.interval;
    return [
      orDash(difference?.estimate, (x) => signed(x, 4)),
      range ? `${signed(range[0], 4)} to ${signed(range[1], 4)}` : '–',
    ];
  };
  return table(
    [
      'method',
      'at home',
      'interval',
      'in the changed world',
      'interval',
      'where choices changed',
      'elsewhere there',
    ],
    verdicts.map(({ method, whereChanged, elsewhere }) => [
      method,
      ...cells(home, method),
      ...cells(away, method),
      orDash(whereChanged, (x) => signed(x, 4)),
      orDash(elsewhere, (x) => signed(x, 4)),
    ]),
    { caption: `Log-likelihood per decision, less ${away.reference}` },
  );
}

interface Measure {
  readonly head: string;
  readonly of: (score: MethodScore | undefined) => number | null | undefined;
  readonly say: (x: number) => string;
}

const MEASURES: readonly Measure[] = [
  { head: 'whole route', of: (score) => score?.routes?.exact, say: (x) => percent(x, 2) },
  { head: 'edit distance', of: (score) => score?.routes?.editDistance, say: (x) => fixed(x, 4) },
  { head: 'visits off by', of: (score) => score?.visitDistance, say: (x) => percent(x, 2) },
  { head: 'value lost (soft)', of: (score) => score?.valueDifference?.soft, say: (x) => loss(x) },
  { head: 'value lost (hard)', of: (score) => score?.valueDifference?.hard, say: (x) => loss(x) },
];

/** Whole trips before and after, one line for each method and measure. */
function tripTable({ home, recorded }: Transfer, away: ComparisonScores): Html | string {
  const rows = MEASURES.flatMap(({ head, of, say }) => {
    const lines = Object.entries(away.methods).flatMap(([name, there]) => {
      const [before, after] = [of(home?.methods[name]), of(there)];
      const known = [before, after].some((x) => x !== null && x !== undefined);
      return known ? [[name, orDash(before, say), orDash(after, say)]] : [];
    });
    return lines.length === 0 ? [] : [{ group: head }, ...lines];
  });
  if (rows.length === 0 || !home) return '';
  return table(['method', 'at home', 'in the changed world'], rows, {
    caption: 'Whole trips, before and after',
    folded: recorded,
  });
}

/** A loss of a trajectory; rounding is none. */
function loss(x: number): string {
  return Math.abs(x) < 5e-7 ? '0' : significant(x);
}
