/**
 * Chooses features greedily by what they predict of trajectories that were held out: forward from
 * few, one more at a time as long as one helps; backward from all, one less as long as none is
 * missed; or both by turns.
 *
 * The number of the set that wins is too good: it was the best of many on the same held-out people.
 */

import type { SearchCandidate, SearchStep } from '../../evaluation/comparison/searchResult.ts';
import {
  meanDifference,
  meanLog,
  type SearchUnits,
  type SubsetScore,
  unitLogs,
} from './subsetScores.ts';

export interface FeatureSearchSettings {
  readonly names: readonly string[];
  /** Features that are always in. */
  readonly keep: readonly string[];
  readonly direction: 'forward' | 'backward' | 'both';
  /**
   * `sure`: a feature is added where the interval of the difference lies above 0, and dropped where
   * that of dropping it does not lie below; `gain`: the estimate decides.
   */
  readonly rule: 'sure' | 'gain';
  readonly seed: number;
}

export interface FeatureSearch {
  readonly path: readonly SearchStep[];
  readonly rejected: readonly SearchCandidate[];
  readonly ended: string;
  readonly chosen: SubsetScore;
}

/** Scores a set of features, beginning near another one. */
export type Score = (features: readonly string[], near: SubsetScore | null) => Promise<SubsetScore>;

/** A set of features with what it predicts. */
interface Known {
  readonly score: SubsetScore;
  /** [units], or why there are none. */
  readonly logs: Float64Array | string;
}

interface Trial extends Known {
  readonly candidate: SearchCandidate;
}

export async function searchFeatures(
  { names, keep, direction, rule, seed }: FeatureSearchSettings,
  units: SearchUnits,
  score: Score,
): Promise<FeatureSearch> {
  const inOrder = (set: ReadonlySet<string>): string[] => names.filter((name) => set.has(name));
  const look = async (set: ReadonlySet<string>, near: SubsetScore | null): Promise<Known> => {
    const found = await score(inOrder(set), near);
    return { score: found, logs: unitLogs(found, units) };
  };

  const tryAll = async (action: 'add' | 'drop', from: Known): Promise<Trial[]> => {
    const trials: Trial[] = [];
    for (const feature of names) {
      const isIn = from.score.features.includes(feature);
      if (isIn === (action === 'add') || keep.includes(feature)) continue;
      const set = new Set(from.score.features);
      if (action === 'add') set.add(feature);
      else set.delete(feature);
      const known = await look(set, from.score);
      const difference =
        typeof known.logs === 'string' || typeof from.logs === 'string'
          ? null
          : meanDifference(known.logs, from.logs, units, seed);
      const numbers = numbersOf(known, units);
      const reasons = {
        ...numbers.reasons,
        ...(difference === null ? { difference: whyNone(known, from) } : {}),
      };
      trials.push({
        ...known,
        candidate: {
          action,
          feature,
          ...numbers,
          difference,
          helps: helps(action, rule, known, difference),
          ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
        },
      });
    }
    return trials;
  };

  let current = await look(new Set(direction === 'backward' ? names : keep), null);
  const path: SearchStep[] = [
    {
      action: 'start',
      feature: null,
      features: [...current.score.features],
      difference: null,
      candidates: [],
      ...numbersOf(current, units),
    },
  ];
  const seen = new Set([JSON.stringify(current.score.features)]);
  let rejected: SearchCandidate[] = [];
  let ended = '';
  let action: 'add' | 'drop' = direction === 'backward' ? 'drop' : 'add';
  let idle = 0;
  while (ended === '') {
    const trials = await tryAll(action, current);
    const taken = best(trials.filter(({ candidate }) => candidate.helps));
    if (taken && seen.has(JSON.stringify(taken.score.features))) {
      ended = 'the search came back to a set it had seen';
    } else if (taken) {
      const { action: done, feature, difference, reasons } = taken.candidate;
      path.push({
        action: done,
        feature,
        features: [...taken.score.features],
        difference,
        candidates: trials.map(({ candidate }) => candidate),
        ...numbersOf(taken, units),
        ...(reasons ? { reasons } : {}),
      });
      current = taken;
      seen.add(JSON.stringify(taken.score.features));
      rejected = [];
      idle = 0;
    } else {
      rejected = [...rejected, ...trials.map(({ candidate }) => candidate)];
      idle++;
    }
    if (direction === 'both' && (taken || idle === 1)) action = action === 'add' ? 'drop' : 'add';
    if (idle > (direction === 'both' ? 1 : 0)) ended ||= endWords(rejected, direction, rule);
  }
  return { path, rejected, ended, chosen: current.score };
}

/** The trial of highest held-out likelihood. */
function best(trials: readonly Trial[]): Trial | null {
  let found: Trial | null = null;
  for (const trial of trials) {
    const value = trial.candidate.perDecision ?? Number.NEGATIVE_INFINITY;
    if (value > (found?.candidate.perDecision ?? Number.NEGATIVE_INFINITY)) found = trial;
  }
  return found;
}

/** Where the set before has no score any set that has one helps. */
function helps(
  action: 'add' | 'drop',
  rule: 'sure' | 'gain',
  known: Known,
  difference: SearchCandidate['difference'],
): boolean {
  if (typeof known.logs === 'string') return false;
  if (!difference) return true;
  const { estimate, interval } = difference;
  if (rule === 'gain') return action === 'add' ? estimate > 0 : estimate >= 0;
  if (!interval) return false;
  return action === 'add' ? interval[0] > 0 : interval[1] >= 0;
}

function numbersOf({ score, logs }: Known, units: SearchUnits) {
  const stop = score.folds.find((fold) => fold.stop !== 'converged')?.stop ?? 'converged';
  if (typeof logs !== 'string') return { stop, ...meanLog(logs, units) };
  const reasons: Record<string, string> = { perDecision: logs, perTrajectory: logs };
  return { stop, perDecision: null, perTrajectory: null, reasons };
}

function whyNone(known: Known, from: Known): string {
  if (typeof known.logs === 'string') return known.logs;
  return `the set before has no score: ${from.logs}`;
}

function endWords(
  rejected: readonly SearchCandidate[],
  direction: string,
  rule: 'sure' | 'gain',
): string {
  if (rejected.length === 0)
    return direction === 'backward' ? 'nothing is left to drop' : 'nothing is left to add';
  const scored = rejected.filter(({ perDecision }) => perDecision !== null);
  if (scored.length === 0)
    return 'none of the sets that were tried has a fit of every fold that converged';
  const surely = rule === 'sure' ? ' for sure' : '';
  return direction === 'backward'
    ? 'every feature that is left would be missed'
    : `no other feature helps${surely}`;
}
