import { describe, expect, test } from 'vitest';
import { type Fit, finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { logLikelihoodOf } from '../../../src/algorithms/logLikelihoodAt.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { fitBySampling } from '../../../src/algorithms/sampled/causalEntropySampled.ts';
import { layeredValues } from '../../../src/algorithms/sampled/layeredValues.ts';
import type { SampledOptions } from '../../../src/algorithms/sampled/sampledOptions.ts';
import { steppedProblem } from '../../../src/algorithms/sampled/steppedProblem.ts';
import { rewardAt } from '../../../src/rewards/linearReward.ts';
import { expectClose } from '../../support/closeness.ts';
import { garnetProblem } from '../../support/garnetProblem.ts';
import { gridProblem } from '../../support/gridProblem.ts';

interface Sampling {
  readonly gaps: readonly {
    readonly monteCarloError: number;
    readonly outerProductError: number;
  }[];
  readonly replayedSteps: number;
}

const discounted = { kind: 'discounted', discount: 0.8 } as const;
const headingForGoals: Problem = {
  ...gridProblem({ kind: 'undiscounted' }, 40),
  time: { kind: 'discounted', discount: 0.9 },
};
const worlds: [string, Problem][] = [
  ['a random world', garnetProblem({ states: 30, actions: 3, successors: 4, discount: 0.9 })],
  ['a finite horizon', gridProblem({ kind: 'finite', horizon: 6, discount: 1 }, 40)],
  ['two goals', headingForGoals],
];
const samplingOf = (fit: Fit): Sampling => fit.details.sampling as Sampling;

describe.each(worlds)('%s', (_name, problem) => {
  const exact = finish(causalEntropy.fit(problem, {}));
  const fitWith = (seed: number, sampling: SampledOptions): Fit =>
    finish(fitBySampling(problem, { seed, sampling }));

  test('replayPlanner: errors are as large as they are said to be', () => {
    const sampling = { rollouts: 400, precision: 0.02, learningSteps: 16_000 };
    const fits = Array.from({ length: 20 }, (_, seed) => fitWith(seed, sampling));
    exact.parameters.forEach(({ estimate }, k) => {
      let squares = 0;
      for (const fit of fits) {
        const { monteCarloError } = samplingOf(fit).gaps[k];
        squares += ((fit.parameters[k].estimate - estimate) / monteCarloError) ** 2;
      }
      // χ² of 20: one in a thousand is below 5.9, one above 45.3; errors from 20 blocks widen it a bit
      expect(squares).toBeGreaterThan(5.9);
      expect(squares).toBeLessThan(50);
    });
  });

  test('replayPlanner: luck in the steps is small beside what the data leave open', () => {
    const decisions = problem.trajectories.pair.filter((p) => p >= 0).length;
    for (const fit of [0, 1].map((seed) => fitWith(seed, { rollouts: 400 }))) {
      expect(fit.stop).toBe('matched-within-error');
      for (const { monteCarloError, outerProductError } of samplingOf(fit).gaps)
        expect(monteCarloError).toBeLessThan(0.2 * outerProductError);
      const lost = (exact.logLikelihood ?? 0) - (fit.logLikelihood ?? 0);
      expect(lost / decisions).toBeLessThan(3e-5);
    }
  });
});

test('replayPlanner reads no probability of the table', () => {
  const options = { seed: 2, sampling: { rollouts: 400 } };
  const problem = gridProblem(discounted, 10);
  const { mdp } = problem.world;
  const fit = finish(fitBySampling(problem, options));
  // the same chances, written as one row more each
  const doubled = {
    ...mdp,
    transitionStart: mdp.transitionStart.map((k) => 2 * k),
    nextState: Int32Array.from(
      { length: 2 * mdp.nextState.length },
      (_, k) => mdp.nextState[k >> 1],
    ),
    probability: Float64Array.from(
      { length: 2 * mdp.probability.length },
      (_, k) => mdp.probability[k >> 1] / 2,
    ),
  };
  const again = finish(
    fitBySampling({ ...problem, world: { ...problem.world, mdp: doubled } }, options),
  );
  expectClose(
    again.parameters.map(({ estimate }) => estimate),
    fit.parameters.map(({ estimate }) => estimate),
    1e-9,
  );
});

test('replayPlanner takes as many steps as are asked to be known', () => {
  const problem = gridProblem(discounted, 20);
  const stepsFor = (precision: number): number => {
    const sampling = { precision, learningSteps: 2000, rollouts: 400 };
    const fit = finish(fitBySampling(problem, { sampling }));
    expect(fit.stop).toBe('matched-within-error');
    return samplingOf(fit).replayedSteps;
  };
  // four times as well: sixteen times as many
  const ratio = stepsFor(0.0025) / stepsFor(0.01);
  expect(ratio).toBeGreaterThan(6);
  expect(ratio).toBeLessThan(40);
});

test('replayPlanner says which estimate luck still moves where it may take no more steps', () => {
  const problem = gridProblem(discounted, 20);
  const sampling = { precision: 1e-5, learningSteps: 50, rollouts: 400 };
  const fit = finish(fitBySampling(problem, { sampling }));
  expect(fit.stop).toBe('max-iterations');
  expect(fit.stopReason).toMatch(
    /luck in the \d+ simulated steps that were kept still moves ".*" too much; \d+ times as many/,
  );
});

test('replayPlanner names a coefficient that runs away, as the exact fit does', () => {
  const problem = gridProblem(discounted, 20);
  const { names, values } = problem.features;
  const taken = new Set(problem.trajectories.pair);
  // of a choice that nobody ever made where people decided
  const never = Array.from({ length: problem.world.mdp.pairCount }, (_, pair) => pair).find(
    (pair) => !taken.has(pair),
  );
  const wider = Float64Array.from({ length: (values.length / 3) * 4 }, (_, i) => {
    const pair = Math.floor(i / 4);
    return i % 4 === 3 ? Number(pair === never) : values[pair * 3 + (i % 4)];
  });
  const features = { names: [...names, 'never'], per: 'pair', values: wider } as const;
  const exact = finish(causalEntropy.fit({ ...problem, features }, {}));
  const sampling = { rollouts: 400, learningSteps: 4000 };
  const fit = finish(fitBySampling({ ...problem, features }, { sampling }));
  expect(exact.unbounded).toEqual(['never']);
  expect(fit.stop).toBe('unbounded');
  expect(fit.unbounded).toEqual(['never']);
});

test.each<[string, Problem]>([['discounted', gridProblem(discounted, 10)], ...worlds.slice(1)])(
  'layeredValues tell the likelihood of the decisions: %s',
  (_name, problem) => {
    const { world, decisions } = steppedProblem(problem);
    const theta = Float64Array.from([-0.4, 0.3, 0.2]);
    const { pairCount, pairStart } = problem.world.mdp;
    const q = new Float64Array(world.layers.count * pairCount);
    layeredValues(problem, rewardAt(problem, theta), q);
    let total = 0;
    decisions.weight.forEach((weight, i) => {
      const state = decisions.state[i];
      const from = decisions.layer[i] * pairCount;
      const choices = q.subarray(from + pairStart[state], from + pairStart[state + 1]);
      const value = Math.log(choices.reduce((sum, x) => sum + Math.exp(x), 0));
      total += weight * (q[from + decisions.pair[i]] - value);
    });
    expectClose([total], [logLikelihoodOf(problem, rewardAt(problem, theta)) ?? 0], 1e-8);
  },
);
