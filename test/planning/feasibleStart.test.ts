import { expect, test } from 'vitest';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { createFeasibility } from '../../src/planning/feasibility.ts';
import { type FeasibleStartOptions, feasibleStart } from '../../src/planning/feasibleStart.ts';
import { createGoalMatrices } from '../../src/planning/goalMatrices.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { exitsFrom, goalState, graphOf, randomRoutes, rewardOf } from '../support/randomRoutes.ts';

function startOf(
  mdp: Mdp,
  goals: readonly Goal[],
  visited: readonly number[],
  features: FeatureMatrix,
  start: Float64Array,
  options: FeasibleStartOptions = {},
) {
  const moments = {
    counts: new Float64Array(mdp.pairCount),
    stopReward: 0,
    tasks: goals.map((_, goal) => ({
      goal,
      state: Int32Array.from(visited),
      time: new Int32Array(visited.length),
      weight: new Float64Array(visited.length).fill(-1),
      visited: Int32Array.from(visited),
      decisions: { state: new Int32Array(0), time: new Int32Array(0), weight: new Float64Array(0) },
    })),
  };
  const matrices = createGoalMatrices(mdp, goals, moments, 1);
  const found = feasibleStart(matrices, linearReward(mdp, features), start, options);
  const radiusAt = (theta: Float64Array) =>
    Math.exp(createFeasibility(matrices).logRadius(rewardOf(mdp, features, theta)).logRadius);
  return { ...found, radiusAt };
}

function perPair(names: string[], rows: number[][]): FeatureMatrix {
  return { names, per: 'pair', values: Float64Array.from(rows.flat()) };
}

/** 0 ⇄ 1 ⇄ 2, and 2 loops. */
const street = graphOf(3, [
  [0, 1],
  [1, 0],
  [1, 2],
  [2, 1],
  [2, 2],
]);

test.each(Array.from({ length: 15 }, (_, seed) => seed))(
  'feasibleStart finds a radius of at most 0.9 where there is one (seed %i)',
  (seed) => {
    const { mdp, goals, features, theta } = randomRoutes(seed);
    const {
      theta: found,
      spectralRadius,
      radiusAt,
    } = startOf(
      mdp,
      goals,
      [0, 1, 2, 3, 4],
      features,
      theta.map(() => 0),
    );
    expect(found).not.toBeNull();
    if (!found) return;
    expect(spectralRadius).toBeLessThan(0.9 * (1 + 1e-9));
    expect(radiusAt(found)).toBeLessThan(spectralRadius * (1 + 1e-9));
    // No farther from the start than needed.
    expect(spectralRadius).toBeGreaterThan(0.8);
  },
);

test('feasibleStart returns the start itself where that will do', () => {
  const features = perPair(['step'], [[1], [1], [1], [1], [1]]);
  const { theta } = startOf(street, [exitsFrom([0], [0])], [2], features, Float64Array.of(-2));
  expect(theta).toEqual(Float64Array.of(-2));
});

test('feasibleStart copes with features of very different sizes', () => {
  const features = perPair(
    ['metres', 'share'],
    [
      [5_000, 0],
      [4_000, 1e-3],
      [100, 2e-3],
      [9_000, 0],
      [0, 1e-3],
    ],
  );
  const start = Float64Array.of(0.01, 0);
  const { theta, spectralRadius } = startOf(street, [exitsFrom([0], [0])], [2], features, start);
  expect(theta).not.toBeNull();
  expect(spectralRadius).toBeLessThan(0.9 + 1e-9);
});

test('feasibleStart keeps to the bounds and to what is fixed', () => {
  const rows = [
    [1, 1],
    [1, 0.5],
    [1, 1],
    [1, 0.5],
    [1, 2],
  ];
  const found = startOf(
    street,
    [exitsFrom([0], [0])],
    [2],
    perPair(['step', 'price'], rows),
    Float64Array.of(0, 0),
    { lower: Float64Array.of(0.25, -3), upper: Float64Array.of(0.25, 5) },
  );
  expect(found.theta?.[0]).toBe(0.25);
  expect(found.theta?.[1]).toBeGreaterThanOrEqual(-3);
  expect(found.theta && found.radiusAt(found.theta)).toBeLessThan(0.9 + 1e-9);
});

test('feasibleStart says how far it came where there is none', () => {
  // The loop costs what the street earns: one of the two cycles always pays.
  const features = perPair(['trade'], [[0], [0], [-1], [-1], [1]]);
  const { theta, spectralRadius } = startOf(
    street,
    [exitsFrom([0], [0])],
    [2],
    features,
    Float64Array.of(0.5),
  );
  expect(theta).toBeNull();
  // The best trade, by a scan of the convex radius.
  const { radiusAt } = startOf(street, [exitsFrom([0], [0])], [2], features, Float64Array.of(0));
  let smallest = Number.POSITIVE_INFINITY;
  for (let t = -2; t <= 2; t += 0.001) smallest = Math.min(smallest, radiusAt(Float64Array.of(t)));
  expect(spectralRadius).toBeCloseTo(smallest, 5);
  expect(spectralRadius).toBeGreaterThan(1);
});

test('feasibleStart needs only what each goal needs, not their shared matrix', () => {
  // States 1 and 2 pay each other whatever θ is; each is a goal, and cuts the cycle for itself.
  const mdp = graphOf(3, [
    [0, 1],
    [0, 0],
    [1, 2],
    [1, 0],
    [2, 1],
    [2, 0],
  ]);
  const features = perPair(
    ['step', 'given'],
    [
      [1, 0],
      [1, 0],
      [0, 1],
      [1, 0],
      [0, 1],
      [1, 0],
    ],
  );
  const bounds = [Number.NEGATIVE_INFINITY, 0.2];
  const { theta, radiusAt } = startOf(
    mdp,
    [goalState(1), goalState(2)],
    [0, 1, 2],
    features,
    Float64Array.of(0.5, 0.2),
    { lower: Float64Array.from(bounds), upper: Float64Array.of(Number.POSITIVE_INFINITY, 0.2) },
  );
  expect(theta).not.toBeNull();
  expect(theta && radiusAt(theta)).toBeLessThan(1);
});
