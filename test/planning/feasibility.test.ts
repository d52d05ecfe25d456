import { expect, test } from 'vitest';
import { createFeasibility } from '../../src/planning/feasibility.ts';
import { createGoalMatrices, goalMatrixFrom } from '../../src/planning/goalMatrices.ts';
import { iteratedValue, randomRoutes } from '../support/randomRoutes.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

function feasibilityOf(seed: number) {
  const problem = randomRoutes(seed);
  const { mdp, goals, moments, temperature } = problem;
  const matrices = createGoalMatrices(mdp, goals, moments, temperature);
  return { problem, matrices, feasibility: createFeasibility(matrices) };
}

test.each(SEEDS)('feasibility ends where soft values cease to be finite (seed %i)', (seed) => {
  const { problem, feasibility } = feasibilityOf(seed);
  const { mdp, goals, moments, reward, temperature } = problem;
  const { logRadius } = feasibility.logRadius(reward);
  // Every move τ log radius dearer: the radius is multiplied by 1 / radius.
  for (const [excess, finite] of [
    [-0.02, true],
    [0.02, false],
  ] as const) {
    const shifted = reward.map((r) => r + temperature * (excess - logRadius));
    expect(feasibility.logRadius(shifted).logRadius).toBeCloseTo(excess, 9);
    const converges = moments.tasks.every((task) => {
      const before = iteratedValue(mdp, goals[task.goal], shifted, temperature, 3_000);
      const after = iteratedValue(mdp, goals[task.goal], shifted, temperature, 4_000);
      return task.visited.every((s) => Math.abs(after[s] - before[s]) < 1e-6);
    });
    expect(converges).toBe(finite);
  }
});

test.each(SEEDS.slice(0, 6))('a shared matrix is at least as demanding (seed %i)', (seed) => {
  const { problem, feasibility } = feasibilityOf(seed);
  const own = feasibility.logRadius(problem.reward);
  expect(own.logRadius).toBeCloseTo(feasibility.logRadiusOf(own.task, problem.reward), 9);
  const shared = feasibility.logRadiusOf('shared', problem.reward);
  expect(shared).toBeGreaterThan(own.logRadius - 1e-10);
});

test.each(SEEDS.slice(0, 6))('the barrier is −log det with its gradient (seed %i)', (seed) => {
  const { problem, feasibility } = feasibilityOf(seed);
  const { mdp, reward } = problem;
  const logSigma = feasibility.logRadiusOf('shared', reward) + 0.3;
  const scratch = new Float64Array(mdp.pairCount);
  const at = (r: Float64Array) => feasibility.barrier('shared', r, logSigma, scratch);
  const surplus = new Float64Array(mdp.pairCount);
  feasibility.barrier('shared', reward, logSigma, surplus);
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    const moved = (by: number) => reward.map((r, i) => (i === pair ? r + by : r));
    expect(surplus[pair]).toBeCloseTo((at(moved(1e-5)) - at(moved(-1e-5))) / 2e-5, 6);
  }
  const below = feasibility.logRadiusOf('shared', reward) - 1e-6;
  expect(feasibility.barrier('shared', reward, below, scratch)).toBe(Number.POSITIVE_INFINITY);
});

test('feasibility of huge rewards is told in logarithms', () => {
  const { problem, feasibility } = feasibilityOf(1);
  const { logRadius } = feasibility.logRadius(problem.reward);
  const huge = problem.reward.map((r) => r + 1_000 * problem.temperature);
  expect(feasibility.logRadius(huge).logRadius).toBeCloseTo(logRadius + 1_000, 6);
});

test('goalMatrixFrom is the matrix of walks that were recorded from the same states', () => {
  const { mdp, goals, moments, reward, temperature } = randomRoutes(3);
  moments.tasks.forEach((task, index) => {
    const from = Int32Array.from([...task.state, ...task.visited]);
    const one = goalMatrixFrom(mdp, goals[task.goal], from, temperature);
    const all = createGoalMatrices(mdp, goals, moments, temperature);
    expect(createFeasibility(one).logRadius(reward).logRadius).toBeCloseTo(
      createFeasibility(all).logRadiusOf(index, reward),
      9,
    );
  });
});
