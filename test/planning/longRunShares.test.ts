/** The long run against closed forms, powers of a dense matrix, and chains made to be awkward. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { longRunShares } from '../../src/planning/longRunShares.ts';
import { arbitraryMdp, mdpOf } from '../support/arbitraryMdp.ts';
import { seededRandom } from '../support/seededRandom.ts';

/** A chain with one action per state, from its dense matrix; rows of zeros have none. */
function chain(rows: readonly (readonly number[])[]): { mdp: Mdp; policy: Float64Array } {
  const mdp = mdpOf(
    rows.map((row) => {
      const successors = row.flatMap((probability, to) =>
        probability > 0 ? [{ to, probability }] : [],
      );
      return successors.length > 0 ? [successors] : [];
    }),
  );
  return { mdp, policy: new Float64Array(mdp.pairCount).fill(1) };
}

function shares(rows: readonly (readonly number[])[], start: readonly number[]): number[] {
  const { mdp, policy } = chain(rows);
  return [...(longRunShares(mdp, policy, Float64Array.from(start)) ?? [])];
}

function expectClose(found: readonly number[], wanted: readonly number[], digits = 12): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expect(x).toBeCloseTo(wanted[i], digits);
  });
}

test('longRunShares of two states is b / (a + b), also where moves are rare', () => {
  for (const [a, b] of [
    [0.3, 0.1],
    [1e-9, 3e-9],
    [1, 1],
  ] as const) {
    const wanted = [b / (a + b), a / (a + b)];
    expectClose(
      shares(
        [
          [1 - a, a],
          [b, 1 - b],
        ],
        [1, 0],
      ),
      wanted,
      7,
    );
    expectClose(
      shares(
        [
          [1 - a, a],
          [b, 1 - b],
        ],
        [0.5, 0.5],
      ),
      wanted,
      7,
    );
  }
});

test('longRunShares splits by where the start leads, and averages over a period', () => {
  // From 0: to the cycle {1, 2} with probability .25, to the terminal 3 with .75; 4 is never seen.
  const rows = [
    [0, 0.25, 0, 0.75, 0],
    [0, 0, 1, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 1],
  ];
  expectClose(shares(rows, [1, 0, 0, 0, 0]), [0, 0.125, 0.125, 0.75, 0]);
  expectClose(shares(rows, [0.5, 0.5, 0, 0, 0]), [0, 0.3125, 0.3125, 0.375, 0]);
});

test('longRunShares agrees with the gambler: hitting probabilities of ruin', () => {
  const n = 9;
  const p = 0.6;
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) =>
      i === 0 || i === n - 1 ? 0 : j === i + 1 ? p : j === i - 1 ? 1 - p : 0,
    ),
  );
  const start = Array.from({ length: n }, (_, i) => (i === 3 ? 1 : 0));
  const ratio = (1 - p) / p;
  const win = (1 - ratio ** 3) / (1 - ratio ** (n - 1));
  const found = shares(rows, start);
  expect(found[n - 1]).toBeCloseTo(win, 12);
  expect(found[0]).toBeCloseTo(1 - win, 12);
});

test('longRunShares is the Cesàro mean of dense powers, whatever the chain', () => {
  fc.assert(
    fc.property(
      arbitraryMdp({ terminals: true, deterministic: false, mostStates: 7 }),
      fc.nat(1e6),
      fc.boolean(),
      (mdp, seed, hard) => {
        const random = seededRandom(seed);
        const policy = new Float64Array(mdp.pairCount);
        for (let s = 0; s < mdp.stateCount; s++) {
          const [first, last] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
          if (first === last) continue;
          // A policy that always does one thing makes chains of several classes.
          const only = random.integer(first, last - 1);
          const weights = Array.from({ length: last - first }, (_, i) =>
            hard ? (first + i === only ? 1 : 0) : random.between(0.05, 1),
          );
          const sum = weights.reduce((a, b) => a + b, 0);
          weights.forEach((w, i) => {
            policy[first + i] = w / sum;
          });
        }
        const start = Float64Array.from({ length: mdp.stateCount }, () => random.between(0, 1));
        const total = start.reduce((a, b) => a + b, 0);
        const mean = cesaro(
          mdp,
          policy,
          start.map((x) => x / total),
        );
        const found = longRunShares(
          mdp,
          policy,
          start.map((x) => x / total),
        );
        expectClose([...(found ?? [])], mean, 5);
      },
    ),
    { numRuns: 150, seed: 8 },
  );
});

/** Mean of start Pᵗ over 2^26 steps, by doubling: A_{2n} = (A_n + A_n Pⁿ) / 2. */
function cesaro(mdp: Mdp, policy: Float64Array, start: Float64Array): number[] {
  const n = mdp.stateCount;
  let power = new Float64Array(n * n);
  for (let s = 0; s < n; s++) {
    if (mdp.pairStart[s] === mdp.pairStart[s + 1]) power[s * n + s] = 1;
    for (let p = mdp.pairStart[s]; p < mdp.pairStart[s + 1]; p++)
      for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++)
        power[s * n + mdp.nextState[k]] += policy[p] * mdp.probability[k];
  }
  const times = (a: Float64Array, b: Float64Array, rows: number): Float64Array<ArrayBuffer> => {
    const out = new Float64Array(rows * n);
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < n; k++)
        for (let j = 0; j < n; j++) out[i * n + j] += a[i * n + k] * b[k * n + j];
    return out;
  };
  let mean: Float64Array = start;
  for (let doubling = 0; doubling < 26; doubling++) {
    const later = times(mean, power, 1);
    mean = mean.map((x, i) => (x + later[i]) / 2);
    power = times(power, power, n);
  }
  return [...mean];
}
