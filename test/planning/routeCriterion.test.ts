import { expect, test } from 'vitest';
import type { Goal } from '../../src/mdp/goal.ts';
import type { Criterion, Moments, TaskMoments } from '../../src/planning/criterion.ts';
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

/** 0 → 1 → 2 and back, with a move at state 1 that pays for staying there for ever. */
function temptingGoal(): RouteProblem {
  const mdp = graphOf(4, [
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 0],
    [2, 3],
    [3, 0],
  ]);
  const moments = valuesOnly(mdp.pairCount, [
    [0, [0, 2, 3], [-2, 1.5, -1]],
    [1, [0, 3], [-1, -3]],
  ]);
  // Nobody passes state 1 on the way to exit 3 if it is a goal of its own: 0 → 2 → 3 only.
  const reward = Float64Array.of(-0.5, -1.2, 0.4, -1, -1.1, -0.3, -0.9);
  return tabular(mdp, [goalState(1), goalState(2)], moments, reward);
}

test('routeCriterion solves goals apart where only their shared matrix is infeasible', () => {
  const problem = temptingGoal();
  // Goal 2 is reached through state 1 too, where staying pays: infeasible for that goal.
  const surplus = new Float64Array(problem.mdp.pairCount);
  expect(criterionOf(problem).evaluate(problem.reward, surplus)).toBe(Number.NEGATIVE_INFINITY);

  // From 3, with 0 → 1 gone, goal 1 is out of reach; keep it within reach from its own side only.
  const mdp = graphOf(5, [
    [0, 1],
    [0, 2],
    [1, 4],
    [4, 1],
    [4, 0],
    [2, 0],
    [2, 3],
    [3, 0],
  ]);
  const moments = valuesOnly(mdp.pairCount, [
    [0, [0, 2, 3, 4], [-2, 1.5, -1, -0.5]],
    [1, [1, 4], [-1, -2]],
  ]);
  const reward = Float64Array.of(-0.5, -1.2, -0.4, 0.5, -1.1, -0.3, -0.9, 0.2);
  // 1 ⇄ 4 gains 0.1 a round. Goal 1 and goal 4 each cut that cycle.
  const goals = [goalState(1), goalState(4)];
  const reward2 = reward.slice();
  const apart = tabular(mdp, goals, { ...moments, tasks: moments.tasks.map((task, t) => (t === 0 ? task : { ...task, state: Int32Array.of(1), weight: Float64Array.of(-1), visited: Int32Array.of(1) })) }, reward2);
  const criterion = criterionOf(apart);
  const value = criterion.evaluate(apart.reward, new Float64Array(mdp.pairCount));
  expect(value).toBeCloseTo(iteratedCriterion(apart, apart.reward), 10);
  expectDerivatives(apart, criterion);
});
