/** `revealed bootstrap`: how estimates come out again on data drawn like those of a fit. */

import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import {
  type BootstrapDraw,
  type BootstrapResult,
  bootstrapKinds,
} from '../evaluation/inference/bootstrapResult.ts';
import { summarizeBootstrap } from '../evaluation/inference/bootstrapSummary.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import {
  bootstrapFingerprint,
  readBootstrapState,
  removeBootstrapState,
  writeBootstrapState,
} from '../study/reopened/bootstrapState.ts';
import { readResultFile } from '../study/reopened/reopen.ts';
import { type BootstrapObserver, runBootstrap } from '../study/reopened/runBootstrap.ts';
import { ThreadLost } from '../study/run/threads.ts';
import {
  commonOptions,
  defineCommand,
  numberFlag,
  wholeNumberFlag,
  workersFlag,
} from './command.ts';
import { listenForInterruption } from './interruption.ts';

/** Milliseconds between two saved states. */
const SAVE_EVERY = 2000;

export default defineCommand({
  name: 'bootstrap',
  summary: 'Standard errors and intervals of a fit from refits to data drawn like its own',
  positional: [['<result>', 'A result.json or its folder']],
  options: z.strictObject({
    kind: z
      .enum(bootstrapKinds, `wanted ${bootstrapKinds.join(' or ')}`)
      .default('trajectory')
      .describe(
        'Draw whole trajectories (default), or behaviour from the fitted reward: parametric',
      ),
    draws: wholeNumberFlag()
      .pipe(z.int().min(2, 'wanted at least 2'))
      .default(200)
      .describe('How many (default 200)'),
    level: numberFlag()
      .pipe(z.number().gt(0, 'wanted a level above 0').lt(1, 'wanted a level below 1'))
      .default(0.95)
      .describe('Level of the intervals (default 0.95)'),
    cell: z.string().optional().describe('Which cell of the result, where it has several'),
    method: z.string().optional().describe('Which of its methods; the first with parameters'),
    out: z.string().optional().describe('Folder for bootstrap.json'),
    workers: workersFlag(),
    resume: z.boolean().default(false).describe('Go on with an interrupted bootstrap in --out'),
    ...commonOptions,
  }),
  async run(options, output, [path]) {
    const { kind, draws, level, cell, method, out, workers, resume, seed, json, quiet } = options;
    if (resume && out === undefined)
      throw new RangeError('Cannot resume without a folder: give the --out of the interrupted run');
    if (out !== undefined) checkWritable(out);
    const { file } = readResultFile(path);
    const fingerprint = bootstrapFingerprint(file, { kind, seed, cell, method });
    const done: Map<number, BootstrapDraw> =
      resume && out !== undefined ? readBootstrapState(out, fingerprint) : new Map();
    const isWatched = output.interactive && !quiet;
    const clear = (): void => {
      if (isWatched) output.stderr('\r\u001b[2K');
    };

    const interruption = listenForInterruption();
    const { signal } = interruption;
    let saved = performance.now();
    const save = (): void => {
      if (out !== undefined) writeBootstrapState(out, fingerprint, done);
      saved = performance.now();
    };
    const observer: BootstrapObserver = {
      resume: (draw) => done.get(draw),
      async onDraw(draw, outcome) {
        done.set(draw, outcome);
        if (isWatched) output.stderr(`\r\u001b[2K${done.size} of ${draws} draws refitted`);
        if (performance.now() - saved > SAVE_EVERY) save();
        signal.throwIfAborted();
      },
      async breathe() {
        await interruption.breathe();
        signal.throwIfAborted();
      },
    };
    try {
      const settings = { kind, draws, level, seed, workers, signal };
      const found = await runBootstrap(path, { cell, method }, settings, observer);
      clear();
      const from = out === undefined ? file : relative(resolve(out), resolve(file));
      const bootstrap: BootstrapResult = { ...found, result: from };
      if (out !== undefined) {
        writeWhole(join(out, 'bootstrap.json'), asJson(bootstrap));
        removeBootstrapState(out);
      }
      if (json) output.stdout(asJson(bootstrap));
      else {
        output.stdout(summarizeBootstrap(bootstrap));
        if (out !== undefined) output.stdout(`\nWritten to ${out}/bootstrap.json\n`);
      }
      return bootstrap.stops.converged === draws ? 0 : 1;
    } catch (error) {
      clear();
      if (!signal.aborted) {
        if (!(error instanceof ThreadLost) || out === undefined) throw error;
        save();
        throw new ThreadLost(`${error.message}; --resume goes on with what was drawn`);
      }
      if (out === undefined)
        output.stderr('Interrupted. With --out DIR an interrupted bootstrap can be resumed.\n');
      else {
        save();
        output.stderr('Interrupted; the same command with --resume goes on from there\n');
      }
      return 130;
    } finally {
      interruption.release();
    }
  },
});
