import { describe, expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { causalEntropyLoop } from '../../src/algorithms/causalEntropyLoop.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import { adam } from '../../src/optimizers/adam.ts';
import { exponentiatedGradient } from '../../src/optimizers/exponentiatedGradient.ts';
import { gradientDescent } from '../../src/optimizers/gradientDescent.ts';
import { mdpOfMatrices } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import { gridProblem } from '../support/gridProblem.ts';

const times: readonly TimeStructure[] = [
  { kind: 'discounted', discount: 0.7 },
  { kind: 'finite', horizon: 6, discount: 1 },
  { kind: 'undiscounted' },
];

describe.each(times)('%o', (time) => {
  const problem = gridProblem(time, 40);
  // zero is not feasible without discounting, so all start where the demonstrations come from
  const { names } = problem.features;
  const start = Object.fromEntries(names.map((name, k) => [name, 0.8 * problem.theta[k]]));
  const exact = finish(causalEntropy.fit(problem, { objective: 'feature-matching', start }));

  test.each([gradientDescent, exponentiatedGradient, adam])(
    'causalEntropyLoop with $name reaches the optimum of the exact fit',
    (optimizer) => {
      expect(exact.stop).toBe('converged');
      const loop = finish(causalEntropyLoop.fit(problem, { optimizer, start }));
      expect(loop.stop).toBe('converged');
      expect(loop.unidentified).toEqual(exact.unidentified);
      expect(loop.unbounded).toEqual([]);
      expectClose([loop.details.dual as number], [exact.details.dual as number], 1e-7);
      expectClose([loop.logLikelihood ?? 0], [exact.logLikelihood ?? 1], 1e-6);
      // a score of 1e-6 per decision, at a curvature of 0.01 or more per decision
      expectClose(
        loop.parameters.map(({ estimate }) => estimate),
        exact.parameters.map(({ estimate }) => estimate),
        1e-3,
      );
    },
  );
});

describe('where people were luckier than expected', () => {
  // Forward works one time out of ten, and did; being ahead is worth much.
  const mdp = mdpOfMatrices([
    [
      [0.9, 0.1],
      [1, 0],
    ],
    [[0, 1]],
  ]);
  const problem = {
    world: {
      mdp,
      stateNames: ['behind', 'ahead'],
      actionNames: ['forward', 'stay'],
      pairAction: Int32Array.of(0, 1, 0),
    },
    time: { kind: 'discounted', discount: 0.9 } as const,
    goals: [],
    features: { names: ['ahead'], per: 'pair' as const, values: Float64Array.of(0, 0, 1) },
    trajectories: {
      count: 1,
      rowStart: Int32Array.of(0, 30),
      state: new Int32Array(30).fill(1).fill(0, 0, 1),
      pair: new Int32Array(30).fill(2).fill(0, 0, 1),
      goal: Int32Array.of(-1),
      weight: Float64Array.of(1),
      stopped: new Uint8Array(1),
      names: ['lucky'],
      folds: null,
    },
    initial: null,
    temperature: 1,
  };

  test('causalEntropyLoop keeps a dual above 0', () => {
    const loop = finish(causalEntropyLoop.fit(problem, { fix: { ahead: 5 } }));
    // Σ γᵗ r − V(start), the values by plain sweeps
    let [behind, ahead] = [0, 0];
    for (let n = 0; n < 2000; n++) {
      const forward = 0.9 * (0.9 * behind + 0.1 * ahead);
      [behind, ahead] = [Math.log(Math.exp(forward) + Math.exp(0.9 * behind)), 5 + 0.9 * ahead];
    }
    const paid = 5 * ((0.9 - 0.9 ** 30) / 0.1);
    expect(paid).toBeGreaterThan(behind);
    expect(loop.stop).toBe('converged');
    expectClose([loop.details.dual as number], [paid - behind], 1e-6);
  });

  test('causalEntropy says which coefficient runs away when features cannot be matched', () => {
    const fit = finish(causalEntropy.fit(problem, { objective: 'feature-matching' }));
    expect(fit.stop).toBe('unbounded');
    expect(fit.stopReason).toContain('"ahead" runs away');
  });
});
