/** What every minimiser promises, whatever its method. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Minimizer,
  type MinimizerOptions,
  type Minimum,
  runToEnd,
  type Step,
} from '../../src/optimizers/minimizer.ts';
import { isMinimizerName, minimizers } from '../../src/optimizers/registry.ts';
import { seededRandom } from '../support/seededRandom.ts';
import {
  type CountedObjective,
  counted,
  logBarrier,
  logistic,
  quadratic,
  rosenbrock,
  valueAt,
  withSpectrum,
} from './testObjectives.ts';

const runs = { seed: 11, numRuns: 25 };

const problems: readonly { make: () => CountedObjective; start: readonly number[] }[] = [
  { make: rosenbrock, start: [-1.2, 1] },
  { make: () => logistic(1, 4, 60, 0.01), start: [1, -2, 0, 3] },
  { make: () => logBarrier([1, 3]), start: [2, 4] },
  {
    make: () =>
      quadratic(withSpectrum(seededRandom(3), [0, 0, 1, 100]), Float64Array.of(1, 2, 3, 4)),
    start: [0, 0, 1, 1],
  },
];

/** Bounds around a start, some of which will be active. */
function randomBox(seed: number, start: readonly number[]): MinimizerOptions {
  const random = seededRandom(seed);
  return {
    lower: Float64Array.from(start, (x) =>
      random.chance(0.4) ? x - random.between(0, 0.5) : -Infinity,
    ),
    upper: Float64Array.from(start, (x) =>
      random.chance(0.4) ? x + random.between(0, 0.5) : Infinity,
    ),
  };
}

const arbitraryRun = fc.record({
  problem: fc.constantFrom(...problems),
  seed: fc.integer(),
  boxed: fc.boolean(),
});

function expectSame(actual: Minimum, expected: Minimum): void {
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected));
}

test('the registry knows its names', () => {
  expect(isMinimizerName('lbfgs')).toBe(true);
  expect(isMinimizerName('toString')).toBe(false);
});

for (const [name, load] of Object.entries(minimizers)) {
  describe(name, async () => {
    const minimizer: Minimizer = await load();

    test('has the name it is registered under', () => {
      expect(minimizer.name).toBe(name);
    });

    test('never ends above its start, nor outside its box, and counts what it asks', () => {
      fc.assert(
        fc.property(arbitraryRun, ({ problem, seed, boxed }) => {
          const box = boxed ? randomBox(seed, problem.start) : {};
          const objective = problem.make();
          const start = Float64Array.from(problem.start);
          const steps: Step[] = [];
          const minimum = runToEnd(
            minimizer.minimize(objective, start, { ...box, maxIterations: 60 }),
            (step) => steps.push(step),
          );
          expect(minimum.evaluations).toBe(objective.evaluations());
          expect(minimum.iterations).toBe(steps.length);
          for (const { x } of [...steps, minimum]) {
            x.forEach((xi, i) => {
              expect(xi).toBeGreaterThanOrEqual(box.lower?.[i] ?? -Infinity);
              expect(xi).toBeLessThanOrEqual(box.upper?.[i] ?? Infinity);
            });
          }
          const first = valueAt(problem.make(), start);
          // Where changes of f drown in round-off the gradient decides.
          expect(minimum.value).toBeLessThanOrEqual(first + 1e-10 * (1 + Math.abs(first)));
          expect(minimum.value).toBe(valueAt(problem.make(), minimum.x));
          expect(minimum.stop === 'converged').toBe(minimum.gradientNorm <= 1e-8);
        }),
        runs,
      );
    });

    test('resumed from any checkpoint goes on as if it had not stopped, bit for bit', () => {
      fc.assert(
        fc.property(arbitraryRun, fc.nat(), ({ problem, seed, boxed }, pick) => {
          const options = {
            ...(boxed ? randomBox(seed, problem.start) : {}),
            maxIterations: 25,
          };
          const start = Float64Array.from(problem.start);
          const steps: Step[] = [];
          const whole = runToEnd(minimizer.minimize(problem.make(), start, options), (step) =>
            steps.push(step),
          );
          if (steps.length === 0) return;
          const from = pick % steps.length;
          const resume = JSON.parse(JSON.stringify(steps[from].checkpoint));
          const rest: Step[] = [];
          const resumed = runToEnd(
            minimizer.minimize(problem.make(), start, { ...options, resume }),
            (step) => rest.push(step),
          );
          expectSame(resumed, whole);
          expect(JSON.stringify(rest)).toBe(JSON.stringify(steps.slice(from + 1)));
        }),
        runs,
      );
    });

    test('stopped by its iterations and resumed with more reaches the same end', () => {
      const { make, start } = problems[1];
      const at = Float64Array.from(start);
      let last: Step | undefined;
      const short = runToEnd(minimizer.minimize(make(), at, { maxIterations: 3 }), (step) => {
        last = step;
      });
      expect(short.stop).toBe('max-iterations');
      expect(short.iterations).toBe(3);
      const options = { maxIterations: 10, resume: last?.checkpoint ?? {} };
      const long = runToEnd(minimizer.minimize(make(), at, options));
      expectSame(long, runToEnd(minimizer.minimize(make(), at, { maxIterations: 10 })));
    });

    test('says infeasible where the start is, and not-finite where f or ∇f is not a number', () => {
      const at = Float64Array.of(1);
      const flat = (_: Float64Array, out: Float64Array) => out.fill(0);
      const endOf = (value: number, slope: number) =>
        runToEnd(
          minimizer.minimize(
            counted(
              1,
              (_, gradient) => {
                gradient[0] = slope;
                return value;
              },
              flat,
            ),
            at,
          ),
        );
      expect(endOf(Infinity, Number.NaN).stop).toBe('infeasible');
      expect(endOf(Number.NaN, 1).stop).toBe('not-finite');
      expect(endOf(-Infinity, 1).stop).toBe('not-finite');
      expect(endOf(1, Number.NaN).stop).toBe('not-finite');
      const { x, value, gradient, gradientNorm } = endOf(1, Number.NaN);
      expect([...x, value, ...gradient, gradientNorm].some(Number.isNaN)).toBe(false);
    });

    test('says not-finite, and keeps the last good point, where NaN begins on the way', () => {
      const objective = counted(
        1,
        ([x], gradient) => {
          gradient[0] = 2 * (x - 5);
          return x > 2 ? Number.NaN : (x - 5) ** 2;
        },
        (_, out) => out.fill(2),
      );
      const minimum = runToEnd(minimizer.minimize(objective, Float64Array.of(0)));
      expect(minimum.stop).toBe('not-finite');
      expect(minimum.x[0]).toBeLessThanOrEqual(2);
      expect(minimum.value).toBeLessThanOrEqual(25);
    });

    test('is done at once where every variable is fixed, or there is none', () => {
      const at = Float64Array.of(3, 3);
      const fixed = runToEnd(minimizer.minimize(rosenbrock(), at, { lower: at, upper: at }));
      expect(fixed.stop).toBe('converged');
      expect([...fixed.x]).toEqual([3, 3]);
      const nothing = counted(
        0,
        () => 1,
        () => {},
      );
      const none = runToEnd(minimizer.minimize(nothing, new Float64Array(0)));
      expect(none).toMatchObject({ stop: 'converged', value: 1, evaluations: 1 });
    });

    test('starts from the projection of the start onto the box, which it leaves alone', () => {
      const start = Float64Array.of(-5, 5);
      const upper = Float64Array.of(Infinity, 2);
      const options = { upper, lower: Float64Array.of(-1, -1), maxIterations: 0 };
      const minimum = runToEnd(minimizer.minimize(rosenbrock(), start, options));
      expect([...minimum.x]).toEqual([-1, 2]);
      expect([...start]).toEqual([-5, 5]);
    });

    test('refuses misuse in words', () => {
      const run = (start: Float64Array, options: MinimizerOptions = {}) =>
        runToEnd(minimizer.minimize(rosenbrock(), start, options));
      const at = Float64Array.of(0, 0);
      expect(() => run(Float64Array.of(1))).toThrow('start must have 2 entries, got 1');
      expect(() => run(Float64Array.of(1, Number.NaN))).toThrow('start must be finite');
      expect(() => run(at, { lower: Float64Array.of(1) })).toThrow('must have 2 entries, got 1');
      expect(() => run(at, { lower: Float64Array.of(1, 0), upper: Float64Array.of(0, 0) })).toThrow(
        'bounds of variable 0 must enclose a number, got [1, 0]',
      );
      expect(() => run(at, { resume: { minimizer: 'simplex' } })).toThrow(
        `checkpoint must be of "${name}", got "simplex"`,
      );
      expect(() => run(at, { resume: { minimizer: name, x: ['?'] } })).toThrow('Cannot resume');
    });
  });
}
