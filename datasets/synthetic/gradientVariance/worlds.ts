/** Does every rung help everywhere? The same ladder in many random worlds, exactly. */

import { type Answer, createRng, type Question, wilsonInterval } from 'revealed';
import { type Ladder, ladderOf, type Rung, rungNames } from './rungs.ts';
import { smallWorld } from './smallWorld.ts';

const WORLDS = 200;
/** Entropy is priced in every other world. */
const TEMPERATURE = 0.5;
const EXACT = 1e-10;
/** Smaller differences of two variances are rounding. */
const ROUNDING = 1e-12;

/** Which rung is said to be less noisy than which. */
const STEPS: readonly (readonly [from: Rung, to: Rung])[] = [
  ['whole-return', 'constant-baseline'],
  ['constant-baseline', 'best-constant'],
  ['whole-return', 'reward-to-go'],
  ['reward-to-go', 'state-baseline'],
  ['state-baseline', 'state-time-baseline'],
  ['reward-to-go', 'action-value'],
  ['action-value', 'advantage'],
  ['state-time-baseline', 'advantage'],
  ['whole-return', 'advantage'],
];

export const worlds: Question = {
  name: 'worlds',
  title: 'Does every rung of the ladder help in every world?',
  *ask(seed) {
    const rng = createRng(seed, 'worlds');
    const found: Ladder[] = [];
    while (found.length < WORLDS) {
      const size = {
        states: 2 + Math.floor(3 * rng()),
        actions: 2 + Math.floor(2 * rng()),
        successors: 2,
      };
      const horizon = 2 + Math.floor(3 * rng());
      const least = found.length % 4 < 2 ? 0 : -1;
      const small = smallWorld(size, rng, least);
      found.push(ladderOf(small, horizon, TEMPERATURE * (found.length % 2)));
      if (found.length % 10 === 0) yield found.length / WORLDS;
    }
    return answerOf(found);
  },
};

function answerOf(found: readonly Ladder[]): Answer {
  const meanError = Math.max(...found.map((ladder) => ladder.meanError));
  const steps = STEPS.map(([from, to]) => {
    const ratios = found
      .map(({ moments }) => moments[to].totalVariance / moments[from].totalVariance)
      .sort((a, b) => a - b);
    const added = ratios.filter((ratio) => ratio > 1 + ROUNDING).length;
    return {
      name: `${rungNames[to]} (after ${rungNames[from]})`,
      added,
      share: wilsonInterval(added, found.length),
      median: (ratios[WORLDS / 2 - 1] + ratios[WORLDS / 2]) / 2,
      worst: ratios[ratios.length - 1],
      isTheorem: to === 'best-constant',
    };
  });
  const theorem = steps.find(({ isTheorem }) => isTheorem);
  if (!theorem) throw new TypeError('Cannot answer: the best constant is not among the steps');
  const rules = steps.filter(({ isTheorem }) => !isTheorem);
  const broken = rules.filter(({ added }) => added > 0);
  const worst = broken.reduce((a, b) => (b.worst > a.worst ? b : a), rules[0]);
  const named = broken.map(({ name, added }) => `${name} ${added}`);
  return {
    sentence:
      broken.length === 0
        ? `In all ${found.length} worlds every rung is at most as noisy as the one before.`
        : `As a rule, not as a law: of ${rules.length} steps that are no theorem, ${broken.length} add noise in some of ${found.length} random worlds, at the worst ${worst.worst.toFixed(2)} times: ${worst.name}.`,
    findings: [
      {
        claim: 'All estimators have the true gradient as their mean, with and without entropy',
        holds: meanError <= EXACT,
        evidence: `in ${found.length} worlds, largest difference ${meanError.toExponential(1)} of its largest component`,
        law: true,
      },
      {
        claim: 'The best constant is no worse a baseline than the mean',
        holds: theorem.added === 0,
        evidence: `in ${found.length - theorem.added} of ${found.length} worlds`,
        law: true,
      },
      {
        claim: 'Every other step down the ladder takes noise away, in every world',
        holds: broken.length === 0,
        evidence:
          broken.length === 0
            ? `in all ${found.length} worlds`
            : `worlds in which it added some: ${named.join('; ')}`,
        law: false,
      },
    ],
    tables: [
      {
        title: `In how many of ${found.length} random worlds each step adds noise instead of taking it away`,
        columns: ['step', 'worlds', 'share', 'low', 'high', 'median ratio', 'worst ratio'],
        rows: steps.map(({ name, added, share, median, worst: most }) => [
          name,
          added,
          share.value,
          share.low,
          share.high,
          median,
          most,
        ]),
        note: `Ratio: variance after the step over that before. Low and high: Wilson's 95 % interval of the share over worlds drawn like these: 2–4 states, 2–3 actions, 2–4 decisions, rewards in [0, 1] or [−1, 1]; in every other one entropy is paid at ${TEMPERATURE}.`,
      },
    ],
    charts: [
      {
        name: 'share',
        title: 'How often each step adds noise instead of taking it away',
        caption: `Share of ${found.length} random worlds. Whiskers: 95 % intervals.`,
        kind: 'bars',
        x: { label: 'step' },
        y: { label: 'share of worlds' },
        series: [
          {
            name: 'share',
            points: steps.map(({ name, share }) => ({
              x: name,
              y: share.value,
              low: share.low,
              high: share.high,
            })),
          },
        ],
      },
    ],
  };
}
