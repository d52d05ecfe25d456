import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replacementPair, replacementWorld } from '../../src/environments/replacement.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

test('replacementWorld leads to x + j when kept and to 0 + j when replaced, capped at the last bin', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 }),
      (bins, weights) => {
        fc.pre(weights.some((w) => w > 0));
        const total = weights.reduce((a, b) => a + b, 0);
        const increments = weights.map((w) => w / total);
        const { mdp } = replacementWorld({ bins, increments });
        const matrix = transitionMatrix(mdp);
        for (let x = 0; x < bins; x++) {
          for (const replace of [false, true]) {
            const expected = new Float64Array(bins);
            increments.forEach((p, j) => {
              expected[Math.min((replace ? 0 : x) + j, bins - 1)] += p;
            });
            const row = matrix[replacementPair(x, replace)];
            expected.forEach((p, to) => {
              expect(row[to]).toBeCloseTo(p, 14);
            });
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('replacementWorld merges what the cap folds together and leaves out what cannot happen', () => {
  const { mdp } = replacementWorld({ bins: 4, increments: [0.5, 0, 0.25, 0.25] });
  const rows = Array.from({ length: mdp.pairCount }, (_, pair) =>
    [...mdp.nextState.subarray(mdp.transitionStart[pair], mdp.transitionStart[pair + 1])].join(' '),
  );
  expect(rows).toEqual(['0 2 3', '0 2 3', '1 3', '0 2 3', '2 3', '0 2 3', '3', '0 2 3']);
  expect(mdp.probability.every((p) => p > 0)).toBe(true);
});

test('replacementWorld names its bins and actions', () => {
  const world = replacementWorld({ bins: 3 });
  expect(world.stateNames).toEqual(['0', '1', '2']);
  expect(world.actionNames).toEqual(['keep', 'replace']);
  expect(world.actionNames[world.pairAction[replacementPair(2, false)]]).toBe('keep');
  expect(world.actionNames[world.pairAction[replacementPair(2, true)]]).toBe('replace');
});

test('replacementWorld refuses increments that are no distribution', () => {
  expect(() => replacementWorld({ increments: [0.5, 0.4] })).toThrow('sum to 1');
  expect(() => replacementWorld({ increments: [1.5, -0.5] })).toThrow();
  expect(() => replacementWorld({ bins: 0 })).toThrow();
});
