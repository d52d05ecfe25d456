/** Soft Q-learning beside policy gradients: their difference, and when it vanishes. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entropyLoss, policyGradientLoss } from '../../../src/learning/gradients/softmaxLosses.ts';
import { softmaxPolicy } from '../../../src/learning/gradients/softmaxPolicy.ts';
import { softUpdates } from '../../../src/learning/gradients/softUpdates.ts';
import { softValue } from '../../../src/learning/values/nextValue.ts';
import type { Mdp } from '../../../src/mdp/mdp.ts';
import { occupancy } from '../../../src/planning/occupancy.ts';
import { evaluatePolicy, evaluationSweep } from '../../../src/planning/policyEvaluation.ts';
import { backUp, softValueIteration } from '../../../src/planning/softValueIteration.ts';
import {
  arbitraryTask,
  distribution,
  numbers,
  type PlanningTask,
} from '../../support/arbitraryMdp.ts';
import { expectClose } from '../../support/closeness.ts';
import { differentiate, jacobianRows } from '../../support/differences.ts';
import { readReference } from '../../support/references.ts';

/** Both updates of every state, averaged over what π does and where it leads. */
function expectedUpdates({ mdp, reward, discount, temperature }: PlanningTask, q: Float64Array) {
  const soft = new Float64Array(mdp.pairCount);
  const gradient = new Float64Array(mdp.pairCount);
  for (let s = 0; s < mdp.stateCount; s++) {
    const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
    for (let pair = first; pair < end; pair++)
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++) {
        const to = mdp.nextState[k];
        const step = {
          pair,
          reward: reward[pair],
          nextFirst: mdp.pairStart[to],
          nextEnd: mdp.pairStart[to + 1],
          nextPair: -1,
          terminated: false,
        };
        const options = { discount, temperature, prior: 'one' } as const;
        const both = softUpdates(q, first, end, step, options);
        const chance = both.policy[pair - first] * mdp.probability[k];
        for (let a = 0; a < end - first; a++) {
          soft[first + a] += chance * both.softQLearning[a];
          gradient[first + a] += chance * both.policyGradient[a];
        }
      }
  }
  return { soft, gradient };
}

const valuesOf = (mdp: Mdp, q: Float64Array, temperature: number) =>
  Float64Array.from({ length: mdp.stateCount }, (_, s) =>
    softValue(q, mdp.pairStart[s], mdp.pairStart[s + 1], temperature, 'one'),
  );
const policyOf = (mdp: Mdp, q: Float64Array, temperature: number) =>
  softmaxPolicy(
    mdp,
    q.map((x) => x / temperature),
  );

test.each(['one', 'uniform'] as const)('updates differ by δ π = δ ∇V, prior %s', (prior) => {
  const q = numbers(4, 5);
  const step = {
    pair: 1,
    reward: 0.7,
    nextFirst: 3,
    nextEnd: 5,
    nextPair: -1,
    terminated: false,
  };
  const options = { discount: 0.9, temperature: 0.6, prior };
  for (const terminated of [false, true]) {
    const { error, policy, softQLearning, policyGradient } = softUpdates(
      q,
      0,
      3,
      { ...step, terminated },
      options,
    );
    const slope = jacobianRows((x) => [softValue(x, 0, 3, 0.6, prior)], q.slice(0, 3));
    expectClose(policy, slope, 1e-10);
    expectClose(
      softQLearning.map((x, a) => x - policyGradient[a]),
      slope.map((x) => error * x),
      1e-10,
    );
    const ahead = terminated ? 0 : 0.9 * softValue(q, 3, 5, 0.6, prior);
    expect(error).toBeCloseTo(0.7 + ahead - q[1], 12);
  }
  expect(() => softUpdates(q, 0, 3, step, { ...options, temperature: 0 })).toThrow(
    'temperature must be > 0, got 0',
  );
});

test('softUpdates differ in expectation by the Bellman error of the value times π', () => {
  fc.assert(
    fc.property(arbitraryTask({ terminals: true }), (task) => {
      const { mdp, reward, discount, temperature, seed } = task;
      const q = numbers(seed + 1, mdp.pairCount);
      const { soft, gradient } = expectedUpdates(task, q);
      const policy = policyOf(mdp, q, temperature);
      const value = valuesOf(mdp, q, temperature);
      const backed = new Float64Array(mdp.stateCount);
      evaluationSweep(mdp, reward, policy, { discount, temperature }, value, backed);
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          expect(soft[pair] - gradient[pair]).toBeCloseTo(
            policy[pair] * (backed[s] - value[s]),
            10,
          );
    }),
    { seed: 4, numRuns: 40 },
  );
});

test('softUpdates agree in expectation with the true gradient where V is the worth of π', () => {
  fc.assert(
    fc.property(arbitraryTask({}, [0.3, 0.9]), (task) => {
      const { mdp, reward, discount, temperature, seed } = task;
      const policy = softmaxPolicy(mdp, numbers(seed + 1, mdp.pairCount));
      const value = evaluatePolicy(mdp, reward, policy, { discount, temperature });
      const q = new Float64Array(mdp.pairCount);
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          q[pair] = value[s] + temperature * Math.log(policy[pair]);
      const { soft, gradient } = expectedUpdates(task, q);
      expectClose(soft, gradient, 1e-9);

      const initial = distribution(seed, mdp.stateCount);
      const visits = occupancy(mdp, policy, initial, { discount });
      const worth = (x: Float64Array): number[] => {
        const moved = policyOf(mdp, x, temperature);
        const v = evaluatePolicy(mdp, reward, moved, { discount, temperature });
        return [initial.reduce((sum, p, s) => sum + p * v[s], 0)];
      };
      const weighted = new Float64Array(mdp.pairCount);
      for (let s = 0; s < mdp.stateCount; s++) {
        const [first, end] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
        const here = visits.subarray(first, end).reduce((sum, d) => sum + d, 0);
        for (let pair = first; pair < end; pair++)
          weighted[pair] = (here * gradient[pair]) / temperature;
      }
      expectClose(weighted, jacobianRows(worth, q), 1e-6);
    }),
    { seed: 5, numRuns: 15 },
  );
});

test('softUpdates are at rest at the soft optimum', () => {
  fc.assert(
    fc.property(arbitraryTask({ terminals: true }), (task) => {
      const { mdp, reward, discount, temperature } = task;
      const plan = softValueIteration(mdp, reward, { discount, temperature, tolerance: 1e-13 });
      const q = new Float64Array(mdp.pairCount);
      backUp(mdp, reward, plan.value, discount, q);
      const { soft, gradient } = expectedUpdates(task, q);
      const zero = new Float64Array(mdp.pairCount);
      expectClose(soft, zero, 1e-10);
      expectClose(gradient, zero, 1e-10);
    }),
    { seed: 6, numRuns: 15 },
  );
});

describe('losses of preferences', () => {
  interface Fixture {
    readonly logits: number[][][];
    readonly weights: number[][];
    readonly advantages: number[][];
    readonly actions: number[][];
    readonly float64: number[];
  }
  const fixtures = readReference<Record<string, Fixture>>('rlax_fixtures');

  test('policyGradientLoss is theirs, with its gradient', () => {
    const { logits, weights, advantages, actions, float64 } = fixtures.policyGradientLoss;
    logits.forEach((rows, i) => {
      const preference = Float64Array.from(rows.flat());
      const loss = (x: Float64Array, out = new Float64Array(x.length)) =>
        policyGradientLoss(
          { preference: x, actionCount: 3 },
          actions[i],
          advantages[i],
          weights[i],
          out,
        );
      const gradient = new Float64Array(preference.length);
      expectClose([loss(preference, gradient)], [float64[i]], 1e-12);
      expectClose(
        gradient,
        jacobianRows((x) => [loss(x)], preference),
        1e-9,
      );
    });
  });

  test('entropyLoss is theirs, with its gradient', () => {
    const { logits, weights, float64 } = fixtures.entropyLoss;
    logits.forEach((rows, i) => {
      const preference = Float64Array.from(rows.flat());
      const loss = (x: Float64Array, out = new Float64Array(x.length)) =>
        entropyLoss({ preference: x, actionCount: 3 }, weights[i], out);
      const gradient = new Float64Array(preference.length);
      expectClose([loss(preference, gradient)], [float64[i]], 1e-12);
      expectClose(
        gradient,
        jacobianRows((x) => [loss(x)], preference),
        1e-9,
      );
    });
    const flat = differentiate((h) => [
      entropyLoss({ preference: Float64Array.of(h, 0), actionCount: 2 }, [1], new Float64Array(2)),
    ]);
    expectClose(flat, [0], 1e-9);
  });
});
