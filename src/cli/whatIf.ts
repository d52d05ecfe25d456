/** `revealed what-if`: what the people of a fitted model would do in a changed world. */

import { join } from 'node:path';
import { z } from 'zod';
import { countedOver, whatIfSummary } from '../evaluation/prediction/whatIfSummary.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import { predictWhatIf } from '../study/reopened/predictWhatIf.ts';
import { reopen } from '../study/reopened/reopen.ts';
import { commonOptions, defineCommand, numberFlag, wholeNumberFlag } from './command.ts';
import { namedNumbersFlag, namedRangeFlag, namesFlag } from './flags.ts';

export default defineCommand({
  name: 'what-if',
  summary: 'Predict what the same people do when the reward or the world changes',
  positional: [['<result>', 'A result.json or its folder']],
  options: z.strictObject({
    set: namedNumbersFlag().optional().describe('Parameters held at a value: name=value,…'),
    discount: numberFlag().optional().describe('Another worth of the next step'),
    temperature: numberFlag()
      .pipe(z.number().positive('wanted a temperature above 0'))
      .optional()
      .describe('Another entropy weight'),
    transitions: z.string().optional().describe('Other moves: state [, action], next_state …'),
    features: z.string().optional().describe('Other features, of the same names'),
    remove: namesFlag().optional().describe('Actions taken away: action or action@state, …'),
    steps: wholeNumberFlag()
      .pipe(z.number().min(1, 'wanted at least 1'))
      .optional()
      .describe('Periods to count over (default: as long as people were watched)'),
    agents: numberFlag()
      .pipe(z.number().positive('wanted a number above 0'))
      .default(1)
      .describe('How many people, or trips, to count (default 1)'),
    sweep: namedRangeFlag()
      .optional()
      .describe('One parameter over a range: name=low:high:count, with a figure'),
    quantity: z.string().optional().describe('Which quantity of a sweep to show'),
    draws: wholeNumberFlag()
      .pipe(z.number().min(20, 'wanted at least 20'))
      .optional()
      .describe('Draws of the parameters (default 1000, fewer in large worlds)'),
    level: numberFlag()
      .pipe(z.number().gt(0, 'wanted a level above 0').lt(1, 'wanted a level below 1'))
      .default(0.95)
      .describe('Level of the intervals (default 0.95)'),
    errors: z
      .enum(['sandwich', 'hessian'])
      .optional()
      .describe('Covariance of the estimates (default: sandwich where there is one)'),
    cell: z.string().optional().describe('Which cell of the result, where it has several'),
    method: z.string().optional().describe('Which of its methods; the first with parameters'),
    out: z.string().optional().describe('Folder for what-if.json, and sweep.svg'),
    ...commonOptions,
  }),
  async run({ cell, method, out, json, quiet, ...question }, output, [path]) {
    if (out !== undefined) checkWritable(out);
    const reopened = await reopen(path, { cell, method });
    const watched = output.interactive && !quiet;
    let last = performance.now();
    const { result, impossible } = await predictWhatIf(reopened, question, (share) => {
      if (!watched || performance.now() - last < 100) return;
      last = performance.now();
      output.stderr(`\r\u001b[2Kpredicting, ${Math.floor(100 * share)} %`);
    });
    if (watched) output.stderr('\r\u001b[2K');
    const { sweep } = result;
    if (out !== undefined) {
      writeWhole(join(out, 'what-if.json'), asJson(result));
      if (sweep) {
        const { svgFile } = await import('../evaluation/report/figure.ts');
        const { sweepFigure } = await import('../evaluation/report/figures/sweepCurve.ts');
        const { level } = result.uncertainty;
        const estimate = result.baseline.parameters[sweep.parameter] ?? null;
        const figure = sweepFigure(sweep, level, countedOver(result), estimate);
        writeWhole(join(out, 'sweep.svg'), svgFile(figure, 720));
      }
    }
    if (json) output.stdout(asJson(result));
    else {
      output.stdout(`${whatIfSummary(result, impossible)}\n`.replace(/ +$/gm, ''));
      if (out !== undefined)
        output.stdout(`Written to ${out}/what-if.json${sweep ? ' and sweep.svg' : ''}\n`);
    }
    if (impossible !== null) output.stderr(`revealed what-if: ${impossible}\n`);
    return impossible === null ? 0 : 1;
  },
});
