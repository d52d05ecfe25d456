import { expect, test } from 'vitest';
import { networkLearner } from '../../../src/algorithms/simulated/networkLearner.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import { tabularTask } from '../../../src/environments/tabularTask.ts';
import {
  layersOfTime,
  oneLayer,
  type SteppedWorld,
} from '../../../src/learning/walks/layeredWalk.ts';
import type { SoftQLearnerOptions } from '../../../src/learning/walks/softQLearner.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createFiniteHorizon } from '../../../src/planning/finiteHorizon.ts';
import { SoftPolicyIteration } from '../../../src/planning/softPolicyIteration.ts';
import { terminalStop } from '../../../src/planning/softValueIteration.ts';

const TEMPERATURE = 0.5;
const createLearner = networkLearner(kernelEngine());

/** Five states that offer 1, 2, 3, 2 and no actions, and lead on by chance. */
const task = tabularTask({
  stateNames: ['a', 'b', 'c', 'd', 'end'],
  actionNames: ['one', 'two', 'three'],
  actionsOf: (s) => [[0], [0, 1], [0, 1, 2], [1, 2], []][s],
  outcomes: (s, action) => [
    { to: (s + action + 1) % 5, probability: 0.7, reward: 0 },
    { to: (s + 3 * action) % 4, probability: 0.3, reward: 0 },
  ],
  initial: 0,
});
const { mdp } = task.world;
const reward = Float64Array.from({ length: mdp.pairCount }, (_, pair) => Math.sin(3 * pair));
const options: SoftQLearnerOptions = {
  discount: 0.8,
  temperature: TEMPERATURE,
  curiosity: 0.3,
  lookAhead: 5,
  episodeLength: 20,
  seed: 1,
  begin: (walk, rng) => walk.startAt(0, Math.floor(4 * rng())),
};
const world = (layers: SteppedWorld['layers']): SteppedWorld => ({
  pairStart: mdp.pairStart,
  layers,
  simulate: (rng) => new TabularSimulator(task, rng),
});

function learnedPolicy(stepped: SteppedWorld, changed: Partial<SoftQLearnerOptions>): Float64Array {
  const learner = createLearner(stepped, { ...options, ...changed });
  for (let i = 0; i < 30; i++) learner.learn(reward, 1000, 0.1 * (1 - i / 32));
  return learner.actionValue.map((q) => Math.exp(q / TEMPERATURE));
}

test('networkLearner finds the policy in nats, whatever states offer', () => {
  const { discount } = options;
  const stop = terminalStop(mdp);
  const exact = new SoftPolicyIteration({ mdp, discount, temperature: TEMPERATURE, stop });
  exact.plan(reward);
  const policy = learnedPolicy(world(oneLayer), {});
  exact.policy.forEach((p, pair) => {
    expect(Math.abs(policy[pair] - p)).toBeLessThan(0.03);
  });
});

test('networkLearner knows how much time is left', () => {
  const horizon = 3;
  const exact = createFiniteHorizon(mdp, horizon, 1, TEMPERATURE);
  exact.plan(reward);
  const begin: SoftQLearnerOptions['begin'] = (walk, rng) =>
    walk.startAt(Math.floor(horizon * rng()), Math.floor(4 * rng()));
  const policy = learnedPolicy(world(layersOfTime(horizon)), { discount: 1, begin });
  for (let t = 0; t < horizon; t++)
    exact.policyAt(t).forEach((p, pair) => {
      expect(Math.abs(policy[t * mdp.pairCount + pair] - p)).toBeLessThan(0.03);
    });
});

test('networkLearner refuses what has too many states', () => {
  expect(() => createLearner(world(layersOfTime(1000)), options)).toThrow(
    /5 states in 1000 layers .* are too many .* take the planner replay or rollouts/,
  );
});
