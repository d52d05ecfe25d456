/** A study with splits: the same experiment once per split, and the methods compared over all. */

import { compareMethods } from '../evaluation/comparison/comparison.ts';
import type { FoldPrediction } from '../evaluation/comparison/methodScore.ts';
import type { ComparisonResult } from '../evaluation/resultFile.ts';
import { buildWorld } from './experiment.ts';
import { besideComparison } from './published.ts';
import { type ExperimentRun, heldOutChoices } from './runExperiment.ts';
import type { Cell, Published, Study } from './study.ts';

type SplitStudy = Extract<Study, { readonly cells?: undefined }>;

/** The experiments of a study: its cells, its splits, or itself under its own name. */
export async function cellsOfStudy(study: Study): Promise<readonly Cell[]> {
  const cells =
    study.cells ?? (study.splits ? await cellsOfSplits(study) : [{ ...study, name: study.name }]);
  const names = new Set<string>();
  for (const { name } of cells) {
    if (names.has(name))
      throw new RangeError(`Cannot run study "${study.name}": two cells are called "${name}"`);
    names.add(name);
  }
  return cells;
}

/** Reads the recordings and builds the world once, and makes a cell of every split, named like it. */
async function cellsOfSplits(study: SplitStudy): Promise<Cell[]> {
  if (!study.splits) throw new TypeError(`Cannot split study "${study.name}": it says not how`);
  const recordings = await study.data();
  const { splits, file, warnings } = await study.splits(recordings);
  if (splits.length === 0)
    throw new RangeError(`Cannot run study "${study.name}": it names no splits`);
  const { holdOut: _fold, published: _published, ...experiment } = study;
  const read = {
    ...recordings,
    files: file ? [...recordings.files, file] : recordings.files,
    warnings: [...(recordings.warnings ?? []), ...warnings],
  };
  const { world, features } = buildWorld(study, read);
  return splits.map((split) => ({
    ...experiment,
    name: split.name,
    data: () => read,
    world,
    features: () => features,
    split,
  }));
}

/** Compares the methods over the runs of the cells that `cellsOfSplits` made. */
export function compareRuns(
  published: readonly Published[],
  runs: ReadonlyMap<string, ExperimentRun>,
  seed: number,
): ComparisonResult {
  const folds = [...runs].map(([name, run]): FoldPrediction => {
    const { problem, heldOut, recordings, split } = run.prepared;
    if (!heldOut || !split) throw new TypeError(`Cannot compare: cell "${name}" has no split`);
    const all = Array.from({ length: recordings.trajectories.count }, (_, i) => i);
    return {
      name,
      heldOut: { ...problem, trajectories: heldOut },
      units: Int32Array.from(all.filter((i) => split.isTest[i] === 1)),
      methods: Object.fromEntries(
        Object.entries(run.result.methods).map(([method, { stop }]) => [
          method,
          { stop, choices: heldOutChoices(run, method) },
        ]),
      ),
    };
  });
  const scores = compareMethods(folds, seed);
  return { ...scores, published: besideComparison(published, scores) };
}
