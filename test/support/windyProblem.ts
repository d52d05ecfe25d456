/**
 * A learning problem on a windy grid of 10 × 10 cells with gusts, with demonstrations drawn from the
 * soft-optimal policy of a known θ, from anywhere, for 40 decisions or to the goal.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import { windyGrid } from '../../src/environments/tabular/textbookGrids.ts';
import { createRng, sampleIndex } from '../../src/numeric/rng.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { terminalStop } from '../../src/planning/softValueIteration.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';

const THETA = Float64Array.of(1, -0.8, 0.5);
const WIND = [0, 0, 0, 1, 1, 1, 2, 2, 1, 0];
const DISCOUNT = 0.9;
const COUNT = 60;
const MOST = 40;

export function windyProblem(): Problem {
  const rng = createRng(1, 'windy');
  const { world } = windyGrid({ height: 10, wind: WIND, stochastic: true });
  const { mdp } = world;
  const values = new Float64Array(3 * mdp.pairCount);
  for (let s = 0; s < mdp.stateCount; s++)
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
      values.set([(s % 10) / 9, WIND[s % 10] / 2, pair === mdp.pairStart[s] ? 1 : 0], 3 * pair);
  const features = { names: ['east', 'wind', 'first action'], per: 'pair', values } as const;
  const stop = terminalStop(mdp);
  const planner = new SoftPolicyIteration({ mdp, discount: DISCOUNT, temperature: 1, stop });
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(THETA, reward);
  planner.plan(reward);
  const walks = Array.from({ length: COUNT }, () => {
    let s = sampleIndex(new Float64Array(mdp.stateCount).fill(1), rng);
    while (mdp.pairStart[s] === mdp.pairStart[s + 1]) s = Math.floor(rng() * mdp.stateCount);
    const [state, pair] = [[s], [] as number[]];
    while (mdp.pairStart[s] < mdp.pairStart[s + 1] && pair.length < MOST) {
      const chosen = sampleIndex(planner.policy, rng, mdp.pairStart[s], mdp.pairStart[s + 1]);
      const [from, end] = [mdp.transitionStart[chosen], mdp.transitionStart[chosen + 1]];
      s = mdp.nextState[sampleIndex(mdp.probability, rng, from, end)];
      pair.push(chosen);
      state.push(s);
    }
    return { state, pair: [...pair, -1] };
  });
  const rowStart = new Int32Array(COUNT + 1);
  walks.forEach(({ state }, i) => {
    rowStart[i + 1] = rowStart[i] + state.length;
  });
  return {
    world,
    time: { kind: 'discounted', discount: DISCOUNT },
    goals: [],
    features,
    initial: null,
    temperature: 1,
    trajectories: {
      count: COUNT,
      rowStart,
      state: Int32Array.from(walks.flatMap(({ state }) => state)),
      pair: Int32Array.from(walks.flatMap(({ pair }) => pair)),
      goal: new Int32Array(COUNT).fill(-1),
      weight: new Float64Array(COUNT).fill(1),
      stopped: new Uint8Array(COUNT),
      names: walks.map((_, i) => `walk ${i}`),
      folds: null,
    },
  };
}
