/** Learning curves where the truth is known: coins, and who calls them better after how many. */

import { expect, test } from 'vitest';
import { type CurveSize, learningCurve } from '../../../src/evaluation/comparison/learningCurve.ts';
import type { FoldPrediction } from '../../../src/evaluation/comparison/methodScore.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { gridProblem } from '../../support/gridProblem.ts';

const HEADS = 0.8;

/** 400 coins of which 80 in 100 fall heads, called by probabilities of heads; null: no fit. */
function called(calls: Readonly<Record<string, number | null>>): FoldPrediction {
  const count = 400;
  const rng = createRng(5, 'coins');
  const heads = Array.from({ length: count }, () => rng() < HEADS);
  const drawn = gridProblem({ kind: 'discounted', discount: 0.5 }, 1);
  const rows = Array.from({ length: count }, (_, i) => i);
  const trajectories = {
    count,
    rowStart: Int32Array.from({ length: count + 1 }, (_, i) => i),
    state: new Int32Array(count),
    pair: new Int32Array(count),
    goal: new Int32Array(count).fill(-1),
    weight: new Float64Array(count).fill(1),
    stopped: new Uint8Array(count),
    names: rows.map(String),
    folds: null,
  };
  return {
    name: 'all',
    heldOut: { ...drawn, trajectories },
    units: Int32Array.from(rows),
    methods: Object.fromEntries(
      Object.entries(calls).map(([name, p]) => [
        name,
        p === null
          ? { stop: 'max-iterations', choices: null }
          : {
              stop: 'converged',
              choices: {
                logProbability: Float64Array.from(heads, (head) => Math.log(head ? p : 1 - p)),
                brier: new Float64Array(count),
                confidence: new Float64Array(count).fill(0.5),
                hit: new Float64Array(count),
              },
            },
      ]),
    ),
  };
}

const at = (size: number, ...repeats: Record<string, number | null>[]): CurveSize => ({
  size,
  trajectories: size,
  repeats: repeats.map((calls) => [called(calls)]),
});

test('a learning curve says who overtakes whom, and where', () => {
  const sizes = [
    at(10, { model: 0.7, copy: 0.4 }, { model: 0.7, copy: 0.45 }),
    at(100, { model: 0.7, copy: 0.6 }, { model: 0.7, copy: 0.62 }),
    at(1000, { model: 0.7, copy: 0.8 }, { model: 0.7, copy: 0.79 }),
  ];
  const { points, crossings } = learningCurve(sizes, 'model', 0);
  expect(crossings[0].words).toMatch(/^copy overtakes model at about \d+ trajectories\.$/);
  expect(crossings[0].at).toBeGreaterThan(100);
  expect(crossings[0].at).toBeLessThan(1000);
  // Linear in log n between the sizes beside the crossing.
  const [before, after] = [1, 2].map((i) => points[i].methods.copy.difference?.estimate ?? 0);
  expect(Math.log10(crossings[0].at ?? 0)).toBeCloseTo(2 + before / (before - after), 9);
  const { perDecision, spread, interval } = points[2].methods.copy;
  const truth = [0.8, 0.79].map((p) => HEADS * Math.log(p) + (1 - HEADS) * Math.log(1 - p));
  // 400 coins: the mean of log p has a standard error of .028.
  expect(Math.abs((perDecision ?? 0) - (truth[0] + truth[1]) / 2)).toBeLessThan(0.1);
  expect(spread).toBeGreaterThan(0);
  expect(interval?.[0]).toBeLessThan(perDecision ?? 0);
  expect(interval?.[1]).toBeGreaterThan(perDecision ?? 0);
});

test('a learning curve without a crossing says that there is none within the data', () => {
  const sizes = [at(10, { model: 0.8, copy: 0.4 }), at(100, { model: 0.8, copy: 0.6 })];
  const { crossings, points } = learningCurve(sizes, 'model', 0);
  expect(crossings[0]).toMatchObject({
    at: null,
    words:
      'model is ahead at every size from 10 to 100 trajectories; copy never overtakes it within the data.',
  });
  expect(points[0].methods.model).toMatchObject({
    spread: null,
    reasons: { spread: 'it was fitted once' },
  });
});

test('a size at which a fit fails has no number, and says how many failed', () => {
  const sizes = [
    at(10, { model: null, copy: 0.6 }, { model: 0.8, copy: 0.6 }),
    at(100, { model: 0.8, copy: 0.6 }),
  ];
  const { points, crossings } = learningCurve(sizes, 'model', 0);
  expect(points[0].methods.model).toMatchObject({ perDecision: null, failed: 1, repeats: 2 });
  expect(points[0].methods.model.reasons?.perDecision).toMatch(
    /1 of 2 repeats have no number: .*did not converge/,
  );
  expect(points[0].methods.copy.perDecision).not.toBeNull();
  expect(points[0].methods.copy.difference).toBeNull();
  expect(crossings[0].words).toMatch(
    /^model is ahead at the only size that can be compared, 100 trajectories/,
  );
});
