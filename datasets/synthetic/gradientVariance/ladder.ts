/** Eight ways to the same gradient in one small world: exactly, and from episodes. */

import type { Answer, Question } from 'revealed';
import { type Ladder, ladderOf, type Rung, rungNames, rungs } from './rungs.ts';
import { type SampledRung, sampledRungs } from './sampledRungs.ts';
import { smallWorldOf } from './smallWorld.ts';

const SIZE = { states: 4, actions: 2, successors: 2 };
const DECISIONS = 7;
const EPISODES = 4000;
/** The way down, each with something more known or left out. */
const CHAIN: readonly Rung[] = [
  'whole-return',
  'reward-to-go',
  'state-baseline',
  'state-time-baseline',
  'advantage',
];
/** Rounding of sums over thousands of trajectories. */
const EXACT = 1e-10;

export const ladder: Question = {
  name: 'ladder',
  title: 'Eight estimators of one policy gradient: the same mean, and how noisy?',
  *ask(seed) {
    const small = smallWorldOf(SIZE, seed);
    const exact = ladderOf(small, DECISIONS);
    yield 0.4;
    const drawing = sampledRungs(
      small,
      exact.exact,
      exact.bestConstant,
      rungs,
      EPISODES,
      seed,
      'ladder',
    );
    let drawn = drawing.next();
    for (; !drawn.done; drawn = drawing.next()) yield 0.4 + 0.6 * drawn.value;
    return answerOf(exact, drawn.value);
  },
};

function answerOf(
  { exact, bestConstant, moments, meanError }: Ladder,
  sampled: Readonly<Record<string, SampledRung>>,
): Answer {
  const variances = rungs.map((rung) => moments[rung].totalVariance);
  const [whole] = variances;
  const least = variances[variances.length - 1];
  const best = moments['best-constant'].totalVariance;
  const inside = rungs.filter(
    (rung, i) => sampled[rung].wide.low <= variances[i] && variances[i] <= sampled[rung].wide.high,
  );
  const furthest = Math.max(...rungs.map((rung) => sampled[rung].largestZ));
  const { trajectoryCount } = moments['whole-return'];
  const chain = CHAIN.map((rung) => ({ rung, variance: moments[rung].totalVariance }));
  const falls = chain.every(({ variance }, i) => i === 0 || variance < chain[i - 1].variance);
  return {
    sentence: `All have the mean of the true gradient, to rounding; the whole return is ${(whole / least).toFixed(1)} times as noisy as the true advantage, so that it needs as many times the episodes for the same error.`,
    findings: [
      {
        claim: 'All estimators have the true gradient as their mean',
        holds: meanError <= EXACT,
        evidence: `over all ${trajectoryCount.toLocaleString('en-US')} trajectories, largest difference ${meanError.toExponential(1)} of its largest component`,
        law: true,
      },
      {
        claim: 'No constant is a better baseline of the whole return than the best one',
        holds: best <= Math.min(whole, moments['constant-baseline'].totalVariance),
        evidence: `variance ${best.toFixed(4)} with ${bestConstant.toFixed(4)}, ${moments['constant-baseline'].totalVariance.toFixed(4)} with the mean ${exact.worth.toFixed(4)}, ${whole.toFixed(4)} with none`,
        law: true,
      },
      {
        claim:
          'Causality, then baselines, then true values: each is less noisy than the one before',
        holds: falls,
        evidence: chain
          .map(({ rung, variance }) => `${rungNames[rung]} ${variance.toPrecision(3)}`)
          .join('; '),
        law: false,
      },
      {
        claim: `Variances of ${EPISODES.toLocaleString('en-US')} episodes agree with the exact ones`,
        holds: inside.length === rungs.length,
        evidence: `${inside.length} of ${rungs.length} within an interval of level 0.999; no mean is further off than ${furthest.toFixed(1)} standard errors`,
        law: false,
      },
    ],
    tables: [
      {
        title: `Total variance of one episode’s gradient, ${DECISIONS} decisions`,
        columns: [
          'estimator',
          'exact',
          'of whole return',
          'sampled',
          'low',
          'high',
          'mean off, s.e.',
        ],
        rows: rungs.map((rung, i) => [
          rungNames[rung],
          variances[i],
          variances[i] / whole,
          sampled[rung].variance.value,
          sampled[rung].variance.low,
          sampled[rung].variance.high,
          sampled[rung].largestZ,
        ]),
        note: `Sampled: the same ${EPISODES.toLocaleString('en-US')} episodes for all; low and high: 95 % interval. Mean off: the component furthest from the true gradient. The true values that some take are computed, not learned.`,
      },
    ],
    charts: [
      {
        name: 'variance',
        title: 'Noise of one episode’s gradient',
        caption:
          'Sum of the variances of its components, on an axis of ratios. Whiskers: 95 % intervals of the sampled ones.',
        kind: 'bars',
        x: { label: 'estimator' },
        y: { label: 'variance', scale: 'log' },
        series: [
          {
            name: 'exact, by enumeration',
            points: rungs.map((rung, i) => ({ x: rungNames[rung], y: variances[i] })),
          },
          {
            name: 'sampled',
            points: rungs.map((rung) => {
              const { value, low, high } = sampled[rung].variance;
              return low > 0
                ? { x: rungNames[rung], y: value, low, high }
                : { x: rungNames[rung], y: value };
            }),
          },
        ],
      },
    ],
  };
}
