import { describe, expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import { causalEntropyLoop } from '../../src/algorithms/causalEntropyLoop.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import { adam } from '../../src/optimizers/adam.ts';
import { exponentiatedGradient } from '../../src/optimizers/exponentiatedGradient.ts';
import { gradientDescent } from '../../src/optimizers/gradientDescent.ts';
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
