/** Expert iteration: what a few simulations come to when each search builds on the last. */

import { expertIteration, type Question } from 'revealed';
import { DISCOUNT, lakeOf } from './lakeWorth.ts';
import { interval, percent } from './statistics.ts';

const SEEDS = 5;
const ROUNDS = 10;

export const expertRounds: Question = {
  name: 'expert-iteration',
  title: 'Can searches of only 200 simulations teach each other to cross 8 × 8 cells of ice?',
  *ask(seed) {
    const { task, share, seen } = lakeOf('8x8');
    const experts: number[][] = Array.from({ length: ROUNDS }, () => []);
    const apprentices: number[][] = Array.from({ length: ROUNDS }, () => []);
    for (let i = 0; i < SEEDS; i++)
      for (const { iteration, choices, apprentice } of expertIteration(
        task,
        { discount: DISCOUNT, simulations: 200, iterations: ROUNDS },
        `${seed}, ${i}`,
        seen,
      )) {
        experts[iteration - 1].push(share(choices));
        apprentices[iteration - 1].push(share(apprentice.policy));
        yield (i * ROUNDS + iteration) / (SEEDS * ROUNDS);
      }
    const [first, last] = [interval(experts[0]), interval(experts[ROUNDS - 1])];
    const copied = interval(apprentices[ROUNDS - 1]);
    return {
      sentence: `Yes: alone such a search is worth ${percent(first.y)} of the optimum; after ${ROUNDS} rounds the expert is worth ${percent(last.y)} on average over ${SEEDS} seeds (worst ${percent(Math.min(...experts[ROUNDS - 1]))}), the apprentice of ${seen.names.length} weights ${percent(copied.y)}.`,
      findings: [
        {
          claim: 'The last round is better than the first for every seed',
          holds: experts[0].every((share, i) => share < experts[ROUNDS - 1][i]),
          evidence: `means ${percent(first.y)} and ${percent(last.y)}`,
          law: false,
        },
      ],
      tables: [
        {
          title: `Share of the optimum, mean of ${SEEDS} seeds`,
          columns: ['round', 'expert', 'apprentice'],
          rows: experts.map((shares, k) => [
            k + 1,
            Number(interval(shares).y.toFixed(4)),
            Number(interval(apprentices[k]).y.toFixed(4)),
          ]),
        },
      ],
      charts: [
        {
          name: 'rounds',
          title: 'Expert and apprentice, round by round',
          caption: `Mean of ${SEEDS} seeds with 95 % intervals; 200 simulations per state and round.`,
          kind: 'curves',
          x: { label: 'round' },
          y: { label: 'share of the optimum' },
          series: [
            { name: 'expert', points: points(experts) },
            { name: 'apprentice', points: points(apprentices) },
          ],
          marks: [{ axis: 'y', at: 1, label: 'optimum' }],
        },
      ],
    };
  },
};

function points(rounds: readonly number[][]) {
  return rounds.map((shares, k) => ({ x: k + 1, ...interval(shares) }));
}
