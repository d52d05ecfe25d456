/** What `run`, `fit` and `compare` share: run a study, keep its state, write and print what came out. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { isSimulated, type Runnable } from '../study/loadStudy.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { removeReport, writeReportFolder } from '../study/output/reportFolder.ts';
import { json } from '../study/output/wholeFile.ts';
import type { Workers } from '../study/run/sideBySide.ts';
import { removeState } from '../study/run/stateFile.ts';
import { ThreadLost } from '../study/run/threads.ts';
import { openRunnable, rebase, type Source } from '../study/source.ts';
import type { ExitCode, Output } from './command.ts';
import { inquiryWork } from './inquiryWork.ts';
import { listenForInterruption } from './interruption.ts';
import { progressLine } from './progress.ts';
import { simulatedWork } from './simulatedWork.ts';
import { studyWork } from './studyWork.ts';
import type { Work } from './work.ts';

export interface RunSettings {
  readonly seed: number;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Folder for the result; nothing is written where absent. */
  readonly out?: string | undefined;
  readonly workers: Workers;
  readonly resume: boolean;
}

/** Milliseconds between two saved states. */
const SAVE_EVERY = 2000;

export async function runToOutput(
  source: Source,
  settings: RunSettings,
  output: Output,
): Promise<ExitCode> {
  const { seed, out, workers, resume } = settings;
  if (resume && out === undefined)
    throw new RangeError('Cannot resume without a folder: give the --out of the interrupted run');
  if (out !== undefined) checkWritable(out);
  const { runnable, files } = await openRunnable(source, seed);
  const fingerprint = out === undefined ? '' : await fingerprintOf(source, seed, files);
  const work = workOf(runnable, seed);
  if (resume && out !== undefined) work.restore(out, fingerprint);
  const line = progressLine(output, settings.quiet);

  const interruption = listenForInterruption();
  const { signal } = interruption;
  let saved = performance.now();
  const save = (): void => {
    if (out !== undefined) work.save(out, fingerprint);
    saved = performance.now();
  };
  const keep = (): void => {
    if (performance.now() - saved > SAVE_EVERY) save();
  };

  try {
    const finished = await work.run({
      line,
      parallel: { source, workers, signal },
      async tick() {
        await interruption.breathe();
        signal.throwIfAborted();
        keep();
      },
      keep,
    });
    line.clear();
    const from = out === undefined ? source : rebase(source, '.', out);
    const result = { ...finished.result, source: from };
    if (out !== undefined) {
      finished.write(out, from);
      await removeReport(out);
      await writeReportFolder(out, { svg: true, png: true, others: false });
      removeState(out);
    }
    if (settings.json) output.stdout(json(result));
    else {
      output.stdout(finished.summary);
      if (result.meaning !== undefined) output.stdout(`\n${result.meaning}\n`);
      if (out !== undefined)
        output.stdout(`\nWritten to ${out}/result.json; to read: ${out}/report.html\n`);
    }
    return finished.succeeded ? 0 : 1;
  } catch (error) {
    line.clear();
    if (!signal.aborted) {
      if (!(error instanceof ThreadLost) || out === undefined) throw error;
      save();
      throw new ThreadLost(`${error.message}; --resume goes on from ${out}/state.json`);
    }
    if (out === undefined)
      output.stderr('Interrupted. With --out DIR an interrupted run can be resumed.\n');
    else {
      save();
      output.stderr(`Interrupted; the same command with --resume goes on from ${out}/state.json\n`);
    }
    return 130;
  } finally {
    interruption.release();
  }
}

function workOf(runnable: Runnable, seed: number): Work {
  if (isSimulated(runnable)) return simulatedWork(runnable, seed);
  return 'questions' in runnable ? inquiryWork(runnable, seed) : studyWork(runnable, seed);
}

/** What tells a run from others: what was asked, and the bytes of the files it names. */
async function fingerprintOf(
  source: Source,
  seed: number,
  files: readonly string[],
): Promise<string> {
  const digests = await Promise.all(files.map(digest));
  return createHash('sha256')
    .update(JSON.stringify({ seed, source, files: digests }))
    .digest('hex');
}

/** sha256 of a file; of nothing where it cannot be read (the loader will say so). */
async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch {
    return '';
  }
  return hash.digest('hex');
}
