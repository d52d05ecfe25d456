/** Fitted Q-iteration against an independent program, and against exact plans with indicators. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frozenLake } from '../../../src/environments/tabular/frozenLake.ts';
import { TabularSimulator } from '../../../src/environments/tabularSimulator.ts';
import type { FeatureMatrix } from '../../../src/features/featureMatrix.ts';
import { rollout } from '../../../src/learning/rollout.ts';
import {
  bellmanError,
  type FittedQOptions,
  fittedQIteration,
} from '../../../src/learning/values/fittedQIteration.ts';
import {
  logOfRollouts,
  logOfSteps,
  type TransitionLog,
} from '../../../src/learning/values/transitionLog.ts';
import type { Mdp } from '../../../src/mdp/mdp.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { evaluatePolicy, uniformPolicy } from '../../../src/planning/policyEvaluation.ts';
import { backUp, softValueIteration } from '../../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';
import { arbitraryTask, numbers } from '../../support/arbitraryMdp.ts';
import { expectClose } from '../../support/closeness.ts';
import { expectReference, type Nested, readReference } from '../../support/references.ts';

interface Iterate {
  readonly iteration: number;
  readonly W: Nested;
  readonly bellmanResidualBefore: number;
}

const { fqi } = readReference<{
  readonly fqi: {
    readonly states: number[][];
    readonly actions: number[];
    readonly rewards: number[];
    readonly nextStates: number[][];
    readonly done: number[];
    readonly ridge: number;
    readonly gamma: number;
    readonly hard: Iterate[];
    readonly softAlpha0_5: Iterate[];
  };
}>('pg_td_fqi_tanh_svgd');

function fitted(log: TransitionLog, options: FittedQOptions) {
  const steps = fittedQIteration(log, options);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

function indicators({ pairCount }: Mdp): FeatureMatrix {
  const values = new Float64Array(pairCount * pairCount);
  for (let pair = 0; pair < pairCount; pair++) values[pair * pairCount + pair] = 1;
  return {
    names: Array.from(values.subarray(0, pairCount), (_, i) => `${i}`),
    per: 'pair',
    values,
  };
}

test.each([
  ['hard', 0],
  ['softAlpha0_5', 0.5],
] as const)('fittedQIteration has the iterates of the reference, %s', (name, temperature) => {
  const seen = ([x, y]: number[]): number[] => [1, x, y, x * y];
  const log = logOfSteps(
    fqi.states.map((state, i) => ({
      state: seen(state),
      action: fqi.actions[i],
      reward: fqi.rewards[i],
      next: seen(fqi.nextStates[i]),
      terminated: fqi.done[i] === 1,
    })),
    2,
  );
  const { gamma: discount, ridge } = fqi;
  const theirs = new Map(fqi[name].map((iterate) => [iterate.iteration, iterate]));
  let compared = 0;
  for (const { iteration, weights, misfit } of fittedQIteration(log, {
    discount,
    ridge,
    temperature,
    maxIterations: 50,
  })) {
    const iterate = theirs.get(iteration);
    if (!iterate) continue;
    expectReference(weights, iterate.W);
    expectReference([misfit], iterate.bellmanResidualBefore);
    compared++;
  }
  expect(compared).toBe(5);
});

/** A log in which every outcome is as frequent as it is probable, in 60ths. */
function completeLog(mdp: Mdp, reward: Float64Array): TransitionLog {
  const rows: { pair: number; to: number }[] = [];
  for (let pair = 0; pair < mdp.pairCount; pair++)
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      for (let i = 0; i < Math.round(60 * mdp.probability[k]); i++)
        rows.push({ pair, to: mdp.nextState[k] });
  return logOfRollouts(
    mdp,
    indicators(mdp),
    rows.map(({ pair, to }) => ({
      length: 1,
      state: [0, to],
      pair: [pair],
      reward: [reward[pair]],
      terminated: false,
    })),
  );
}

test('fittedQIteration with indicators is value iteration, hard and soft', () => {
  fc.assert(
    fc.property(arbitraryTask({ terminals: true, mostStates: 4 }), (task) => {
      const { reward, discount, temperature } = task;
      const mdp = inSixtieths(task.mdp);
      fc.pre(mdp.pairCount > 0);
      const log = completeLog(mdp, reward);
      const options = { discount, ridge: 1e-12, maxIterations: 5000 };
      const hard = fitted(log, options);
      expect(hard.stop).toBe('converged');
      const plan = valueIteration(mdp, reward, { discount });
      expectClose(hard.actionValue, plan.actionValue, 1e-6);

      const soft = fitted(log, { ...options, temperature });
      const softPlan = softValueIteration(mdp, reward, { discount, temperature });
      const wanted = new Float64Array(mdp.pairCount);
      backUp(mdp, reward, softPlan.value, discount, wanted);
      expectClose(soft.actionValue, wanted, 1e-6);
    }),
    { seed: 8, numRuns: 25 },
  );
});

/** The same process with probabilities that are whole 60ths. */
function inSixtieths(mdp: Mdp): Mdp {
  const probability = mdp.probability.slice();
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    const [first, end] = [mdp.transitionStart[pair], mdp.transitionStart[pair + 1]];
    let left = 60;
    for (let k = first; k < end - 1; k++) {
      const share = Math.min(Math.max(1, Math.round(60 * probability[k])), left - (end - 1 - k));
      probability[k] = share / 60;
      left -= share;
    }
    probability[end - 1] = left / 60;
  }
  return { ...mdp, probability };
}

test('a Bellman error of zero means optimal values, and other values have one', () => {
  fc.assert(
    fc.property(arbitraryTask({ deterministic: true, mostStates: 4 }), (task) => {
      const { mdp, reward, discount, seed } = task;
      fc.pre(mdp.pairCount > 0);
      const log = completeLog(mdp, reward);
      const { actionValue } = valueIteration(mdp, reward, { discount, tolerance: 1e-14 });
      expect(bellmanError(log, actionValue, { discount })).toBeLessThan(1e-20);
      const off = numbers(seed, mdp.pairCount, -0.1, 0.1);
      const wrong = actionValue.map((q, i) => q + off[i]);
      const largest = Math.max(...off.map(Math.abs));
      const error = bellmanError(log, wrong, { discount });
      // |TQ − Q| ≥ (1 − γ) |Q − Q*| in the largest entry
      expect(error).toBeGreaterThanOrEqual(
        (((1 - discount) * largest) ** 2 / mdp.pairCount) * (1 - 1e-9),
      );
    }),
    { seed: 9, numRuns: 40 },
  );
});

test('fittedQIteration learns to cross the ice from a log of chance alone', () => {
  const lake = frozenLake();
  const { mdp } = lake.world;
  const simulator = new TabularSimulator(lake, createRng(1, 'outcomes'));
  const rngs = { startRng: createRng(1, 'starts'), actionRng: createRng(1, 'actions') };
  const seen = Array.from({ length: 2000 }, () => rollout(simulator, uniformPolicy(mdp), rngs));
  const discount = 0.99;
  const { actionValue, bellmanError: error } = fitted(logOfRollouts(mdp, indicators(mdp), seen), {
    discount,
    maxIterations: 3000,
  });
  const policy = new Float64Array(mdp.pairCount);
  for (let s = 0; s < mdp.stateCount; s++) {
    let best = mdp.pairStart[s];
    for (let p = best + 1; p < mdp.pairStart[s + 1]; p++)
      if (actionValue[p] > actionValue[best]) best = p;
    if (best < mdp.pairStart[s + 1]) policy[best] = 1;
  }
  const worth = evaluatePolicy(mdp, lake.reward, policy, { discount })[0];
  const best = valueIteration(mdp, lake.reward, { discount }).value[0];
  expect(worth / best).toBeGreaterThan(0.95);
  // what is left is the luck of single steps, which no Q explains
  expect(error).toBeGreaterThan(1e-3);
});

test('what does not determine a fit is refused, and running away is told', () => {
  const step = { state: [1, 2], action: 0, reward: 1, next: [1, 2], terminated: false };
  const discount = 0.9;
  expect(() => fitted(logOfSteps([step], 2), { discount, ridge: 0 })).toThrow('add ridge');
  expect(() => fitted(logOfSteps([], 2), { discount })).toThrow('no steps');
  expect(() => bellmanError(logOfSteps([], 2), new Float64Array(0), { discount })).toThrow(
    'no steps',
  );
  expect(() => logOfSteps([{ ...step, action: 2 }], 2)).toThrow('0 … 1, got 2');
  expect(() => logOfSteps([step, { ...step, next: [1] }], 2)).toThrow('must have 2 features');
  // values double at each step: w → 2 γ w
  const doubling = [{ state: [1], action: 0, reward: 0.1, next: [2], terminated: false }];
  const away = fitted(logOfSteps(doubling, 1), { discount, maxIterations: 5000 });
  expect(away.stop).toBe('not-finite');
  expect(away.bellmanError).toBeNull();
});
