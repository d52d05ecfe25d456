import { expect, test } from 'vitest';
import { slipGrid } from '../../src/environments/gridworld.ts';
import type { Csr } from '../../src/numeric/csr.ts';
import { analyzeLu } from '../../src/numeric/luPattern.ts';
import {
  createFactors,
  factorize,
  solveLu,
  solveLuTransposed,
} from '../../src/numeric/sparseLu.ts';
import { collapsedPattern } from '../../src/planning/collapsedPattern.ts';
import { createPolicySolver } from '../../src/planning/policySolver.ts';
import { numbers } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';

const { mdp } = slipGrid({ size: 50 });
const { matrix, slot } = collapsedPattern(mdp);

/** Fills `matrix` with γ P of a policy that leans towards some actions. */
function fill(discount: number, seed: number): void {
  const lean = numbers(seed, mdp.pairCount, 0.1, 1);
  matrix.value.fill(0);
  for (let s = 0; s < mdp.stateCount; s++) {
    const [first, last] = [mdp.pairStart[s], mdp.pairStart[s + 1]];
    const total = lean.subarray(first, last).reduce((sum, x) => sum + x, 0);
    for (let pair = first; pair < last; pair++)
      for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
        matrix.value[slot[k]] += (discount * lean[pair] * mdp.probability[k]) / total;
  }
}

function factorsOf({ size, rowStart, column, value }: Csr) {
  const factors = createFactors(analyzeLu(size, rowStart, column));
  expect(factorize(factors, value)).toBeLessThan(0);
  return factors;
}

// Many solves with one matrix lead from iterating by the analysis to factors; the next plan's final
// matrix then begins with them, and matrices on its way do not.
test('createPolicySolver solves alike however often it is asked', () => {
  const solver = createPolicySolver(matrix);
  for (const [plan, isFinal] of [false, true, false, true, true].entries()) {
    fill(0.99, plan);
    expect(solver.refresh(isFinal)).toBe(true);
    const factors = factorsOf(matrix);
    const wanted = new Float64Array(matrix.size);
    const x = new Float64Array(matrix.size);
    for (let i = 0; i < 12; i++) {
      const b = numbers(100 * plan + i, matrix.size);
      expect(solver.solve(b, x, 1e-10)).toBe(true);
      solveLu(factors, b, wanted);
      // An error is at most the residual, or ten of them, over 1 − γ.
      expectClose(x, wanted, 1e-7);
      x.fill(0);
      expect(solver.solveTransposed(b, x, 1e-8)).toBe(true);
      solveLuTransposed(factors, b, wanted);
      expectClose(x, wanted, 1e-5);
    }
  }
});

test('createPolicySolver recovers from a guess that is not finite', () => {
  fill(0.9, 7);
  const solver = createPolicySolver(matrix);
  solver.refresh();
  const b = numbers(8, matrix.size);
  const wanted = new Float64Array(matrix.size);
  solveLu(factorsOf(matrix), b, wanted);
  const x = new Float64Array(matrix.size).fill(Number.NaN);
  expect(solver.solve(b, x, 1e-10)).toBe(true);
  expectClose(x, wanted, 1e-8);
});
