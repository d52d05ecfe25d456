/** Whole trips: routes, features and visits that methods expect, beside those recorded. */

import type {
  ComparisonScores,
  FeatureGap,
  MethodScore,
} from '../../comparison/comparisonResult.ts';
import { type Figure, stack } from '../figure.ts';
import { bars } from '../figures/bars.ts';
import { type DifferenceDot, differencePanels } from '../figures/differencePanels.ts';
import { caption, type Key } from '../figures/lettering.ts';
import { type Html, html } from '../html.ts';
import { seriesColor } from '../palette.ts';
import type { Page, Section } from '../section.ts';
import { table } from '../table.ts';
import { count, fixed, listed, orDash, percent, signed, significant } from '../words.ts';

export const wholeTrips: Section = { id: 'whole-trips', title: 'Whole trips', write };

/** Standard errors that chance seldom exceeds. */
const FAR = 2;

function write({ result, cells, place }: Page): Html | null {
  const scores = 'comparison' in result ? result.comparison : undefined;
  if (!scores) return null;
  const shown = MEASURES.filter(({ of }) =>
    Object.values(scores.methods).some((s) => isThere(of(s))),
  );
  const features = featureNames(scores);
  if (shown.length === 0 && features.length === 0) return null;
  const where = scores.transfer ? ' in the changed world' : '';
  const goals = cells.some(({ data }) => data.goals > 0) ? ' to the same goals' : '';
  return html`<p>Not decision by decision but from start to end${where}: from the same starts${goals}, watched as long as the people were.</p>
<ul class="points">${[...routeWords(scores), ...featureWords(scores), ...visitWords(scores), ...valueWords(scores)].map((words) => html`<li>${words}</li>`)}</ul>
${measureFigure(scores, shown).map(place)}
${measureTable(scores, shown)}
${gapFigure(scores).map(place)}
${gapTable(scores, features)}
${missing(scores, shown)}`;
}

interface Measure {
  readonly head: string;
  readonly of: (score: Partial<MethodScore>) => number | null | undefined;
  readonly say: (x: number) => string;
  /** What a bar of it shows; none is drawn where absent. */
  readonly drawn?: string;
}

const share = (x: number): string => percent(x, 2);
/** Rounding loses nothing. */
const loss = (x: number): string => (Math.abs(x) < 5e-7 ? '0' : significant(x));

const MEASURES: readonly Measure[] = [
  {
    head: 'whole route',
    of: ({ routes }) => routes?.exact,
    say: share,
    drawn: 'whole routes predicted',
  },
  { head: 'edit distance', of: ({ routes }) => routes?.editDistance, say: (x) => fixed(x, 4) },
  { head: 'nearest recorded route', of: ({ routes }) => routes?.nearest.exact, say: share },
  {
    head: 'its edit distance',
    of: ({ routes }) => routes?.nearest.editDistance,
    say: (x) => fixed(x, 4),
  },
  {
    head: 'visits off by',
    of: ({ visitDistance }) => visitDistance,
    say: share,
    drawn: 'decisions in the wrong states',
  },
  {
    head: 'value lost (soft)',
    of: ({ valueDifference }) => valueDifference?.soft,
    say: loss,
    drawn: 'true reward lost, noise included',
  },
  {
    head: 'value lost (hard)',
    of: ({ valueDifference }) => valueDifference?.hard,
    say: loss,
    drawn: 'true reward lost by trust',
  },
  { head: 'EPIC', of: ({ epic }) => epic, say: loss },
];

function isThere(x: number | null | undefined): x is number {
  return x !== null && x !== undefined;
}

/** The methods in the order that gives them their colours. */
function methodsOf({ reference, differences, methods }: ComparisonScores) {
  return [reference, ...differences.map(({ method }) => method)].map((name, series) => ({
    name,
    series,
    score: methods[name],
  }));
}

/** Shortest paths as a line among the methods. */
function shortestOf({
  shortest,
}: ComparisonScores): { name: string; score: Partial<MethodScore> }[] {
  return shortest
    ? [{ name: `shortest by ${shortest.by}`, score: { routes: shortest.routes } }]
    : [];
}

function routeWords(scores: ComparisonScores): string[] {
  const known = [...methodsOf(scores), ...shortestOf(scores)].flatMap(({ name, score }) =>
    score.routes ? [{ name, exact: score.routes.exact }] : [],
  );
  if (known.length === 0) return [];
  known.sort((a, b) => b.exact - a.exact);
  const shares = known.map(({ name, exact }) => `${name} in ${percent(exact)}`);
  return [
    `The likeliest route is the recorded one, state by state, in so many of the trips that reach their goal: ${listed(shares)}.`,
  ];
}

/** Demonstrated and expected sums of features, where both are known. */
function knownGaps({ features }: MethodScore) {
  return (features ?? []).flatMap(({ name, demonstrated, expected, z }) =>
    expected === null || z === null ? [] : [{ name, demonstrated, expected, off: -z }],
  );
}

function featureWords(scores: ComparisonScores): string[] {
  return methodsOf(scores).flatMap(({ name, score }) => {
    const gaps = knownGaps(score);
    if (gaps.length === 0) return [];
    const worst = gaps.reduce((a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a));
    const far = gaps.filter(({ off }) => Math.abs(off) > FAR);
    const size = `${signed(worst.off, 1)} standard errors: ${significant(worst.expected)} per trajectory where ${significant(worst.demonstrated)} was recorded`;
    if (far.length === 0)
      return [
        `${name} expects ${['the feature', 'both features'][gaps.length - 1] ?? `all ${gaps.length} features`} within ${FAR} standard errors of what was recorded; furthest off is ${worst.name} (${size}).`,
      ];
    return [
      `${name} is off by more than ${FAR} standard errors in ${far.length} of ${count(gaps.length, 'feature')}, most in ${worst.name} (${size}).`,
    ];
  });
}

function visitWords(scores: ComparisonScores): string[] {
  const known = methodsOf(scores).flatMap(({ name, score }) =>
    isThere(score.visitDistance) ? [`${percent(score.visitDistance)} of those of ${name}`] : [],
  );
  return known.length === 0
    ? []
    : [
        `For the expected decisions to lie where the recorded ones do, ${listed(known)} would have to move to another state.`,
      ];
}

function valueWords(scores: ComparisonScores): string[] {
  const known = methodsOf(scores).flatMap(({ name, score }) => {
    const hard = score.valueDifference?.hard;
    return isThere(hard) ? [`${loss(hard)} with ${name}`] : [];
  });
  return known.length === 0
    ? []
    : [
        `The true reward is known here. To do what a method deems best loses so much of it per trajectory: ${listed(known)}.`,
      ];
}

function measureFigure(scores: ComparisonScores, shown: readonly Measure[]): Figure[] {
  const panels = shown.flatMap(({ of, say, drawn, head }) => {
    if (drawn === undefined) return [];
    const rows = [...methodsOf(scores), ...shortestOf(scores)].flatMap(
      ({ name, score, ...rest }) => {
        const value = of(score);
        const series = 'series' in rest ? Number(rest.series) : SHORTEST;
        // A loss can come out a little below nothing.
        return isThere(value)
          ? [{ label: name, value: Math.max(0, value), words: say(value), series }]
          : [];
      },
    );
    return rows.length === 0 ? [] : [{ title: drawn, head, rows }];
  });
  if (panels.length === 0) return [];
  return [
    {
      name: 'whole-trips',
      title: 'Trips as wholes',
      caption:
        'More is better of routes, less of all else. Each measure has its own scale, from zero.',
      description: panels
        .map(
          ({ head, rows }) =>
            `${head}: ${rows.map(({ label, words }) => `${label} ${words}`).join(', ')}`,
        )
        .join('; '),
      draw: (width) =>
        stack(
          panels.flatMap(({ title, rows }) => [
            caption(title, width, { bold: true, height: 30 }),
            bars(rows, width),
          ]),
        ),
    },
  ];
}

/** The last colour: shortest paths are no method. */
const SHORTEST = 6;

function measureTable(scores: ComparisonScores, shown: readonly Measure[]): Html | string {
  if (shown.length === 0) return '';
  return table(
    ['method', ...shown.map(({ head }) => head)],
    [...methodsOf(scores), ...shortestOf(scores)].map(({ name, score }) => [
      name,
      ...shown.map(({ of, say }) => orDash(of(score), say)),
    ]),
    { caption: measureCaption(shown) },
  );
}

function measureCaption(shown: readonly Measure[]): string {
  const explained = [
    ['whole route', 'the likeliest route is the recorded one, state by state'],
    ['edit distance', 'edits per state of the recorded route'],
    ['nearest recorded route', 'beside the nearest route that anyone took between the same ends'],
    ['visits off by', 'decisions by state'],
  ].filter(([head]) => shown.some((measure) => measure.head === head));
  const words = explained.map(([, meaning]) => meaning).join('; ');
  return `Scores of whole trips${words === '' ? '' : `: ${words}`}`;
}

function featureNames({ methods }: ComparisonScores): FeatureGap[] {
  return Object.values(methods).find(({ features }) => features)?.features ?? [];
}

function gapFigure(scores: ComparisonScores): Figure[] {
  const known = methodsOf(scores).map((method) => ({ ...method, gaps: knownGaps(method.score) }));
  const dots = featureNames(scores).flatMap((feature) =>
    known.flatMap(({ series, gaps }): DifferenceDot[] =>
      gaps
        .filter(({ name }) => name === feature.name)
        .map(({ off }) => ({ row: feature.name, panel: '', value: off, series })),
    ),
  );
  if (dots.length === 0) return [];
  const keys = known
    .filter(({ gaps }) => gaps.length > 0)
    .map(({ name, series }): Key => ({ name, color: seriesColor(series), mark: 'dot' }));
  return [
    {
      name: 'feature-gaps',
      title: 'What trips hold, expected less recorded',
      caption: `Sums of features per trajectory, in standard errors of the difference: beyond ±${FAR} is seldom chance.`,
      description: known
        .filter(({ gaps }) => gaps.length > 0)
        .map(
          ({ name, gaps }) =>
            `${name}: ${gaps.map((gap) => `${gap.name} ${signed(gap.off, 1)}`).join(', ')}`,
        )
        .join('; '),
      draw: (width) =>
        differencePanels(dots, { x: 'expected less recorded, in standard errors', keys }, width),
    },
  ];
}

function gapTable(scores: ComparisonScores, features: readonly FeatureGap[]): Html | string {
  const known = methodsOf(scores).filter(({ score }) => score.features);
  if (known.length === 0) return '';
  return table(
    ['feature', 'recorded', ...known.flatMap(({ name }) => [name, 'standard errors off'])],
    features.map(({ name, demonstrated }, k) => [
      name,
      significant(demonstrated, 5),
      ...known.flatMap(({ score }) => {
        const gap = score.features?.[k];
        return [
          orDash(gap?.expected, (x) => significant(x, 5)),
          orDash(gap?.z, (z) => signed(-z, 1)),
        ];
      }),
    ]),
    { caption: 'Mean sum of each feature per trajectory, recorded and expected' },
  );
}

/** Why there are dashes, once for all methods that share a reason. */
function missing(scores: ComparisonScores, shown: readonly Measure[]): Html[] {
  const whose = new Map<string, string[]>();
  for (const { name, score } of methodsOf(scores)) {
    const { reasons = {}, features, valueDifference } = score;
    const isShown = (head: string): boolean => shown.some((measure) => measure.head === head);
    const why = new Set([
      ...(isShown('whole route') ? [reasons.routes] : []),
      ...(isShown('visits off by') ? [reasons.visitDistance] : []),
      ...(isShown('EPIC') ? [reasons.epic] : []),
      reasons.features,
      ...(features ?? []).map((gap) => gap.reasons?.expected ?? gap.reasons?.z),
      ...Object.values(valueDifference?.reasons ?? {}),
    ]);
    for (const text of why)
      if (text !== undefined) whose.set(text, [...(whose.get(text) ?? []), name]);
  }
  return [...whose].map(([text, names]) => html`<p class="note">${listed(names)}: ${text}.</p>`);
}
