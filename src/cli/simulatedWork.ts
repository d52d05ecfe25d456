/** Running a study in a simulator: fits, with a checkpoint of each. */

import { simulatedCellsOf } from '../evaluation/simulated/simulatedResult.ts';
import { summarizeSimulated } from '../evaluation/simulated/simulatedSummary.ts';
import { writeSimulatedResult } from '../study/output/outputDirectory.ts';
import {
  runSimulated,
  type SimulatedObserver,
  simulatedSucceeded,
} from '../study/simulated/runSimulated.ts';
import {
  readSimulated,
  type SavedSimulated,
  writeSimulated,
} from '../study/simulated/simulatedState.ts';
import type { SimulatedStudy } from '../study/simulatedStudy.ts';
import type { Work } from './work.ts';

export function simulatedWork(study: SimulatedStudy, seed: number): Work {
  let saved: SavedSimulated = { digest: '', cells: {} };
  return {
    restore(directory, fingerprint) {
      saved = readSimulated(directory, fingerprint) ?? saved;
    },
    save: (directory, fingerprint) => writeSimulated(directory, fingerprint, saved),
    async run({ line, parallel, ...driver }) {
      const keep = (cell: string): (typeof saved.cells)[string] => {
        saved.cells[cell] ??= {};
        return saved.cells[cell];
      };
      const observer: SimulatedObserver = {
        onPlan: line.expect,
        resume(cell, method, digest) {
          if (saved.digest !== '' && saved.digest !== digest)
            throw new RangeError(
              'Cannot resume: the demonstrated episodes are not those of the interrupted run; leave out --resume to start over',
            );
          saved.digest = digest;
          return saved.cells[cell]?.[method];
        },
        async onNews(cell, method, news) {
          line.show(() => `${cell} ${method}  ${news.words}`);
          if (news.saved) keep(cell)[method] = news.saved;
          await driver.tick();
        },
        async onFinished(cell, method, finished) {
          keep(cell)[method] = finished;
          line.done();
          driver.keep();
        },
      };
      const run = await runSimulated(study, seed, observer, parallel);
      return {
        result: run.result,
        write: (directory, source) =>
          writeSimulatedResult(directory, { ...run, result: { ...run.result, source } }),
        summary: summarizeSimulated(run.result),
        succeeded: simulatedSucceeded(simulatedCellsOf(run.result)),
      };
    },
  };
}
