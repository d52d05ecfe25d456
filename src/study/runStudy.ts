/** Runs a study: its experiment, or its cells one after another, into one result. */

import type { CellResult, ResultFile } from '../evaluation/resultFile.ts';
import { type ExperimentRun, type RunObserver, runExperiment } from './runExperiment.ts';
import { cellsOfSplits, compareRuns } from './splitStudy.ts';
import type { Study } from './study.ts';
import { runStudyTests } from './studyTests.ts';
import { version } from './version.ts';

export interface StudyRun {
  readonly result: ResultFile;
  /** The runs behind the result, by cell name; a single experiment bears the study's name. */
  readonly runs: ReadonlyMap<string, ExperimentRun>;
}

/** An observer that remembers nothing and says nothing. */
export const silentObserver: RunObserver = {
  resume: () => undefined,
  onProgress: async () => {},
  onMethod: async () => {},
};

export async function runStudy(
  study: Study,
  seed = 0,
  observer: RunObserver = silentObserver,
): Promise<StudyRun> {
  const heading = {
    format: 1,
    revealed: version,
    study: study.name,
    title: study.title,
    seed,
    backend: null,
  } as const;
  const meant = (result: ResultFile): ResultFile => {
    const meaning = study.meaning?.(result) ?? '';
    return meaning === '' ? result : { ...result, meaning };
  };
  const tested = (cells: readonly CellResult[]) =>
    study.tests ? { tests: runStudyTests(study.tests, cells) } : {};
  const cellOf = (run: ExperimentRun): CellResult => ({ name: study.name, ...run.result });
  const runs = new Map<string, ExperimentRun>();
  if (!study.cells && !study.splits) {
    const run = await runExperiment(study.name, study, seed, observer);
    runs.set(study.name, run);
    return { result: meant({ ...heading, ...run.result, ...tested([cellOf(run)]) }), runs };
  }
  const cells: CellResult[] = [];
  for (const cell of study.cells ?? (await cellsOfSplits(study))) {
    if (runs.has(cell.name))
      throw new RangeError(`Cannot run study "${study.name}": two cells are called "${cell.name}"`);
    const run = await runExperiment(cell.name, cell, seed, observer);
    runs.set(cell.name, run);
    cells.push({ name: cell.name, ...run.result });
  }
  if (study.cells) return { result: meant({ ...heading, cells, ...tested(cells) }), runs };
  const comparison = compareRuns(study.published ?? [], runs, seed);
  return { result: meant({ ...heading, cells, comparison }), runs };
}
