import { expect, test } from 'vitest';
import type { Fit } from '../../../src/algorithms/algorithm.ts';
import { scoreChoices } from '../../../src/evaluation/comparison/heldOutChoices.ts';
import { expectClose } from '../../support/closeness.ts';
import { gridProblem } from '../../support/gridProblem.ts';

/** Three decisions in two trajectories, and a state only reached. */
const problem = {
  ...gridProblem({ kind: 'discounted', discount: 0.9 }, 1),
  trajectories: {
    count: 2,
    rowStart: Int32Array.of(0, 3, 4),
    state: new Int32Array(4),
    pair: Int32Array.of(0, 1, -1, 0),
    goal: Int32Array.of(-1, -1),
    weight: Float64Array.of(1, 5),
    stopped: new Uint8Array(2),
    names: ['a', 'b'],
    folds: null,
  },
};

/** A fit that expects these probabilities at each row, told in any order. */
function fitThatExpects(told: readonly [row: number, chosen: number, p: number[]][]): Fit {
  return {
    stop: 'converged',
    stopReason: null,
    logLikelihood: 0,
    gradientNorm: 0,
    evaluations: 0,
    parameters: [],
    unidentified: [],
    unbounded: [],
    details: {},
    arrays: {},
    predict: () => 0,
    predictChoices: (_, visit) => {
      for (const [row, chosen, p] of told) visit(row, Float64Array.from(p, Math.log), chosen);
      return told.length > 0;
    },
  } as Partial<Fit> as Fit;
}

test('scoreChoices keeps log π, Brier, confidence and hit of each decision, in order', () => {
  const told = fitThatExpects([
    [3, 1, [0.4, 0.4, 0.2]],
    [0, 0, [0.7, 0.2, 0.1]],
    [1, 2, [0.5, 0.5, 0]],
  ]);
  const scores = scoreChoices(told, problem);
  if (!scores) throw new Error('no scores');
  expect(scores.logProbability[1]).toBe(Number.NEGATIVE_INFINITY);
  expectClose([...scores.logProbability].map(Math.exp), [0.7, 0, 0.4], 1e-12);
  expectClose(scores.brier, [0.09 + 0.04 + 0.01, 0.25 + 0.25 + 1, 0.16 + 0.36 + 0.04], 1e-12);
  expectClose(scores.confidence, [0.7, 0.5, 0.4], 1e-12);
  // of two likeliest choices the one taken is half a hit
  expectClose(scores.hit, [1, 0, 0.5], 1e-12);
});

test('scoreChoices is null where a fit has no finite value', () => {
  expect(scoreChoices(fitThatExpects([]), problem)).toBeNull();
});
