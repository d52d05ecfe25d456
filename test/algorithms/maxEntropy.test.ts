/** Maximum entropy of whole trajectories beside the causal one. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fit, type FitOptions, finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { maxEntropy } from '../../src/algorithms/maxEntropy.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import { tabularTask } from '../../src/environments/tabularTask.ts';
import { methodResult } from '../../src/evaluation/methodResult.ts';
import { simulateTrajectories } from '../../src/evaluation/prediction/simulateTrajectories.ts';
import { selectTrajectories } from '../../src/mdp/trajectories.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { createPosteriorCriterion } from '../../src/planning/posteriorCriterion.ts';
import { rewardAt } from '../../src/rewards/linearReward.ts';
import { arbitraryProblem } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { differentiate } from '../support/differences.ts';

const HORIZON = 3;

/** A bet that pays two times in ten, or a sure thing: over and over. */
function casino(chance: number): Problem {
  const { world } = tabularTask({
    stateNames: ['table', 'won', 'lost'],
    actionNames: ['bet', 'pass'],
    outcomes: (s, action) =>
      s !== 0
        ? [{ to: 0, probability: 1, reward: 0 }]
        : action === 1
          ? [{ to: 2, probability: 1, reward: 0 }]
          : [
              { to: 1, probability: chance, reward: 0 },
              { to: 2, probability: 1 - chance, reward: 0 },
            ].filter(({ probability }) => probability > 0),
    initial: 0,
  });
  const values = Float64Array.from({ length: world.mdp.stateCount }, (_, s) => (s === 1 ? 1 : 0));
  return {
    world,
    time: { kind: 'finite', horizon: HORIZON, discount: 1 },
    goals: [],
    features: { names: ['prize'], per: 'state', values },
    trajectories: seed(world.mdp.pairStart),
    initial: null,
    temperature: 1,
  };
}

/** One recorded visit to the table, from which more are simulated. */
function seed(pairStart: Int32Array): Problem['trajectories'] {
  const states = Int32Array.of(0, 2, 0);
  return {
    count: 1,
    rowStart: Int32Array.of(0, 3),
    state: states,
    pair: states.map((s) => pairStart[s + 1] - 1),
    goal: Int32Array.of(-1),
    weight: Float64Array.of(1),
    stopped: Uint8Array.of(0),
    names: ['seed'],
    folds: null,
  };
}

function people(problem: Problem, prize: number, count: number): Problem {
  const rng = createRng(4, 'people');
  const theta = Float64Array.of(prize);
  const { trajectories } = simulateTrajectories(problem, theta, rng, { trajectories: count });
  return { ...problem, trajectories };
}

const fitted = (algorithm: typeof maxEntropy, problem: Problem, options: FitOptions = {}): Fit =>
  finish(algorithm.fit(problem, options));

describe('where moves are certain', () => {
  test.each(['deterministic goals', 'deterministic exits'] as const)(
    'maxEntropy is causalEntropy: %s',
    (kind) => {
      fc.assert(
        fc.property(arbitraryProblem(kind), (problem) => {
          const start = Object.fromEntries(
            problem.features.names.map((name, k) => [name, problem.theta[k]]),
          );
          const options = { start, l2: 0.1, maxIterations: 50 };
          const [whole, causal] = [maxEntropy, causalEntropy].map((a) =>
            fitted(a, problem, options),
          );
          expect(whole.parameters).toEqual(causal.parameters);
          expect(whole.details.posteriorLogLikelihood).toBe(causal.logLikelihood);
        }),
        { numRuns: 5 },
      );
    },
  );

  test('the likelihood of trajectories is that of decisions', () => {
    const sure = people(casino(0), 1.2, 50);
    const reward = rewardAt(sure, Float64Array.of(0.7));
    const criterion = createPosteriorCriterion(sure.world.mdp, sure.trajectories, HORIZON, 1);
    const causal = fitted(causalEntropy, sure, { fix: { prize: 0.7 } });
    expectClose(
      [criterion.evaluate(reward, new Float64Array(reward.length))],
      [causal.logLikelihood ?? Number.NaN],
      1e-9,
    );
  });
});

describe('where chance decides', () => {
  const TRUTH = 1.5;
  const gamblers = people(casino(0.2), TRUTH, 20_000);

  test('causalEntropy finds the reward, and maxEntropy another: it takes luck for choice', () => {
    const [whole, causal] = [maxEntropy, causalEntropy].map((a) => fitted(a, gamblers));
    expect([whole.stop, causal.stop]).toEqual(['converged', 'converged']);
    const [biased, right] = [whole, causal].map(({ parameters }) => parameters[0].estimate);
    expect(Math.abs(right - TRUTH)).toBeLessThan(0.15);
    expect(Math.abs(biased - TRUTH)).toBeGreaterThan(0.5);
    // People won less often than people would who chose their luck, so the prize looks cheap.
    expect(biased).toBeLessThan(right);
    expect(whole.logLikelihood ?? 0).toBeLessThan(causal.logLikelihood ?? 0);
  });

  test('maxEntropy leaves the scores of trajectories for a sandwich', () => {
    const few = {
      ...gamblers,
      trajectories: selectTrajectories(gamblers.trajectories, (i) => i < 40),
    };
    const fit = fitted(maxEntropy, few);
    const at = fit.parameters[0].estimate;
    let sum = 0;
    for (let i = 0; i < few.trajectories.count; i++) {
      const own = selectTrajectories(few.trajectories, (other) => other === i);
      const criterion = createPosteriorCriterion(few.world.mdp, own, HORIZON, 1);
      const [score] = differentiate((t) => {
        const reward = rewardAt(few, Float64Array.of(at + t));
        return [criterion.evaluate(reward, new Float64Array(reward.length))];
      });
      sum += score * score;
    }
    expectClose(fit.information?.trajectoryScores ?? [], [sum], 1e-7);
    expect(fit.information?.trajectories).toBe(40);
  });

  test('maxEntropy refuses a future without an end', () => {
    const endless: Problem = { ...gamblers, time: { kind: 'discounted', discount: 0.9 } };
    expect(() => fitted(maxEntropy, endless)).toThrow(/needs an end without discount/);
  });
});

test('a result of maxEntropy has no AIC where something else than its likelihood was maximised', () => {
  const measured = (chance: number) => {
    const problem = people(casino(chance), 1, 200);
    const fit = fitted(maxEntropy, problem);
    return methodResult(fit, problem, {
      seconds: 0,
      heldOut: null,
      firstStage: undefined,
      withFirstStage: null,
      specification: null,
      penalised: false,
      inference: null,
    });
  };
  expect(measured(0.2).aic).toBeNull();
  expect(measured(0.2).reasons?.aic).toMatch(/something else/);
  expect(measured(0).aic).not.toBeNull();
});
