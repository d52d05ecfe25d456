import { describe, expect, test } from 'vitest';
import { finish } from '../../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../../src/algorithms/causalEntropy.ts';
import { fitOffline, type OfflineFitOptions } from '../../../src/algorithms/offline/fitOffline.ts';
import type { OfflineProblem } from '../../../src/algorithms/offline/offlineProblem.ts';
import { causalEntropyLog } from '../../../src/algorithms/sampled/causalEntropyLog.ts';
import { standardErrors } from '../../../src/evaluation/inference/standardErrors.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import type { RecordedSteps } from '../../../src/learning/offline/recordedSteps.ts';
import { polynomialBasis, type StateBasis } from '../../../src/learning/offline/stateBasis.ts';
import { expectClose } from '../../support/closeness.ts';
import { garnetProblem } from '../../support/garnetProblem.ts';
import { logOf, onLine, onLineFeatures } from '../../support/offlineProblem.ts';
import { windyProblem } from '../../support/windyProblem.ts';

function fitted(problem: OfflineProblem, options: OfflineFitOptions = {}) {
  const steps = fitOffline(problem, options);
  let next = steps.next();
  while (!next.done) next = steps.next();
  return next.value;
}

/** A basis of places on a grid, told to those who see numbers of cells. */
function inPlaces(
  steps: RecordedSteps,
  width: number,
  basisOf: (placed: RecordedSteps) => StateBasis,
): StateBasis {
  const placed = (cells: Float64Array): Float64Array =>
    Float64Array.from([...cells].flatMap((cell) => [cell % width, Math.floor(cell / width)]));
  const { size, write } = basisOf({
    ...steps,
    observationSize: 2,
    observations: placed(steps.observations),
    next: placed(steps.next),
  });
  return {
    size,
    write: ({ 0: cell }, out, start) => write([cell % width, Math.floor(cell / width)], out, start),
  };
}

describe('fitOffline', () => {
  test('with an indicator per state estimates and errors are those of the fit on counts', () => {
    const problem = garnetProblem({ states: 6, actions: 2, successors: 3, discount: 0.9 });
    const counted = finish(causalEntropyLog.fit(problem, {}));
    const errors = standardErrors(counted.information!, 3);
    const found = fitted(logOf(problem), { ridge: 0 });
    expect(found.stop).toBe('converged');
    expect(found.stopReason).toBeNull();
    expect(found.warnings).toEqual([]);
    found.parameters.forEach(({ name, estimate, standardError }, k) => {
      expect(name).toBe(counted.parameters[k].name);
      expect(estimate).toBeCloseTo(counted.parameters[k].estimate, 6);
      expect(standardError).toBeCloseTo(errors.of(k).errors.hessian!, 6);
    });
  });

  test.each(['likelihood', 'feature-matching'] as const)(
    'goes on with the same bits: %s',
    (objective) => {
      const options = { objective, l2: 1, rounds: 12 } as const;
      const steps = fitOffline(onLine, options);
      let next = steps.next();
      for (let round = 1; round < 3; round++) next = steps.next();
      if (next.done) throw new Error('the fit ended too soon to be interrupted');
      const stored = JSON.parse(JSON.stringify(next.value.checkpoint));
      const resumed = fitted(onLine, { ...options, resume: stored });
      const whole = fitted(onLine, options);
      expect(resumed.parameters).toEqual(whole.parameters);
      expect(resumed.policy.data.weights).toEqual(whole.policy.data.weights);
    },
  );

  test('on a windy grid polynomials of the place come nearer to the exact fit than counts do', () => {
    const problem = windyProblem();
    const exact = finish(causalEntropy.fit(problem, {}));
    const errors = standardErrors(exact.information!, 3);
    const counted = finish(causalEntropyLog.fit(problem, { sampling: { unseen: 'pooled' } }));
    const log = logOf(problem);
    const { names, write } = log.features;
    const found = fitted(
      {
        ...log,
        basis: (steps) => inPlaces(steps, 10, (placed) => polynomialBasis(placed, 4)),
        features: {
          names: [...names, 'alive'],
          write(seen, action, next, out, start = 0) {
            write(seen, action, next, out, start);
            out[start + names.length] = 1;
          },
        },
      },
      // the exact fit counts entropy in nats, which pays log |A| for every step to the goal
      { ridge: 1e-6, fix: { alive: Math.log(4) } },
    );
    expect(found.stop).toBe('converged');
    const off = (parameters: readonly { readonly estimate: number }[]): number =>
      Math.max(
        ...exact.parameters.map(
          ({ estimate }, k) =>
            Math.abs(parameters[k].estimate - estimate) / errors.of(k).errors.hessian!,
        ),
      );
    expect(off(found.parameters)).toBeLessThan(1);
    // the log shows 312 of 400 choices: what the others lead to counts cannot say
    expect(off(counted.parameters)).toBeGreaterThan(3);
  });

  test('ends at a maximum: any step aside is less likely', () => {
    const best = fitted(onLine);
    expect(best.stop).toBe('converged');
    for (const [k, { name, estimate }] of best.parameters.entries())
      for (const aside of [-0.05, 0.05]) {
        const fix = Object.fromEntries(
          best.parameters.map((one, l) => [one.name, one.estimate + (l === k ? aside : 0)]),
        );
        expect(fix[name]).toBeCloseTo(estimate + aside, 12);
        expect(fitted(onLine, { fix }).logLikelihood).toBeLessThan(best.logLikelihood);
      }
  });

  test('the policy tells what it does', () => {
    const { policy, logLikelihood, decisions } = fitted(onLine);
    const { observations, actions, stepStart } = onLine.demonstrations;
    const seen: number[] = [];
    for (let e = 0; e + 1 < stepStart.length; e++)
      for (let t = stepStart[e]; t < stepStart[e + 1]; t++) seen.push(observations[t + e]);
    const out = new Float64Array(decisions);
    policy.logLikelihood(Float64Array.from(seen), actions, decisions, out);
    expect(out.reduce((sum, x) => sum + x, 0) / decisions).toBeCloseTo(logLikelihood, 12);
    const likeliest = new Float64Array(1);
    policy.act(Float64Array.of(0.2), 1, null, likeliest);
    policy.logLikelihood(Float64Array.of(0.2), likeliest, 1, out);
    expect(out[0]).toBeGreaterThanOrEqual(Math.log(0.5));
    expect(() => policy.act(new Float64Array(0), 1, null, likeliest)).toThrow('Cannot act');
  });

  test('keeps what is fixed and within bounds', () => {
    const held = fitted(onLine, { fix: { alive: 0.5 }, bounds: { right: [-0.01, 0.01] } });
    expectClose([held.parameters[0].estimate], [0.5], 0);
    expect(held.parameters[0]).toMatchObject({ held: 'fixed', standardError: null });
    expect(Math.abs(held.parameters[2].estimate)).toBeLessThanOrEqual(0.01);
  });

  test('says why it stopped, and what the log lacks', () => {
    expect(fitted(onLine, { rounds: 1 }).stopReason).toContain(
      'not there after 1 round: the gradient',
    );
    const { others: _, ...alone } = onLine;
    const { alive, 'x²': square } = onLineFeatures;
    const never = {
      ...alone,
      features: stepFeatures({ alive, 'x²': square }),
      demonstrations: {
        ...alone.demonstrations,
        actions: alone.demonstrations.actions.map(() => 0),
      },
    };
    expect(fitted(never, { rounds: 5, l2: 10 }).warnings).toEqual([
      'action 1 is nowhere in the log: its worth is made up by the ridge alone',
    ]);
    const shown = { ...never, others: onLine.demonstrations };
    expect(fitted(shown, { rounds: 5, l2: 10 }).warnings).toEqual([
      'action 1 was never demonstrated',
    ]);
  });

  test('refuses features of which nothing was seen', () => {
    const features = stepFeatures({ alive: () => 1, never: () => 0 });
    expect(() => fitted({ ...onLine, features })).toThrow(
      'Cannot fit: "never" is 0 in every demonstrated step',
    );
  });
});
