/** `revealed profile`: likelihoods as functions of one number, everything else fitted again. */

import { join } from 'node:path';
import { z } from 'zod';
import { colors } from '../evaluation/colors.ts';
import type { CurveProfile, ParameterProfile } from '../evaluation/inference/profileFile.ts';
import { percent, significant } from '../evaluation/parameterTable.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import { fittedLikelihood } from '../study/reopened/fittedLikelihood.ts';
import { profileHeading, profileOf, profileParameters } from '../study/reopened/profileFit.ts';
import { reopen } from '../study/reopened/reopen.ts';
import { commonOptions, defineCommand, numberFlag } from './command.ts';
import { namesFlag, rangeFlag } from './flags.ts';

export default defineCommand({
  name: 'profile',
  summary: 'Profile-likelihood intervals, and the likelihood as a function of the discount',
  positional: [['<result>', 'A result.json or its folder']],
  options: z.strictObject({
    parameter: namesFlag().optional().describe('Which parameters: name,… (all if absent)'),
    discount: rangeFlag()
      .optional()
      .describe('low:high:count of discounts at which to fit again instead'),
    temperature: rangeFlag()
      .optional()
      .describe('low:high:count of temperatures at which to fit again instead'),
    level: numberFlag()
      .pipe(z.number().gt(0, 'wanted a level above 0').lt(1, 'wanted a level below 1'))
      .default(0.95)
      .describe('Level of the intervals (default 0.95)'),
    cell: z.string().optional().describe('Which cell of the result, where it has several'),
    method: z.string().optional().describe('Which of its methods; the first with parameters'),
    out: z.string().optional().describe('Folder for profile.json'),
    ...commonOptions,
  }),
  async run(options, output, [path]) {
    const { parameter, discount, temperature, level, cell, method, out, json, quiet } = options;
    if ([parameter, discount, temperature].filter((given) => given !== undefined).length > 1)
      throw new RangeError(
        'Cannot profile several things at once: give one of --parameter, --discount and --temperature',
      );
    if (out !== undefined) checkWritable(out);
    const fitted = await fittedLikelihood(await reopen(path, { cell, method }));
    const heading = profileHeading(fitted, path, level);
    const watched = output.interactive && !quiet;
    const observer = (what: string): void => {
      if (watched) output.stderr(`\r\u001b[2Kprofiling ${what}`);
    };
    const range = discount ?? temperature;
    const of = discount ? 'discount' : 'temperature';
    const curve = range && profileOf(of, fitted, range, level, observer);
    const parameters = curve ? [] : profileParameters(fitted, parameter, level, observer);
    const file = { ...heading, ...(curve ? { curve } : { parameters }) };
    if (watched) output.stderr('\r\u001b[2K');
    if (out !== undefined) writeWhole(join(out, 'profile.json'), asJson(file));
    if (json) output.stdout(asJson(file));
    else {
      const { specification, cell: from } = fitted.reopened;
      const where = `${specification.name} in ${from.name}, log-likelihood ${heading.logLikelihood.toFixed(4)}`;
      const body = curve ? curveText(curve) : parametersText(parameters, level);
      output.stdout(
        `${colors.bold('Profile likelihood')}  ${where}\n\n${body}\n`.replace(/ +$/gm, ''),
      );
      if (out !== undefined) output.stdout(`\nWritten to ${out}/profile.json\n`);
    }
    return curve?.points.every(({ logLikelihood }) => logLikelihood === null) ? 1 : 0;
  },
});

function parametersText(parameters: readonly ParameterProfile[], level: number): string {
  const share = percent(level);
  const table = plainTable([
    'parameter',
    'estimate',
    `${share} profile`,
    `${share} Wald (hessian)`,
  ]);
  const remarks: string[] = [];
  const shown = (x: number | null): string => (x === null ? '–' : x.toPrecision(5));
  for (const { name, estimate, low, high, wald, reasons } of parameters) {
    table.push([
      name,
      significant(estimate),
      low === null && high === null ? '–' : `${shown(low)} to ${shown(high)}`,
      wald === null ? '–' : wald.map((end) => end.toPrecision(5)).join(' to '),
    ]);
    const { low: below, high: above } = reasons ?? {};
    if (below !== undefined && below === above) remarks.push(`  ${name}: ${below}.`);
    else {
      if (below !== undefined) remarks.push(`  ${name}, lower end: ${below}.`);
      if (above !== undefined) remarks.push(`  ${name}, upper end: ${above}.`);
    }
  }
  return [table.toString(), ...remarks].join('\n');
}

function curveText({ of, points, words, fitted }: CurveProfile): string {
  const names = points.find(({ parameters }) => parameters)?.parameters?.map(({ name }) => name);
  const top = Math.max(...points.map((point) => point.logLikelihood ?? Number.NEGATIVE_INFINITY));
  const table = plainTable([of, 'log-likelihood', '2 × below', ...(names ?? [])]);
  for (const { value, logLikelihood, parameters } of points)
    table.push([
      significant(value),
      logLikelihood === null ? '–' : logLikelihood.toFixed(4),
      logLikelihood === null ? '–' : (2 * (top - logLikelihood)).toFixed(3),
      ...(names ?? []).map((_, k) => (parameters ? significant(parameters[k].estimate) : '–')),
    ]);
  return [table.toString(), `\nThe fit was given ${of} ${fitted}.`, ...words].join('\n');
}
