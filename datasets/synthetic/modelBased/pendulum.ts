/** Cross-entropy planning for the pendulum, in its equations and in learned ones. */

import {
  type AheadPlanner,
  actAhead,
  createRng,
  crossEntropyPlanning,
  modelOfSimulator,
  Pendulum,
  pendulumStarts,
  type Question,
  randomShooting,
} from 'revealed';
import { learnedPendulum, TRANSITIONS } from './learnedModels.ts';
import { mean } from './statistics.ts';

/** As many of the fixed starts as planning has time for. */
export const starts = pendulumStarts.slice(0, 20);
const PLANS = { horizon: 30, samples: 50, elites: 5, rounds: 3 };
const ENOUGH = -170;

export const pendulum: Question = {
  name: 'pendulum',
  title: 'Does cross-entropy planning swing the pendulum up, in its equations and in learned ones?',
  *ask(seed) {
    const planners: Record<string, (i: number) => AheadPlanner<Float64Array>> = {
      'true equations': (i) => planner(modelOfSimulator(new Pendulum()), i),
      'true equations, random shooting': (i) =>
        randomShooting(
          modelOfSimulator(new Pendulum()),
          { horizon: PLANS.horizon, samples: PLANS.samples * PLANS.rounds },
          createRng(seed, `plans ${i}`),
        ),
      'learned, with the sine': (i) => planner(withSine, i),
      'learned, plainly linear': (i) => planner(plain, i),
    };
    const planner = (model: typeof withSine, i: number) =>
      crossEntropyPlanning(model, PLANS, createRng(seed, `plans ${i}`));
    const withSine = learnedPendulum(seed, true);
    const plain = learnedPendulum(seed, false);
    const names = Object.keys(planners);
    const returns: number[][] = names.map(() => []);
    for (let i = 0; i < starts.length; i++)
      for (let k = 0; k < names.length; k++) {
        const [angle, speed] = starts[i];
        const episode = actAhead(planners[names[k]](i), new Pendulum(), [angle, speed]);
        returns[k].push(episode.return);
        yield (i * names.length + k + 1) / (starts.length * names.length);
      }
    const near = starts.map(([, , known]) => known);
    const means = returns.map(mean);
    return {
      sentence: `Yes: planning in the equations gets ${means[0].toFixed(1)} on average over ${near.length} starts, a near-optimal controller ${mean(near).toFixed(1)}. A model linear in speed, torque and the sine of the angle, learned from ${TRANSITIONS.toLocaleString('en')} random steps, gets ${means[2].toFixed(1)}; one without the sine ${means[3].toFixed(1)}: gravity is not linear in the angle.`,
      findings: [
        {
          claim: `In the true equations the mean return is at least ${ENOUGH}`,
          holds: means[0] >= ENOUGH,
          evidence: means[0].toFixed(2),
          law: false,
        },
        {
          claim: `In the learned model with the sine it is at least ${ENOUGH} too`,
          holds: means[2] >= ENOUGH,
          evidence: means[2].toFixed(2),
          law: false,
        },
      ],
      tables: [
        {
          title: 'Returns by start',
          columns: ['start', 'near-optimal', ...names],
          rows: [
            ...near.map((known, i) => [
              i,
              Number(known.toFixed(1)),
              ...returns.map((x) => Number(x[i].toFixed(1))),
            ]),
            ['mean', Number(mean(near).toFixed(1)), ...means.map((x) => Number(x.toFixed(1)))],
          ],
        },
      ],
      charts: [
        {
          name: 'returns',
          title: 'Mean return by model and planner',
          caption: `${near.length} fixed starts, 200 steps each; nearer to 0 is better.`,
          kind: 'bars',
          x: { label: 'planner' },
          y: { label: 'mean return' },
          series: [{ name: 'mean return', points: names.map((x, k) => ({ x, y: means[k] })) }],
          marks: [{ axis: 'y', at: mean(near), label: 'near-optimal' }],
        },
      ],
    };
  },
};
