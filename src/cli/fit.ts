/** `revealed fit`: learn a reward from plain tables. */

import { z } from 'zod';
import { cellsOf, type ResultFile } from '../evaluation/resultFile.ts';
import { type TablesExperiment, tablesExperiment } from '../study/tablesExperiment.ts';
import { commonOptions, defineCommand } from './command.ts';
import { definedOnly, digests, experimentFlags, tableFiles } from './experimentFlags.ts';
import { runToOutput } from './runToOutput.ts';

export default defineCommand({
  name: 'fit',
  summary: 'Learn a reward from tables of moves, features and behaviour',
  options: z.strictObject({
    ...experimentFlags,
    holdOut: z.string().optional().describe('Fold to leave out of the fit and predict'),
    out: z.string().optional().describe('Folder for result.json and arrays'),
    resume: z.boolean().default(false).describe('Go on with an interrupted run in --out'),
    ...commonOptions,
  }),
  async run({ out, resume, json, seed, quiet, ...given }, output) {
    const tables = definedOnly(given) as TablesExperiment;
    const experiment = tablesExperiment(tables);
    const identity = {
      options: tables,
      files: resume || out !== undefined ? await digests(tableFiles(tables)) : [],
    };
    const study = {
      name: 'fit',
      title: 'Reward fitted to plain tables',
      ...experiment,
      meaning: (result: ResultFile) => meaning(result, tables.temperature ?? 1),
    };
    return runToOutput(study, { seed, json, quiet, out, resume, identity }, output);
  },
});

/** What an estimate is, in words; nothing where there is none. */
function meaning(result: ResultFile, temperature: number): string {
  const methods = cellsOf(result).flatMap((cell) => Object.values(cell.methods));
  if (!methods.some(({ parameters }) => parameters.some(({ estimate }) => estimate !== null)))
    return '';
  const odds = Math.exp(1 / temperature).toPrecision(3);
  return [
    'Estimates are rewards per unit of a feature. Where two choices differ by 1, in what they bring',
    `and in what can be had from there, the better one is taken ${odds} times as often.`,
  ].join('\n');
}
