/** Comparisons small enough for arithmetic by hand. */

import { expect, test } from 'vitest';
import type { Problem } from '../../../src/algorithms/problem.ts';
import { slipGrid } from '../../../src/environments/gridworld.ts';
import { compareMethods } from '../../../src/evaluation/comparison/comparison.ts';
import type { HeldOutChoices } from '../../../src/evaluation/comparison/heldOutChoices.ts';
import type { FoldPrediction } from '../../../src/evaluation/comparison/methodScore.ts';
import { createRng } from '../../../src/numeric/rng.ts';

/** A problem whose trajectories have so many decisions each. */
function heldOut(decisions: readonly number[], weight = decisions.map(() => 1)): Problem {
  const rowStart = new Int32Array(decisions.length + 1);
  decisions.forEach((n, i) => {
    rowStart[i + 1] = rowStart[i] + n + 1;
  });
  const rows = rowStart[decisions.length];
  const pair = new Int32Array(rows);
  for (let i = 0; i < decisions.length; i++) pair[rowStart[i + 1] - 1] = -1;
  return {
    world: slipGrid({ size: 2, slip: 0 }),
    time: { kind: 'discounted', discount: 0.5 },
    goals: [],
    features: { names: [], per: 'state', values: new Float64Array(0) },
    initial: null,
    temperature: 1,
    trajectories: {
      count: decisions.length,
      rowStart,
      state: new Int32Array(rows),
      pair,
      goal: new Int32Array(decisions.length).fill(-1),
      weight: Float64Array.from(weight),
      stopped: new Uint8Array(decisions.length),
      names: decisions.map((_, i) => `t${i}`),
      folds: null,
    },
  };
}

/** Choices between two options, by the probability of the one taken. */
function choices(...probability: number[]): HeldOutChoices {
  return {
    logProbability: Float64Array.from(probability, Math.log),
    brier: Float64Array.from(probability, (p) => 2 * (1 - p) ** 2),
    confidence: Float64Array.from(probability, (p) => Math.max(p, 1 - p)),
    hit: Float64Array.from(probability, (p) => (p > 0.5 ? 1 : p === 0.5 ? 0.5 : 0)),
  };
}

const done = (...probability: number[]) => ({
  stop: 'converged',
  choices: choices(...probability),
});

/** Two folds that do not overlap: trajectories 0 and 2, then 1. */
const apart: FoldPrediction[] = [
  {
    name: 'a',
    heldOut: heldOut([2, 1]),
    units: Int32Array.of(0, 2),
    methods: { 'causal-entropy': done(0.8, 0.5, 0.9), other: done(0.6, 0.4, 0.9) },
  },
  {
    name: 'b',
    heldOut: heldOut([3]),
    units: Int32Array.of(1),
    methods: { 'causal-entropy': done(0.3, 0.7, 0.9), other: done(0.5, 0.7, 0.9) },
  },
];

const log = (...p: number[]): number => p.reduce((sum, x) => sum + Math.log(x), 0);

test('compareMethods adds up what folds hold out', () => {
  const { methods, differences, ...rest } = compareMethods(apart, 3);
  expect(rest).toEqual({
    reference: 'causal-entropy',
    folds: 2,
    trajectories: 3,
    decisions: 6,
    bootstrap: {
      draws: 2000,
      level: 0.95,
      unit: 'trajectory',
      seed: 3,
      stream: 'comparison bootstrap',
    },
  });
  const ours = methods['causal-entropy'];
  const total = log(0.8, 0.5, 0.9, 0.3, 0.7, 0.9);
  expect(ours.logLikelihood).toBeCloseTo(total, 12);
  expect(ours.perDecision).toBeCloseTo(total / 6, 12);
  expect(ours.perTrajectory).toBeCloseTo(total / 3, 12);
  expect(ours.foldMean?.perTrajectory).toBeCloseTo(
    (log(0.8, 0.5, 0.9) / 2 + log(0.3, 0.7, 0.9)) / 2,
    12,
  );
  expect(ours.foldMean?.perDecision).toBeCloseTo(
    (log(0.8, 0.5, 0.9) / 3 + log(0.3, 0.7, 0.9) / 3) / 2,
    12,
  );
  expect(ours.top1).toBeCloseTo(4.5 / 6, 12);
  expect(ours.brier).toBeCloseTo((2 * (0.04 + 0.25 + 0.01 + 0.49 + 0.09 + 0.01)) / 6, 12);
  expect(ours.calibration?.bins.reduce((n, { count }) => n + count, 0)).toBe(6);
  expect(
    ours.folds.map(({ name, trajectories, decisions }) => [name, trajectories, decisions]),
  ).toEqual([
    ['a', 2, 3],
    ['b', 1, 3],
  ]);

  const [difference] = differences;
  const gap = log(0.6, 0.4, 0.5) - log(0.8, 0.5, 0.3);
  expect(difference).toMatchObject({ method: 'other', reference: 'causal-entropy', foldsWon: 0.5 });
  expect(difference.perDecision?.estimate).toBeCloseTo(gap / 6, 12);
  expect(difference.perTrajectory?.estimate).toBeCloseTo(gap / 3, 12);
  const [low, high] = difference.perDecision?.interval ?? [Number.NaN, Number.NaN];
  expect(low).toBeLessThan(gap / 6);
  expect(high).toBeGreaterThan(gap / 6);
});

test('compareMethods counts a trajectory once, however many folds hold it out', () => {
  const overlapping: FoldPrediction[] = [
    {
      name: '1',
      heldOut: heldOut([1, 1], [1, 2]),
      units: Int32Array.of(0, 1),
      methods: { first: done(0.8, 0.5), second: done(0.8, 0.5) },
    },
    {
      name: '2',
      heldOut: heldOut([1], [2]),
      units: Int32Array.of(1),
      methods: { first: done(0.25), second: done(0.5) },
    },
  ];
  const { trajectories, decisions, methods, reference, differences } = compareMethods(
    overlapping,
    0,
  );
  expect([trajectories, decisions, reference]).toEqual([2, 2, 'first']);
  const total = Math.log(0.8) + 2 * (log(0.5, 0.25) / 2);
  expect(methods.first.logLikelihood).toBeCloseTo(total, 12);
  expect(methods.first.perDecision).toBeCloseTo(total / 3, 12);
  // weights: 1 for the first, 2 shared by the two predictions of the second
  expect(methods.first.brier).toBeCloseTo((2 * 0.04 + 2 * 0.25 + 2 * 0.5625) / 3, 12);
  expect(methods.first.top1).toBeCloseTo((1 + 0.5 + 0) / 3, 12);
  // a tie in the first fold, a win in the second
  expect(differences[0].foldsWon).toBe(0.75);
});

test('compareMethods has no number where a fold has none, and says why', () => {
  const stopped = apart.map((fold, f) => ({
    ...fold,
    methods: {
      ...fold.methods,
      other: f === 0 ? fold.methods.other : { ...fold.methods.other, stop: 'max-iterations' },
    },
  }));
  const { methods, differences } = compareMethods(stopped, 0);
  const why = 'the fit without fold "b" did not converge (max-iterations)';
  expect(methods.other).toMatchObject({
    logLikelihood: null,
    perDecision: null,
    perTrajectory: null,
    foldMean: null,
    top1: null,
    brier: null,
    calibration: null,
    reasons: { logLikelihood: why, perDecision: why, top1: why, brier: why, calibration: why },
  });
  expect(methods.other.folds[0].perDecision).not.toBeNull();
  expect(methods.other.folds[1]).toMatchObject({
    perDecision: null,
    reasons: { perDecision: why },
  });
  expect(differences[0]).toMatchObject({
    perDecision: null,
    perTrajectory: null,
    foldsWon: null,
    reasons: { perDecision: why, foldsWon: why },
  });
  expect(methods['causal-entropy'].perDecision).not.toBeNull();
});

test('compareMethods of a choice of probability zero keeps what is still finite', () => {
  const [first, second] = apart;
  const impossible = { ...second, methods: { ...second.methods, other: done(0.5, 0, 0.9) } };
  const { methods, differences } = compareMethods([first, impossible], 0);
  const why = 'a choice in fold "b" has probability zero';
  expect(methods.other).toMatchObject({ perDecision: null, reasons: { perDecision: why } });
  expect(methods.other.brier).toBeCloseTo((2 * (0.16 + 0.36 + 0.01 + 0.25 + 1 + 0.01)) / 6, 12);
  expect(methods.other.reasons).not.toHaveProperty('brier');
  expect(differences[0]).toMatchObject({ perDecision: null, reasons: { perDecision: why } });
});

test('compareMethods lets a trajectory of weight 0 say what it will', () => {
  const folds: FoldPrediction[] = [
    {
      name: '1',
      heldOut: heldOut([1, 0, 1], [1, 1, 0]),
      units: Int32Array.of(0, 1, 2),
      methods: { first: done(0.8, 0) },
    },
  ];
  const { methods, trajectories } = compareMethods(folds, 0);
  expect(trajectories).toBe(2);
  expect(methods.first.perTrajectory).toBeCloseTo(Math.log(0.8), 12);
  expect(methods.first.brier).toBeCloseTo(0.08, 12);
});

/** Coins of probability 0.7 called by one who knows and by one who says 0.5, in one fold. */
function coins(count: number, seed: number): FoldPrediction[] {
  const rng = createRng(seed, 'coins');
  const heads = Array.from({ length: count }, () => rng() < 0.7);
  return [
    {
      name: 'all',
      heldOut: heldOut(heads.map(() => 1)),
      units: Int32Array.from(heads.keys()),
      methods: {
        'causal-entropy': done(...heads.map((head) => (head ? 0.7 : 0.3))),
        other: done(...heads.map(() => 0.5)),
      },
    },
  ];
}

test('compareMethods has intervals that cover the difference that is true', () => {
  const truth = 0.7 * Math.log(0.5 / 0.7) + 0.3 * Math.log(0.5 / 0.3);
  let covered = 0;
  for (let seed = 0; seed < 40; seed++) {
    const [{ perDecision }] = compareMethods(coins(100, seed), seed).differences;
    const [low, high] = perDecision?.interval ?? [Number.NaN, Number.NaN];
    if (low <= truth && truth <= high) covered++;
  }
  // 38 expected with a spread of 1.4
  expect(covered).toBeGreaterThanOrEqual(34);
});

test('compareMethods repeats itself bit for bit from its seed', () => {
  const folds = coins(60, 1);
  expect(compareMethods(folds, 7)).toEqual(compareMethods(folds, 7));
  const other = compareMethods(folds, 8);
  expect(compareMethods(folds, 7).differences).not.toEqual(other.differences);
  expect(compareMethods(folds, 7).methods).toEqual(other.methods);
});
