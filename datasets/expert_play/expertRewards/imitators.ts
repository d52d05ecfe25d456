/** Who tells best what the cart-pole's expert does in episodes that nobody was shown. */

import {
  cloningRows,
  compareImitators,
  type ImitatorScore,
  imitatorOf,
  imitatorOfClone,
  kernelEngine,
  type Question,
} from 'revealed';
import { cartPoleActions, cloneOf, expertEpisodes, rounded } from '../expertCloning/play.ts';
import { cartPoleFeatures, cartPoleFit, cartPoleProblem } from './cartPoleFit.ts';
import { logFit, valueFit } from './logFits.ts';

const SEEDS = 5;
const ROLLOUTS = 2;

interface Seeded {
  readonly seed: number;
  readonly table: readonly ImitatorScore[];
}

export const imitators: Question = {
  name: 'imitators',
  title: 'Shown one episode, who tells best what the expert does in the others?',
  async *ask(first) {
    const episodes = await expertEpisodes('cartpole');
    const others = Array.from({ length: episodes.count - 1 }, (_, i) => i + 1);
    const heldOut = cloningRows(episodes, cartPoleActions, others);
    const all: Seeded[] = [];
    for (let i = 0; i < SEEDS; i++) {
      const seed = first + i;
      const fit = cartPoleFit(cartPoleProblem(episodes, [0]), {}, seed);
      let next = fit.next();
      while (!next.done) {
        yield (i + (0.7 * next.value.progress.round) / 60) / SEEDS;
        next = fit.next();
      }
      const { agent } = next.value;
      const clone = cloneOf(episodes, cartPoleActions, [0], { hidden: [32, 32] }, seed);
      const values = valueFit(kernelEngine('kernels', 64), episodes, 0, seed);
      const log = logFit(episodes, [0], 'random play', seed);
      const table = compareImitators(
        [
          imitatorOfClone('clone', clone.policy),
          imitatorOf('reward, simulator', agent, cartPoleActions),
          imitatorOf('reward, log', log.policy, cartPoleActions),
          imitatorOf('values, averaged', values.averaged, cartPoleActions),
          imitatorOf('values, last', values.last, cartPoleActions),
        ],
        heldOut,
        {
          problem: cartPoleProblem(episodes, others),
          episodes: ROLLOUTS * others.length,
          starts: new Array<null>(100).fill(null),
        },
        seed,
      );
      all.push({ seed, table });
      yield (i + 1) / SEEDS;
    }
    return answerOf(all);
  },
};

function answerOf(all: readonly Seeded[]) {
  const names = all[0].table.map(({ name }) => name);
  const of = <T>(name: string, read: (one: ImitatorScore) => T): T[] =>
    all.flatMap(({ table }) => table.filter((one) => one.name === name).map(read));
  const mean = (x: readonly number[]): number => x.reduce((sum, y) => sum + y, 0) / x.length;
  const told = (name: string): number => mean(of(name, ({ scores }) => scores.perDecision));
  const played = (name: string): number =>
    mean(of(name, ({ returns }) => returns?.drawn.value ?? 0));
  const best = names.reduce((a, b) => (told(b) > told(a) ? b : a));
  const ahead = of('reward, simulator', (one) => one.ahead);
  const largest = (one: ImitatorScore): number =>
    Math.max(...(one.gaps ?? []).map(({ gap }) => Math.abs(gap)));
  return {
    sentence: `Of ${all[0].table[0].scores.decisions} decisions in episodes that nobody was shown, ${best} tells most: log-likelihood per decision ${names.map((name) => `${name} ${told(name).toFixed(3)}`).join(', ')} (chance: −0.693). Drawing their own actions they keep the pole up for ${names.map((name) => played(name).toFixed(0)).join(', ')} of 500 steps: to be told best is one thing, to be played best another.`,
    findings: [
      {
        claim:
          'The reward found in a simulator tells held-out decisions better than the clone, for every seed',
        holds: ahead.every((one) => one !== null && one.low > 0),
        evidence: ahead
          .map(
            (one) => `${one?.value.toFixed(3)} (${one?.low.toFixed(3)} to ${one?.high.toFixed(3)})`,
          )
          .join('; '),
        law: false,
      },
      {
        claim: 'Its gaps on held-out episodes are the smallest on average',
        holds: names.every(
          (name) => mean(of('reward, simulator', largest)) <= mean(of(name, largest)),
        ),
        evidence: names.map((name) => `${name} ${mean(of(name, largest)).toFixed(4)}`).join(', '),
        law: false,
      },
    ],
    tables: [
      {
        title: 'Every policy on the 56 other episodes, and its own play',
        columns: [
          'policy',
          'seed',
          'per decision',
          'ahead of the clone',
          'from',
          'to',
          'agrees',
          'calibration error',
          'likeliest',
          'drawn',
          ...cartPoleFeatures.names.map((name) => `gap ${name}`),
        ],
        rows: names.flatMap((name) =>
          all.map(({ seed, table }) => {
            const one = table.find((other) => other.name === name)!;
            return [
              name,
              seed,
              rounded(one.scores.perDecision, 4),
              rounded(one.ahead?.value, 4),
              rounded(one.ahead?.low, 4),
              rounded(one.ahead?.high, 4),
              rounded(one.scores.accuracy, 3),
              rounded(one.scores.calibration?.error, 4),
              rounded(one.returns?.likeliest.value, 1),
              rounded(one.returns?.drawn.value, 1),
              ...(one.gaps ?? []).map(({ gap }) => rounded(gap, 4)),
            ];
          }),
        ),
        note: 'The clone is not ahead of itself. Intervals are over episodes, 95 %. Gaps: (1 − γ) Σ γᵗ φ demonstrated less that of rollouts from where each episode began, γ = 0.97',
      },
    ],
    charts: [
      {
        name: 'held-out',
        title: 'Log-likelihood per decision in other episodes',
        caption: `Mean of ${SEEDS} seeds; choosing at random has −0.693.`,
        kind: 'bars' as const,
        x: { label: 'policy' },
        y: { label: 'log-likelihood per decision' },
        series: [{ name: 'held out', points: names.map((name) => ({ x: name, y: told(name) })) }],
      },
    ],
  };
}
