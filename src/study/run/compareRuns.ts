/** Compares the methods of a study over its splits, at home and in a changed world. */

import { compareMethods } from '../../evaluation/comparison/comparison.ts';
import type { ComparisonScores } from '../../evaluation/comparison/comparisonResult.ts';
import { describeTransfer } from '../../evaluation/comparison/transfer.ts';
import type { ComparisonResult } from '../../evaluation/resultFile.ts';
import { worldChanges } from '../../mdp/worldChanges.ts';
import type { Published } from '../study.ts';
import { foldAtHome, foldAway } from './foldPredictions.ts';
import { besideComparison } from './published.ts';
import type { ExperimentRun } from './runExperiment.ts';

/** @param runs of one cell per split, by name */
export function compareRuns(
  published: readonly Published[],
  runs: ReadonlyMap<string, ExperimentRun>,
  seed: number,
): ComparisonResult {
  const { changed, recordings } = firstOf(runs).prepared;
  const home = [...runs].map(([name, run]) => foldAtHome(name, run));
  const atHome = (): ComparisonScores => compareMethods(home, seed);
  if (!changed) {
    const scores = atHome();
    return { ...scores, published: besideComparison(published, scores) };
  }
  const folds = [...runs].map(([name, run]) => foldAway(name, run));
  const scores = compareMethods(folds, seed);
  const away = changed.recorded ? scores : { ...scores, decisions: 0 };
  const transfer = describeTransfer({
    home: home.some(({ units }) => units.length > 0) ? atHome() : null,
    away,
    folds,
    changes: worldChanges(firstOf(runs).prepared.problem.world, changed.problem.world),
    recorded: changed.recorded,
    files: changed.files
      .filter(({ sha256 }) => recordings.files.every((file) => file.sha256 !== sha256))
      .map((file) => ({ ...file })),
    plans: plansOf(firstOf(runs)),
  });
  return { ...away, transfer, published: besideComparison(published, away) };
}

function firstOf(runs: ReadonlyMap<string, ExperimentRun>): ExperimentRun {
  const [run] = runs.values();
  return run;
}

/** Which methods plan for a reward. */
function plansOf({ result }: ExperimentRun): Record<string, boolean> {
  const planners = ['causal-entropy', 'causal-entropy-loop'];
  return Object.fromEntries(
    Object.entries(result.methods).map(([name, { method }]) => [
      name,
      planners.includes(method ?? name),
    ]),
  );
}
