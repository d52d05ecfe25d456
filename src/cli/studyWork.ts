/** Running a study of recordings: fits, with a checkpoint of each. */

import { hasArrived } from '../algorithms/algorithm.ts';
import { cellsOf, type ResultFile } from '../evaluation/resultFile.ts';
import { summarize } from '../evaluation/summary.ts';
import { writeResult } from '../study/output/outputDirectory.ts';
import { readState, type SavedCells, writeState } from '../study/run/runState.ts';
import { runStudy } from '../study/run/runStudy.ts';
import type { Study } from '../study/study.ts';
import { fitWords } from './progress.ts';
import type { Work } from './work.ts';

export function studyWork(study: Study, seed: number): Work {
  let cells: SavedCells = {};
  const keep = (cell: string): SavedCells[string] => {
    cells[cell] ??= {};
    return cells[cell];
  };
  return {
    restore(directory, fingerprint) {
      cells = readState(directory, fingerprint) ?? {};
    },
    save: (directory, fingerprint) => writeState(directory, fingerprint, cells),
    async run({ line, parallel, ...driver }) {
      const observer = {
        onPlan: line.expect,
        resume: (cell: string, method: string) => cells[cell]?.[method],
        async onProgress(cell, progress) {
          line.show(() => fitWords(cell, progress));
          keep(cell)[progress.method] = { checkpoint: progress.checkpoint };
          await driver.tick();
        },
        async onMethod(cell, method, state) {
          keep(cell)[method] = state;
          line.done();
          driver.keep();
        },
      } satisfies Parameters<typeof runStudy>[2];
      const run = await runStudy(study, seed, observer, parallel);
      return {
        result: run.result,
        write: (directory, source) =>
          writeResult(directory, { ...run, result: { ...run.result, source } }),
        summary: summarize(run.result),
        succeeded: succeeded(run.result),
      };
    },
  };
}

/** Whether every fit converged and is identified, and every check passed. */
function succeeded(result: ResultFile): boolean {
  if ('comparison' in result && result.comparison?.published.some(({ passed }) => passed === false))
    return false;
  if (result.tests?.some(({ published }) => published.some(({ passed }) => passed === false)))
    return false;
  return cellsOf(result).every(
    ({ methods, published }) =>
      published.every(({ passed }) => passed !== false) &&
      Object.values(methods).every(
        ({ stop, unidentified }) => hasArrived(stop) && unidentified === undefined,
      ),
  );
}
