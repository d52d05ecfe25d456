/** What policies come to in a changed world, as tables with intervals over seeds, and a chart. */

import {
  type AnswerTable,
  type Chart,
  type ClonedPolicy,
  meanInterval,
  type SoftAgent,
} from 'revealed';
import { rounded } from '../expertCloning/play.ts';

/** Who acts in the changed world; the names are the columns. */
export const WHO = [
  'clone',
  'unchanged',
  'planned anew',
  'planned anew, a fifth of τ',
  'true reward',
] as const;
export type Who = (typeof WHO)[number];

/** One world and seed: mean returns, likeliest actions. Who is left out was not tried. */
export interface Outcome {
  readonly world: string;
  readonly seed: number;
  readonly returns: Readonly<Partial<Record<Who, number>>>;
}

export function returnsOf(all: readonly Outcome[], world: string, who: Who): number[] {
  return all.flatMap((one) => {
    const mean = one.returns[who];
    return one.world === world && mean !== undefined ? [mean] : [];
  });
}

export function worldsOf(all: readonly Outcome[]): string[] {
  return [...new Set(all.map(({ world }) => world))];
}

/** Every seed, and the means with intervals. */
export function outcomeTables(all: readonly Outcome[], note: string): AnswerTable[] {
  return [
    {
      title: 'Every seed: mean return, likeliest actions',
      columns: ['world', 'seed', ...WHO],
      rows: all.map(({ world, seed, returns }) => [
        world,
        seed,
        ...WHO.map((who) => rounded(returns[who], 1)),
      ]),
      note,
    },
    {
      title: 'Mean over seeds, and an interval that covers it 19 times of 20 (Student)',
      columns: ['world', 'who', 'mean', 'from', 'to', 'worst seed', 'best seed'],
      rows: worldsOf(all).flatMap((world) =>
        WHO.flatMap((who) => {
          const returns = returnsOf(all, world, who);
          if (returns.length < 2) return [];
          const { value, low, high } = meanInterval(returns);
          const [worst, best] = [Math.min(...returns), Math.max(...returns)];
          return [[world, who, ...[value, low, high, worst, best].map((x) => rounded(x, 1))]];
        }),
      ),
      note: 'an interval may go beyond what a world can pay: it takes seeds for draws of a normal',
    },
  ];
}

export function outcomeChart(all: readonly Outcome[], label: string): Chart {
  const worlds = worldsOf(all);
  return {
    name: 'returns',
    title: 'What comes of the policies where the world has changed',
    caption: 'Mean over seeds, from the worst to the best.',
    kind: 'bars',
    x: { label: 'world' },
    y: { label },
    series: WHO.flatMap((who) => {
      const points = worlds.flatMap((world) => {
        const returns = returnsOf(all, world, who);
        if (returns.length === 0) return [];
        const y = returns.reduce((sum, x) => sum + x, 0) / returns.length;
        return [{ x: world, y, low: Math.min(...returns), high: Math.max(...returns) }];
      });
      return points.length === 0 ? [] : [{ name: who, points }];
    }),
  };
}

export function listed(values: readonly number[], digits = 0): string {
  return values.map((x) => x.toFixed(digits)).join(', ');
}

/**
 * A clone as what acts in several worlds at once.
 *
 * @param reach half the width of the box of its actions; null where they are numbered
 */
export function actingClone(
  policy: ClonedPolicy,
  reach: number | null,
): Pick<SoftAgent, 'act' | 'actionSize'> {
  const action = new Float64Array(1);
  return {
    actionSize: 1,
    act(observations, rows, rng, out) {
      const size = policy.data.centre.length;
      for (let row = 0; row < rows; row++) {
        policy.act(observations.subarray(row * size, (row + 1) * size), rng, action);
        out[row] = reach === null ? action[0] : action[0] / reach;
      }
    },
  };
}
