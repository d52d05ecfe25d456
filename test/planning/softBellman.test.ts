import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXP_TABLE } from '../../src/numeric/fastExp.ts';
import { collapsedPattern } from '../../src/planning/collapsedPattern.ts';
import { softBellmanPass, uniformPolicyPass } from '../../src/planning/softBellman.ts';
import { backUp, softMaximum, terminalStop } from '../../src/planning/softValueIteration.ts';
import { arbitraryTask, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

/** [states × states] of the collapsed matrix. */
function denseEntries({ matrix }: ReturnType<typeof collapsedPattern>): Float64Array {
  const dense = new Float64Array(matrix.size * matrix.size);
  for (let i = 0; i < matrix.size; i++)
    for (let k = matrix.rowStart[i]; k < matrix.rowStart[i + 1]; k++)
      dense[i * matrix.size + matrix.column[k]] += matrix.value[k];
  return dense;
}

// The old values say how far exponents lie from what they are taken relative to: up to overflow.
test.each([1, 100, 1e4, 1e6])(
  'softBellmanPass is the soft Bellman operator at any old values, within ±%d',
  (reach) => {
    fc.assert(
      fc.property(
        arbitraryTask({}, [0, 0.9, 1]),
        ({ mdp, reward, discount, temperature, seed }) => {
          const drawn = numbers(seed + 1, mdp.stateCount, -reach, reach);
          const stop = terminalStop(mdp).map((t, s) => (s % 2 && t !== 0 ? t : drawn[s] / 2));
          const value = numbers(seed + 2, mdp.stateCount, -reach, reach);
          const pattern = collapsedPattern(mdp);
          const policy = new Float64Array(mdp.pairCount).fill(Number.NaN);
          const residual = new Float64Array(mdp.stateCount).fill(Number.NaN);
          const problem = { mdp, discount, temperature, stop };
          const largest = softBellmanPass(
            problem,
            reward,
            value,
            pattern,
            policy,
            residual,
            EXP_TABLE,
          );

          const actionValue = new Float64Array(mdp.pairCount);
          backUp(mdp, reward, value, discount, actionValue);
          const wantedPolicy = new Float64Array(mdp.pairCount);
          const wantedMatrix = new Float64Array(mdp.stateCount ** 2);
          const next = value.map((_, s) => {
            const [first, last] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
            const soft = softMaximum(actionValue, first, last, stop[s], temperature);
            for (let pair = first; pair < last; pair++) {
              wantedPolicy[pair] = Math.exp((actionValue[pair] - soft) / temperature);
              for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
                wantedMatrix[s * mdp.stateCount + mdp.nextState[k]] +=
                  discount * wantedPolicy[pair] * mdp.probability[k];
            }
            return soft;
          });
          const wantedResidual = next.map((v, s) => v - value[s]);
          // numbers of size reach carry their rounding into differences, over τ into probabilities
          const tolerance = 1e-14 * (10 + (4 * reach) / temperature);
          expectClose(residual, wantedResidual, 1e-15 * (100 + reach));
          expectClose(policy, wantedPolicy, tolerance);
          expectClose(denseEntries(pattern), wantedMatrix, tolerance);
          expect(largest).toBe(Math.max(...residual.map(Math.abs)));
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  },
);

test('uniformPolicyPass gives what choosing uniformly earns and where it leads', () => {
  fc.assert(
    fc.property(arbitraryTask({}, [0.9, 1]), ({ mdp, reward, discount, temperature, seed }) => {
      const drawn = numbers(seed + 1, mdp.stateCount);
      const stop = terminalStop(mdp).map((t, s) => (s % 2 && t !== 0 ? t : drawn[s]));
      const pattern = collapsedPattern(mdp);
      const gain = new Float64Array(mdp.stateCount).fill(Number.NaN);
      uniformPolicyPass({ mdp, discount, temperature, stop }, reward, pattern, gain);
      const wantedMatrix = new Float64Array(mdp.stateCount ** 2);
      const wantedGain = gain.map((_, s) => {
        const worths = [...reward.subarray(mdp.pairStart[s], mdp.pairStart[s + 1])];
        const choices = worths.length + (Number.isFinite(stop[s]) ? 1 : 0);
        if (choices > worths.length) worths.push(stop[s]);
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
            wantedMatrix[s * mdp.stateCount + mdp.nextState[k]] +=
              (discount * mdp.probability[k]) / choices;
        const mean = worths.reduce((sum, r) => sum + r, 0) / choices;
        return mean + temperature * Math.log(choices);
      });
      expectClose(gain, wantedGain, 1e-13);
      expectClose(denseEntries(pattern), wantedMatrix, 1e-13);
    }),
    { seed: 2, numRuns: 40 },
  );
});

test('collapsedPattern lists the columns of each row once, ascending, with the diagonal', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp }) => {
      const { matrix, slot } = collapsedPattern(mdp);
      for (let s = 0; s < mdp.stateCount; s++) {
        const columns = [...matrix.column.subarray(matrix.rowStart[s], matrix.rowStart[s + 1])];
        const reached = new Set([s]);
        for (
          let k = mdp.transitionStart[mdp.pairStart[s]];
          k < mdp.transitionStart[mdp.pairStart[s + 1]];
          k++
        ) {
          reached.add(mdp.nextState[k]);
          expect(matrix.column[slot[k]]).toBe(mdp.nextState[k]);
        }
        expect(columns).toEqual([...reached].sort((a, b) => a - b));
        expect(matrix.column[matrix.diagonal[s]]).toBe(s);
      }
    }),
    { seed: 3, numRuns: 40 },
  );
});
