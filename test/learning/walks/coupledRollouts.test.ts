import { expect, test } from 'vitest';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { createCoupledRollouts } from '../../../src/learning/walks/coupledRollouts.ts';
import {
  layersOfTime,
  oneLayer,
  type SteppedWorld,
} from '../../../src/learning/walks/layeredWalk.ts';
import { createSoftQLearner } from '../../../src/learning/walks/softQLearner.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { createFiniteHorizon } from '../../../src/planning/finiteHorizon.ts';
import { SoftPolicyIteration } from '../../../src/planning/softPolicyIteration.ts';
import { terminalStop } from '../../../src/planning/softValueIteration.ts';
import { rewardAt } from '../../../src/rewards/linearReward.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const discount = 0.8;
const problem = gridProblem({ kind: 'discounted', discount }, 2);
const { world, features } = problem;
const { mdp } = world;
const reward = rewardAt(problem, problem.theta);

function stepped(layers: SteppedWorld['layers']): SteppedWorld {
  const task = {
    world,
    outcomes: {
      start: mdp.transitionStart,
      to: mdp.nextState,
      probability: mdp.probability,
      reward: new Float64Array(mdp.nextState.length),
    },
    reward: new Float64Array(mdp.pairCount),
    initial: new Float64Array(mdp.stateCount).fill(1),
    timeLimit: Number.POSITIVE_INFINITY,
  };
  return { pairStart: mdp.pairStart, layers, simulate: (rng) => new TabularSimulator(task, rng) };
}

/** Q(s, a) of the soft-optimal plan for a reward. */
function exactActionValue(r: Float64Array): Float64Array {
  const planner = new SoftPolicyIteration({
    mdp,
    discount,
    temperature: 1,
    stop: terminalStop(mdp),
  });
  planner.plan(r);
  return r.map((paid, pair) => {
    let ahead = 0;
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      ahead += mdp.probability[k] * planner.value[mdp.nextState[k]];
    return paid + discount * ahead;
  });
}

test('coupledRollouts average to the score of a decision, ∇ log π by central differences', () => {
  const actionValue = exactActionValue(reward);
  const size = 3;
  const rollOut = createCoupledRollouts(
    stepped(oneLayer),
    { discount, temperature: 1, actionValue, rows: features.values, size },
    createRng(2, 'rollouts'),
  );
  const [state, choice, step] = [6, 2, 1e-4];
  const logPolicy = (theta: Float64Array): number => {
    const q = exactActionValue(rewardAt(problem, theta)).subarray(
      mdp.pairStart[state],
      mdp.pairStart[state + 1],
    );
    return q[choice] - Math.log(q.reduce((sum, x) => sum + Math.exp(x), 0));
  };
  const count = 40_000;
  const [d, mean, square] = [0, 1, 2].map(() => new Float64Array(size));
  for (let n = 0; n < count; n++) {
    rollOut(0, state, choice, d);
    for (let k = 0; k < size; k++) {
      mean[k] += d[k] / count;
      square[k] += d[k] ** 2 / count;
    }
  }
  for (let k = 0; k < size; k++) {
    const shifted = (by: number): Float64Array =>
      problem.theta.map((t, i) => t + (i === k ? by : 0));
    const score = (logPolicy(shifted(step)) - logPolicy(shifted(-step))) / (2 * step);
    const error = Math.sqrt((square[k] - mean[k] ** 2) / count);
    expect(error).toBeLessThan(0.02);
    // four standard errors: chance of a false alarm below 1e-4
    expect(Math.abs(mean[k] - score)).toBeLessThan(4 * error);
  }
});

test('coupledRollouts are cheaper and surer than independent ones', () => {
  const actionValue = exactActionValue(reward);
  const setting = { discount, temperature: 1, actionValue, rows: features.values, size: 3 };
  const rollOut = createCoupledRollouts(stepped(oneLayer), setting, createRng(3, 'rollouts'));
  const d = new Float64Array(3);
  const count = 4000;
  let [steps, square] = [0, 0];
  for (let n = 0; n < count; n++) {
    steps += rollOut(0, 5, n % 5, d);
    square += d[0] ** 2 / count;
  }
  // alone a walk takes log(1e-4) / log(0.8) = 42 steps, two of them 84
  expect(steps / count).toBeLessThan(40);
  expect(square).toBeLessThan(1);
});

test('softQLearner learns the soft-optimal values, discounted and with a horizon', () => {
  const setting = { temperature: 1, curiosity: 0.2, seed: 4, lookAhead: 5, episodeLength: 30 };
  const begin = (
    walk: Parameters<Parameters<typeof createSoftQLearner>[1]['begin']>[0],
    rng: () => number,
  ) => walk.startAt(0, Math.floor(rng() * mdp.stateCount));
  const learner = createSoftQLearner(stepped(oneLayer), { ...setting, discount, begin });
  learner.learn(reward, 300_000, 0.001);
  const exact = exactActionValue(reward);
  const worst = exact.reduce(
    (most, q, pair) => Math.max(most, Math.abs(q - learner.actionValue[pair])),
    0,
  );
  expect(worst).toBeLessThan(0.1);

  const horizon = 3;
  const timed = createSoftQLearner(stepped(layersOfTime(horizon)), {
    ...setting,
    discount: 1,
    begin,
  });
  timed.learn(reward, 300_000, 0.001);
  const planner = createFiniteHorizon(mdp, horizon, 1, 1);
  planner.plan(reward);
  for (let s = 0; s < mdp.stateCount; s++) {
    const first = mdp.pairStart[s];
    const q = timed.actionValue.subarray(first, mdp.pairStart[s + 1]);
    const total = q.reduce((sum, x) => sum + Math.exp(x), 0);
    q.forEach((x, a) => {
      expect(Math.exp(x) / total).toBeCloseTo(planner.policyAt(0)[first + a], 1);
    });
  }
});
