/** Planning in dynamics that were counted from random steps on the ice. */

import {
  countedDynamics,
  createRng,
  type Question,
  type Rollout,
  rollout,
  TabularSimulator,
  type TabularTask,
  uniformPolicy,
  valueIteration,
} from 'revealed';
import { DISCOUNT, lakeOf } from './lakeWorth.ts';
import { interval, percent } from './statistics.ts';

const SEEDS = 10;
const STEPS = [200, 2000, 20_000, 200_000];
const MODELS = [
  ['as seen', { smoothing: 0 }],
  ['smoothed', { smoothing: 1 }],
  ['over all states', { smoothing: 0.1, successors: 'all' }],
] as const;

export const counted: Question = {
  name: 'counted',
  title: 'How many random steps make a model of the 4 × 4 ice that is good enough to plan in?',
  *ask(seed) {
    const { task, share } = lakeOf('4x4');
    const shares = MODELS.map(() => STEPS.map((): number[] => []));
    for (let i = 0; i < SEEDS; i++)
      for (let k = 0; k < STEPS.length; k++) {
        const seen = randomEpisodes(task, STEPS[k], `${seed}, ${i}`);
        MODELS.forEach(([, options], m) => {
          const model = countedDynamics(task.world, seen, options).task;
          const { greedy } = valueIteration(model.world.mdp, model.reward, { discount: DISCOUNT });
          const policy = new Float64Array(task.world.mdp.pairCount);
          for (const pair of greedy) if (pair >= 0) policy[pair] = 1;
          shares[m][k].push(share(policy));
        });
        yield (i * STEPS.length + k + 1) / (SEEDS * STEPS.length);
      }
    const [early, late] = [interval(shares[0][1]), interval(shares[0][STEPS.length - 1])];
    return {
      sentence: `After 2,000 random steps the plan is worth ${percent(early.y)} of the optimum on average, after 200,000 ${percent(late.y)}. Random steps from the start seldom reach the far side, and only there does the ice pay.`,
      findings: [
        {
          claim: 'The more steps, the better the plan',
          holds: shares[0].every(
            (now, k) => k === 0 || interval(now).y >= interval(shares[0][k - 1]).y,
          ),
          evidence: shares[0].map((x, k) => `${STEPS[k]}: ${percent(interval(x).y)}`).join(', '),
          law: false,
        },
      ],
      tables: [
        {
          title: `Share of the optimum, mean of ${SEEDS} seeds`,
          columns: ['random steps', ...MODELS.map(([name]) => name)],
          rows: STEPS.map((steps, k) => [
            steps,
            ...shares.map((byStep) => Number(interval(byStep[k]).y.toFixed(4))),
          ]),
        },
      ],
      charts: [
        {
          name: 'steps',
          title: 'What a plan in a counted model is worth',
          caption: `Mean of ${SEEDS} seeds with 95 % intervals; evaluated exactly in the true world.`,
          kind: 'curves',
          x: { label: 'random steps', scale: 'log' },
          y: { label: 'share of the optimum' },
          series: MODELS.map(([name], m) => ({
            name,
            points: STEPS.map((x, k) => ({ x, ...interval(shares[m][k]) })),
          })),
          marks: [{ axis: 'y', at: 1, label: 'optimum' }],
        },
      ],
    };
  },
};

function randomEpisodes(task: TabularTask, steps: number, seed: string): Rollout[] {
  const simulator = new TabularSimulator(task, createRng(seed, 'outcomes'));
  const rngs = { startRng: createRng(seed, 'starts'), actionRng: createRng(seed, 'actions') };
  const policy = uniformPolicy(task.world.mdp);
  const seen: Rollout[] = [];
  for (let done = 0; done < steps; done += seen[seen.length - 1].length)
    seen.push(rollout(simulator, policy, { ...rngs, maxSteps: steps - done }));
  return seen;
}
