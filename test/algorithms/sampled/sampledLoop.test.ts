import { describe, expect, test } from 'vitest';
import { type FitProgress, finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { fitBySampling } from '../../../src/algorithms/sampled/causalEntropySampled.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';
import type { Checkpoint } from '../../../src/optimizers/minimizer.ts';
import { expectClose } from '../../support/closeness.ts';
import { gridProblem } from '../../support/gridProblem.ts';

interface Gap {
  readonly name: string;
  readonly gap: number;
  readonly error: number;
  readonly monteCarloError: number | null;
  readonly outerProductError: number | null;
}
interface Sampling {
  readonly gaps: readonly Gap[];
  readonly simulatedSteps: number;
  readonly ownLogLikelihood: number;
}

/** Less exact than usual, and quicker. */
const quick = { precision: 0.03 };
const discounted: TimeStructure = { kind: 'discounted', discount: 0.8 };
const estimates = (fit: { parameters: readonly { estimate: number }[] }): number[] =>
  fit.parameters.map(({ estimate }) => estimate);

describe.each([discounted, { kind: 'finite', horizon: 6, discount: 1 } as const])('%o', (time) => {
  const problem = gridProblem(time, 40);
  const exact = finish(causalEntropy.fit(problem, {}));

  test('sampledLoop with the exact planner converges to the exact fit', () => {
    const fit = finish(fitBySampling(problem, { sampling: { planner: 'exact' } }));
    expect(fit.stop).toBe('converged');
    expectClose(estimates(fit), estimates(exact), 1e-7);
    expectClose([fit.logLikelihood ?? 0], [exact.logLikelihood ?? 1], 1e-9);
  });

  test.each(
    // without replay a horizon takes long, and shows nothing new
    time.kind === 'finite' ? (['replay'] as const) : (['replay', 'rollouts'] as const),
  )(
    'sampledLoop with a simulator comes within its errors of the exact fit, planner %s',
    (planner) => {
      const sampling = { precision: planner === 'replay' ? 0.03 : 0.05, planner };
      const fit = finish(fitBySampling(problem, { seed: 1, sampling }));
      const { gaps, ownLogLikelihood } = fit.details.sampling as Sampling;
      expect(fit.stop).toBe('matched-within-error');
      expect(fit.stopReason).toMatch(/every feature's gap is within its error/);
      gaps.forEach(({ monteCarloError, outerProductError, gap, error }, k) => {
        const off = Math.abs(fit.parameters[k].estimate - exact.parameters[k].estimate);
        // three of its own errors: three parameters of one seed
        expect(off).toBeLessThan(3 * (monteCarloError ?? 0));
        expect(monteCarloError).toBeLessThan(2 * (outerProductError ?? 0));
        expect(Math.abs(gap)).toBeLessThan(2.5 * error);
      });
      const decisions = problem.trajectories.pair.filter((p) => p >= 0).length;
      expect((exact.logLikelihood ?? 0) - (fit.logLikelihood ?? 0)).toBeLessThan(0.01 * decisions);
      expect(Math.abs((exact.logLikelihood ?? 0) - ownLogLikelihood)).toBeLessThan(
        0.01 * decisions,
      );
    },
  );
});

test('sampledLoop: rollouts know the outer-product standard errors of the exact fit', () => {
  const problem = gridProblem(discounted, 60);
  const exact = finish(causalEntropy.fit(problem, {}));
  const fit = finish(fitBySampling(problem, { seed: 3, sampling: quick }));
  const information = exact.information;
  if (!information?.decisionScores) throw new Error('the exact fit has no scores');
  const { gaps } = fit.details.sampling as Sampling;
  gaps.forEach(({ outerProductError }, k) => {
    // of one parameter with the others given this is a lower bound; within a factor of two here
    const alone = 1 / Math.sqrt(information.decisionScores?.[k * 4] ?? 0);
    expect(outerProductError).toBeGreaterThan(0.8 * alone);
    expect(outerProductError).toBeLessThan(2 * alone);
  });
});

test.each(['replay', 'rollouts'] as const)(
  'sampledLoop matches features by rollouts from the start alone, planner %s',
  (planner) => {
    const problem = gridProblem(discounted, 40);
    const options = { objective: 'feature-matching' } as const;
    const exact = finish(causalEntropy.fit(problem, options));
    const sampling = { planner, rounds: 24, precision: 0.05 };
    const fit = finish(fitBySampling(problem, { ...options, sampling }));
    expect(fit.stop).toBe('matched-within-error');
    const { gaps } = fit.details.sampling as Sampling;
    gaps.forEach(({ monteCarloError }, k) => {
      const off = Math.abs(fit.parameters[k].estimate - exact.parameters[k].estimate);
      expect(off).toBeLessThan(3 * (monteCarloError ?? 0));
    });
  },
);

test('sampledLoop that is out of rounds says which gap is open', () => {
  const problem = gridProblem(discounted, 40);
  const fit = finish(fitBySampling(problem, { sampling: { rounds: 1 } }));
  expect(fit.stop).toBe('max-iterations');
  expect(fit.stopReason).toMatch(/after 1 round what is expected of "x".* still differs/);
});

test.each(['replay', 'rollouts'] as const)(
  'sampledLoop draws the same bits from the same seed, killed and resumed too, planner %s',
  (planner) => {
    const problem = gridProblem(discounted, 20);
    const sampling = { planner, rounds: 18, learningSteps: 500, rollouts: 100 };
    const options = { seed: 5, sampling };
    const whole = finish(fitBySampling(problem, options));
    const checkpoints: Checkpoint[] = [];
    const keep = ({ checkpoint }: FitProgress): void => {
      checkpoints.push(JSON.parse(JSON.stringify(checkpoint)));
    };
    const again = finish(fitBySampling(problem, options), keep);
    expect(again.parameters).toEqual(whole.parameters);
    for (const resume of [checkpoints[4], checkpoints[checkpoints.length - 1]]) {
      const resumed = finish(fitBySampling(problem, { ...options, resume }));
      expect(resumed.parameters).toEqual(whole.parameters);
      expect(resumed.details).toEqual(whole.details);
    }
    const other = finish(fitBySampling(problem, { ...options, seed: 6 }));
    expect(other.parameters).not.toEqual(whole.parameters);
  },
);

test('sampledLoop honours start, fixed values, bounds and the penalty', () => {
  const problem = gridProblem(discounted, 40);
  const options = { fix: { stay: -0.5 }, bounds: { y: [0, 0.3] }, l2: 5 } as const;
  const exact = finish(causalEntropy.fit(problem, options));
  const fit = finish(fitBySampling(problem, { ...options, sampling: { planner: 'exact' } }));
  expectClose(estimates(fit), estimates(exact), 1e-6);
  expect(fit.parameters[1]).toEqual({ name: 'y', estimate: 0.3, held: 'at-bound' });
  expect(fit.parameters[2]).toEqual({ name: 'stay', estimate: -0.5, held: 'fixed' });
  const sampled = finish(fitBySampling(problem, options));
  expect(sampled.parameters[1].held).toBe('at-bound');
  expect(Math.abs(estimates(sampled)[0] - estimates(exact)[0])).toBeLessThan(0.15);
});

test.each(['replay', 'rollouts'] as const)(
  'sampledLoop names a feature that no decision changes, planner %s',
  (planner) => {
    const problem = gridProblem(discounted, 20);
    const { names, values } = problem.features;
    const wider = Float64Array.from({ length: (values.length / 3) * 4 }, (_, i) =>
      i % 4 === 3 ? 1 : values[Math.floor(i / 4) * 3 + (i % 4)],
    );
    const features = { names: [...names, 'always'], per: 'pair', values: wider } as const;
    const sampling = { planner, rounds: 16, learningSteps: 2000 };
    const fit = finish(fitBySampling({ ...problem, features }, { sampling }));
    expect(fit.unidentified.map(({ direction }) => direction)).toContainEqual({ always: 1 });
  },
);

test('sampledLoop refuses what it cannot fit from samples', () => {
  const endless = gridProblem({ kind: 'undiscounted' }, 4);
  expect(() => finish(fitBySampling(endless, {}))).toThrow(
    'Cannot fit from samples without a discount or a horizon: an episode may never end',
  );
  const problem = gridProblem(discounted, 4);
  expect(() => finish(fitBySampling({ ...problem, temperature: 0 }, {}))).toThrow(
    'the temperature must be > 0, got 0',
  );
  const short = { ...problem.features, values: new Float64Array(3) };
  expect(() => finish(fitBySampling({ ...problem, features: short }, {}))).toThrow(
    'Cannot make a linear reward: features must have 80 rows',
  );
});
