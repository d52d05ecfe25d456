/**
 * How noise grows with the length of episodes. The whole return of T decisions has size T and is
 * multiplied by T scores of mean zero, so that its variance grows like T³; an advantage does not
 * grow, and its sum over T decisions has a variance like T.
 */

import type { Answer, ChartPoint, Question } from 'revealed';
import { ladderOf, type Rung, rungNames } from './rungs.ts';
import { type SampledRung, sampledRungs } from './sampledRungs.ts';
import { objectiveOf, type SmallWorld, smallWorldOf } from './smallWorld.ts';

const SIZE = { states: 4, actions: 2, successors: 2 };
const ENUMERATED = [1, 2, 3, 4, 5, 6, 7];
const DRAWN = [16, 32, 64, 128];
const EPISODES = 2000;
const SHOWN: readonly Rung[] = [
  'whole-return',
  'constant-baseline',
  'reward-to-go',
  'state-time-baseline',
  'advantage',
];
/** Powers that are expected, and how far the measured ones may be off. */
const CUBIC = 3;
const LINEAR = 1;
const NEAR = 0.25;

export const horizon: Question = {
  name: 'horizon',
  title: 'How does the noise grow with the length of an episode?',
  *ask(seed) {
    const small = smallWorldOf(SIZE, seed);
    const points = SHOWN.map((): ChartPoint[] => []);
    for (const decisions of ENUMERATED) {
      const { moments } = ladderOf(small, decisions);
      SHOWN.forEach((rung, n) => {
        points[n].push({ x: decisions, y: moments[rung].totalVariance });
      });
      yield (0.3 * decisions) / ENUMERATED.length;
    }
    for (const [i, decisions] of DRAWN.entries()) {
      const drawing = drawn(small, decisions, seed);
      let next = drawing.next();
      for (; !next.done; next = drawing.next()) yield 0.3 + (0.7 * (i + next.value)) / DRAWN.length;
      SHOWN.forEach((rung, n) => {
        const { value, low, high } = next.value[rung].variance;
        points[n].push({ x: decisions, y: value, low, high });
      });
    }
    return answerOf(points);
  },
};

function drawn(
  small: SmallWorld,
  decisions: number,
  seed: number,
): Generator<number, Record<string, SampledRung>> {
  const exact = objectiveOf(small, decisions);
  return sampledRungs(small, exact, Number.NaN, SHOWN, EPISODES, seed, `horizon ${decisions}`);
}

function answerOf(points: readonly (readonly ChartPoint[])[]): Answer {
  const powers = points.map(powerOf);
  const whole = powers[SHOWN.indexOf('whole-return')];
  const advantage = powers[SHOWN.indexOf('advantage')];
  const longest = points.map((curve) => curve[curve.length - 1].y);
  const ratio = longest[SHOWN.indexOf('whole-return')] / longest[SHOWN.indexOf('advantage')];
  return {
    sentence: `From ${DRAWN[0]} to ${DRAWN[DRAWN.length - 1]} decisions the variance of the whole return grows like T to the ${whole.toFixed(2)}, that of the true advantage like T to the ${advantage.toFixed(2)}: at ${DRAWN[DRAWN.length - 1]} decisions it takes about ${Number(ratio.toPrecision(2)).toLocaleString('en-US')} times the episodes to do without.`,
    findings: [
      {
        claim: 'The variance of the whole return grows like T³',
        holds: Math.abs(whole - CUBIC) <= NEAR,
        evidence: `power ${whole.toFixed(3)}, wanted within ${NEAR} of ${CUBIC}`,
        law: false,
      },
      {
        claim: 'The variance of the true advantage grows like T',
        holds: Math.abs(advantage - LINEAR) <= NEAR,
        evidence: `power ${advantage.toFixed(3)}, wanted within ${NEAR} of ${LINEAR}`,
        law: false,
      },
    ],
    tables: [
      {
        title: 'Total variance of one episode’s gradient, by the number of decisions',
        columns: [
          'estimator',
          ...points[0].map(({ x }) => String(x)),
          `power ${DRAWN[0]}–${DRAWN[DRAWN.length - 1]}`,
        ],
        rows: SHOWN.map((rung, n) => [rungNames[rung], ...points[n].map(({ y }) => y), powers[n]]),
        note: `Up to ${ENUMERATED[ENUMERATED.length - 1]} decisions exact, by enumeration; beyond, of ${EPISODES.toLocaleString('en-US')} episodes each.`,
      },
    ],
    charts: [
      {
        name: 'growth',
        title: 'Noise by the length of an episode',
        caption: `Both axes in ratios: a straight line is a power of T. Exact up to ${ENUMERATED[ENUMERATED.length - 1]} decisions; beyond, sampled, with 95 % bands.`,
        kind: 'curves',
        x: { label: 'decisions', scale: 'log' },
        y: { label: 'variance', scale: 'log' },
        series: SHOWN.map((rung, n) => ({ name: rungNames[rung], points: points[n] })),
      },
    ],
  };
}

/** Slope of log variance on log T over the lengths that are drawn, by least squares. */
function powerOf(points: readonly ChartPoint[]): number {
  const far = points.filter(({ x }) => Number(x) >= DRAWN[0]);
  const xs = far.map(({ x }) => Math.log(Number(x)));
  const ys = far.map(({ y }) => Math.log(y));
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, v) => sum + v, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  const across = xs.reduce((sum, x, i) => sum + (x - mx) * (ys[i] - my), 0);
  return across / xs.reduce((sum, x) => sum + (x - mx) ** 2, 0);
}
