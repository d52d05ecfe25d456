/**
 * Tree search on slippery ice: one search from each state, the policy that results evaluated exactly,
 * then distilled, into one weight for each pair and into 44 that
 * only see what is near, where choices weigh what is at stake; as published, with
 * one change, and with both.
 */

import {
  type Answer,
  distillPolicy,
  type Mdp,
  type Question,
  type SearchedPolicy,
  searchPolicy,
  type UctOptions,
} from 'revealed';
import { DISCOUNT, type Lake, lakeOf } from './lakeWorth.ts';
import { mean, percent } from './statistics.ts';

const SEEDS = 20;

/** Of the optimum, by seed. */
interface Shares {
  readonly name: string;
  readonly searched: readonly number[];
  /** With one weight for each pair. */
  readonly distilled: readonly number[];
  /** With the features that are seen. */
  readonly summed: readonly number[];
}

interface Variant {
  readonly name: string;
  readonly options: Omit<UctOptions, 'discount' | 'simulations'>;
}

const OURS: Variant = { name: 'states, maxima', options: {} };
/** Random play beyond 100 steps is worth nothing; means want to explore less. */
const OTHERS: readonly Variant[] = [
  {
    name: 'steps, returns (as published)',
    options: { nodes: 'steps', backUp: 'returns', exploration: 1, depth: 100 },
  },
  {
    name: 'states, returns',
    options: { backUp: 'returns', exploration: 1, depth: 100 },
  },
  { name: 'steps, maxima', options: { nodes: 'steps', exploration: 10, depth: 100 } },
];

export const smallLake: Question = {
  name: 'small-lake',
  title: 'Does tree search find the way across 4 × 4 cells of ice, and what of it matters?',
  ask: (seed) => askLake('4x4', 2000, OTHERS, seed),
};

export const largeLake: Question = {
  name: 'large-lake',
  title: 'Does tree search find the way across 8 × 8 cells of ice?',
  ask: (seed) => askLake('8x8', 5000, [], seed),
};

function* askLake(
  map: '4x4' | '8x8',
  simulations: number,
  others: readonly Variant[],
  seed: number,
): Generator<number, Answer> {
  const lake = lakeOf(map);
  const runs = SEEDS * (1 + others.length);
  const { mdp } = lake.task.world;
  const shares: Shares[] = [];
  for (const { name, options } of [OURS, ...others]) {
    const searched: number[] = [];
    const distilled: number[] = [];
    const summed: number[] = [];
    for (let i = 0; i < SEEDS; i++) {
      const settings = { discount: DISCOUNT, simulations, ...options };
      const found = finished(searchPolicy(lake.task, settings, `${seed}, ${i}`));
      const { policy } = found;
      searched.push(lake.share(policy));
      distilled.push(lake.share(distillPolicy(mdp, policy).policy));
      summed.push(lake.share(distillPolicy(mdp, stakes(mdp, found), lake.seen).policy));
      yield (shares.length * SEEDS + i + 1) / runs;
    }
    shares.push({ name, searched, distilled, summed });
  }
  return answerOf(lake, simulations, shares);
}

/** [pairs] the choices, each weighing what it is better than choosing at random; 1 on average. */
function stakes({ stateCount, pairCount, pairStart }: Mdp, found: SearchedPolicy): Float64Array {
  const weight = new Float64Array(pairCount);
  let total = 0;
  let states = 0;
  for (let s = 0; s < stateCount; s++) {
    const [first, end] = [pairStart[s], pairStart[s + 1]];
    if (first === end) continue;
    const values = [...found.actionValue.subarray(first, end)];
    const gain = Math.max(...values) - mean(values);
    for (let pair = first; pair < end; pair++) weight[pair] = found.policy[pair] * gain;
    total += gain;
    states++;
  }
  return weight.map((w) => (w * states) / total);
}

function finished(search: Generator<number, SearchedPolicy>): SearchedPolicy {
  for (;;) {
    const next = search.next();
    if (next.done) return next.value;
  }
}

function answerOf({ task, seen }: Lake, simulations: number, shares: readonly Shares[]): Answer {
  const [{ searched, distilled, summed }, ...others] = shares;
  const few = summed.map((share, i) => share / searched[i]);
  const kept = distilled.map((share, i) => share / searched[i]);
  const worst = Math.min(...searched);
  const deciding = task.world.mdp.pairStart.filter((first, s, all) => first < all[s + 1]).length;
  return {
    sentence: `Yes: ${simulations.toLocaleString('en')} simulations from each of ${deciding} states give at least ${percent(worst)} of the optimum in ${SEEDS} seeds, and the policy distilled from the choices keeps at least ${percent(Math.min(...kept))} of that; squeezed into ${seen.names.length} weights, ${percent(mean(few))} on average.${
      others.length === 0
        ? ''
        : ` As published it gets ${percent(mean(others[0].searched))} on average with as many simulations, and ${percent(Math.min(...others[0].searched))} at worst.`
    }`,
    findings: [
      {
        claim: 'Searched once per state, the policy is within 5 % of the optimum for every seed',
        holds: worst >= 0.95,
        evidence: `worst ${percent(worst)}, mean ${percent(mean(searched))}`,
        law: false,
      },
      {
        claim: 'The distilled policy keeps 95 % of that for every seed',
        holds: Math.min(...kept) >= 0.95,
        evidence: `worst ${percent(Math.min(...kept))}`,
        law: false,
      },
      {
        claim: `So does one of ${seen.names.length} weights`,
        holds: Math.min(...few) >= 0.95,
        evidence: `worst ${percent(Math.min(...few))}, mean ${percent(mean(few))}`,
        law: false,
      },
    ],
    tables: [
      {
        title: 'Share of the optimum, by seed',
        columns: [
          'seed',
          ...shares.map(({ name }) => name),
          'distilled',
          `in ${seen.names.length} weights`,
        ],
        rows: searched.map((_, i) => [
          i,
          ...shares.map((variant) => rounded(variant.searched[i])),
          rounded(distilled[i]),
          rounded(summed[i]),
        ]),
      },
    ],
    charts: [
      {
        name: 'seeds',
        title: 'What searching once per state is worth, by seed',
        caption: 'Share of the optimum from the start, evaluated exactly.',
        kind: 'curves',
        x: { label: 'seed' },
        y: { label: 'share of the optimum' },
        series: shares.map((variant) => ({
          name: variant.name,
          points: variant.searched.map((y, x) => ({ x, y })),
        })),
        marks: [{ axis: 'y', at: 0.95, label: '95 %' }],
      },
    ],
  };
}

function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
