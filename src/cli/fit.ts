/** `revealed fit`: a reward from plain tables, without writing code. */

import { z } from 'zod';
import type { TablesExperiment } from '../study/tablesExperiment.ts';
import { commonOptions, defineCommand, workersFlag } from './command.ts';
import { definedOnly, experimentFlags, experimentOptions } from './experimentFlags.ts';
import { runToOutput } from './runToOutput.ts';

export default defineCommand({
  name: 'fit',
  summary: 'Learn a reward from tables of moves, features and behaviour',
  options: z.strictObject({
    ...experimentFlags,
    holdOut: z.string().optional().describe('Fold to leave out of the fit and predict'),
    out: z.string().optional().describe('Folder for result.json and arrays'),
    workers: workersFlag(),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  run({ out, workers, resume, json, seed, quiet, ...given }, output) {
    const tables = experimentOptions(definedOnly(given)) as TablesExperiment;
    return runToOutput({ tables }, { seed, json, quiet, out, workers, resume }, output);
  },
});
