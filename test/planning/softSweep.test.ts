import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXP_TABLE } from '../../src/numeric/fastExp.ts';
import { softSweep } from '../../src/planning/softSweep.ts';
import { backUp, softMaximum, terminalStop } from '../../src/planning/softValueIteration.ts';
import { arbitraryTask, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

// The old values say how far exponents lie from what they are taken relative to: up to overflow.
test.each([1, 100, 1e4, 1e6])(
  'softSweep is the soft Bellman operator at any old values, within ±%d',
  (reach) => {
    fc.assert(
      fc.property(
        arbitraryTask({}, [0, 0.9, 1]),
        ({ mdp, reward, discount, temperature, seed }) => {
          const drawn = numbers(seed + 1, mdp.stateCount, -reach, reach);
          const stop = terminalStop(mdp).map((t, s) => (s % 2 && t !== 0 ? t : drawn[s] / 2));
          const value = numbers(seed + 2, mdp.stateCount, -reach, reach);
          const out = new Float64Array(mdp.stateCount).fill(Number.NaN);
          const problem = { mdp, discount, temperature, stop };
          const largest = softSweep(problem, reward, value, out, EXP_TABLE);

          const actionValue = new Float64Array(mdp.pairCount);
          backUp(mdp, reward, value, discount, actionValue);
          const wanted = value.map((_, s) =>
            softMaximum(actionValue, mdp.pairStart[s], mdp.pairStart[s + 1], stop[s], temperature),
          );
          // Numbers of size reach carry their rounding into what is left of them.
          expectClose(out, wanted, 1e-15 * (100 + reach));
          const changes = wanted.map((v, s) => Math.abs(v - value[s]));
          expect(Math.abs(largest - Math.max(...changes))).toBeLessThanOrEqual(1e-13 * (1 + reach));
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  },
);

test('softSweep ignores impossible pairs, and says so where a value is not a number', () => {
  const mdp = {
    stateCount: 2,
    pairCount: 3,
    pairStart: Int32Array.of(0, 2, 3),
    transitionStart: Int32Array.of(0, 1, 2, 3),
    nextState: Int32Array.of(0, 1, 1),
    probability: Float64Array.of(1, 1, 1),
  };
  const stop = new Float64Array(2).fill(Number.NEGATIVE_INFINITY);
  const problem = { mdp, discount: 0.5, temperature: 1, stop };
  const out = new Float64Array(2);
  const reward = Float64Array.of(Number.NEGATIVE_INFINITY, 2, 3);
  softSweep(problem, reward, Float64Array.of(1, 4), out, EXP_TABLE);
  expectClose(out, [4, 5], 1e-14);
  expect(softSweep(problem, reward, Float64Array.of(1, Number.NaN), out, EXP_TABLE)).toBeNaN();
});
