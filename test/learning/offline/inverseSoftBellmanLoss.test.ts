/**
 * Where the inverse soft Bellman route ends with a value for each pair: at the maximum of the causal
 * likelihood with a free reward for each pair, in the dynamics of the log, less the penalty.
 */

import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { loggedProblem } from '../../../src/algorithms/sampled/loggedProblem.ts';
import {
  type InverseBellmanBatch,
  inverseSoftBellmanLoss,
} from '../../../src/learning/offline/inverseSoftBellmanLoss.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { lbfgs } from '../../../src/optimizers/lbfgs.ts';
import { expectClose } from '../../support/closeness.ts';
import { jacobianRows } from '../../support/differences.ts';
import { garnetProblem } from '../../support/garnetProblem.ts';

const ACTIONS = 2;
const discount = 0.8;
const temperature = 1;

interface TabularSteps {
  readonly pairCount: number;
  readonly pair: number[];
  readonly next: number[];
}

/** The steps of a problem whose states all offer the same actions. */
function stepsOf({ world, trajectories }: Problem): TabularSteps {
  const { rowStart, state, pair, count } = trajectories;
  const rows = Array.from({ length: count }, (_, i) => i).flatMap((i) =>
    Array.from({ length: rowStart[i + 1] - rowStart[i] - 1 }, (_, t) => rowStart[i] + t),
  );
  return {
    pairCount: world.mdp.pairCount,
    pair: rows.map((row) => pair[row]),
    next: rows.map((row) => state[row + 1]),
  };
}

type Ahead = 'recorded' | 'expected';

/** The loss of a table Q [pairs], with the exact mean of V(s′) as ζ where it is asked for. */
function tabularLoss({ pairCount, pair, next }: TabularSteps, chi: number, ahead: Ahead) {
  const count = pair.length;
  const rowOf = (q: Float64Array, s: number): number[] => [
    ...q.subarray(s * ACTIONS, (s + 1) * ACTIONS),
  ];
  const softValue = (row: readonly number[]): number =>
    temperature * Math.log(row.reduce((sum, x) => sum + Math.exp(x / temperature), 0) / row.length);
  const times = new Float64Array(pairCount);
  for (const p of pair) times[p]++;
  const zetaOf = (q: Float64Array): Float64Array => {
    const mean = new Float64Array(pairCount);
    pair.forEach((p, i) => {
      mean[p] += softValue(rowOf(q, next[i])) / times[p];
    });
    return mean;
  };
  return {
    zetaOf,
    evaluate(q: Float64Array, gradient: Float64Array): number {
      const zeta = zetaOf(q);
      const batch: InverseBellmanBatch = {
        action: Int32Array.from(pair, (p) => p % ACTIONS),
        terminated: new Uint8Array(count),
        actionCount: ACTIONS,
        now: Float64Array.from(pair.flatMap((p) => rowOf(q, Math.floor(p / ACTIONS)))),
        next: Float64Array.from(next.flatMap((s) => rowOf(q, s))),
        expectedNext: ahead === 'recorded' ? null : Float64Array.from(pair, (p) => zeta[p]),
      };
      const slopes = {
        now: new Float64Array(count * ACTIONS),
        next: new Float64Array(count * ACTIONS),
      };
      const terms = { discount, temperature, chi };
      const { loss } = inverseSoftBellmanLoss(batch, terms, slopes, new Float64Array(count));
      gradient.fill(0);
      for (let i = 0; i < count; i++)
        for (let b = 0; b < ACTIONS; b++) {
          const from = Math.floor(pair[i] / ACTIONS) * ACTIONS;
          gradient[from + b] += slopes.now[i * ACTIONS + b];
          gradient[next[i] * ACTIONS + b] += slopes.next[i * ACTIONS + b];
        }
      return loss;
    },
  };
}

function minimise(steps: TabularSteps, chi: number, ahead: Ahead) {
  const { evaluate, zetaOf } = tabularLoss(steps, chi, ahead);
  const size = steps.pairCount;
  const run = lbfgs.minimize({ size, evaluate }, new Float64Array(size), {
    tolerance: 1e-11,
    maxIterations: 2000,
  });
  let next = run.next();
  while (!next.done) next = run.next();
  const q = next.value.x;
  const zeta = zetaOf(q);
  return { policy: softmax(q), reward: q.map((x, p) => x - discount * zeta[p]) };
}

function softmax(q: Float64Array): Float64Array {
  return q.map((x, p) => {
    const from = p - (p % ACTIONS);
    const row = [...q.subarray(from, from + ACTIONS)];
    return Math.exp(x) / row.reduce((sum, y) => sum + Math.exp(y), 0);
  });
}

/**
 * The exact fit in the log's dynamics, one parameter per pair: √N(p) r(p), so that the usual penalty
 * (λ/2) Σ θ² weighs rewards as often as they were met; λ = 1 / 2χτ.
 */
function exactFit(problem: Problem, steps: TabularSteps, chi: number) {
  const { problem: logged } = loggedProblem(problem, 'error');
  const { pairCount } = steps;
  const times = new Float64Array(pairCount);
  for (const p of steps.pair) times[p]++;
  const values = Float64Array.from({ length: pairCount ** 2 }, (_, i) =>
    i % (pairCount + 1) === 0 ? 1 / Math.sqrt(times[i % pairCount]) : 0,
  );
  const names = Array.from(times, (_, p) => `pair ${p}`);
  const fit = finish(
    causalEntropy.fit(
      { ...logged, features: { names, per: 'pair', values } },
      { l2: 1 / (2 * chi * temperature), tolerance: 1e-9 },
    ),
  );
  expect(fit.stop).toBe('converged');
  return fit.parameters.map(({ estimate }, p) => estimate / Math.sqrt(times[p]));
}

describe('inverseSoftBellmanLoss', () => {
  test.each(['recorded', 'expected'] as const)('has its gradient, %s', (ahead) => {
    const rng = createRng(1, 'loss');
    const steps = 7;
    const actionCount = 3;
    const draw = (n: number) => Float64Array.from({ length: n }, () => 2 * rng() - 1);
    const action = Int32Array.from({ length: steps }, () => Math.floor(3 * rng()));
    const terminated = Uint8Array.from({ length: steps }, (_, i) => (i % 3 === 2 ? 1 : 0));
    const zeta = draw(steps);
    const size = steps * actionCount;
    const evaluate = (q: Float64Array) => {
      const slopes = { now: new Float64Array(size), next: new Float64Array(size) };
      const { loss } = inverseSoftBellmanLoss(
        {
          action,
          terminated,
          actionCount,
          now: q.subarray(0, size),
          next: q.subarray(size),
          expectedNext: ahead === 'recorded' ? null : zeta,
        },
        { discount: 0.9, temperature: 0.3, chi: 0.4 },
        slopes,
        new Float64Array(steps),
      );
      return { loss, gradient: [...slopes.now, ...slopes.next] };
    };
    const q = draw(2 * size);
    const numeric = jacobianRows((x) => [evaluate(x).loss], q);
    expectClose(evaluate(q).gradient, [...numeric], 1e-8);
  });

  test('without a penalty ends at the shares of choices, the likelihood’s maximum', () => {
    const problem = garnetProblem({ states: 5, actions: ACTIONS, successors: 2, discount });
    const steps = stepsOf(problem);
    const { policy } = minimise(steps, 1e9, 'recorded');
    const shares = new Float64Array(steps.pairCount);
    for (const p of steps.pair) shares[p]++;
    const sure = shares.map((n, p) => n / (n + shares[p ^ 1]));
    expect(sure.every((x) => x > 0 && x < 1)).toBe(true);
    expectClose([...policy], [...sure], 1e-4);
  });

  test.each([
    ['one outcome', 1, 'recorded'],
    ['luck, with its mean', 3, 'expected'],
  ] as const)('ends at the penalised causal likelihood’s maximum: %s', (_, successors, ahead) => {
    const problem = garnetProblem({ states: 5, actions: ACTIONS, successors, discount });
    const steps = stepsOf(problem);
    for (const chi of [0.5, 20]) {
      const { reward } = minimise(steps, chi, ahead);
      // entropy in nats or relative to uniform choice: a constant, which no choice shows
      expectClose([...reward], exactFit(problem, steps, chi), 1e-5);
    }
  });

  test('takes luck for a fault of the reward where its mean is not known', () => {
    const problem = garnetProblem({ states: 5, actions: ACTIONS, successors: 3, discount });
    const steps = stepsOf(problem);
    const chi = 0.5;
    const exact = exactFit(problem, steps, chi);
    const far = (ahead: Ahead): number =>
      Math.max(...minimise(steps, chi, ahead).reward.map((r, p) => Math.abs(r - exact[p])));
    expect(far('expected')).toBeLessThan(1e-4);
    expect(far('recorded')).toBeGreaterThan(0.005);
  });
});
