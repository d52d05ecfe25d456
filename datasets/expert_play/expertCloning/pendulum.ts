/** Which episodes, and which family of actions, a clone of the pendulum's expert needs. */

import { createRng, type HeadName, permutation, type Question } from 'revealed';
import {
  cloneOf,
  expertEpisodes,
  expertReturn,
  pendulumActions,
  pendulumReturn,
  rounded,
} from './play.ts';

const HEADS: readonly HeadName[] = ['gaussian-one-spread', 'gaussian', 'tanh-gaussian', 'mixture'];
const SEEDS = 5;
/** Seeds of the families beside the first. */
const FEWER = 3;
const GOOD = { five: -210, all: -195 };

export const pendulum: Question = {
  name: 'pendulum',
  title: 'How many episodes does a clone of the expert need to swing the pendulum up?',
  async *ask(seed) {
    const episodes = await expertEpisodes('pendulum');
    const first = (count: number) => Array.from({ length: count }, (_, i) => i);
    const jobs = [5, 56].flatMap((count) =>
      HEADS.flatMap((head, h) =>
        Array.from({ length: h === 0 ? SEEDS : FEWER }, (_, i) => ({
          head,
          seed: seed + i,
          which: first(count),
          named: `first ${count}`,
        })),
      ),
    );
    for (let i = 0; i < SEEDS; i++)
      jobs.push({
        head: HEADS[0],
        seed: seed + i,
        which: [...permutation(episodes.count, createRng(seed + i, 'any five'))].slice(0, 5),
        named: 'any 5',
      });
    const rows: (string | number | null)[][] = [];
    const returns: { named: string; head: HeadName; mean: number; perDecision: number | null }[] =
      [];
    for (const { head, seed: own, which, named } of jobs) {
      const { fit, policy, others } = cloneOf(episodes, pendulumActions, which, { head }, own);
      const { mean, near } = pendulumReturn(policy);
      const [coverage] = others?.coverage ?? [];
      returns.push({ named, head, mean, perDecision: others?.perDecision ?? null });
      rows.push([
        named,
        head,
        own,
        rounded(mean, 1),
        near,
        rounded(expertReturn(episodes, which), 0),
        fit.bestEpoch,
        rounded(fit.heldOutLogLikelihood, 4),
        rounded(others?.perDecision, 4),
        rounded(coverage?.half, 2),
        rounded(coverage?.nineTenths, 2),
      ]);
      yield rows.length / jobs.length;
    }
    const of = (named: string, head: HeadName = HEADS[0]): number[] =>
      returns.filter((r) => r.named === named && r.head === head).map(({ mean }) => mean);
    const worst = { five: Math.min(...of('first 5')), all: Math.min(...of('first 56')) };
    const any = of('any 5');
    return {
      sentence: `From its first five on: the worst of ${SEEDS} seeds comes to ${worst.five.toFixed(0)} on average over 100 starts, with all 56 to ${worst.all.toFixed(0)}; the expert to −189. Of five episodes that were drawn, others for every seed, the clones come to ${any.map((x) => x.toFixed(0)).join(', ')}: what an episode shows depends on where it begins.`,
      findings: [
        {
          claim: `With the first 5 episodes every seed reaches ${GOOD.five}`,
          holds: worst.five >= GOOD.five,
          evidence: of('first 5')
            .map((x) => x.toFixed(1))
            .join(', '),
          law: false,
        },
        {
          claim: `With all 56 every seed reaches ${GOOD.all}`,
          holds: worst.all >= GOOD.all,
          evidence: of('first 56')
            .map((x) => x.toFixed(1))
            .join(', '),
          law: false,
        },
      ],
      tables: [
        {
          title:
            'Every clone: return over 100 fixed starts (likeliest action), density per decision',
          columns: [
            'episodes',
            'family',
            'seed',
            'return',
            'starts within 50 of near-optimal',
            'return of its episodes',
            'best epoch',
            'held out',
            'other episodes',
            'in the middle half',
            'in nine tenths',
          ],
          rows,
          note: 'nothing is left to be told of other episodes where all 56 are used; the tanh-gaussian moves actions at the ends of the box inwards, so its densities cannot be compared with the others',
        },
      ],
      charts: [
        {
          name: 'returns',
          title: 'What clones of the pendulum’s expert come to',
          caption: 'Worst seed of each family, from 100 fixed starts; higher is better.',
          kind: 'bars',
          x: { label: 'family' },
          y: { label: 'return' },
          series: ['first 5', 'first 56'].map((named) => ({
            name: named,
            points: HEADS.map((head) => ({ x: head, y: Math.min(...of(named, head)) })),
          })),
          marks: [{ axis: 'y', at: -189, label: 'expert' }],
        },
      ],
    };
  },
};
