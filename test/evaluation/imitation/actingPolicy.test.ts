import { expect, test } from 'vitest';
import { createSoftActorCriticAgent } from '../../../src/algorithms/simulated/softActorCriticAgent.ts';
import type { SoftAgent } from '../../../src/algorithms/simulated/softAgent.ts';
import { agentPolicy, clonePolicy } from '../../../src/evaluation/imitation/actingPolicy.ts';
import { ClonedPolicy } from '../../../src/learning/cloning/clonedPolicy.ts';
import type { CloningRows } from '../../../src/learning/cloning/cloningRows.ts';
import { cloneBehavior } from '../../../src/learning/cloning/neuralCloning.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const box = { kind: 'box', low: Float64Array.of(-2), high: Float64Array.of(6) } as const;

test('the density of an agent in a box integrates to 1 in the units of the world', () => {
  const agent = createSoftActorCriticAgent(
    kernelEngine(),
    { observationSize: 2, actionSize: 1 },
    { hidden: [8], discount: 0.9, temperature: 1 },
    1,
  );
  const policy = agentPolicy(agent, box);
  const count = 4000;
  const step = 8 / count;
  const actions = Float64Array.from({ length: count }, (_, i) => -2 + (i + 0.5) * step);
  const observations = Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 ? 0.3 : -0.7));
  const logs = new Float64Array(count);
  policy.logLikelihood(observations, actions, count, logs);
  const mass = logs.reduce((sum, log) => sum + step * Math.exp(log), 0);
  // within the midpoint rule's error at the edges
  expect(mass).toBeCloseTo(1, 3);
  // and it draws by that density: shares below the middle of the box
  const drawn = new Float64Array(count);
  policy.act(observations, count, createRng(0, 'draws'), drawn);
  const below = actions.reduce((sum, a, i) => sum + (a < 2 ? step * Math.exp(logs[i]) : 0), 0);
  const share = drawn.filter((a) => a < 2).length / count;
  expect(Math.abs(share - below)).toBeLessThan(4 * Math.sqrt(0.25 / count));
  expect(drawn.every((a) => a >= -2 && a <= 6)).toBe(true);
});

test('an agent of numbered actions is taken as it is', () => {
  const agent = { kind: 'soft-q' } as SoftAgent;
  expect(agentPolicy(agent, { kind: 'discrete', count: 2 })).toBe(agent);
});

test('a clone acts inside the box, and is as likely as it says itself', () => {
  const rng = createRng(1, 'rows');
  const count = 200;
  const rows: CloningRows = {
    count,
    observationSize: 1,
    observations: Float64Array.from({ length: count }, () => 2 * rng() - 1),
    actions: { kind: 'continuous', size: 1, box: { low: [-2], high: [6] } },
    taken: Float64Array.from({ length: count }, () => 5 + rng()),
    trajectories: ['a', 'b'],
    trajectory: Int32Array.from({ length: count }, (_, i) => (i < 100 ? 0 : 1)),
    step: Int32Array.from({ length: count }, (_, i) => i % 100),
  };
  const engine = kernelEngine();
  const steps = cloneBehavior(engine, rows, { hidden: [4], maxUpdates: 200 }, 1);
  let next = steps.next();
  while (!next.done) next = steps.next();
  const clone = new ClonedPolicy(engine, next.value.policy);
  const policy = clonePolicy(clone, box);
  const logs = new Float64Array(count);
  policy.logLikelihood(rows.observations, rows.taken, count, logs);
  clone.eachRow(rows, (row, log) => expect(logs[row]).toBe(log));
  const drawn = new Float64Array(count);
  policy.act(rows.observations, count, createRng(0, 'draws'), drawn);
  expect(Math.max(...drawn)).toBe(6);
  expect(drawn.every((a) => a >= -2)).toBe(true);
});
