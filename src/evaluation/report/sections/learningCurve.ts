/** How much has to be recorded: what is predicted by the number of trajectories fitted to. */

import type { LearningCurve } from '../../comparison/curveResult.ts';
import type { Figure } from '../figure.ts';
import { type Curve, type CurvePoint, curves } from '../figures/curves.ts';
import { type Html, html } from '../html.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, fixed, orDash, percent, signed, tidy } from '../words.ts';

export const learningCurve: Section = {
  id: 'learning-curve',
  title: 'How much has to be recorded',
  write,
};

/** Sizes further apart than this factor stand on an axis of ratios. */
const WIDE_RANGE = 8;

function write({ result, place }: Page): Html | null {
  const scores = 'comparison' in result ? result.comparison : undefined;
  const curve = scores?.curve;
  if (!scores || !curve) return null;
  const { reference } = scores;
  const names = [reference, ...scores.differences.map(({ method }) => method)];
  const repeats = Math.max(
    ...curve.points.flatMap(({ methods }) => names.map((name) => methods[name]?.repeats ?? 0)),
  );
  const drawn =
    repeats > 1
      ? ` Each number but the largest was drawn ${count(repeats, 'time')}; shown is the mean.`
      : '';
  return html`<p>The same methods, fitted to ever more trajectories and asked each time about the same people, whom no fit saw.${drawn}</p>
<ul class="points">${curve.crossings.map(({ words }) => html`<li>${words}</li>`)}</ul>
${levelFigure(curve, names).map(place)}
${differenceFigure(curve, names).map(place)}
${levelTable(curve, names)}
${failures(curve, names)}`;
}

/** What the figures share: where the lead changes, and how the sizes are laid out. */
function axisOf({ points, crossings }: LearningCurve) {
  const sizes = points.map(({ trajectories }) => trajectories);
  return {
    x: 'trajectories fitted to',
    logarithmic: Math.min(...sizes) > 0 && Math.max(...sizes) / Math.min(...sizes) > WIDE_RANGE,
    upright: crossings.flatMap(({ at }) => (at === null ? [] : [at])),
  };
}

function crossingWords({ crossings }: LearningCurve): string {
  const places = crossings.flatMap(({ at, method }) =>
    at === null ? [] : [`${method} at about ${tidy(at)}`],
  );
  return places.length === 0 ? '' : ` Upright, where the lead changes: ${places.join(', ')}.`;
}

function levelFigure(curve: LearningCurve, names: readonly string[]): Figure[] {
  const { points, level } = curve;
  const shown = names.flatMap((name, series): Curve[] => {
    const known = points.flatMap(({ trajectories, methods }): CurvePoint[] => {
      const { perDecision = null, interval = null } = methods[name] ?? {};
      return perDecision === null ? [] : [point(trajectories, perDecision, interval)];
    });
    return known.length === 0 ? [] : [{ name, points: known, series }];
  });
  return figureOf(curve, shown, {
    name: 'learning-curve',
    title: 'What is predicted, by how much was recorded',
    caption: `Log-likelihood per held-out decision; nearer to zero is better. Bands: ${percent(level, 0)} intervals, over who is predicted.${crossingWords(curve)}`,
    y: 'log-likelihood per decision',
    decimals: 4,
  });
}

function differenceFigure(curve: LearningCurve, names: readonly string[]): Figure[] {
  const { points, level } = curve;
  const [reference, ...others] = names;
  const shown = others.flatMap((name, n): Curve[] => {
    const known = points.flatMap(({ trajectories, methods }): CurvePoint[] => {
      const difference = methods[name]?.difference;
      return difference ? [point(trajectories, difference.estimate, difference.interval)] : [];
    });
    return known.length === 0 ? [] : [{ name, points: known, series: n + 1 }];
  });
  return figureOf(curve, shown, {
    name: 'learning-curve-differences',
    title: `How far the others are ahead of ${reference}`,
    caption: `Below the level line ${reference} predicts better. Bands: ${percent(level, 0)} intervals of the difference on the same trajectories, narrower than those of each alone.${crossingWords(curve)}`,
    y: `per decision, less ${reference}`,
    decimals: 4,
    level: 0,
  });
}

interface FigureWords extends Pick<Figure, 'name' | 'title' | 'caption'> {
  readonly y: string;
  readonly decimals: number;
  readonly level?: number;
}

function figureOf(
  curve: LearningCurve,
  shown: readonly Curve[],
  { name, title, caption, y, decimals, level }: FigureWords,
): Figure[] {
  if (shown.every(({ points }) => points.length < 2)) return [];
  const description = shown
    .map(
      (one) =>
        `${one.name}: ${one.points.map((at) => `${tidy(at.x)} ${fixed(at.y, decimals)}`).join(', ')}`,
    )
    .join('; ');
  const words = { ...axisOf(curve), y, ...(level === undefined ? {} : { level }) };
  return [{ name, title, caption, description, draw: (width) => curves(shown, words, width) }];
}

function point(x: number, y: number, interval: readonly [number, number] | null): CurvePoint {
  return interval ? { x, y, low: interval[0], high: interval[1] } : { x, y };
}

function levelTable({ points, level }: LearningCurve, names: readonly string[]): Html {
  const [reference] = names;
  return table(
    [
      'fitted to',
      'per decision',
      `${percent(level, 0)} interval`,
      `less ${reference}`,
      'interval',
      'spread over draws',
    ],
    names.flatMap((name) => [
      { group: name },
      ...points.map(({ size, trajectories, methods }) => {
        const { perDecision = null, interval, difference, spread } = methods[name] ?? {};
        const range = (ends: readonly [number, number] | null | undefined): string =>
          ends ? `${signed(ends[0], 4)} to ${signed(ends[1], 4)}` : '–';
        return [
          size === 'all' ? `all (${tidy(trajectories)})` : tidy(trajectories),
          orDash(perDecision, (x) => fixed(x, 4)),
          range(interval),
          name === reference ? '' : orDash(difference?.estimate, (x) => signed(x, 4)),
          name === reference ? '' : range(difference?.interval),
          orDash(spread, (x) => fixed(x, 4)),
        ];
      }),
    ]),
    {
      caption:
        'Held-out log-likelihood per decision; the spread is the standard deviation over who is fitted to',
    },
  );
}

function failures({ points }: LearningCurve, names: readonly string[]): Html[] {
  return points.flatMap(({ size, methods }) =>
    names.flatMap((name) => {
      const why = methods[name]?.reasons?.perDecision;
      return why === undefined ? [] : [html`<p class="note">${name} at ${size}: ${why}.</p>`];
    }),
  );
}
