/**
 * What some of the features predict of trajectories that the fit did not see, fold by fold.
 *
 * As in a comparison of methods the unit is the trajectory; one that several folds hold out counts
 * once, with the mean over them. A set of features whose fit of some fold does not converge has no
 * score, but a word.
 */

import { type Algorithm, type Fit, finish } from '../../algorithms/algorithm.ts';
import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import type { Split } from '../../demonstrations/splits.ts';
import { scoreChoices } from '../../evaluation/comparison/heldOutChoices.ts';
import { bootstrapRatios } from '../../evaluation/comparison/pairedBootstrap.ts';
import { ownValue } from '../../features/ownValue.ts';
import { selectFeatures } from '../../features/selectFeatures.ts';
import { selectTrajectories, type Trajectories } from '../../mdp/trajectories.ts';
import { createRng } from '../../numeric/rng.ts';
import type { FitSettings } from '../study.ts';

/** Plain JSON, so that an interrupted search can keep it. */
export interface SubsetScore {
  readonly features: readonly string[];
  readonly folds: readonly {
    readonly stop: string;
    readonly stopReason: string | null;
    readonly estimates: Readonly<Record<string, number>>;
    /** Log-likelihood of each held-out trajectory; null where it is −∞ or there is none. */
    readonly logs: readonly (number | null)[];
  }[];
}

export type SubsetOptions = Omit<FitSettings, 'optimizer'>;

/** Fits a method without each fold; begins where `near`, a set with almost the same features, ended. */
export function scoreSubset(
  algorithm: Algorithm,
  problem: Problem,
  splits: readonly Split[],
  options: SubsetOptions,
  features: readonly string[],
  near: SubsetScore | null,
): SubsetScore {
  const { trajectories } = problem;
  return {
    features,
    folds: splits.map(({ isTrain, isTest }, f) => {
      const train = selectTrajectories(trajectories, (i) => isTrain[i] === 1);
      const test = selectTrajectories(trajectories, (i) => isTest[i] === 1);
      const start = near?.folds[f].stop === 'converged' ? near.folds[f].estimates : null;
      const fit = fitSubset(algorithm, problem, train, options, features, start);
      return {
        stop: fit.stop,
        stopReason: fit.stopReason,
        estimates: Object.fromEntries(fit.parameters.map(({ name, estimate }) => [name, estimate])),
        logs:
          fit.stop === 'converged'
            ? trajectoryLogs(fit, { ...problem, trajectories: test })
            : new Array<null>(test.count).fill(null),
      };
    }),
  };
}

/** Fits the method to some of the features. */
export function fitSubset(
  algorithm: Algorithm,
  problem: Problem,
  trajectories: Trajectories,
  options: SubsetOptions,
  features: readonly string[],
  start: Readonly<Record<string, number>> | null,
): Fit {
  const part = {
    ...problem,
    trajectories,
    features: selectFeatures(problem.features, features),
  };
  const own = ofFeatures(options, features);
  const free = features.filter((name) => !Object.hasOwn(own.fix ?? {}, name));
  if (start && free.length > 0) {
    const warm = Object.fromEntries(
      free.map((name) => [
        name,
        within(ownValue(start, name) ?? ownValue(own.start, name) ?? 0, ownValue(own.bounds, name)),
      ]),
    );
    const fit = finish(algorithm.fit(part, { ...own, start: warm }));
    if (fit.stop === 'converged' || fit.stop === 'unbounded') return fit;
  }
  return finish(algorithm.fit(part, own));
}

function within(x: number, bounds: readonly [number, number] | undefined): number {
  return bounds ? Math.min(Math.max(x, bounds[0]), bounds[1]) : x;
}

/** Drops what options say of other features. */
function ofFeatures(options: SubsetOptions, features: readonly string[]): SubsetOptions {
  const keep = <Value>(values: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => features.includes(name)));
  const { start, fix, bounds, ...rest } = options;
  return {
    ...rest,
    ...(start ? { start: keep(start) } : {}),
    ...(fix ? { fix: keep(fix) } : {}),
    ...(bounds ? { bounds: keep(bounds) } : {}),
  };
}

/** Log-likelihood of each trajectory, unweighted; null where it is −∞ or the fit has none. */
export function trajectoryLogs(fit: Fit, heldOut: Problem): (number | null)[] {
  const choices = scoreChoices(fit, heldOut);
  let d = 0;
  return Array.from(decisionsPerTrajectory(heldOut), (count) => {
    let sum = 0;
    for (const end = d + count; d < end; d++) sum += choices?.logProbability[d] ?? Number.NaN;
    return Number.isFinite(sum) ? sum : null;
  });
}

/** The trajectories that some fold holds out and that count. */
export interface SearchUnits {
  /** [folds][held out] unit of each trajectory; −1 where it does not count. */
  readonly ofFold: readonly Int32Array[];
  readonly weight: Float64Array;
  readonly decisions: Float64Array;
  /** [units] in how many folds each is held out. */
  readonly heldOutIn: Float64Array;
}

export function searchUnits(problem: Problem, splits: readonly Split[]): SearchUnits {
  const counts = decisionsPerTrajectory(problem);
  const { weight, count } = problem.trajectories;
  const unit = new Int32Array(count).fill(-1);
  const units: number[] = [];
  for (let i = 0; i < count; i++)
    if (counts[i] > 0 && weight[i] > 0 && splits.some(({ isTest }) => isTest[i] === 1)) {
      unit[i] = units.length;
      units.push(i);
    }
  const heldOutIn = new Float64Array(units.length);
  const ofFold = splits.map(({ isTest }) => {
    const own = unit.filter((_, i) => isTest[i] === 1);
    for (const u of own) if (u >= 0) heldOutIn[u]++;
    return own;
  });
  return {
    ofFold,
    heldOutIn,
    weight: Float64Array.from(units, (i) => weight[i]),
    decisions: Float64Array.from(units, (i) => counts[i]),
  };
}

/** [units] mean held-out log-likelihood, or why there is none. */
export function unitLogs(score: SubsetScore, units: SearchUnits): Float64Array | string {
  const logs = new Float64Array(units.weight.length);
  for (const [f, { stop, stopReason, logs: own }] of score.folds.entries()) {
    if (stop !== 'converged') return `${stop}${stopReason ? `: ${stopReason}` : ''}`;
    for (const [n, log] of own.entries()) {
      const u = units.ofFold[f][n];
      if (u < 0) continue;
      if (log === null) return 'a choice that was held out has probability zero';
      logs[u] += log / units.heldOutIn[u];
    }
  }
  return logs;
}

/** Σ w log / Σ w n, and Σ w log / Σ w. */
export function meanLog(
  logs: Float64Array,
  { weight, decisions }: Pick<SearchUnits, 'weight' | 'decisions'>,
): { perDecision: number; perTrajectory: number } {
  let sum = 0;
  let decided = 0;
  let all = 0;
  for (let u = 0; u < logs.length; u++) {
    sum += weight[u] * logs[u];
    decided += weight[u] * decisions[u];
    all += weight[u];
  }
  return { perDecision: sum / decided, perTrajectory: sum / all };
}

const DRAWS = 2_000;
const LEVEL = 0.95;

/** Difference per decision of two sets of features, with an interval over trajectories. */
export function meanDifference(
  after: Float64Array,
  before: Float64Array,
  { weight, decisions }: Pick<SearchUnits, 'weight' | 'decisions'>,
  seed: number,
): { estimate: number; interval: [number, number] | null; reasons?: Record<string, string> } {
  const numerator = after.map((log, u) => weight[u] * (log - before[u]));
  const denominator = decisions.map((n, u) => weight[u] * n);
  // The same draws for every pair, so that candidates are compared on the same people.
  const rng = createRng(seed, 'feature search bootstrap');
  const [interval] = bootstrapRatios([{ numerator, denominator }], DRAWS, LEVEL, rng);
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  const estimate = sum(numerator) / sum(denominator);
  if (interval) return { estimate, interval };
  const why = 'an interval needs more than a few trajectories, of positive weight';
  return { estimate, interval: null, reasons: { interval: why } };
}
