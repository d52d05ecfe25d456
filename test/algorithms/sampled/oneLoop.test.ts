/** One problem through one loop, with one option changed: who plans. */

import { expect, test } from 'vitest';
import { type FitProgress, finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { fitBySampling } from '../../../src/algorithms/sampled/causalEntropySampled.ts';
import type { SampledOptions } from '../../../src/algorithms/sampled/sampledOptions.ts';
import type { Checkpoint } from '../../../src/optimizers/minimizer.ts';
import { expectClose } from '../../support/closeness.ts';
import { gridProblem } from '../../support/gridProblem.ts';
import { windyProblem } from '../../support/windyProblem.ts';

const problem = windyProblem();
const exact = finish(causalEntropy.fit(problem, {}));

test('one loop: the exact planner gives the exact fit of a windy grid', () => {
  const fit = finish(fitBySampling(problem, { sampling: { planner: 'exact' } }));
  expect(fit.stop).toBe('converged');
  expectClose(
    fit.parameters.map(({ estimate }) => estimate),
    exact.parameters.map(({ estimate }) => estimate),
    1e-7,
  );
});

test.each([
  { planner: 'replay' },
  { planner: 'rollouts', precision: 0.08 },
  { planner: 'network', precision: 0.05, learningSteps: 1000 },
] as SampledOptions[])(
  'one loop comes within two of its errors of the exact fit: %o',
  (sampling) => {
    const fit = finish(fitBySampling(problem, { seed: 2, sampling }));
    expect(fit.stop).toBe('matched-within-error');
    const told = fit.details.sampling as {
      readonly planner: string;
      readonly gaps: readonly { readonly monteCarloError: number }[];
    };
    expect(told.planner).toBe(sampling.planner);
    told.gaps.forEach(({ monteCarloError }, k) => {
      const off = Math.abs(fit.parameters[k].estimate - exact.parameters[k].estimate);
      expect(off).toBeLessThan(2 * monteCarloError);
      // or two errors would say nothing
      expect(monteCarloError).toBeLessThan(0.5);
    });
  },
);

test('one loop with a network gives the same bits when killed and resumed', () => {
  const small = gridProblem({ kind: 'finite', horizon: 4, discount: 1 }, 10);
  const sampling = { planner: 'network', rounds: 4, learningSteps: 100, rollouts: 40 } as const;
  const options = { seed: 1, sampling };
  const kept: Checkpoint[] = [];
  const whole = finish(fitBySampling(small, options), ({ checkpoint }: FitProgress) => {
    kept.push(JSON.parse(JSON.stringify(checkpoint)));
  });
  for (const resume of [kept[0], kept[2]]) {
    const resumed = finish(fitBySampling(small, { ...options, resume }));
    expect(resumed.parameters).toEqual(whole.parameters);
    expect(resumed.details).toEqual(whole.details);
  }
});
