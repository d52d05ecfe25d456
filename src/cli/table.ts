/** `revealed table`: fits side by side, for a paper. */

import { z } from 'zod';
import { standardErrorKinds } from '../evaluation/inference/standardErrors.ts';
import { type FitTable, fitTable } from '../evaluation/report/fitTable.ts';
import { fitTableHtml } from '../evaluation/report/fitTableHtml.ts';
import { fitTableLatex } from '../evaluation/report/fitTableLatex.ts';
import { fitTableText } from '../evaluation/report/fitTableText.ts';
import { json } from '../study/output/wholeFile.ts';
import { readResultFile } from '../study/reopened/reopen.ts';
import { commonOptions, defineCommand } from './command.ts';
import { namesFlag } from './flags.ts';

const formats = {
  text: fitTableText,
  html: (table: FitTable) => fitTableHtml(table).html,
  latex: fitTableLatex,
} as const;

export default defineCommand({
  name: 'table',
  summary: 'Print fits side by side: estimates, standard errors and measures, for a paper',
  positional: [['<result...>', 'Results: folders of --out, or their result.json']],
  options: z.strictObject({
    format: z.enum(['text', 'html', 'latex']).default('text').describe('text, html or latex'),
    errors: z
      .enum(standardErrorKinds)
      .default('sandwich')
      .describe(`Standard errors: ${standardErrorKinds.join(', ')} (default sandwich)`),
    stars: z.boolean().default(false).describe('Stars for p below 0.1, 0.05 and 0.01'),
    cells: namesFlag().optional().describe('Only these cells, separated by commas'),
    methods: namesFlag().optional().describe('Only these methods, separated by commas'),
    ...commonOptions,
  }),
  async run({ format, errors, stars, cells, methods, json: asJson }, output, paths) {
    const results = paths.map((path) => ({ path, ...readResultFile(path) }));
    const studies = results.map(({ result }) => result.study);
    const named = results.map(({ path, result }) => ({
      // Results of one study are told apart by where they lie.
      name: new Set(studies).size === studies.length ? result.study : path,
      result,
    }));
    const table = fitTable(named, { errors, stars, cells, methods });
    output.stdout(asJson ? json(table) : formats[format](table));
    return 0;
  },
});
