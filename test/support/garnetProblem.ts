/**
 * A learning problem in a world without structure, with demonstrations drawn from the soft-optimal
 * policy of a known θ.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import { randomWorld } from '../../src/environments/randomMdp.ts';
import { createRng, sampleIndex } from '../../src/numeric/rng.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { terminalStop } from '../../src/planning/softValueIteration.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';

const THETA = Float64Array.of(1.5, -1, 0.5);
const COUNT = 40;
const LENGTH = 15;

export interface GarnetOptions {
  readonly states: number;
  readonly actions: number;
  readonly successors: number;
  readonly discount: number;
}

export function garnetProblem({ discount, ...size }: GarnetOptions): Problem {
  const rng = createRng(1, 'garnet');
  const world = randomWorld(size, rng);
  const { mdp } = world;
  const features = {
    names: ['a', 'b', 'c'],
    per: 'pair',
    values: Float64Array.from({ length: 3 * mdp.pairCount }, () => (rng() < 0.3 ? 1 : 0)),
  } as const;
  const empty = {
    world,
    time: { kind: 'discounted', discount },
    goals: [],
    features,
    initial: null,
    temperature: 1,
  } as const;
  const stop = terminalStop(mdp);
  const planner = new SoftPolicyIteration({ mdp, discount, temperature: 1, stop });
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, features).evaluate(THETA, reward);
  planner.plan(reward);
  const { policy } = planner;
  const rowStart = Int32Array.from({ length: COUNT + 1 }, (_, i) => i * (LENGTH + 1));
  const state = new Int32Array(rowStart[COUNT]);
  const pair = new Int32Array(rowStart[COUNT]).fill(-1);
  for (let i = 0; i < COUNT; i++) {
    let s = Math.floor(rng() * mdp.stateCount);
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      state[row] = s;
      if (row + 1 === rowStart[i + 1]) break;
      pair[row] = sampleIndex(policy, rng, mdp.pairStart[s], mdp.pairStart[s + 1]);
      const [from, end] = [mdp.transitionStart[pair[row]], mdp.transitionStart[pair[row] + 1]];
      s = mdp.nextState[sampleIndex(mdp.probability, rng, from, end)];
    }
  }
  return {
    ...empty,
    trajectories: {
      count: COUNT,
      rowStart,
      state,
      pair,
      goal: new Int32Array(COUNT).fill(-1),
      weight: new Float64Array(COUNT).fill(1),
      stopped: new Uint8Array(COUNT),
      names: Array.from({ length: COUNT }, (_, i) => `walk ${i}`),
      folds: null,
    },
  };
}
