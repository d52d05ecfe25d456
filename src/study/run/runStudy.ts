/** Runs a study: its experiment, or its cells, into one result. */

import type { CellResult, ResultFile } from '../../evaluation/resultFile.ts';
import { type PreparedExperiment, prepareExperiment } from '../experiment.ts';
import { specificationsOf } from '../specifications.ts';
import { cellsOfStudy } from '../splitStudy.ts';
import type { Study } from '../study.ts';
import { version } from '../version.ts';
import { compareRuns } from './compareRuns.ts';
import { openFitRunner, type ParallelRun } from './fitRunner.ts';
import { learningCurveOf } from './learningCurve.ts';
import { type ExperimentRun, type RunObserver, runExperiment } from './runExperiment.ts';
import { runStudyTests } from './studyTests.ts';

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

/**
 * @param parallel how to use threads; everything is done in this one where absent. The result is the
 *   same but for the seconds
 */
export async function runStudy(
  study: Study,
  seed = 0,
  observer: RunObserver = silentObserver,
  parallel: ParallelRun | null = null,
): Promise<StudyRun> {
  const heading = {
    format: 1,
    revealed: version,
    study: study.name,
    title: study.title,
    seed,
  } as const;
  const meant = (result: ResultFile): ResultFile => {
    const meaning = study.meaning?.(result) ?? '';
    return meaning === '' ? result : { ...result, meaning };
  };
  const tested = (results: readonly CellResult[]) =>
    study.tests ? { tests: runStudyTests(study.tests, results) } : {};
  const cells = await cellsOfStudy(study, seed);
  const wanted = cells.flatMap((cell) =>
    specificationsOf(cell).map(({ name }) => observer.resume(cell.name, name)),
  );
  const done = wanted.filter((before) => before && 'done' in before).length;
  const runner = openFitRunner(wanted.length - done, observer, parallel);
  try {
    observer.onPlan?.(wanted.length);
    const prepared: PreparedExperiment[] = [];
    for (const cell of cells) prepared.push(await prepareExperiment(cell));
    const finished = await Promise.all(
      cells.map((cell, i) =>
        runExperiment(cell.name, cell, prepared[i], seed, observer, runner.run),
      ),
    );
    const whole = cells.filter(({ curve }) => curve === undefined);
    const runs = new Map(whole.map(({ name }, i) => [name, finished[i]]));
    const backend = backendOf(finished);
    const results = whole.map(({ name }, i): CellResult => ({ name, ...finished[i].result }));
    if (!study.cells && !study.splits)
      return {
        result: meant({ ...heading, backend, ...finished[0].result, ...tested(results) }),
        runs,
      };
    if (study.cells)
      return { result: meant({ ...heading, backend, cells: results, ...tested(results) }), runs };
    const compared = compareRuns(study.published ?? [], runs, seed);
    const comparison = study.curve
      ? {
          ...compared,
          curve: learningCurveOf(study.curve, cells, finished, compared.reference, seed),
        }
      : compared;
    return { result: meant({ ...heading, backend, cells: results, comparison }), runs };
  } finally {
    await runner.close();
  }
}

/** What networks ran on; null where there were none. */
function backendOf(runs: readonly ExperimentRun[]): string | null {
  const engines = runs.flatMap(({ result: { methods } }) =>
    Object.values(methods).map(({ network, sampling }) => network?.engine ?? sampling?.engine),
  );
  return engines.find((engine) => engine !== undefined) ?? null;
}
