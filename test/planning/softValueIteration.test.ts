import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Mdp, statesOfPairs } from '../../src/mdp/mdp.ts';
import { softValueIteration, terminalStop } from '../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../src/planning/valueIteration.ts';
import { arbitraryMdp, arbitraryTask, mdpOf, numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** [states] the probability of choosing some pair. */
function choiceMass({ stateCount, pairStart }: Mdp, policy: Float64Array): Float64Array {
  return Float64Array.from({ length: stateCount }, (_, s) =>
    policy.subarray(pairStart[s], pairStart[s + 1]).reduce((sum, p) => sum + p, 0),
  );
}

test('softValueIteration gives policies that sum to one wherever there is a choice', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature }) => {
      const { policy, converged } = softValueIteration(mdp, reward, { discount, temperature });
      expect(converged).toBe(true);
      const wanted = terminalStop(mdp).map((stop) => (stop === 0 ? 0 : 1));
      expectClose(choiceMass(mdp, policy), wanted, 1e-12);
    }),
    { seed: 1, numRuns: 60 },
  );
});

test('softValueIteration leaves exp((stop − V) / τ) to stopping', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature, seed }) => {
      const stop = numbers(seed + 1, mdp.stateCount, -2, 2);
      const options = { discount, temperature };
      const { value, policy } = softValueIteration(mdp, reward, options, stop);
      const stopping = value.map((v, s) => Math.exp((stop[s] - v) / temperature));
      const total = choiceMass(mdp, policy).map((mass, s) => mass + stopping[s]);
      expectClose(total, new Float64Array(mdp.stateCount).fill(1), 1e-12);
    }),
    { seed: 2, numRuns: 60 },
  );
});

test('softValueIteration of zero reward is τ log(actions) / (1 − γ)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(0, 0.5, 0.95),
      fc.constantFrom(0.4, 1, 2.5),
      fc.nat(),
      (actions, discount, temperature, seed) => {
        const random = seededRandom(seed);
        const mdp = mdpOf(
          Array.from({ length: 5 }, () =>
            Array.from({ length: actions }, () => [{ to: random.integer(0, 4), probability: 1 }]),
          ),
        );
        const reward = new Float64Array(mdp.pairCount);
        const { value } = softValueIteration(mdp, reward, { discount, temperature });
        const wanted = (temperature * Math.log(actions)) / (1 - discount);
        expectClose(value, new Float64Array(5).fill(wanted), 1e-8);
      },
    ),
    { seed: 3, numRuns: 40 },
  );
});

test('softValueIteration lies above the hard value by at most τ log(actions) / (1 − γ)', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature }) => {
      const soft = softValueIteration(mdp, reward, { discount, temperature });
      const hard = valueIteration(mdp, reward, { discount });
      const bound = (temperature * Math.log(3)) / (1 - discount);
      soft.value.forEach((value, s) => {
        expect(value - hard.value[s]).toBeGreaterThanOrEqual(-1e-8);
        expect(value - hard.value[s]).toBeLessThanOrEqual(bound + 1e-8);
      });
    }),
    { seed: 4, numRuns: 60 },
  );
});

test('softValueIteration tends to value iteration as τ → 0', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount }) => {
      const hard = valueIteration(mdp, reward, { discount });
      const { value } = softValueIteration(mdp, reward, { discount, temperature: 1e-4 });
      expectClose(value, hard.value, (1e-4 * Math.log(3)) / (1 - discount) + 1e-8);
    }),
    { seed: 5, numRuns: 40 },
  );
});

test('softValueIteration keeps its policy under potential shaping', () => {
  fc.assert(
    fc.property(arbitraryTask(), ({ mdp, reward, discount, temperature, seed }) => {
      const drawn = numbers(seed + 1, mdp.stateCount, -3, 3);
      const potential = terminalStop(mdp).map((stop, s) => (stop === 0 ? 0 : drawn[s]));
      const stateOfPair = statesOfPairs(mdp);
      const shaped = reward.map((r, pair) => {
        let next = 0;
        for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
          next += mdp.probability[k] * potential[mdp.nextState[k]];
        return r + discount * next - potential[stateOfPair[pair]];
      });
      const options = { discount, temperature };
      const plain = softValueIteration(mdp, reward, options);
      const moved = softValueIteration(mdp, shaped, options);
      expectClose(moved.policy, plain.policy, 1e-8);
      expectClose(
        moved.value,
        plain.value.map((v, s) => v - potential[s]),
        1e-8,
      );
    }),
    { seed: 6, numRuns: 60 },
  );
});

test('softValueIteration with no look ahead is a soft maximum of the rewards', () => {
  fc.assert(
    fc.property(arbitraryMdp({ terminals: false }), fc.nat(1000), (mdp, seed) => {
      const reward = numbers(seed, mdp.pairCount);
      const { value } = softValueIteration(mdp, reward, { discount: 0 });
      const wanted = value.map((_, s) =>
        Math.log(
          reward
            .subarray(mdp.pairStart[s], mdp.pairStart[s + 1])
            .reduce((sum, r) => sum + Math.exp(r), 0),
        ),
      );
      expectClose(value, wanted, 1e-12);
    }),
    { seed: 7, numRuns: 30 },
  );
});

test('softValueIteration refuses a reward of the wrong length and says when it gave up', () => {
  const mdp = mdpOf([[[{ to: 0, probability: 1 }]]]);
  expect(() => softValueIteration(mdp, new Float64Array(2), { discount: 0.5 })).toThrow(
    'Cannot plan: reward must have 1 entries (one per pair), got 2',
  );
  const { converged, iterations } = softValueIteration(mdp, Float64Array.of(1), {
    discount: 0.999,
    maxIterations: 3,
  });
  expect({ converged, iterations }).toEqual({ converged: false, iterations: 3 });
});
