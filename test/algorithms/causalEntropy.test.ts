import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fit, type FitOptions, finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import { occupancy } from '../../src/planning/occupancy.ts';
import { softValueIteration } from '../../src/planning/softValueIteration.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { arbitraryProblem, finiteKinds, stationaryKinds } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { gridProblem } from '../support/gridProblem.ts';
import { naiveLikelihood } from '../support/naiveLikelihood.ts';

const times: readonly TimeStructure[] = [
  { kind: 'discounted', discount: 0.9 },
  { kind: 'finite', horizon: 8, discount: 1 },
  { kind: 'finite', horizon: 8, discount: 0.8 },
  { kind: 'undiscounted' },
];

function fitEntropy(problem: Problem, options: FitOptions = {}): Fit {
  return finish(causalEntropy.fit(problem, options));
}

function estimates({ parameters }: Fit): number[] {
  return parameters.map(({ estimate }) => estimate);
}

/** The feasible θ of a drawn problem, as start values. */
function startAt(problem: Problem, theta: Float64Array): Record<string, number> {
  return Object.fromEntries(problem.features.names.map((name, k) => [name, theta[k]]));
}

function likelihoodAt(problem: Problem, theta: ArrayLike<number>): number {
  const { mdp } = problem.world;
  const reward = new Float64Array(mdp.pairCount);
  linearReward(mdp, problem.features).evaluate(Float64Array.from(theta), reward);
  return naiveLikelihood(problem, reward);
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('causalEntropy is never less likely than its start, and reports the likelihood it has', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { theta } = problem;
        const options = { start: startAt(problem, theta), l2: 0.1, maxIterations: 50 };
        const found = fitEntropy(problem, options);
        const reached = found.logLikelihood ?? Number.NaN;
        const penalty = (x: ArrayLike<number>) =>
          0.05 * Array.from(x, (t) => t * t).reduce((sum, t) => sum + t, 0);
        const before = likelihoodAt(problem, theta) - penalty(theta);
        expect(reached - penalty(estimates(found))).toBeGreaterThanOrEqual(before - 1e-7);
        expectClose([found.predict(problem.trajectories) ?? Number.NaN], [reached], 1e-9);
        const naive = likelihoodAt(problem, estimates(found));
        if (!Number.isNaN(naive)) expectClose([reached], [naive], 1e-7);
        const nothing = found.details.nullLogLikelihood as number | null;
        const naiveNothing = likelihoodAt(problem, new Float64Array(theta.length));
        if (nothing !== null && !Number.isNaN(naiveNothing))
          expectClose([nothing], [naiveNothing], 1e-7);
      }),
      { seed: 1, numRuns: 12 },
    );
  });
});

describe.each(times)('%o', (time) => {
  const problem = gridProblem(time);
  const found = fitEntropy(problem);

  test('causalEntropy converges to where no direction is more likely', () => {
    expect(found.stop).toBe('converged');
    expect(found.unidentified).toEqual([]);
    const theta = estimates(found);
    const best = likelihoodAt(problem, theta);
    expectClose([found.logLikelihood ?? Number.NaN], [best], 1e-8);
    for (let k = 0; k < theta.length; k++)
      for (const step of [-0.01, 0.01]) {
        const moved = theta.map((t, i) => (i === k ? t + step : t));
        expect(likelihoodAt(problem, moved)).toBeLessThan(best);
      }
    expect(best).toBeGreaterThan(likelihoodAt(problem, problem.theta));
  });

  test('causalEntropy comes near the θ that made the demonstrations', () => {
    // 500 or more decisions: a standard error is about 0.1 to 0.2
    expectClose(estimates(found), problem.theta, 0.35);
  });

  test('causalEntropy predicts parts that add up to the whole', () => {
    const { trajectories } = problem;
    const half = (rest: number) => selectTrajectories(trajectories, (i) => i % 2 === rest);
    const parts = [0, 1].map((rest) => found.predict(half(rest)) ?? Number.NaN);
    expectClose([parts[0] + parts[1]], [found.logLikelihood ?? Number.NaN], 1e-9);
  });

  test('causalEntropy counts a trajectory of weight two twice', () => {
    const doubled = fitEntropy({
      ...problem,
      trajectories: { ...problem.trajectories, weight: problem.trajectories.weight.map(() => 2) },
    });
    expectClose(estimates(doubled), estimates(found), 1e-6);
    expectClose([doubled.logLikelihood ?? 0], [2 * (found.logLikelihood ?? 0)], 1e-9);
  });

  test('causalEntropy in other units of reward is the same behaviour', () => {
    const scaled = fitEntropy({ ...problem, temperature: 3 });
    expectClose(
      estimates(scaled),
      estimates(found).map((t) => 3 * t),
      1e-6,
    );
    expectClose([scaled.logLikelihood ?? 0], [found.logLikelihood ?? 0], 1e-9);
  });
});

test('causalEntropy with feature matching expects the features that were demonstrated', () => {
  const problem = gridProblem({ kind: 'discounted', discount: 0.7 });
  const { world, features, trajectories } = problem;
  const found = fitEntropy(problem, { objective: 'feature-matching' });
  expect(found.stop).toBe('converged');
  const linear = linearReward(world.mdp, features);
  const theta = Float64Array.from(estimates(found));
  const reward = new Float64Array(world.mdp.pairCount);
  linear.evaluate(theta, reward);
  const { policy } = softValueIteration(world.mdp, reward, { discount: 0.7 });
  const start = new Float64Array(world.mdp.stateCount);
  const demonstrated = new Float64Array(world.mdp.pairCount);
  for (let i = 0; i < trajectories.count; i++) {
    const first = trajectories.rowStart[i];
    start[trajectories.state[first]]++;
    for (let row = first; row < trajectories.rowStart[i + 1] - 1; row++)
      demonstrated[trajectories.pair[row]] += 0.7 ** (row - first);
  }
  const expectedFeatures = new Float64Array(linear.size);
  const demonstratedFeatures = new Float64Array(linear.size);
  linear.pullBack(theta, occupancy(world.mdp, policy, start, { discount: 0.7 }), expectedFeatures);
  linear.pullBack(theta, demonstrated, demonstratedFeatures);
  expectClose(expectedFeatures, demonstratedFeatures, 1e-7);
});

test('causalEntropy by likelihood and by feature matching agree where luck plays no part', () => {
  // Deterministic moves, complete trajectories: the dual is the likelihood.
  fc.assert(
    fc.property(arbitraryProblem('deterministic exits'), (drawn) => {
      const complete = drawn.trajectories.stopped;
      fc.pre(complete.some((stopped) => stopped === 1));
      const problem = {
        ...drawn,
        trajectories: selectTrajectories(drawn.trajectories, (i) => complete[i] === 1),
      };
      const options = { start: startAt(problem, drawn.theta), l2: 0.5 };
      const likely = fitEntropy(problem, options);
      const matching = fitEntropy(problem, { ...options, objective: 'feature-matching' });
      expectClose(estimates(matching), estimates(likely), 1e-6);
      expectClose([matching.details.dual as number], [likely.logLikelihood ?? 0], 1e-7);
    }),
    { seed: 2, numRuns: 25 },
  );
});

test('causalEntropy keeps what is fixed and stays within bounds', () => {
  const problem = gridProblem({ kind: 'discounted', discount: 0.9 });
  const free = fitEntropy(problem);
  const [, y, stay] = estimates(free);
  const held = fitEntropy(problem, {
    fix: { x: 0.25 },
    bounds: { y: [-9, y - 0.5], stay: [-9, 9] },
  });
  expect(held.parameters[0]).toEqual({ name: 'x', estimate: 0.25, held: 'fixed' });
  expect(held.parameters[1].held).toBe('at-bound');
  expect(held.parameters[1].estimate).toBeCloseTo(y - 0.5, 12);
  expect(held.parameters[2].held).toBeUndefined();
  expect(held.parameters[2].estimate).not.toBe(stay);
  expect(held.logLikelihood).toBeLessThan(free.logLikelihood ?? 0);
});
