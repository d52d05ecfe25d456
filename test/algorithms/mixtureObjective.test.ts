/** Mixtures against naive plans, enumeration and central differences, for every time structure. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Classes, classSpace } from '../../src/algorithms/classSpace.ts';
import { expectationMaximization } from '../../src/algorithms/expectationMaximization.ts';
import { mixtureChoices } from '../../src/algorithms/mixtureChoices.ts';
import { mixtureInformation } from '../../src/algorithms/mixtureInformation.ts';
import { type MixtureObjective, mixtureObjective } from '../../src/algorithms/mixtureObjective.ts';
import { parameterSpace } from '../../src/algorithms/parameters.ts';
import { weightedDecisions } from '../../src/algorithms/problem.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import {
  arbitraryProblem,
  type DrawnProblem,
  finiteKinds,
  stationaryKinds,
} from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { differentiate, jacobianRows } from '../support/differences.ts';
import { naiveChosen } from '../support/naiveLikelihood.ts';

const L2 = 0.3;
/** Plans are solved to 1e-10 or so, and differences are taken over a step of 1e-3. */
const TOLERANCE = 1e-6;

/** Three classes around the feasible θ of a problem, dearer and dearer. */
function classesNear({ theta }: DrawnProblem): Classes {
  return {
    theta: [1, 1.3, 1.7].map((factor) => theta.map((t) => factor * t)),
    share: Float64Array.of(0.5, 0.3, 0.2),
  };
}

/** [trajectories] log Σ share exp ℓ, from the decisions of naive plans. */
function naiveMixture(problem: DrawnProblem, { theta, share }: Classes): number[] {
  const { count } = problem.trajectories;
  const likelihood = new Array<number>(count).fill(0);
  theta.forEach((own, k) => {
    const reward = new Float64Array(problem.world.mdp.pairCount);
    linearReward(problem.world.mdp, problem.features).evaluate(own, reward);
    const product = new Array<number>(count).fill(1);
    for (const { trajectory, logProbability } of naiveChosen(problem, reward))
      product[trajectory] *= Math.exp(logProbability);
    for (let i = 0; i < count; i++) likelihood[i] += share[k] * product[i];
  });
  return likelihood.map(Math.log);
}

function mixtureOf(problem: DrawnProblem) {
  const space = classSpace(
    parameterSpace(problem.world.mdp, problem.features, problem.temperature, {}),
    3,
  );
  const decisions = weightedDecisions(problem);
  const objective: MixtureObjective = mixtureObjective(problem, space, decisions, L2);
  return { space, decisions, objective, x: space.coordinatesOf(classesNear(problem)) };
}

describe.each([...stationaryKinds, ...finiteKinds])('%s', (kind) => {
  test('mixtureObjective is the likelihood that enumeration gives, less the penalty', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { decisions, objective, x } = mixtureOf(problem);
        const { weight } = problem.trajectories;
        const classes = classesNear(problem);
        const logs = naiveMixture(problem, classes);
        const penalty = classes.theta.flatMap((own) => [...own].map((t) => (L2 / 2) * t * t));
        const expected =
          logs.reduce((sum, log, i) => sum + weight[i] * log, 0) -
          penalty.reduce((a, b) => a + b, 0);
        const value = objective.evaluate(x, new Float64Array(x.length));
        expectClose([-value * decisions], [expected], 1e-8);
        expectClose([...objective.logLikelihood], logs, 1e-8);
      }),
      { numRuns: 15 },
    );
  });

  test('mixtureObjective has the gradient and the Hessian of central differences', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { space, objective, x } = mixtureOf(problem);
        const gradient = new Float64Array(x.length);
        const valueAt = (at: Float64Array): number => objective.evaluate(at, new Float64Array(at));
        const gradientAt = (at: Float64Array): Float64Array => {
          const own = new Float64Array(at.length);
          objective.evaluate(at, own);
          return own;
        };
        // In units of θ: where a feature hardly varies a step in x goes far.
        const { spread } = space;
        const along = (a: number, f: (at: Float64Array) => ArrayLike<number>): Float64Array =>
          differentiate((t) => {
            const moved = x.slice();
            moved[a] += t * spread[a];
            return f(moved);
          });
        const byDifferences = x.map((_, a) => along(a, (at) => [valueAt(at)])[0]);
        const hessianByDifferences = Float64Array.from(
          [...x.keys()].flatMap((a) => [...along(a, gradientAt).map((d, b) => d * spread[b])]),
        );
        objective.evaluate(x, gradient);
        const hessian = new Float64Array(x.length ** 2);
        objective.hessian(x, hessian);
        expectClose(
          gradient.map((g, a) => g * spread[a]),
          byDifferences,
          TOLERANCE,
        );
        expectClose(
          hessian.map((h, ab) => h * spread[Math.floor(ab / x.length)] * spread[ab % x.length]),
          hessianByDifferences,
          10 * TOLERANCE,
        );
      }),
      { numRuns: 8 },
    );
  });

  test('expectationMaximization never lowers the likelihood', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { space } = mixtureOf(problem);
        const settings = { l2: L2, maxIterations: 6, tolerance: 0 };
        const steps = expectationMaximization(problem, space, classesNear(problem), settings);
        let before = Number.NEGATIVE_INFINITY;
        let moves = 0;
        for (const { value, classes } of steps) {
          expect(value).toBeGreaterThanOrEqual(before - 1e-9 * (1 + Math.abs(value)));
          expect(classes.share.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
          before = value;
          moves++;
        }
        expect(moves).toBeGreaterThan(1);
      }),
      { numRuns: 8 },
    );
  });

  test('mixtureChoices multiply to the likelihood of a trajectory, and sum to one', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { rowStart, count } = problem.trajectories;
        const classes = classesNear(problem);
        const logs = new Float64Array(count);
        const complete = mixtureChoices(problem, classes, (row, told, chosen) => {
          const i = rowStart.findLastIndex((first) => first <= row);
          logs[i] += told[chosen];
          expect(told.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 9);
        });
        expect(complete).toBe(true);
        expectClose(logs, naiveMixture(problem, classes), 1e-8);
      }),
      { numRuns: 15 },
    );
  });

  test('mixtureInformation has scores that are how the likelihood of a trajectory moves', () => {
    fc.assert(
      fc.property(arbitraryProblem(kind), (problem) => {
        const { space, decisions, objective, x } = mixtureOf(problem);
        objective.evaluate(x, new Float64Array(x.length));
        const hessian = new Float64Array(x.length ** 2);
        objective.hessian(x, hessian);
        const none = new Uint8Array(x.length);
        const information = mixtureInformation(
          problem,
          space,
          objective,
          hessian,
          [],
          none,
          decisions,
        );
        // By differences in θ and in shares that need not sum to 1.
        const { theta, share } = classesNear(problem);
        const flat = Float64Array.from([...theta.flatMap((own) => [...own]), ...share]);
        const width = theta[0].length;
        const rows = jacobianRows((at) => {
          const shares = at.slice(3 * width);
          const sum = shares.reduce((a, b) => a + b, 0);
          return naiveMixture(problem, {
            theta: [0, 1, 2].map((k) => at.slice(k * width, (k + 1) * width)),
            share: shares.map((p) => p / sum),
          });
        }, flat);
        const size = flat.length;
        const { count, weight } = problem.trajectories;
        const products = new Float64Array(size * size);
        for (let i = 0; i < count; i++)
          for (let a = 0; a < size; a++)
            for (let b = 0; b < size; b++)
              products[a * size + b] += weight[i] ** 2 * rows[a * count + i] * rows[b * count + i];
        expectClose(information.trajectoryScores, products, TOLERANCE);
      }),
      { numRuns: 6 },
    );
  });
});
