/**
 * Scores of whole trips: routes, features, visits and losses, over all folds.
 *
 *   gap_k     Σ w_i d_ik / Σ w_i,   d_ik = feature k of trip i minus what is expected of it
 *   s.e.      √(Σ w_i² (d_ik − gap_k)²) / Σ w_i,   trips being independent of each other
 *   visits    ½ Σ_s |share of held-out decisions taken in s − expected share|
 *
 * A visit is a decision taken in a state, stops by an exit included, so where people merely end up
 * is none: that is the same under all three time structures. Decisions are not discounted, since
 * each was there to be seen. A trip that several folds hold out counts with the mean over them; in
 * the shares of visits, each time.
 */

import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import type { FeatureGap, OutcomeScores, RouteScore } from './comparisonResult.ts';
import type { Outcomes } from './outcomes.ts';

/** One fold as these scores need it. */
export interface FoldOutcomes {
  readonly heldOut: Problem;
  /** [held-out trajectories] weight divided by the number of folds that hold it out; 0: left out. */
  readonly share: Float64Array;
  /** [held-out trajectories] which of all trajectories each is. */
  readonly units: Int32Array;
  readonly outcomes: Outcomes;
}

const ENDLESS =
  'walks under this method need not end, or its reward has no finite value: nothing finite is expected';
const NO_ROUTES = 'routes need goals, and moves without chance';
const NONE_ARRIVED = 'no trip that was held out reaches its goal';
const ONE_TRIP = 'a spread needs two trips or more';

/** @param truth whether the true reward is known */
export function scoreOutcomes(folds: readonly FoldOutcomes[], truth: boolean): OutcomeScores {
  const reasons: Record<string, string> = {};
  const features = featureGaps(folds);
  const visitDistance = visitGap(folds);
  const routes = scoreRoutes(folds.map(({ outcomes, share }) => ({ ...outcomes, share })));
  if (visitDistance === null) reasons.visitDistance = ENDLESS;
  if (routes === null)
    reasons.routes = folds.every(({ outcomes }) => outcomes.routeDistance.length === 0)
      ? NO_ROUTES
      : folds.some(({ outcomes }) => outcomes.routeDistance.includes(Number.POSITIVE_INFINITY))
        ? ENDLESS
        : NONE_ARRIVED;
  return {
    routes,
    features,
    visitDistance,
    ...(truth ? againstTruth(folds, reasons) : {}),
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
}

/** Means over the trips that reach their goal; null where there is none, or no prediction. */
export function scoreRoutes(
  folds: readonly {
    readonly routeDistance: Float64Array;
    readonly nearestRoute: Float64Array;
    readonly share: Float64Array;
  }[],
): RouteScore | null {
  let [weights, exact, edits, nearestExact, nearestEdits, trips] = [0, 0, 0, 0, 0, 0];
  for (const { routeDistance, nearestRoute, share } of folds)
    routeDistance.forEach((distance, i) => {
      if (Number.isNaN(distance) || share[i] === 0) return;
      trips++;
      weights += share[i];
      exact += distance === 0 ? share[i] : 0;
      edits += share[i] * distance;
      nearestExact += nearestRoute[i] === 0 ? share[i] : 0;
      nearestEdits += share[i] * nearestRoute[i];
    });
  if (trips === 0 || !Number.isFinite(edits)) return null;
  return {
    predictions: trips,
    exact: exact / weights,
    editDistance: edits / weights,
    nearest: { exact: nearestExact / weights, editDistance: nearestEdits / weights },
  };
}

function featureGaps(folds: readonly FoldOutcomes[]): FeatureGap[] {
  const { names } = folds[0].heldOut.features;
  const width = names.length;
  const gapOf = new Map<number, Float64Array>();
  const weightOf = new Map<number, number>();
  const recorded = new Float64Array(width);
  const expected = new Float64Array(width);
  let total = 0;
  for (const { heldOut, share, units, outcomes } of folds) {
    const own = recordedFeatures(heldOut);
    share.forEach((part, i) => {
      if (part === 0) return;
      const weight = (weightOf.get(units[i]) ?? 0) + part;
      weightOf.set(units[i], weight);
      total += part;
      let gap = gapOf.get(units[i]);
      if (!gap) {
        gap = new Float64Array(width);
        gapOf.set(units[i], gap);
      }
      for (let k = 0; k < width; k++) {
        recorded[k] += part * own[i * width + k];
        expected[k] += part * outcomes.features[i * width + k];
        gap[k] += part * (own[i * width + k] - outcomes.features[i * width + k]);
      }
    });
  }
  return names.map((name, k): FeatureGap => {
    const demonstrated = recorded[k] / total;
    const wanted = expected[k] / total;
    if (!Number.isFinite(wanted)) {
      const why = { expected: ENDLESS, gap: ENDLESS, standardError: ENDLESS, z: ENDLESS };
      return {
        name,
        demonstrated,
        expected: null,
        gap: null,
        standardError: null,
        z: null,
        reasons: why,
      };
    }
    const gap = demonstrated - wanted;
    let squares = 0;
    // Gaps are gathered times their weights.
    for (const [unit, sum] of gapOf) squares += (sum[k] - (weightOf.get(unit) ?? 0) * gap) ** 2;
    const spread = Math.sqrt(squares) / total;
    const known = { name, demonstrated, expected: wanted, gap };
    if (gapOf.size < 2)
      return {
        ...known,
        standardError: null,
        z: null,
        reasons: { standardError: ONE_TRIP, z: ONE_TRIP },
      };
    if (spread <= 1e-12 * (Math.abs(demonstrated) + Math.abs(wanted)))
      return {
        ...known,
        standardError: spread,
        z: null,
        reasons: { z: 'every trip has the same gap' },
      };
    return { ...known, standardError: spread, z: gap / spread };
  });
}

/** [trajectories × features] sums over the decisions taken. */
function recordedFeatures({ features, trajectories }: Problem): Float64Array {
  const { names, per, values } = features;
  const { count, rowStart, state, pair } = trajectories;
  const width = names.length;
  const sums = new Float64Array(count * width);
  for (let i = 0; i < count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      if (pair[row] < 0) continue;
      const from = (per === 'pair' ? pair[row] : state[row]) * width;
      for (let k = 0; k < width; k++) sums[i * width + k] += values[from + k];
    }
  return sums;
}

function visitGap(folds: readonly FoldOutcomes[]): number | null {
  const { stateCount } = folds[0].heldOut.world.mdp;
  const recorded = new Float64Array(stateCount);
  const expected = new Float64Array(stateCount);
  for (const { heldOut, outcomes } of folds) {
    const { rowStart, state, weight } = heldOut.trajectories;
    decisionsPerTrajectory(heldOut).forEach((n, i) => {
      for (let d = 0; d < n; d++) recorded[state[rowStart[i] + d]] += weight[i];
    });
    outcomes.visits.forEach((n, s) => {
      expected[s] += n;
    });
  }
  const sum = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
  const [all, wanted] = [sum(recorded), sum(expected)];
  if (!(all > 0) || !(wanted > 0) || !Number.isFinite(wanted)) return null;
  return recorded.reduce((gap, n, s) => gap + Math.abs(n / all - expected[s] / wanted) / 2, 0);
}

/** Scores that need the true reward; why one does not exist goes into `reasons`. */
function againstTruth(
  folds: readonly FoldOutcomes[],
  reasons: Record<string, string>,
): Pick<OutcomeScores, 'valueDifference' | 'epic'> {
  const mean = (key: 'softLoss' | 'hardLoss'): number | null => {
    let [sum, weights] = [0, 0];
    for (const { share, outcomes } of folds)
      share.forEach((part, i) => {
        if (part === 0) return;
        sum += part * outcomes[key][i];
        weights += part;
      });
    return Number.isFinite(sum) ? sum / weights : null;
  };
  const [soft, hard] = [mean('softLoss'), mean('hardLoss')];
  const why: Record<string, string> = {};
  if (soft === null)
    why.soft = 'walks under this method need not end, or a reward has no finite soft value';
  if (hard === null)
    why.hard = 'its best choices go round for ever, or those of the true reward do';
  const distances = folds.flatMap(({ outcomes }) => [...outcomes.epic]);
  const epic =
    distances.length > 0 && distances.every(Number.isFinite)
      ? distances.reduce((a, b) => a + b, 0) / distances.length
      : null;
  if (epic === null)
    reasons.epic =
      distances.length === 0
        ? 'this method has no reward, it imitates'
        : 'a reward is trivial: it asks for nothing but what shaping gives';
  return {
    valueDifference: { soft, hard, ...(Object.keys(why).length > 0 ? { reasons: why } : {}) },
    epic,
  };
}
