/** Gradients of route values against iteration: shared matrix, own matrices, handed over. */

import { describe, expect, test } from 'vitest';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Criterion, TaskMoments } from '../../src/planning/criterion.ts';
import { createRouteCriterion } from '../../src/planning/routeCriterion.ts';
import { createStationaryCriterion } from '../../src/planning/stationaryCriterion.ts';
import { expectClose } from '../support/closeness.ts';
import { jacobianRows } from '../support/differences.ts';
import {
  exitsFrom,
  goalState,
  graphOf,
  iteratedValue,
  type RouteProblem,
  randomRoutes,
  rewardOf,
} from '../support/randomRoutes.ts';

function stationary(
  { mdp, goals, temperature }: RouteProblem,
  tasks: readonly TaskMoments[],
): Criterion {
  const moments = { counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks };
  return createStationaryCriterion(mdp, goals, moments, { discount: 1, temperature });
}

/** Every value that may be asked for and its gradient, engine against iteration. */
function expectGradients(problem: RouteProblem, criterion: Criterion): void {
  const { mdp, goals, moments, features, theta, reward, temperature } = problem;
  criterion.evaluate(reward, new Float64Array(mdp.pairCount));
  const gradients = criterion.valueGradients?.(features);
  if (!gradients) throw new TypeError('wanted gradients of values');
  moments.tasks.forEach(({ goal, visited }, task) => {
    const valuesAt = (at: Float64Array): Float64Array => {
      const value = iteratedValue(mdp, goals[goal], rewardOf(mdp, features, at), temperature);
      return Float64Array.from(visited, (s) => value[s]);
    };
    const out = new Float64Array(theta.length);
    const values: number[] = [];
    const slopes: number[][] = [];
    for (const s of visited) {
      values.push(gradients.at(task, 0, s, out));
      slopes.push([...out]);
    }
    expectClose(values, valuesAt(theta), 1e-10);
    const byParameter = [...theta.keys()].flatMap((k) => slopes.map((slope) => slope[k]));
    expectClose(byParameter, jacobianRows(valuesAt, theta), 1e-8);
  });
}

/** A problem with the given prices, one feature being the price and another every step. */
function pricedProblem(
  stateCount: number,
  moves: readonly (readonly [number, number, number])[],
  goals: readonly Goal[],
  visited: readonly (readonly number[])[],
): RouteProblem {
  const mdp = graphOf(
    stateCount,
    moves.map(([from, to]) => [from, to] as const),
  );
  const sorted = [...moves].sort((a, b) => a[0] - b[0]);
  const values = Float64Array.from(sorted.flatMap(([, , price]) => [price, 1]));
  const features = { names: ['price', 'step'], per: 'pair', values } as const;
  const theta = Float64Array.of(1, 0);
  const nothing = {
    state: new Int32Array(0),
    time: new Int32Array(0),
    weight: new Float64Array(0),
  };
  const tasks = visited.map((states, goal) => ({
    goal,
    state: Int32Array.from(states.slice(0, 1)),
    time: new Int32Array(1),
    weight: Float64Array.of(-1),
    visited: Int32Array.from(states),
    decisions: nothing,
  }));
  return {
    mdp,
    goals,
    moments: { counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks },
    features,
    theta,
    reward: rewardOf(mdp, features, theta),
    temperature: 1,
  };
}

function routes(problem: RouteProblem, handOver: (task: TaskMoments) => Criterion): Criterion {
  const { mdp, goals, moments, temperature } = problem;
  return createRouteCriterion(mdp, goals, moments, { temperature, handOver });
}

function refuse(): Criterion {
  throw new Error('nothing should be handed over');
}

describe.each(Array.from({ length: 20 }, (_, seed) => seed))('seed %i', (seed) => {
  test('routes know how their values move', () => {
    const problem = randomRoutes(seed);
    expectGradients(problem, routes(problem, refuse));
  });
  test('plans goal by goal know it too', () => {
    const problem = randomRoutes(seed);
    expectGradients(problem, stationary(problem, problem.moments.tasks));
  });
});

const paidCycle = [
  [0, 1, -0.5],
  [0, 2, -1.2],
  [1, 2, 0.4],
  [1, 0, -2],
  [2, 1, -0.1],
  [2, 0, -1.5],
] as const;

test('routes know how values move where goals have matrices of their own', () => {
  // The cycle of 1 and 2 pays; each goal cuts it.
  const goals = [goalState(1), goalState(2)];
  const problem = pricedProblem(3, paidCycle, goals, [
    [0, 1, 2],
    [0, 1],
  ]);
  expectGradients(problem, routes(problem, refuse));
});

test('routes know how values move to a goal of several absorbing states', () => {
  const twoDoors: Goal = {
    name: 'either',
    absorbing: true,
    stopState: Int32Array.of(1, 3),
    stopReward: new Float64Array(2),
  };
  const ring = [
    [0, 1, -1],
    [0, 3, -0.7],
    [1, 2, -0.2],
    [2, 3, -1.1],
    [2, 0, -1.3],
    [3, 0, -0.4],
  ] as const;
  const problem = pricedProblem(
    4,
    ring,
    [twoDoors, exitsFrom([2], [-0.3])],
    [
      [0, 1, 2, 3],
      [0, 2, 3],
    ],
  );
  expectGradients(problem, routes(problem, refuse));
});

test('routes hand over what underflows, and what underflows only on the way', () => {
  const street = Array.from({ length: 20 }, (_, s) => [
    [s, s + 1, -70] as const,
    [s + 1, s, -73] as const,
  ]).flat();
  // The second task carries weight next to its goal only, but its trajectories come from afar.
  const tasks = [
    [0, 3, 20],
    [18, 0, 7, 20],
  ];
  const problem = pricedProblem(21, street, [goalState(20), goalState(20)], tasks);
  const handed: number[] = [];
  const criterion = routes(problem, (task) => {
    handed.push(task.goal);
    return stationary(problem, [task]);
  });
  const surplus = new Float64Array(problem.mdp.pairCount);
  criterion.evaluate(problem.reward, surplus);
  expect(handed).toEqual([0]);
  criterion.valueGradients?.(problem.features);
  expect(handed).toEqual([0, 1]);
  expectGradients(problem, criterion);
});

test('valueGradients refuses states that nobody comes to', () => {
  const problem = pricedProblem(
    3,
    [
      [0, 1, -1],
      [1, 2, -1],
      [2, 0, -1],
    ],
    [goalState(2)],
    [[1, 2]],
  );
  const criterion = routes(problem, refuse);
  criterion.evaluate(problem.reward, new Float64Array(3));
  const gradients = criterion.valueGradients?.(problem.features);
  expect(() => gradients?.at(0, 0, 0, new Float64Array(2))).toThrow(RangeError);
});
