/**
 * Where neither ε-greedy nor Boltzmann exploration helps: DeepSea, whose treasure is found by one in 2ᴺ
 * paths. Whoever decides step by step at random needs about 2ᴺ episodes,
 *
 *   Pr(first find in episode n) = p (1 − p)ⁿ⁻¹,   p = 2⁻ᴺ
 *
 * and soft values of a world that has paid nothing yet say no more than hard ones.
 *
 * Episodes until the first find: medians over seeds, with 95 % intervals of order statistics, as some
 * seeds find nothing in the time they have.
 */

import {
  type Answer,
  type ChartPoint,
  createRng,
  deepSea,
  type Estimate,
  type Finding,
  medianInterval,
  type Question,
  TabularSimulator,
  tabularLearning,
  wilsonInterval,
} from 'revealed';
import type { Learner } from './corridorTrials.ts';
import { range } from './words.ts';

export interface DeepSeaSize {
  readonly seeds: number;
  /** Episodes after which a search is given up. */
  readonly episodes: number;
  /** N, ascending. */
  readonly sizes: readonly number[];
}

export const deepSeaExploration: Question = {
  name: 'deep-sea',
  title: 'And where one in 2ᴺ paths pays? The honest negative: DeepSea',
  ask: (seed) => dive({ seeds: 20, episodes: 8000, sizes: [4, 6, 8, 10, 12, 16] }, seed),
};

interface Diver extends Learner {
  /** Whether it decides step by step by what was paid so far, and chance. */
  readonly undirected: boolean;
  /** Whether it is in the figure, which has room for a few. */
  readonly isDrawn: boolean;
}

const DIVERS: readonly Diver[] = [
  ...[0.1, 1].map(
    (epsilon): Diver => ({
      name: epsilon === 1 ? 'at random (ε 1)' : `ε-greedy ${epsilon}`,
      options: { exploration: { kind: 'epsilon-greedy', epsilon } },
      undirected: true,
      isDrawn: false,
    }),
  ),
  ...[0.01, 0.1].map(
    (temperature): Diver => ({
      name: `soft Q-learning, τ ${temperature}`,
      options: { method: 'soft-q-learning', prior: 'uniform', temperature },
      undirected: true,
      isDrawn: temperature === 0.1,
    }),
  ),
  {
    name: 'count bonus 0.1',
    options: { exploration: { kind: 'count-bonus', bonus: 0.1 } },
    undirected: false,
    isDrawn: true,
  },
  {
    name: 'ε-greedy 0.1, every value 1 at first',
    options: { start: 1, exploration: { kind: 'epsilon-greedy', epsilon: 0.1 } },
    undirected: false,
    isDrawn: true,
  },
  {
    name: 'soft Q-learning, τ 0.01, every value 1 at first',
    options: { start: 1, method: 'soft-q-learning', prior: 'uniform', temperature: 0.01 },
    undirected: false,
    isDrawn: true,
  },
];

interface Depth {
  readonly diver: Diver;
  readonly size: number;
  /** Episodes until the first find; infinite where there was none. */
  readonly median: Estimate;
  readonly share: Estimate;
}

export function* dive(
  { seeds, episodes, sizes }: DeepSeaSize,
  seed: number,
): Generator<number, Answer, undefined> {
  const depths: Depth[] = [];
  const trials = DIVERS.length * sizes.length * seeds;
  let done = 0;
  for (const diver of DIVERS)
    for (const size of sizes) {
      const found: number[] = [];
      for (let i = 0; i < seeds; i++) {
        found.push(firstFind(diver, size, episodes, `${seed}, ${i}`));
        yield ++done / trials;
      }
      depths.push({
        diver,
        size,
        median: medianInterval(found),
        share: wilsonInterval(found.filter(Number.isFinite).length, seeds),
      });
    }
  const deepest = sizes[sizes.length - 1];
  const atDepth = depths.filter(({ size }) => size === deepest);
  const undirected = atDepth.filter(({ diver }) => diver.undirected);
  const bonus = atDepth.find(({ diver }) => diver.name.startsWith('count bonus'));
  const findings = findingsOf(depths, deepest, episodes);
  return {
    sentence: [
      `In a sea ${deepest} deep, ${most(undirected)} of ${seeds} seeds find the treasure within ${episodes} episodes by`,
      `ε-greedy or Boltzmann choice, at whichever setting (a random path finds it with probability ${(2 ** -deepest).toPrecision(2)});`,
      `with a bonus for rare choices ${bonus ? Math.round(bonus.share.value * seeds) : 0} do.`,
    ].join(' '),
    findings,
    tables: [
      {
        title: `Episodes until the treasure is found first: median of ${seeds} seeds`,
        columns: ['learner', ...sizes.map((size) => `N = ${size}`)],
        rows: [
          ...DIVERS.map((diver) => [
            diver.name,
            ...depths.filter((d) => d.diver === diver).map(({ median }) => finite(median.value)),
          ]),
          ['at random, exactly', ...sizes.map((size) => medianAtRandom(size))],
        ],
        note: `Missing where half of the seeds or more found nothing in ${episodes} episodes. No discount; a step size of 1, as nothing is left to chance there; values of 0 at first unless said otherwise.`,
      },
      {
        title: `Share of ${seeds} seeds that find it within ${episodes} episodes, with 95 % intervals`,
        columns: ['learner', ...sizes.map((size) => `N = ${size}`)],
        rows: DIVERS.map((diver) => [
          diver.name,
          ...depths
            .filter((d) => d.diver === diver)
            .map(({ share }) => `${share.value.toFixed(2)} (${range(share)})`),
        ]),
      },
    ],
    charts: [
      {
        name: 'depth',
        title: 'Episodes until the treasure is found, by the depth of the sea',
        caption: `Median of ${seeds} seeds with 95 % intervals, as far as it was found within ${episodes} episodes. Episodes are on a logarithmic axis, so that a straight line is exponential growth: chance doubles with every step of depth.`,
        kind: 'curves',
        x: { label: 'depth N' },
        y: { label: 'episodes', scale: 'log' },
        series: [
          ...DIVERS.filter(({ isDrawn }) => isDrawn)
            .map((diver) => ({
              name: diver.name,
              points: depths.filter((d) => d.diver === diver).flatMap(pointOf),
            }))
            .filter(({ points }) => points.length > 0),
          {
            name: 'at random, exactly',
            points: sizes.map((size) => ({ x: size, y: medianAtRandom(size) })),
          },
        ],
        marks: [{ axis: 'y', at: episodes, label: 'given up' }],
      },
    ],
  };
}

/** The first episode that ends with the treasure; infinite where none of them does. */
function firstFind({ options }: Learner, size: number, episodes: number, seed: string): number {
  const simulator = new TabularSimulator(deepSea({ size, seed }), createRng(seed, 'outcomes'));
  const learning = tabularLearning(simulator, {
    discount: 1,
    stepSize: 1,
    ...options,
    episodes,
    seed,
  });
  // the way costs 0.01 in all, the treasure is 1
  for (const { episode, return: paid } of learning) if (paid > 0.5) return episode;
  return Number.POSITIVE_INFINITY;
}

/** The median of a geometric distribution with success probability 2⁻ᴺ. */
function medianAtRandom(size: number): number {
  return Math.ceil(-Math.LN2 / Math.log1p(-(2 ** -size)));
}

function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

function pointOf({ size, median }: Depth): ChartPoint[] {
  if (!Number.isFinite(median.value)) return [];
  const { value, low, high } = median;
  return [{ x: size, y: value, ...(Number.isFinite(high) ? { low, high } : {}) }];
}

function most(depths: readonly Depth[]): string {
  const shares = depths.map(({ share }) => share.value);
  const largest = Math.max(...shares);
  return largest === 0 ? 'none' : `at most ${(100 * largest).toFixed(0)} %`;
}

function findingsOf(depths: readonly Depth[], deepest: number, episodes: number): Finding[] {
  const deep = depths.filter(({ size }) => size === deepest);
  const find = (name: string): Depth[] => deep.filter(({ diver }) => diver.name.startsWith(name));
  const [[random], [bonus]] = [find('at random'), find('count bonus')];
  const bestSoft = find('soft')
    .filter(({ diver }) => diver.undirected)
    .reduce((best, d) => (d.share.value > best.share.value ? d : best));
  const optimists = deep.filter(({ diver }) => diver.options.start === 1);
  const said = ({ diver, share }: Depth): string => `${diver.name}: ${range(share)}`;
  return [
    {
      claim: `Soft Q-learning finds the treasure of a sea ${deepest} deep more often than chance`,
      holds: bestSoft.share.low > random.share.high,
      evidence: `share of seeds within ${episodes} episodes: ${said(bestSoft)}; ${said(random)}`,
      law: false,
    },
    {
      claim: 'A bonus for rare choices finds it more often than soft Q-learning',
      holds: bonus.share.low > bestSoft.share.high,
      evidence: `${said(bonus)}; ${said(bestSoft)}`,
      law: false,
    },
    {
      claim: 'Optimism at the start is enough, whatever the rule of choice',
      holds: optimists.every(({ share }) => share.low > bestSoft.share.high),
      evidence: optimists.map(said).join('; '),
      law: false,
    },
  ];
}
