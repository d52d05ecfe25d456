/** Who tells best what the pendulum's expert does in episodes that nobody was shown. */

import {
  cloningRows,
  compareImitators,
  type ImitatorScore,
  imitatorOf,
  imitatorOfClone,
  pendulumStarts,
  type Question,
} from 'revealed';
import { cloneOf, expertEpisodes, pendulumActions, rounded } from '../expertCloning/play.ts';
import { angleFeatures, pendulumFit, pendulumProblem } from './pendulumFit.ts';

const SEEDS = 3;
const SHOWN = [0, 1, 2, 3, 4];
const ROUNDS = 60;

export const pendulumImitators: Question = {
  name: 'pendulum-imitators',
  title: 'Shown five episodes, who tells best how the expert swings the pendulum in the others?',
  async *ask(first) {
    const episodes = await expertEpisodes('pendulum');
    const others = Array.from({ length: episodes.count }, (_, i) => i).slice(SHOWN.length);
    const heldOut = cloningRows(episodes, pendulumActions, others);
    const all: { readonly seed: number; readonly table: readonly ImitatorScore[] }[] = [];
    for (let i = 0; i < SEEDS; i++) {
      const seed = first + i;
      const fit = pendulumFit(pendulumProblem(episodes, SHOWN, angleFeatures), {}, seed);
      let next = fit.next();
      while (!next.done) {
        yield (i + Math.min(0.8, (0.8 * next.value.progress.round) / ROUNDS)) / SEEDS;
        next = fit.next();
      }
      const cloneWith = (head: 'gaussian-one-spread' | 'mixture') =>
        imitatorOfClone(
          `clone, ${head}`,
          cloneOf(episodes, pendulumActions, SHOWN, { head }, seed).policy,
        );
      const table = compareImitators(
        [
          cloneWith('gaussian-one-spread'),
          cloneWith('mixture'),
          imitatorOf('reward, simulator', next.value.agent, pendulumActions),
        ],
        heldOut,
        {
          problem: pendulumProblem(episodes, others, angleFeatures),
          episodes: 2 * others.length,
          starts: pendulumStarts.map(([angle, speed]) => [angle, speed]),
        },
        seed,
      );
      all.push({ seed, table });
      yield (i + 1) / SEEDS;
    }
    const names = all[0].table.map(({ name }) => name);
    const of = (name: string, read: (one: ImitatorScore) => number): number[] =>
      all.flatMap(({ table }) => table.filter((one) => one.name === name).map(read));
    const mean = (x: readonly number[]): number => x.reduce((sum, y) => sum + y, 0) / x.length;
    const told = (name: string): number => mean(of(name, ({ scores }) => scores.perDecision));
    const played = (name: string): number =>
      mean(of(name, ({ returns }) => returns?.likeliest.value ?? 0));
    const misses = (name: string): number =>
      mean(of(name, ({ scores }) => scores.coverage?.[0].distance ?? 1));
    return {
      sentence: `Log-density per decision in ${others.length} other episodes: ${names.map((name) => `${name} ${told(name).toFixed(3)}`).join(', ')} (uniform on the box: ${(-Math.log(4)).toFixed(3)}). From the hundred fixed starts their likeliest actions come to ${names.map((name) => played(name).toFixed(0)).join(', ')}.`,
      findings: [
        {
          claim: 'The reward found in a simulator plays better than either clone, for every seed',
          holds: all.every(({ table }) => {
            const [one, other, own] = table.map(({ returns }) => returns?.likeliest.value ?? 0);
            return own > Math.max(one, other);
          }),
          evidence: names
            .map(
              (name) =>
                `${name} ${of(name, ({ returns }) => returns?.likeliest.value ?? 0)
                  .map((x) => x.toFixed(0))
                  .join(', ')}`,
            )
            .join('; '),
          law: false,
        },
        {
          claim: 'It tells held-out decisions better than the Gaussian clone, for every seed',
          holds: all.every(({ table }) => (table[2].ahead?.low ?? 0) > 0),
          evidence: all
            .map(
              ({ table: [, , { ahead }] }) =>
                `${ahead?.value.toFixed(3)} (${ahead?.low.toFixed(3)} to ${ahead?.high.toFixed(3)})`,
            )
            .join('; '),
          law: false,
        },
      ],
      tables: [
        {
          title: 'Every policy on the other episodes, and its own play',
          columns: [
            'policy',
            'seed',
            'per decision',
            'ahead of the first',
            'from',
            'to',
            'in the middle half',
            'in nine tenths',
            'distance',
            'likeliest',
            'drawn',
            ...angleFeatures.names.flatMap((name) => [`gap ${name}`, 'its error']),
          ],
          rows: names.flatMap((name) =>
            all.map(({ seed, table }) => {
              const one = table.find((other) => other.name === name)!;
              const [coverage] = one.scores.coverage ?? [];
              return [
                name,
                seed,
                rounded(one.scores.perDecision, 4),
                rounded(one.ahead?.value, 4),
                rounded(one.ahead?.low, 4),
                rounded(one.ahead?.high, 4),
                rounded(coverage?.half, 2),
                rounded(coverage?.nineTenths, 2),
                rounded(coverage?.distance, 3),
                rounded(one.returns?.likeliest.value, 1),
                rounded(one.returns?.drawn.value, 1),
                ...(one.gaps ?? []).flatMap(({ gap, error }) => [
                  rounded(gap, 4),
                  rounded(error, 4),
                ]),
              ];
            }),
          ),
          note: 'The first is not ahead of itself. Intervals are over episodes, 95 %. One action in fourteen lies at an end of the box, where a squashed density depends on how far inwards it is taken. Gaps: per step, γ = 0.97',
        },
      ],
      charts: [
        {
          name: 'coverage',
          title: 'How far probabilities are from what they say',
          caption: `Largest distance between Pr(A ≤ a) in other episodes and uniform; mean of ${SEEDS} seeds, smaller is better.`,
          kind: 'bars',
          x: { label: 'policy' },
          y: { label: 'distance' },
          series: [
            { name: 'held out', points: names.map((name) => ({ x: name, y: misses(name) })) },
          ],
        },
      ],
    };
  },
};
