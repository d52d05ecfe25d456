/**
 * The report on a study in a simulator: what was matched, how gaps and return went while rewards were
 * fitted, what policies bring, and who tells held-out decisions best.
 */

import type { ChartResult } from '../inquiry/questionResult.ts';
import {
  type RoundResult,
  type SimulatedCell,
  type SimulatedFile,
  simulatedCellsOf,
} from '../simulated/simulatedResult.ts';
import {
  demonstratedWords,
  findings,
  fitsByMethod,
  gapWords,
  heldOutPerDecision,
  type PlacedFit,
  returnWords,
} from '../simulated/simulatedWords.ts';
import type { Figure } from './figure.ts';
import { chartFigure } from './figures/chartFigure.ts';
import { type Html, html } from './html.ts';
import type { WrittenSection } from './reportPage.ts';
import { rerunHtml } from './sections/rerun.ts';
import { mark, table } from './table.ts';
import { fixed, orDash, percent, sentence, significant } from './words.ts';

/** @param place takes a figure into the report and returns it as part of the page */
export function simulatedSections(
  result: SimulatedFile,
  place: (figure: Figure) => Html,
): WrittenSection[] {
  const cells = simulatedCellsOf(result);
  const fits = fitsByMethod(cells);
  const [first] = cells;
  const rewards = [...new Set(fits.filter(({ fit }) => fit.rounds).map(({ name }) => name))].map(
    (name) => fits.filter((one) => one.name === name),
  );
  return [
    {
      id: 'in-short',
      title: 'In short',
      content: html`${result.meaning ? html`<p class="meaning">${result.meaning}</p>` : ''}
<ul class="points">${findings(result).map((words) => html`<li>${sentence(words)}</li>`)}</ul>`,
    },
    {
      id: 'data',
      title: 'What was demonstrated',
      content: html`${demonstratedWords(first).map((words) => html`<p>${words}</p>`)}
${(first.data.warnings ?? []).map((words) => html`<p class="note"><strong class="warn">Note:</strong> ${words}.</p>`)}`,
    },
    ...(rewards.length > 0
      ? [
          {
            id: 'rounds',
            title: 'Round by round',
            content: html`${rewards.map((of) => roundFigures(of, cells).map(place))}`,
          },
          { id: 'rewards', title: 'The rewards', content: html`${rewards.map(estimatesHtml)}` },
        ]
      : []),
    { id: 'gaps', title: 'What was matched', content: gapsHtml(fits) },
    { id: 'policies', title: 'What the policies bring', content: policiesHtml(fits, cells) },
    {
      id: 'rerun',
      title: 'To run it again',
      content: rerunHtml(result, first.data.files),
    },
  ];
}

/** The gap of each feature, and the return, against rounds; over seeds the mean between the ends. */
function roundFigures(fits: readonly PlacedFit[], cells: readonly SimulatedCell[]): Figure[] {
  const [{ name }] = fits;
  const traces = fits.map(({ fit }) => fit.rounds ?? []).filter((rounds) => rounds.length > 0);
  if (traces.length === 0) return [];
  const over =
    traces.length > 1
      ? ` Mean of ${traces.length} seeds; bands from the least to the greatest.`
      : '';
  const features = Object.keys(traces[0][0].gaps);
  const gaps: ChartResult = {
    name: 'gaps',
    title: `${name}: what was demonstrated less what is expected, per step`,
    caption: `Each round’s few episodes; at 0 a feature is matched.${over}`,
    kind: 'curves',
    x: { label: 'round' },
    y: { label: 'gap per step' },
    series: features.map((feature) => ({
      name: feature,
      points: curve(traces, (round) => round.gaps[feature]),
    })),
    marks: [{ axis: 'y', at: 0, label: 'matched' }],
  };
  const { demonstrated } = cells[0].baselines;
  const returns: ChartResult = {
    name: 'return',
    title: `${name}: return in the world’s own rewards, which the fit is never shown`,
    caption: `A few episodes at every look.${over}`,
    kind: 'curves',
    x: { label: 'round' },
    y: { label: 'return' },
    series: (['greedy', 'sampled'] as const).map((playing) => ({
      name: playing,
      points: curve(traces, (round) => round.returns?.[playing]),
    })),
    marks: demonstrated ? [{ axis: 'y', at: demonstrated.value, label: 'demonstrated' }] : [],
  };
  const half = Math.floor(traces[0].length / 2);
  const late: ChartResult = {
    ...gaps,
    name: 'gaps-late',
    title: `${name}: the same in the second half`,
    series: features.map((feature) => ({
      name: feature,
      points: curve(
        traces.map((rounds) => rounds.slice(half)),
        (round) => round.gaps[feature],
      ),
    })),
  };
  return [gaps, late, returns]
    .filter(({ series }) => series.some(({ points }) => points.length > 0))
    .map((chart) => chartFigure(name, chart));
}

function curve(
  traces: readonly (readonly RoundResult[])[],
  of: (round: RoundResult) => number | undefined,
): ChartResult['series'][number]['points'] {
  const rounds = new Map<number, number[]>();
  for (const trace of traces)
    for (const round of trace) {
      const value = of(round);
      if (value !== undefined) rounds.set(round.round, [...(rounds.get(round.round) ?? []), value]);
    }
  return [...rounds]
    .sort(([one], [other]) => one - other)
    .map(([x, values]) => ({
      x,
      y: values.reduce((sum, value) => sum + value, 0) / values.length,
      ...(values.length > 1 ? { low: Math.min(...values), high: Math.max(...values) } : {}),
    }));
}

function estimatesHtml(fits: readonly PlacedFit[]): Html {
  return table(
    ['seed', 'parameter', 'estimate', 'Monte-Carlo error', 'held'],
    fits.flatMap(({ cell, fit }) =>
      fit.parameters.map(({ name, estimate, monteCarloError, held }) => [
        cell.seed,
        name,
        orDash(estimate),
        orDash(monteCarloError, (x) => significant(x, 2)),
        held ?? '',
      ]),
    ),
    { caption: `Rewards per unit of a feature: ${fits[0].name}`, text: [1, 4] },
  );
}

function gapsHtml(fits: readonly PlacedFit[]): Html {
  return html`${table(
    ['method', 'seed', 'feature', 'demonstrated', 'gap ± error', 'matched'],
    fits.flatMap(({ cell, name, fit }) =>
      (fit.gaps ?? []).map((gap) => [
        name,
        cell.seed,
        gap.name,
        fixed(gap.demonstrated, 4),
        gapWords(gap),
        mark(gap.isWithin),
      ]),
    ),
    { caption: 'Demonstrated less expected, per step, with the Monte-Carlo error', text: [2] },
  )}
<p class="note">Matched: within the error, all features of a policy together 19 times of 20. The demonstrations’ own luck is not in that error.</p>`;
}

function policiesHtml(fits: readonly PlacedFit[], cells: readonly SimulatedCell[]): Html {
  const { demonstrated, random } = cells[0].baselines;
  const meant = cells[0].simulator.actions === 'box' ? 'in the middle half' : 'likeliest taken';
  const baselines = [
    ...(demonstrated ? [['demonstrated', '', '', returnWords(demonstrated), '', '', '', '']] : []),
    ...(random ? [['at random', '', '', returnWords(random), '', '', '', '']] : []),
  ];
  return html`${table(
    ['method', 'seed', 'greedy', 'sampled', 'held out per decision', meant, 'stop', 'seconds'],
    [
      ...fits.map(({ cell, name, fit }) => [
        name,
        cell.seed,
        fit.returns ? returnWords(fit.returns.greedy) : '–',
        fit.returns ? returnWords(fit.returns.sampled) : '–',
        orDash(heldOutPerDecision(fit), (x) => fixed(x, 4)),
        orDash(fit.heldOut?.accuracy ?? fit.heldOut?.coverage?.[0]?.half, (x) => percent(x)),
        fit.stop,
        fixed(fit.seconds, 1),
      ]),
      ...baselines,
    ],
    { caption: 'Return with 95 % intervals, and log-likelihood of decisions held out', text: [6] },
  )}
${cells[0].simulator.actions === 'box' ? html`<p class="note">Actions fill a box: likelihoods are densities in the units of the world. A squashed policy has none at the edge; actions there are moved inwards for it.</p>` : ''}`;
}
