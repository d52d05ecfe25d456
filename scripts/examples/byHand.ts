/**
 * What a study does, by hand: a world from typed arrays, a reward, a plan, the likelihood of some
 * behaviour and its gradient, and a minimiser.
 *
 * Three rooms in a row. One can step left, step right or leave from the last room; the reward has
 * one price per step, and the recorded walks say how much people minded stepping.
 */

import {
  createCriterion,
  lbfgs,
  likelihoodMoments,
  linearReward,
  type Problem,
  runToEnd,
  SoftPolicyIteration,
  terminalStop,
} from '../../src/index.ts';

// Pairs: 0 stay in room 0, 1 right; 2 left, 3 right; 4 left, 5 leave. State 3 is outside.
const mdp = {
  stateCount: 4,
  pairCount: 6,
  pairStart: Int32Array.of(0, 2, 4, 6, 6),
  transitionStart: Int32Array.of(0, 1, 2, 3, 4, 5, 6),
  nextState: Int32Array.of(0, 1, 0, 2, 1, 3),
  probability: new Float64Array(6).fill(1),
};
const features = { names: ['step'], per: 'pair' as const, values: new Float64Array(6).fill(1) };
const trajectories = {
  count: 2,
  rowStart: Int32Array.of(0, 4, 9),
  state: Int32Array.of(0, 1, 2, 3, 0, 0, 1, 2, 3),
  pair: Int32Array.of(1, 3, 5, -1, 0, 1, 3, 5, -1),
  goal: Int32Array.of(-1, -1),
  weight: Float64Array.of(1, 1),
  stopped: new Uint8Array(2),
  names: ['straight', 'with a pause'],
  folds: null,
};
const problem: Problem = {
  world: {
    mdp,
    stateNames: ['room 0', 'room 1', 'room 2', 'outside'],
    actionNames: ['stay', 'left', 'right', 'leave'],
    pairAction: Int32Array.of(0, 2, 1, 2, 1, 3),
  },
  time: { kind: 'discounted', discount: 0.95 },
  goals: [],
  features,
  trajectories,
  initial: null,
  temperature: 1,
};

const reward = linearReward(mdp, features);
const criterion = createCriterion(
  problem,
  likelihoodMoments(mdp, problem.goals, trajectories, problem.time),
);
const rewards = new Float64Array(mdp.pairCount);
const surplus = new Float64Array(mdp.pairCount);
const minimum = runToEnd(
  lbfgs.minimize(
    {
      size: 1,
      evaluate(theta, gradient) {
        reward.evaluate(theta, rewards);
        const logLikelihood = criterion.evaluate(rewards, surplus);
        reward.pullBack(theta, surplus, gradient);
        gradient[0] = -gradient[0];
        return -logLikelihood;
      },
    },
    Float64Array.of(0),
  ),
);

const planner = new SoftPolicyIteration({
  mdp,
  discount: 0.95,
  temperature: 1,
  stop: terminalStop(mdp),
});
reward.evaluate(minimum.x, rewards);
planner.plan(rewards);

export const priceOfAStep: number = minimum.x[0];
export const probabilityOfLeaving: number = planner.policy[5];

process.stdout.write(
  `A step is worth ${priceOfAStep.toFixed(3)}; from room 2 people leave with probability ` +
    `${probabilityOfLeaving.toFixed(3)} (log-likelihood ${(-minimum.value).toFixed(3)}).\n`,
);
