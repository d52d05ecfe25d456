import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slipMdp } from '../../src/environments/slipMdp.ts';
import { transitionMatrix } from '../support/transitionMatrix.ts';

const arbitraryMoves = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 5 }))
  .chain(([stateCount, moveCount]) =>
    fc.record({
      stateCount: fc.constant(stateCount),
      moveCount: fc.constant(moveCount),
      target: fc
        .array(fc.nat(stateCount - 1), {
          minLength: stateCount * moveCount,
          maxLength: stateCount * moveCount,
        })
        .map((targets) => Int32Array.from(targets)),
    }),
  );

test('slipMdp is the mixture of the intended move and a uniform one', () => {
  fc.assert(
    fc.property(arbitraryMoves, fc.constantFrom(0, 0.3, 0.75, 1), (moves, slip) => {
      const { stateCount, moveCount, target } = moves;
      const matrix = transitionMatrix(slipMdp(moves, slip));
      for (let s = 0; s < stateCount; s++) {
        for (let a = 0; a < moveCount; a++) {
          const expected = new Float64Array(stateCount);
          expected[target[s * moveCount + a]] += 1 - slip;
          for (let d = 0; d < moveCount; d++) {
            expected[target[s * moveCount + d]] += slip / moveCount;
          }
          expected.forEach((p, to) => {
            expect(matrix[s * moveCount + a][to]).toBeCloseTo(p, 14);
          });
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('slipMdp gives terminal states no pairs and keeps the others in order', () => {
  const moves = {
    stateCount: 3,
    moveCount: 2,
    target: Int32Array.of(0, 1, 0, 2, 1, 2),
    terminal: Uint8Array.of(0, 1, 0),
  };
  const mdp = slipMdp(moves, 0);
  expect([...mdp.pairStart]).toEqual([0, 2, 2, 4]);
  expect([...mdp.nextState]).toEqual([0, 1, 1, 2]);
  expect([...mdp.probability]).toEqual([1, 1, 1, 1]);
});
