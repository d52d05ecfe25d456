/**
 * How predictions get better with more demonstrations, and where one method overtakes another.
 *
 *   L(n) = mean over repeats of Σ w log π / Σ w (decisions), fitted to n trajectories
 *
 * The interval draws held-out trajectories with replacement, each with its mean over the repeats:
 * how far L depends on who happened to be predicted. How far it depends on who happened to be
 * fitted to is the spread over the repeats. Between two sizes a difference is taken to be linear in
 * log n, which gives the size at which it is 0.
 */

import { createRng } from '../../numeric/rng.ts';
import type { CurveCrossing, CurvePoint, LearningCurve } from './curveResult.ts';
import {
  collectUnits,
  type FoldPrediction,
  type HeldOutUnits,
  scoreMethod,
} from './methodScore.ts';
import { bootstrapRatios } from './pairedBootstrap.ts';

const DRAWS = 1_000;
const LEVEL = 0.95;
const FEW = 'an interval needs more than a few trajectories, of positive weight';
const STREAM = 'learning curve bootstrap';

/** The fits to one number of trajectories: every repeat holds out the same folds. */
export interface CurveSize {
  readonly size: number | 'all';
  /** Mean number of trajectories that were fitted to. */
  readonly trajectories: number;
  readonly repeats: readonly (readonly FoldPrediction[])[];
}

/** @param reference the method that others are held against */
export function learningCurve(
  sizes: readonly CurveSize[],
  reference: string,
  seed: number,
): LearningCurve {
  const points = sizes.map((size) => curvePoint(size, reference, seed));
  const others = Object.keys(points[0].methods).filter((name) => name !== reference);
  return {
    level: LEVEL,
    draws: DRAWS,
    points,
    crossings: others.map((method) => crossing(method, reference, points)),
  };
}

interface UnitMeans {
  /** [units] mean over the repeats. */
  readonly units: Float64Array;
  /** [repeats] per decision. */
  readonly perRepeat: number[];
}

function curvePoint(
  { size, trajectories, repeats }: CurveSize,
  reference: string,
  seed: number,
): CurvePoint {
  const units = collectUnits(repeats[0]);
  const names = Object.keys(repeats[0][0].methods);
  const decisions = units.decisions.map((n, u) => units.weight[u] * n);
  const failures = new Map<string, string[]>();
  const means = new Map(names.map((name) => [name, meansOf(name, repeats, units, failures)]));
  const base = means.get(reference);
  const known = names.flatMap((name) => {
    const own = means.get(name);
    return own ? [{ name, own }] : [];
  });
  const weighted = (x: Float64Array): Float64Array => x.map((sum, u) => units.weight[u] * sum);
  const ratios = known.flatMap(({ own }) => [
    { numerator: weighted(own.units), denominator: decisions },
    {
      numerator: weighted(own.units.map((sum, u) => sum - (base?.units[u] ?? Number.NaN))),
      denominator: decisions,
    },
  ]);
  // The same draws at every size.
  const intervals = bootstrapRatios(ratios, DRAWS, LEVEL, createRng(seed, STREAM));
  const total = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
  const at = (name: string): number => known.findIndex((entry) => entry.name === name);
  return {
    size,
    trajectories,
    methods: Object.fromEntries(
      names.map((name) => {
        const failed = failures.get(name) ?? [];
        const counts = { repeats: repeats.length, failed: failed.length };
        const i = at(name);
        if (i < 0) {
          const why = `${failed.length} of ${repeats.length} repeats have no number: ${failed[0]}`;
          const reasons = { perDecision: why, interval: why, spread: why, difference: why };
          return [
            name,
            {
              perDecision: null,
              interval: null,
              spread: null,
              difference: null,
              ...counts,
              reasons,
            },
          ];
        }
        const { perRepeat } = known[i].own;
        const reasons: Record<string, string> = {};
        const perDecision = total(ratios[2 * i].numerator) / total(decisions);
        const interval = intervals[2 * i];
        if (!interval) reasons.interval = FEW;
        const spread = perRepeat.length > 1 ? spreadOf(perRepeat) : null;
        if (spread === null) reasons.spread = 'it was fitted once';
        const estimate = total(ratios[2 * i + 1].numerator) / total(decisions);
        if (!base && name !== reference)
          reasons.difference = `${reference} has no number at this size`;
        return [
          name,
          {
            perDecision,
            interval,
            spread,
            ...(name === reference
              ? {}
              : { difference: base ? withReason(estimate, intervals[2 * i + 1]) : null }),
            ...counts,
            ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
          },
        ];
      }),
    ),
  };
}

function withReason(estimate: number, interval: [number, number] | null) {
  return interval ? { estimate, interval } : { estimate, interval, reasons: { interval: FEW } };
}

function meansOf(
  name: string,
  repeats: readonly (readonly FoldPrediction[])[],
  units: HeldOutUnits,
  failures: Map<string, string[]>,
): UnitMeans | null {
  const mean = new Float64Array(units.weight.length);
  const perRepeat: number[] = [];
  const failed: string[] = [];
  for (const folds of repeats) {
    const { score, unitSums, failure } = scoreMethod(name, folds, units);
    if (!unitSums || score.perDecision === null) {
      failed.push(failure);
      continue;
    }
    perRepeat.push(score.perDecision);
    unitSums.forEach((sum, u) => {
      mean[u] += sum / repeats.length;
    });
  }
  failures.set(name, failed);
  return failed.length > 0 ? null : { units: mean, perRepeat };
}

/** Standard deviation. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
}

/** Where the lead changes for the last time, in a number and in words. */
function crossing(method: string, reference: string, points: readonly CurvePoint[]): CurveCrossing {
  const known = points.flatMap(({ trajectories, methods }) => {
    const difference = methods[method].difference;
    return difference && methods[reference].perDecision !== null
      ? [{ n: trajectories, d: difference.estimate, interval: difference.interval }]
      : [];
  });
  const names = { method, reference };
  const without = (words: string, why: string): CurveCrossing => ({
    ...names,
    at: null,
    words,
    reasons: { at: why },
  });
  if (known.length === 0)
    return without(
      `${method} and ${reference} cannot be compared at any size.`,
      'no size has both numbers',
    );
  const changes = known.slice(1).flatMap((after, j) => {
    const before = known[j];
    return Math.sign(before.d) !== Math.sign(after.d) && before.d !== 0 ? [{ before, after }] : [];
  });
  const [first, last] = [known[0], known[known.length - 1]];
  const open =
    last.interval && last.interval[0] <= 0 && last.interval[1] >= 0
      ? '; at the largest size the difference may be chance'
      : '';
  const range =
    known.length === 1
      ? `at the only size that can be compared, ${say(first.n)}`
      : `at every size from ${say(first.n)} to ${say(last.n)}`;
  if (changes.length === 0) {
    const [leader, other] = last.d > 0 ? [method, reference] : [reference, method];
    return without(
      last.d === 0
        ? `${method} and ${reference} predict equally well ${range} trajectories.`
        : `${leader} is ahead ${range} trajectories; ${other} never overtakes it within the data${open}.`,
      'the lead never changes within the data',
    );
  }
  const { before, after } = changes[changes.length - 1];
  const share = before.d / (before.d - after.d);
  const at = Math.exp(Math.log(before.n) + share * Math.log(after.n / before.n));
  const [leader, other] = after.d > 0 ? [method, reference] : [reference, method];
  const often = changes.length === 1 ? '' : ` (the lead changes ${changes.length} times)`;
  const words =
    after.d === 0
      ? `${method} and ${reference} draw level at ${say(after.n)} trajectories${open}.`
      : `${leader} overtakes ${other} at about ${say(at)} trajectories${often}${open}.`;
  return { ...names, at, words };
}

function say(n: number): string {
  return n < 10 ? String(Number(n.toFixed(1))) : Math.round(n).toLocaleString('en-US');
}
