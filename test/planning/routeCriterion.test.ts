import { expect, test } from 'vitest';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Criterion, Moments, TaskMoments } from '../../src/planning/criterion.ts';
import { createFeasibility } from '../../src/planning/feasibility.ts';
import { createGoalMatrices } from '../../src/planning/goalMatrices.ts';
import { createRouteCriterion } from '../../src/planning/routeCriterion.ts';
import { createStationaryCriterion } from '../../src/planning/stationaryCriterion.ts';
import {
  exitsFrom,
  goalState,
  graphOf,
  iteratedCriterion,
  iteratedValue,
  type RouteProblem,
  randomRoutes,
} from '../support/randomRoutes.ts';
import { seededRandom } from '../support/seededRandom.ts';

const SEEDS = Array.from({ length: 30 }, (_, seed) => seed);

function refuse(): Criterion {
  throw new Error('nothing should be handed over');
}

function criterionOf(
  { mdp, goals, moments, temperature }: RouteProblem,
  handOver: (task: TaskMoments) => Criterion = refuse,
): Criterion {
  return createRouteCriterion(mdp, goals, moments, { temperature, handOver });
}

/** Hands over to the criterion that works with logarithms, and counts. */
function handOverOf({ mdp, goals, temperature }: Omit<RouteProblem, 'moments'>) {
  const handed: number[] = [];
  return {
    handed,
    handOver: (task: TaskMoments) => {
      handed.push(task.goal);
      const moments = { counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks: [task] };
      return createStationaryCriterion(mdp, goals, moments, { discount: 1, temperature });
    },
  };
}

/** Moments that are only c · V. */
function valuesOnly(pairCount: number, tasks: readonly [number, number[], number[]][]): Moments {
  return {
    counts: new Float64Array(pairCount),
    stopReward: 0,
    tasks: tasks.map(([goal, state, weight]) => ({
      goal,
      state: Int32Array.from(state),
      time: new Int32Array(state.length),
      weight: Float64Array.from(weight),
      visited: Int32Array.from(state),
      decisions: { state: new Int32Array(0), time: new Int32Array(0), weight: new Float64Array(0) },
    })),
  };
}

/** A problem whose features are the pairs themselves. */
function tabular(
  mdp: RouteProblem['mdp'],
  goals: readonly Goal[],
  moments: Moments,
  reward: Float64Array,
): RouteProblem {
  const { pairCount } = mdp;
  const values = new Float64Array(pairCount * pairCount);
  for (let pair = 0; pair < pairCount; pair++) values[pair * pairCount + pair] = 1;
  const names = Array.from({ length: pairCount }, (_, pair) => `pair ${pair}`);
  return {
    mdp,
    goals,
    moments,
    features: { names, per: 'pair', values },
    theta: reward,
    reward,
    temperature: 1,
  };
}

/** Central differences of the value and of its gradient, both relative to the largest. */
function expectDerivatives(problem: RouteProblem, criterion: Criterion): void {
  const { mdp, reward, features } = problem;
  const width = features.names.length;
  const at = reward.slice();
  const surplus = new Float64Array(mdp.pairCount);
  criterion.evaluate(at, surplus);
  const curvature = new Float64Array(width * width);
  criterion.curvature(features, curvature);
  const gradientAt = (shift: Float64Array) => {
    const moved = new Float64Array(mdp.pairCount);
    const value = criterion.evaluate(
      at.map((r, pair) => r + shift[pair]),
      moved,
    );
    return { value, moved };
  };
  const step = 1e-5;
  const scale = Math.max(1, ...surplus.map(Math.abs));
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    const shift = new Float64Array(mdp.pairCount);
    shift[pair] = step;
    const up = gradientAt(shift).value;
    shift[pair] = -step;
    const slope = (up - gradientAt(shift).value) / (2 * step);
    expect(Math.abs(slope - surplus[pair]) / scale).toBeLessThan(1e-7);
  }
  const rowOf = (pair: number) => {
    if (features.per === 'pair') return pair;
    return mdp.pairStart.findLastIndex((start) => start <= pair);
  };
  const largest = Math.max(1, ...curvature.map(Math.abs));
  for (let k = 0; k < width; k++) {
    const along = new Float64Array(mdp.pairCount).map(
      (_, pair) => step * features.values[rowOf(pair) * width + k],
    );
    const { moved: up } = gradientAt(along);
    const { moved: down } = gradientAt(along.map((x) => -x));
    for (let j = 0; j < width; j++) {
      const change = up.reduce(
        (sum, u, pair) => sum + (u - down[pair]) * features.values[rowOf(pair) * width + j],
        0,
      );
      const difference = change / (2 * step) - curvature[k * width + j];
      expect(Math.abs(difference) / largest).toBeLessThan(1e-6);
    }
  }
}

test.each(SEEDS)('routeCriterion has the value of soft value iteration (seed %i)', (seed) => {
  const problem = randomRoutes(seed);
  const surplus = new Float64Array(problem.mdp.pairCount);
  const value = criterionOf(problem).evaluate(problem.reward, surplus);
  const expected = iteratedCriterion(problem, problem.reward);
  expect(Math.abs(value - expected)).toBeLessThan(1e-9 * Math.max(1, Math.abs(expected)));
});

test.each(SEEDS)('routeCriterion agrees with planning goal by goal (seed %i)', (seed) => {
  const { mdp, goals, moments, features, reward, temperature } = randomRoutes(seed);
  const routes = criterionOf(randomRoutes(seed));
  const plans = createStationaryCriterion(mdp, goals, moments, { discount: 1, temperature });
  const ours = new Float64Array(mdp.pairCount);
  const theirs = new Float64Array(mdp.pairCount);
  expect(routes.evaluate(reward, ours)).toBeCloseTo(plans.evaluate(reward, theirs), 7);
  for (let pair = 0; pair < mdp.pairCount; pair++) expect(ours[pair]).toBeCloseTo(theirs[pair], 6);
  const h = new Float64Array(9);
  const g = new Float64Array(9);
  routes.curvature(features, h);
  plans.curvature(features, g);
  for (let i = 0; i < 9; i++) expect(h[i]).toBeCloseTo(g[i], 5);
});

test.each(SEEDS.slice(0, 8))('routeCriterion matches central differences (seed %i)', (seed) => {
  const problem = randomRoutes(seed);
  expectDerivatives(problem, criterionOf(problem));
});

test('routeCriterion does not depend on how states are numbered', () => {
  const problem = randomRoutes(3);
  const { mdp, goals, moments, reward } = problem;
  const name = Int32Array.from(
    seededRandom(1).shuffle(Array.from({ length: mdp.stateCount }, (_, s) => s)),
  );
  const moves: { from: number; to: number; pair: number }[] = [];
  for (let s = 0; s < mdp.stateCount; s++)
    for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
      moves.push({ from: name[s], to: name[mdp.nextState[pair]], pair });
  moves.sort((a, b) => a.from - b.from);
  const renamed: RouteProblem = {
    ...problem,
    mdp: graphOf(
      mdp.stateCount,
      moves.map(({ from, to }) => [from, to] as const),
    ),
    goals: goals.map((goal) => {
      const order = [...goal.stopState.keys()].sort(
        (a, b) => name[goal.stopState[a]] - name[goal.stopState[b]],
      );
      return {
        ...goal,
        stopState: Int32Array.from(order, (i) => name[goal.stopState[i]]),
        stopReward: Float64Array.from(order, (i) => goal.stopReward[i]),
      };
    }),
    moments: {
      ...moments,
      counts: Float64Array.from(moves, ({ pair }) => moments.counts[pair]),
      tasks: moments.tasks.map((task) => ({
        ...task,
        state: task.state.map((s) => name[s]),
        visited: task.visited.map((s) => name[s]).sort(),
      })),
    },
  };
  const value = criterionOf(problem).evaluate(reward, new Float64Array(mdp.pairCount));
  const again = criterionOf(renamed).evaluate(
    Float64Array.from(moves, ({ pair }) => reward[pair]),
    new Float64Array(mdp.pairCount),
  );
  expect(again).toBeCloseTo(value, 10);
});

/** A graph whose moves have rewards, as [from, to, reward] in order of `from`. */
function pricedGraph(
  stateCount: number,
  moves: readonly (readonly [number, number, number])[],
  goals: readonly Goal[],
  tasks: readonly [number, number[], number[]][],
): RouteProblem {
  const mdp = graphOf(
    stateCount,
    moves.map(([from, to]) => [from, to] as const),
  );
  const reward = Float64Array.from(moves, ([, , r]) => r);
  return tabular(mdp, goals, valuesOnly(mdp.pairCount, tasks), reward);
}

/** States 1 and 2 pay each other; a goal at either of them cuts that cycle. */
const paidCycle = [
  [0, 1, -0.5],
  [0, 2, -1.2],
  [1, 2, 0.4],
  [1, 0, -2],
  [2, 1, -0.1],
  [2, 0, -1.5],
] as const;

function sharedRadius({ mdp, goals, moments, temperature, reward }: RouteProblem): number {
  const feasibility = createFeasibility(createGoalMatrices(mdp, goals, moments, temperature));
  return Math.exp(feasibility.logRadiusOf('shared', reward));
}

test('routeCriterion solves goals apart where only their shared matrix is infeasible', () => {
  const problem = pricedGraph(
    3,
    paidCycle,
    [goalState(1), goalState(2)],
    [
      [0, [0, 2], [-2, 1.5]],
      [1, [0, 1], [-1, -0.5]],
    ],
  );
  expect(sharedRadius(problem)).toBeGreaterThan(1);
  const criterion = criterionOf(problem);
  const value = criterion.evaluate(problem.reward, new Float64Array(problem.mdp.pairCount));
  expect(value).toBeCloseTo(iteratedCriterion(problem, problem.reward), 10);
  expectDerivatives(problem, criterion);
});

test('routeCriterion is infeasible where one goal is', () => {
  // Exits at state 0 do not cut the cycle.
  const problem = pricedGraph(
    3,
    paidCycle,
    [goalState(1), exitsFrom([0], [0])],
    [
      [0, [0, 2], [-2, 1.5]],
      [1, [1], [-1]],
    ],
  );
  const criterion = criterionOf(problem);
  const surplus = new Float64Array(problem.mdp.pairCount);
  expect(criterion.evaluate(problem.reward, surplus)).toBe(Number.NEGATIVE_INFINITY);
  // And says so again, and recovers.
  expect(criterion.evaluate(problem.reward, surplus)).toBe(Number.NEGATIVE_INFINITY);
  const cheaper = problem.reward.map((r) => r - 1);
  expect(criterion.evaluate(cheaper, surplus)).toBeCloseTo(iteratedCriterion(problem, cheaper), 10);
});

test('routeCriterion ignores a paid cycle that nobody comes to', () => {
  const problem = pricedGraph(
    5,
    [
      [0, 1, -1],
      [1, 0, -1],
      [2, 3, 1],
      [3, 2, 1],
      [3, 0, 0],
    ],
    [goalState(1)],
    [[0, [0], [-1]]],
  );
  const surplus = new Float64Array(problem.mdp.pairCount);
  expect(criterionOf(problem).evaluate(problem.reward, surplus)).toBeCloseTo(1, 12);
});

test('routeCriterion serves goals of several absorbing states', () => {
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
  const problem = pricedGraph(
    4,
    ring,
    [twoDoors, goalState(2)],
    [
      [0, [0, 2], [-1, -2]],
      [1, [0, 3], [-1, 0.5]],
    ],
  );
  const criterion = criterionOf(problem);
  const value = criterion.evaluate(problem.reward, new Float64Array(problem.mdp.pairCount));
  expect(value).toBeCloseTo(iteratedCriterion(problem, problem.reward), 10);
  expectDerivatives(problem, criterion);
});

/** A street of `length` moves there, a dearer one back, and a goal at the end. */
function longStreet(length: number, price: number): RouteProblem {
  const moves = Array.from({ length }, (_, s) => [
    [s, s + 1, price],
    [s + 1, s, -Math.abs(price) - 3],
  ])
    .flat()
    .sort((a, b) => a[0] - b[0]) as unknown as [number, number, number][];
  return pricedGraph(
    length + 1,
    moves,
    [goalState(length), goalState(1)],
    [
      [0, [0, 3], [-2, 1]],
      [1, [0, 5], [-1, -1]],
    ],
  );
}

test.each([-10, -30, -45])('routeCriterion needs no help down to V = 20 · %d', (price) => {
  const problem = longStreet(20, price);
  const criterion = criterionOf(problem);
  const value = criterion.evaluate(problem.reward, new Float64Array(problem.mdp.pairCount));
  expect(value / iteratedCriterion(problem, problem.reward)).toBeCloseTo(1, 13);
});

test.each([1, 14])('routeCriterion needs no help up to V = 20 · %d', (price) => {
  const problem = longStreet(20, price);
  const criterion = criterionOf(problem);
  const value = criterion.evaluate(problem.reward, new Float64Array(problem.mdp.pairCount));
  expect(value / iteratedCriterion(problem, problem.reward)).toBeCloseTo(1, 13);
});

test('routeCriterion hands over the goals that underflow, and only those', () => {
  const problem = longStreet(20, -70);
  const { handed, handOver } = handOverOf(problem);
  const criterion = criterionOf(problem, handOver);
  const value = criterion.evaluate(problem.reward, new Float64Array(problem.mdp.pairCount));
  expect(handed).toEqual([0]);
  expect(value / iteratedCriterion(problem, problem.reward)).toBeCloseTo(1, 12);
  const plans = createStationaryCriterion(problem.mdp, problem.goals, problem.moments, {
    discount: 1,
    temperature: 1,
  });
  const ours = new Float64Array(problem.mdp.pairCount);
  const theirs = new Float64Array(problem.mdp.pairCount);
  criterion.evaluate(problem.reward, ours);
  plans.evaluate(problem.reward, theirs);
  for (let i = 0; i < ours.length; i++) expect(ours[i]).toBeCloseTo(theirs[i], 9);
  const h = new Float64Array(ours.length ** 2);
  const g = new Float64Array(ours.length ** 2);
  criterion.curvature(problem.features, h);
  plans.curvature(problem.features, g);
  for (let i = 0; i < h.length; i++) expect(h[i]).toBeCloseTo(g[i], 9);
});

test('routeCriterion sees what underflow would hide: a lost shortcut', () => {
  // Both ways from 0 cost 700, but half of the second is lost if e⁻⁷⁵⁰ is rounded to zero.
  const problem = pricedGraph(
    4,
    [
      [0, 1, -750],
      [0, 3, -705],
      [1, 2, 25],
      [2, 3, 25],
    ],
    [goalState(3)],
    [[0, [0], [-1]]],
  );
  const { handed, handOver } = handOverOf(problem);
  const value = criterionOf(problem, handOver).evaluate(problem.reward, new Float64Array(4));
  expect(handed).toEqual([0]);
  expect(-value).toBeCloseTo(
    iteratedValue(problem.mdp, problem.goals[0], problem.reward, 1)[0],
    10,
  );
});

test.each([
  ['overflow', 800, -900],
  ['overflow, yet their cycle hardly counts', 720, -725],
  ['do not, but their sums do', 400, -450],
])('routeCriterion hands over where weights %s', (_, up, down) => {
  const problem = pricedGraph(
    5,
    [
      [0, 1, up],
      [1, 0, down],
      [1, 2, up],
      [2, 1, down],
      [2, 3, up],
      [3, 2, down],
      [3, 4, -1],
    ],
    [goalState(4), goalState(3)],
    [
      [0, [0, 3], [-1, -1]],
      [1, [2], [-2]],
    ],
  );
  const { handed, handOver } = handOverOf(problem);
  const criterion = criterionOf(problem, handOver);
  const surplus = new Float64Array(problem.mdp.pairCount);
  const value = criterion.evaluate(problem.reward, surplus);
  expect(value / iteratedCriterion(problem, problem.reward)).toBeCloseTo(1, 13);
  expect(handed).toContain(0);
  expect(surplus.every(Number.isFinite)).toBe(true);
  const curvature = new Float64Array(surplus.length ** 2);
  criterion.curvature(problem.features, curvature);
  expect(curvature.every(Number.isFinite)).toBe(true);
});

test('routeCriterion passes on that a goal handed over is infeasible', () => {
  const problem = longStreet(20, -70);
  const infeasible: Criterion = { evaluate: () => Number.NEGATIVE_INFINITY, curvature: () => {} };
  const criterion = criterionOf(problem, () => infeasible);
  const surplus = new Float64Array(problem.mdp.pairCount);
  expect(criterion.evaluate(problem.reward, surplus)).toBe(Number.NEGATIVE_INFINITY);
});

test('routeCriterion counts the reward of exits, however far apart', () => {
  const ring = [
    [0, 1, -1],
    [1, 2, -1],
    [2, 0, -1],
  ] as const;
  for (const rewards of [
    [3, -2],
    [900, -900],
    [-1e4, -1e4 + 1],
  ]) {
    const problem = pricedGraph(3, ring, [exitsFrom([1, 2], rewards)], [[0, [0, 2], [-1, -1]]]);
    const value = criterionOf(problem).evaluate(problem.reward, new Float64Array(3));
    const expected = iteratedCriterion(problem, problem.reward);
    expect(value / expected).toBeCloseTo(1, 13);
  }
});

test('routeCriterion refuses moves that are not deterministic', () => {
  const { goals, moments, mdp } = randomRoutes(0);
  const noisy = { ...mdp, probability: mdp.probability.map((p, i) => (i === 0 ? 0.5 : p)) };
  const options = { temperature: 1, handOver: refuse };
  expect(() => createRouteCriterion(noisy, goals, moments, options)).toThrow(RangeError);
});
