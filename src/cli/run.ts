/** `revealed run`: run a study by its name or its file. */

import { z } from 'zod';
import { commonOptions, defineCommand, workersFlag } from './command.ts';
import { runToOutput } from './runToOutput.ts';

export default defineCommand({
  name: 'run',
  summary: 'Run a study: one that ships with the program, or a .ts, .js or .json file',
  positional: [['<study>', 'Name of a shipped study, or path of a file']],
  options: z.strictObject({
    out: z.string().optional().describe('Folder for result.json and arrays'),
    workers: workersFlag(),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  run: ({ out, workers, resume, json, seed, quiet }, output, [study]) =>
    runToOutput({ study }, { seed, json, quiet, out, workers, resume }, output),
});
