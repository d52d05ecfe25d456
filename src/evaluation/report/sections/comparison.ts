/** Who predicts better what was held out: differences with intervals, fold by fold, calibration. */

import type { Calibration, ComparisonScores } from '../../comparison/comparisonResult.ts';
import type { CellResult } from '../../resultFile.ts';
import { type Figure, stack } from '../figure.ts';
import { calibrationCurves } from '../figures/calibrationCurves.ts';
import { type DifferenceDot, differencePanels } from '../figures/differencePanels.ts';
import { type IntervalPanel, intervalPanels } from '../figures/intervalPanels.ts';
import type { Key } from '../figures/lettering.ts';
import { type Html, html } from '../html.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { verdictHtml } from '../verdict.ts';
import { count, fixed, orDash, percent, signed, significant } from '../words.ts';

export const comparison: Section = { id: 'comparison', title: 'On people it has not seen', write };

function write({ result, cells, place }: Page): Html | null {
  const scores = 'comparison' in result ? result.comparison : undefined;
  if (!scores) return heldOutTable(cells);
  const { differences, bootstrap, transfer } = scores;
  if (transfer && !transfer.recorded) return null;
  return html`<p>${heldOutWords(scores)} Log-likelihoods are those of what people then did: nearer to zero is better.</p>
<ul class="points">${differences.map((difference) => html`<li>${verdictHtml(difference, scores)}</li>`)}</ul>
${differenceFigure(scores).map(place)}
${scoreTable(scores)}
<p class="note">Intervals: ${count(bootstrap.draws, 'draw')} of whole ${bootstrap.unit === 'trajectory' ? 'trajectories' : bootstrap.unit} with replacement; they say how far a difference depends on who was held out.</p>
${foldFigure(scores).map(place)}
${calibrationFigure(scores).map(place)}`;
}

function heldOutWords({
  folds,
  trajectories,
  decisions,
  transfer,
}: ComparisonScores & { transfer?: unknown }): string {
  const people = `${count(trajectories, 'trajectory', 'trajectories')} with ${count(decisions, 'decision')}`;
  return transfer
    ? `${people} were recorded in a world that changed after the fits; each is predicted by ${folds === 1 ? 'a fit that' : `${count(folds, 'fit')} of each method, which`} did not see it.`
    : `${count(folds, 'split')} hold out ${people}; each is predicted by fits that did not see it.`;
}

/** What was held out of fits that no comparison was made of. */
function heldOutTable(cells: readonly CellResult[]): Html | null {
  const fits = cells.flatMap(({ name: cell, methods }) =>
    Object.entries(methods).flatMap(([name, { heldOut }]) =>
      heldOut ? [{ cell, name, heldOut }] : [],
    ),
  );
  if (fits.length === 0) return null;
  return html`<p>Log-likelihoods of what was held out of the fits: nearer to zero is better.</p>
${table(
  ['method', 'log-likelihood', 'per decision', 'per trajectory', 'decisions', 'trajectories'],
  fits.flatMap(({ cell, name, heldOut }, i) => {
    const { logLikelihood, decisions, trajectories } = heldOut;
    const per = (n: number): string =>
      logLikelihood === null || n === 0 ? '–' : significant(logLikelihood / n);
    return [
      ...(cells.length > 1 && cell !== fits[i - 1]?.cell ? [{ group: cell }] : []),
      [
        name,
        logLikelihood === null ? (heldOut.reasons?.logLikelihood ?? '–') : fixed(logLikelihood, 3),
        per(decisions),
        per(trajectories),
        decisions.toLocaleString('en-US'),
        trajectories.toLocaleString('en-US'),
      ],
    ];
  }),
  { caption: 'What the fits make of what they did not see' },
)}`;
}

function differenceFigure({ differences, reference, bootstrap }: ComparisonScores): Figure[] {
  const known = differences.flatMap(({ method, perDecision }, n) =>
    perDecision ? [{ method, ...perDecision, series: n + 1 }] : [],
  );
  if (known.length === 0) return [];
  const panel: IntervalPanel = {
    title: `log-likelihood per held-out decision, less ${reference}`,
    rows: known.map(({ method, estimate, interval, series }) => ({
      label: method,
      estimate,
      interval,
      series,
    })),
  };
  return [
    {
      name: 'comparison-differences',
      title: `What the others predict better or worse than ${reference}`,
      caption: `Left of the dashed line ${reference} predicts better; ${percent(bootstrap.level, 0)} intervals.`,
      description: known
        .map(
          ({ method, estimate, interval }) =>
            `${method}: ${signed(estimate, 4)}${interval ? `, ${signed(interval[0], 4)} to ${signed(interval[1], 4)}` : ''}`,
        )
        .join('; '),
      draw: (width) => intervalPanels([panel], width),
    },
  ];
}

function foldFigure({ methods, reference, differences }: ComparisonScores): Figure[] {
  const base = methods[reference].folds;
  const others = differences.map(({ method }) => method);
  const dots = base.flatMap(({ name, perTrajectory }, fold) =>
    others.flatMap((method, n): DifferenceDot[] => {
      const theirs = methods[method]?.folds[fold]?.perTrajectory ?? null;
      if (perTrajectory === null || theirs === null) return [];
      return [{ row: name, panel: '', value: theirs - perTrajectory, series: n + 1 }];
    }),
  );
  if (dots.length === 0 || base.length < 2) return [];
  const keys = others.map((name, n): Key => ({ name, color: seriesColor(n + 1), mark: 'dot' }));
  return [
    {
      name: 'comparison-folds',
      title: 'Split by split',
      caption: `Log-likelihood per held-out trajectory, less that of ${reference} on the same split: left of the line ${reference} predicts better.`,
      description: `Differences to ${reference} on ${base.length} splits`,
      draw: (width) =>
        differencePanels(
          dots,
          { x: `log-likelihood per trajectory, less ${reference}`, keys },
          width,
        ),
    },
  ];
}

function calibrationFigure({ methods }: ComparisonScores): Figure[] {
  const known = Object.fromEntries(
    Object.entries(methods).flatMap(([name, { calibration }]): [string, Calibration][] =>
      calibration ? [[name, calibration]] : [],
    ),
  );
  const names = Object.keys(known);
  if (names.length === 0) return [];
  const words = names
    .map((name) => `${name} ${significant(100 * known[name].error, 2)} points`)
    .join(', ');
  return [
    {
      name: 'calibration',
      title: 'Whether probabilities mean what they say',
      caption: `Decisions sorted by the probability of their likeliest choice, against how often that was what people did. Below the diagonal a method is too sure of itself. Mean distance: ${words}.`,
      description: `Calibration, mean distance from the diagonal: ${words}`,
      draw: (width) => stack([calibrationCurves(known, width)]),
    },
  ];
}

function scoreTable({ methods, reference, differences, bootstrap }: ComparisonScores): Html {
  return table(
    [
      'method',
      'per decision',
      'per trajectory',
      `less ${reference}`,
      `${percent(bootstrap.level, 0)} interval`,
      'likeliest taken',
      'Brier score',
      'calibration error',
    ],
    Object.entries(methods).map(([name, score]) => {
      const difference = differences.find(({ method }) => method === name)?.perDecision;
      const interval = difference?.interval;
      return [
        name,
        orDash(score.perDecision, (x) => fixed(x, 5)),
        orDash(score.perTrajectory, (x) => fixed(x, 4)),
        name === reference ? '' : orDash(difference?.estimate, (x) => signed(x, 4)),
        name === reference
          ? ''
          : interval
            ? `${signed(interval[0], 4)} to ${signed(interval[1], 4)}`
            : '–',
        orDash(score.top1, (x) => percent(x, 2)),
        orDash(score.brier, (x) => fixed(x, 4)),
        orDash(score.calibration?.error, (x) => fixed(x, 4)),
      ];
    }),
    { caption: 'Log-likelihood of what was held out, and other scores of the same predictions' },
  );
}
