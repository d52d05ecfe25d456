/**
 * How well one method predicts what the folds held out.
 *
 *   log L   Σ w · mean over the folds that hold a trajectory out of log π(its choices)
 *
 * and every other mean likewise: the decisions of a trajectory share its weight w between the folds
 * that hold it out. Trajectories without a decision take no part.
 */

import { hasArrived } from '../../algorithms/algorithm.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { CalibrationSums } from './calibration.ts';
import type { MethodScore, OutcomeScores } from './comparisonResult.ts';
import type { HeldOutChoices } from './heldOutChoices.ts';
import { type FoldOutcomes, scoreOutcomes } from './outcomeScores.ts';
import type { Outcomes } from './outcomes.ts';

/** What the methods expected of what one fold held out. */
export interface FoldPrediction {
  readonly name: string;
  /** The problem with the held-out trajectories. */
  readonly heldOut: Problem;
  /** [held-out trajectories] which of all trajectories each is. */
  readonly units: Int32Array;
  readonly methods: Readonly<Record<string, FoldMethod>>;
  /** Whether the reward that people really have is known, and losses were worked out. */
  readonly truthKnown?: boolean;
  /** Whether decisions were made up, because only starts are known: nothing recorded is scored. */
  readonly startsOnly?: boolean;
  /** What shortest paths predict of the routes, where there are any. */
  readonly shortest?: ShortestRoutes | null;
}

interface FoldMethod {
  readonly stop: string;
  readonly choices: HeldOutChoices | null;
  /** What is expected of whole trips; null where that was not worked out. */
  readonly outcomes?: Outcomes | null;
  /** Why there are no choices though the fit converged, where it is not its reward. */
  readonly why?: string;
}

/** Distances of held-out trips to shortest paths, and what these are shortest by. */
export interface ShortestRoutes {
  readonly by: string;
  readonly routeDistance: Float64Array;
  readonly nearestRoute: Float64Array;
}

/** The distinct trajectories that are held out and hold a decision. */
export interface HeldOutUnits {
  readonly weight: Float64Array;
  readonly decisions: Float64Array;
  /** [units] in how many folds each is held out. */
  readonly heldOutIn: Float64Array;
  /** Index by number among all trajectories. */
  readonly indexOf: ReadonlyMap<number, number>;
}

export function collectUnits(folds: readonly FoldPrediction[]): HeldOutUnits {
  const indexOf = new Map<number, number>();
  const weight: number[] = [];
  const decisions: number[] = [];
  const heldOutIn: number[] = [];
  for (const { heldOut, units } of folds)
    decisionsPerTrajectory(heldOut).forEach((count, i) => {
      if (count === 0) return;
      const u = indexOf.get(units[i]) ?? indexOf.size;
      if (u === weight.length) {
        indexOf.set(units[i], u);
        weight.push(heldOut.trajectories.weight[i]);
        decisions.push(count);
        heldOutIn.push(0);
      }
      heldOutIn[u]++;
    });
  return {
    indexOf,
    weight: Float64Array.from(weight),
    decisions: Float64Array.from(decisions),
    heldOutIn: Float64Array.from(heldOutIn),
  };
}

export interface ScoredMethod {
  readonly score: MethodScore;
  /** [units] log-likelihood, mean over folds; null where there is none. */
  readonly unitSums: Float64Array | null;
  /** Why there is none. */
  readonly failure: string;
}

type FoldScore = MethodScore['folds'][number];

/** What is added up over the folds of a method. */
interface Sums {
  /** [units] log-likelihood, mean over the folds that hold it out. */
  readonly units: Float64Array;
  readonly calibration: CalibrationSums;
  brier: number;
  hits: number;
  decisions: number;
  /** Why a fold has no prediction at all, or calls impossible what was done; empty where none. */
  unknown: string;
  impossible: string;
}

const NOTHING = 'nothing that counts was decided in what was held out';

/** Scores one method over all folds; what would be wrong or infinite is null, with the reason. */
export function scoreMethod(
  name: string,
  folds: readonly FoldPrediction[],
  units: HeldOutUnits,
): ScoredMethod {
  const sums: Sums = {
    units: new Float64Array(units.weight.length),
    calibration: new CalibrationSums(),
    brier: 0,
    hits: 0,
    decisions: 0,
    unknown: '',
    impossible: '',
  };
  const foldScores = folds.map((fold) => scoreFold(name, fold, units, sums));
  const total = units.weight.reduce((sum, w, u) => sum + (w === 0 ? 0 : w * sums.units[u]), 0);
  const decided = units.weight.reduce((sum, w, u) => sum + w * units.decisions[u], 0);
  const weights = units.weight.reduce((a, b) => a + b, 0);
  const noShares = sums.unknown || (decided === 0 ? NOTHING : '');
  const failure = noShares || sums.impossible;
  const known = failure === '';
  const means = foldMeans(foldScores);
  const whole = wholeScores(name, folds, units, noShares);
  const reasons: Record<string, string> = { ...whole?.reasons };
  if (noShares) for (const key of ['top1', 'brier', 'calibration']) reasons[key] = noShares;
  if (!known)
    for (const key of ['logLikelihood', 'perDecision', 'perTrajectory']) reasons[key] = failure;
  if (!means) reasons.foldMean = failure || 'a fold has no number of its own';
  const score: MethodScore = {
    logLikelihood: known ? total : null,
    perDecision: known ? total / decided : null,
    perTrajectory: known ? total / weights : null,
    foldMean: means,
    top1: noShares ? null : sums.hits / sums.decisions,
    brier: noShares ? null : sums.brier / sums.decisions,
    calibration: noShares ? null : sums.calibration.summary(),
    ...(reasons.features === undefined
      ? {}
      : { routes: null, features: null, visitDistance: null }),
    ...whole,
    folds: foldScores,
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
  return { score, unitSums: known ? sums.units : null, failure };
}

/** Weight of every held-out trajectory in one prediction of it; 0 where nothing was decided. */
export function sharesOf(
  { heldOut, units: unitOf }: FoldPrediction,
  { weight, heldOutIn, indexOf }: HeldOutUnits,
): Float64Array {
  const decisions = decisionsPerTrajectory(heldOut);
  return Float64Array.from(unitOf, (unit, i) => {
    const u = decisions[i] === 0 ? undefined : indexOf.get(unit);
    return u === undefined ? 0 : weight[u] / heldOutIn[u];
  });
}

/** Scores of whole trips; nothing where they were not asked for. */
function wholeScores(
  name: string,
  folds: readonly FoldPrediction[],
  units: HeldOutUnits,
  failure: string,
): Partial<OutcomeScores> {
  if (folds.every(({ methods }) => methods[name].outcomes === undefined)) return {};
  const truth = folds.every(({ truthKnown }) => truthKnown === true);
  const parts = folds.flatMap((fold): FoldOutcomes[] => {
    const { outcomes } = fold.methods[name];
    if (!outcomes) return [];
    return [{ heldOut: fold.heldOut, units: fold.units, share: sharesOf(fold, units), outcomes }];
  });
  const complete = parts.length === folds.length && parts.length > 0;
  const scores = complete && (!failure || folds[0].startsOnly) ? scoreOutcomes(parts, truth) : null;
  if (scores && !failure) return scores;
  const why = failure || 'the method says nothing of whole trips';
  const reasons: Record<string, string> = { routes: why, features: why, visitDistance: why };
  const none = { routes: null, features: null, visitDistance: null };
  if (scores) {
    const { valueDifference, epic, reasons: others } = scores;
    if (others?.epic) reasons.epic = others.epic;
    return { ...none, valueDifference, epic, reasons };
  }
  if (!truth) return { ...none, reasons };
  reasons.epic = why;
  const unknown = { soft: null, hard: null, reasons: { soft: why, hard: why } };
  return { ...none, valueDifference: unknown, epic: null, reasons };
}

/** Scores a method on one fold and adds to `sums` what counts for all of them. */
function scoreFold(
  name: string,
  { name: fold, heldOut, units: unitOf, methods }: FoldPrediction,
  { weight, heldOutIn, indexOf }: HeldOutUnits,
  sums: Sums,
): FoldScore {
  const { stop, choices, why: otherwise } = methods[name];
  const decisionCounts = decisionsPerTrajectory(heldOut);
  const counts = {
    name: fold,
    trajectories: decisionCounts.reduce((sum, n) => sum + Number(n > 0), 0),
    decisions: decisionCounts.reduce((a, b) => a + b, 0),
  };
  const without = (why: string): FoldScore => ({
    ...counts,
    perDecision: null,
    perTrajectory: null,
    reasons: { perDecision: why, perTrajectory: why },
  });
  if (!hasArrived(stop) || !choices) {
    const why = hasArrived(stop)
      ? (otherwise ??
        `the reward fitted without fold "${fold}" has no finite value for what it holds out`)
      : `the fit without fold "${fold}" did not converge (${stop})`;
    sums.unknown ||= why;
    return without(why);
  }
  let logLikelihood = 0;
  let weights = 0;
  let decisions = 0;
  let d = 0;
  decisionCounts.forEach((count, i) => {
    const u = indexOf.get(unitOf[i]) ?? -1;
    const end = d + count;
    // Nothing was decided, or it shall not count, however unlikely it is.
    if (count === 0 || weight[u] === 0) {
      d = end;
      return;
    }
    const share = weight[u] / heldOutIn[u];
    let own = 0;
    for (; d < end; d++) {
      own += choices.logProbability[d];
      sums.brier += share * choices.brier[d];
      sums.hits += share * choices.hit[d];
      sums.calibration.add(choices.confidence[d], choices.hit[d], share);
    }
    sums.decisions += share * count;
    sums.units[u] += own / heldOutIn[u];
    logLikelihood += weight[u] * own;
    weights += weight[u];
    decisions += weight[u] * count;
  });
  if (decisions === 0) return without(NOTHING);
  if (!Number.isFinite(logLikelihood)) {
    const why = `a choice in fold "${fold}" has probability zero`;
    sums.impossible ||= why;
    return without(why);
  }
  return {
    ...counts,
    perDecision: logLikelihood / decisions,
    perTrajectory: logLikelihood / weights,
  };
}

function foldMeans(folds: MethodScore['folds']): MethodScore['foldMean'] {
  let perDecision = 0;
  let perTrajectory = 0;
  for (const fold of folds) {
    if (fold.perDecision === null || fold.perTrajectory === null) return null;
    perDecision += fold.perDecision / folds.length;
    perTrajectory += fold.perTrajectory / folds.length;
  }
  return { perDecision, perTrajectory };
}
