/** Rounds of some fits as pictures: gaps of features, and the return that nobody was shown. */

import type { Chart, SimulatedProgress } from 'revealed';

/** One fit, round by round. */
export interface Traced {
  readonly seed: number;
  readonly rounds: readonly {
    readonly progress: SimulatedProgress;
    /** Mean return in this round; null where nobody looked. */
    readonly steps: number | null;
  }[];
}

/** The gap of each feature: the mean over seeds, from the least to the greatest. */
export function gapChart(traced: readonly Traced[]): Chart {
  const names = Object.keys(traced[0].rounds[0].progress.gaps);
  return {
    name: 'gaps',
    title: 'What was demonstrated less what is expected, round by round',
    caption: `Per step; mean of ${traced.length} seeds, from the least to the greatest.`,
    kind: 'curves',
    x: { label: 'round' },
    y: { label: 'gap per step' },
    series: names.map((name) => ({
      name,
      points: traced[0].rounds.map(({ progress: { round } }, at) => {
        const gaps = traced.map(({ rounds }) => rounds[at].progress.gaps[name]);
        return {
          x: round,
          y: gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length,
          low: Math.min(...gaps),
          high: Math.max(...gaps),
        };
      }),
    })),
    marks: [{ axis: 'y', at: 0, label: 'matched' }],
  };
}

export function returnChart(
  traced: readonly Traced[],
  label: string,
  expert: number,
  caption = 'Mean of 20 episodes with drawn actions, one line a seed.',
): Chart {
  return {
    name: 'return',
    title: 'The return that nobody was shown, round by round',
    caption,
    kind: 'curves',
    x: { label: 'round' },
    y: { label },
    series: traced.map(({ seed, rounds }) => ({
      name: `seed ${seed}`,
      points: rounds.flatMap(({ progress: { round }, steps }) =>
        steps === null ? [] : [{ x: round, y: steps }],
      ),
    })),
    marks: [{ axis: 'y', at: expert, label: 'expert' }],
  };
}
