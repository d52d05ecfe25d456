/** How many episodes of CartPole a network needs to balance the pole as the expert does. */

import { createRng, permutation, type Question } from 'revealed';
import { cartPoleActions, cartPoleReturn, cloneOf, expertEpisodes, rounded } from './play.ts';

const SEEDS = 5;
const COUNTS = [1, 4, 10, 57];
/** What is asked of every seed from 4 episodes on, and of the median with 1. */
const GOOD = { every: 465, median: 450 };

export const cartPole: Question = {
  name: 'cart-pole',
  title: 'How many episodes does a clone of the expert need to balance the pole?',
  async *ask(seed) {
    const episodes = await expertEpisodes('cartpole');
    const rows: (string | number | null)[][] = [];
    const returns: number[][] = COUNTS.map(() => []);
    for (let k = 0; k < COUNTS.length; k++)
      for (let i = 0; i < SEEDS; i++) {
        const drawn = createRng(seed + i, `${COUNTS[k]} demonstrations`);
        const which = [...permutation(episodes.count, drawn)].slice(0, COUNTS[k]);
        const options = { hidden: [32, 32] };
        const { fit, policy, others } = cloneOf(
          episodes,
          cartPoleActions,
          which,
          options,
          seed + i,
        );
        const score = cartPoleReturn(policy, seed + i);
        returns[k].push(score);
        rows.push([
          COUNTS[k],
          seed + i,
          rounded(score, 1),
          fit.bestEpoch,
          fit.splitBy,
          rounded(fit.heldOutLogLikelihood, 4),
          rounded(others?.perDecision, 4),
          rounded(others?.accuracy, 3),
          rounded(others?.calibration?.error, 4),
        ]);
        yield rows.length / (COUNTS.length * SEEDS);
      }
    const least = returns.map((scores) => Math.min(...scores));
    const median = [...returns[0]].sort((a, b) => a - b)[Math.floor(SEEDS / 2)];
    return {
      sentence: `With four, the worst of ${SEEDS} seeds keeps the pole up for ${least[1].toFixed(0)} of 500 steps on average; with one episode the median is ${median.toFixed(0)}, the worst ${least[0].toFixed(0)}. The expert itself, which draws its actions, comes to 473.`,
      findings: [
        {
          claim: `With 4, 10 and 57 episodes every seed reaches ${GOOD.every}`,
          holds: least.slice(1).every((score) => score >= GOOD.every),
          evidence: `worst ${least
            .slice(1)
            .map((score) => score.toFixed(1))
            .join(', ')}`,
          law: false,
        },
        {
          claim: `With 1 episode the median reaches ${GOOD.median}`,
          holds: median >= GOOD.median,
          evidence: returns[0].map((score) => score.toFixed(0)).join(', '),
          law: false,
        },
      ],
      tables: [
        {
          title:
            'Every clone: steps of 100 episodes (likeliest action), and likelihood per decision',
          columns: [
            'episodes',
            'seed',
            'steps',
            'best epoch',
            'held out by',
            'held out',
            'other episodes',
            'agrees',
            'calibration error',
          ],
          rows,
          note: 'held out: the part that says when to stop; other episodes: those that were not used at all, of which there are none where all 57 are',
        },
      ],
      charts: [
        {
          name: 'steps',
          title: 'How long a clone keeps the pole up',
          caption: `Mean of ${SEEDS} seeds, from the worst to the best; 100 episodes each.`,
          kind: 'curves',
          x: { label: 'episodes of the expert', scale: 'log' },
          y: { label: 'steps' },
          series: [
            {
              name: 'clone',
              points: returns.map((scores, k) => ({
                x: COUNTS[k],
                y: scores.reduce((sum, x) => sum + x, 0) / SEEDS,
                low: Math.min(...scores),
                high: Math.max(...scores),
              })),
            },
          ],
          marks: [{ axis: 'y', at: 473, label: 'expert' }],
        },
      ],
    };
  },
};
