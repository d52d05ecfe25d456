/** Runs a search of features on what a source describes, and goes on where one was interrupted. */

import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';
import { algorithms } from '../../algorithms/registry.ts';
import { nearestName } from '../../demonstrations/nearestName.ts';
import type { Split } from '../../demonstrations/splits.ts';
import type { SearchResult } from '../../evaluation/comparison/searchResult.ts';
import { standardErrors } from '../../evaluation/inference/standardErrors.ts';
import { selectTrajectories, type Trajectories } from '../../mdp/trajectories.ts';
import { prepareExperiment } from '../experiment.ts';
import type { Study } from '../study.ts';
import { version } from '../version.ts';
import { type FeatureSearch, searchFeatures } from './featureSearch.ts';
import { readSearchState, removeSearchState, writeSearchState } from './searchState.ts';
import {
  fitSubset,
  meanDifference,
  meanLog,
  type SubsetOptions,
  type SubsetScore,
  scoreSubset,
  searchUnits,
  trajectoryLogs,
} from './subsetScores.ts';

export const searchMethods = [
  'causal-entropy',
  'behavior-cloning-features',
  'latent-classes',
] as const;

export interface SearchSettings {
  readonly method: (typeof searchMethods)[number];
  readonly direction: 'forward' | 'backward' | 'both';
  readonly rule: 'sure' | 'gain';
  readonly keep: readonly string[];
  /** The fold that takes no part; none where absent. */
  readonly holdOut?: string | undefined;
  readonly seed: number;
  /** Folder that keeps what was scored; nothing is kept where absent. */
  readonly out?: string | undefined;
  readonly resume: boolean;
  /** What tells this search from others: options and bytes of files. */
  readonly fingerprint: string;
  readonly onScore?: (score: SubsetScore, count: number) => Promise<void> | void;
}

/** @param study with splits */
export async function runSearch(study: Study, settings: SearchSettings): Promise<SearchResult> {
  if (study.cells || !study.splits)
    throw new RangeError(
      `Cannot search "${study.name}": wanted a study of one experiment, and folds of its trajectories`,
    );
  const { method, direction, rule, keep, seed, holdOut, out } = settings;
  const { holdOut: _, split: __, ...whole } = study;
  const { problem, recordings, warnings } = await prepareExperiment(whole);
  const { splits: all, warnings: notes } = await study.splits(recordings);
  const { names } = problem.features;
  for (const name of keep)
    if (!names.includes(name)) throw new RangeError(unknown('keep feature', name, names));
  const { optimizer: _optimizer, ...fit } = study.fit ?? {};
  const options: SubsetOptions = { ...fit, classCheck: false };
  const { splits, outer } = partOuter(all, holdOut);
  const algorithm = await algorithms[method]();
  const units = searchUnits(problem, splits);
  if (units.weight.length === 0)
    throw new RangeError('Cannot search: the folds hold out no decision that counts');

  const kept =
    settings.resume && out !== undefined ? readSearchState(out, settings.fingerprint) : {};
  const found = await searchFeatures(
    { names, keep, direction, rule, seed },
    units,
    async (features, near) => {
      const key = JSON.stringify(features);
      if (!Object.hasOwn(kept, key)) {
        kept[key] = scoreSubset(algorithm, problem, splits, options, features, near);
        if (out !== undefined) writeSearchState(out, settings.fingerprint, kept);
      }
      await settings.onScore?.(kept[key], Object.keys(kept).length);
      return kept[key];
    },
  );

  const chosen = found.chosen.features;
  const takingPart = selectTrajectories(
    problem.trajectories,
    (i) => !outer || outer.isTest[i] === 0,
  );
  const fitOf = (features: readonly string[]) =>
    fitSubset(algorithm, problem, takingPart, options, features, null);
  const final = fitOf(chosen);
  const inference = final.information && standardErrors(final.information, final.parameters.length);
  if (out !== undefined) removeSearchState(out);
  return {
    format: 1,
    revealed: version,
    seed,
    method,
    direction,
    rule,
    folds: splits.length,
    trajectories: units.weight.length,
    decisions: units.decisions.reduce((a, b) => a + b, 0),
    path: [...found.path],
    rejected: [...found.rejected],
    ended: found.ended,
    chosen: {
      features: [...chosen],
      stop: final.stop,
      logLikelihood: final.logLikelihood,
      parameters: final.parameters.map(({ name, estimate, held }, k) => {
        const error = held ? null : (inference?.of(k).errors.sandwich ?? null);
        const reasons = {
          ...(Number.isFinite(estimate) ? {} : { estimate: final.stopReason ?? final.stop }),
          ...(error === null
            ? {
                standardError:
                  held ?? inference?.of(k).reasons.sandwich ?? final.stopReason ?? 'none was found',
              }
            : {}),
        };
        return {
          name,
          estimate: Number.isFinite(estimate) ? estimate : null,
          standardError: error,
          ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
        };
      }),
    },
    outer:
      outer &&
      scoreOuter(
        problem,
        outer,
        seed,
        final,
        names.length === chosen.length ? final : fitOf(names),
      ),
    warnings: [
      ...warnings,
      ...notes,
      `the held-out likelihood of the chosen features is the best of ${countSets(found)} sets on the same trajectories and so too good` +
        (outer
          ? `; that of fold "${outer.name}" is not`
          : '; --hold-out FOLD keeps a fold out of the search for an honest number'),
    ],
    ...(outer ? {} : { reasons: { outer: 'no fold was kept out of the search' } }),
  };
}

function countSets({ path, rejected }: FeatureSearch): number {
  return 1 + path.reduce((sum, { candidates }) => sum + candidates.length, 0) + rejected.length;
}

/** Takes one split out; its test trajectories take no part in the others. */
function partOuter(
  all: readonly Split[],
  holdOut: string | undefined,
): { splits: readonly Split[]; outer: Split | null } {
  if (holdOut === undefined) return { splits: all, outer: null };
  const outer = all.find(({ name }) => name === holdOut);
  const names = all.map(({ name }) => name);
  if (!outer) throw new RangeError(unknown('hold out fold', holdOut, names));
  const inside = (flags: Uint8Array): Uint8Array =>
    flags.map((flag, i) => (outer.isTest[i] === 1 ? 0 : flag));
  const splits = all
    .filter((split) => split !== outer)
    .map(({ name, isTrain, isTest }) => ({
      name,
      isTrain: inside(isTrain),
      isTest: inside(isTest),
    }))
    .filter(({ isTest }) => isTest.includes(1));
  if (splits.length === 0)
    throw new RangeError(
      `Cannot hold out fold "${holdOut}" of the search: nothing is left to predict; there must be another fold`,
    );
  return { splits, outer };
}

function scoreOuter(
  problem: Problem,
  { name, isTest }: Split,
  seed: number,
  chosen: ReturnType<typeof fitSubset>,
  all: ReturnType<typeof fitSubset>,
): SearchResult['outer'] {
  const counts = decisionsPerTrajectory(problem);
  const { weight } = problem.trajectories;
  const inIt = (i: number): boolean => isTest[i] === 1 && counts[i] > 0 && weight[i] > 0;
  const trajectories: Trajectories = selectTrajectories(problem.trajectories, inIt);
  const heldOut = { ...problem, trajectories };
  const decisions = Float64Array.from(decisionsPerTrajectory(heldOut));
  const sums = { weight: trajectories.weight, decisions };
  const logsOf = (fit: typeof chosen): Float64Array | null => {
    if (fit.stop !== 'converged') return null;
    const logs = trajectoryLogs(fit, heldOut);
    return logs.includes(null) ? null : Float64Array.from(logs, Number);
  };
  const [ours, theirs] = [logsOf(chosen), logsOf(all)];
  const whyNot = (fit: typeof chosen): string =>
    fit.stop === 'converged'
      ? 'a choice that was held out has probability zero'
      : `${fit.stop}${fit.stopReason ? `: ${fit.stopReason}` : ''}`;
  const reasons = {
    ...(ours ? {} : { chosen: whyNot(chosen), difference: whyNot(chosen) }),
    ...(theirs ? {} : { all: whyNot(all), difference: whyNot(all) }),
  };
  return {
    fold: name,
    trajectories: trajectories.count,
    decisions: decisions.reduce((a, b) => a + b, 0),
    chosen: ours && meanLog(ours, sums).perDecision,
    all: theirs && meanLog(theirs, sums).perDecision,
    difference: ours && theirs && meanDifference(ours, theirs, sums, seed),
    ...(Object.keys(reasons).length > 0 ? { reasons } : {}),
  };
}

function unknown(what: string, name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return (
    `Cannot ${what} "${name}": there are ${names.map((n) => `"${n}"`).join(', ')}` +
    (near === null ? '' : `; did you mean "${near}"?`)
  );
}
