/** `revealed report`: write the report on a result, from the result alone. */

import { existsSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { writeReportFolder } from '../study/output/reportFolder.ts';
import { json } from '../study/output/wholeFile.ts';
import { commonOptions, defineCommand } from './command.ts';

export default defineCommand({
  name: 'report',
  summary: 'Write a result up as one HTML page, with figures as SVG and PNG files if wanted',
  positional: [['<result>', 'result.json, or the folder it is in']],
  options: z.strictObject({
    out: z
      .string()
      .optional()
      .describe('File (.html) or folder to write to (default: beside the result)'),
    svg: z.boolean().default(false).describe('Also write every figure as figures/NAME.svg'),
    png: z.boolean().default(false).describe('Also write every figure as figures/NAME.png'),
    ...commonOptions,
  }),
  async run({ out, svg, png, json: asJson }, output, [result]) {
    const file = out === undefined ? undefined : pageOf(out);
    if (file !== undefined) checkWritable(join(file, '..'));
    const written = await writeReportFolder(result, { file, svg, png, others: true });
    const { page, figures } = written;
    const also = figures.length === 0 ? '' : `, ${figures.length} figures beside it`;
    output.stdout(asJson ? json(written) : `Written to ${page}${also}\n`);
    return 0;
  },
});

/** A path that ends like a page is one; everything else is a folder. */
function pageOf(out: string): string {
  const isFolder = existsSync(out) && statSync(out).isDirectory();
  return !isFolder && /^\.html?$/i.test(extname(out)) ? out : join(out, 'report.html');
}
