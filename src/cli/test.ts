/** `revealed test`: restrictions on a fit, its model, or one fit against another. */

import { join } from 'node:path';
import { z } from 'zod';
import { colors } from '../evaluation/colors.ts';
import { heldAt, type Restriction } from '../evaluation/inference/restrictions.ts';
import type { TestFile } from '../evaluation/inference/testFile.ts';
import { outcomeTable } from '../evaluation/inference/testWords.ts';
import { significant } from '../evaluation/parameterTable.ts';
import { plainTable } from '../evaluation/plainTable.ts';
import { checkWritable } from '../study/output/outputDirectory.ts';
import { json as asJson, writeWhole } from '../study/output/wholeFile.ts';
import { type FittedLikelihood, fittedLikelihood } from '../study/reopened/fittedLikelihood.ts';
import { reopen } from '../study/reopened/reopen.ts';
import { testFits } from '../study/reopened/testFits.ts';
import { testRestrictions, testSpecification } from '../study/reopened/testRestrictions.ts';
import { commonOptions, defineCommand } from './command.ts';
import { namedNumbersFlag, namesFlag } from './flags.ts';

export default defineCommand({
  name: 'test',
  summary: 'Test restrictions on a fit, its model, or one fit against another',
  positional: [
    ['<result>', 'A result.json or its folder; of two nested fits, the restricted one'],
    ['[other]', 'Another: the likelihood ratio if one is a special case, else the test of Vuong'],
  ],
  options: z.strictObject({
    restrict: namedNumbersFlag()
      .optional()
      .describe('The hypothesis name=value,… (tests of Wald, score and likelihood ratio)'),
    equal: namesFlag().optional().describe('The hypothesis that these parameters are equal: a,b,…'),
    specification: z
      .boolean()
      .default(false)
      .describe('The information-matrix test: is the model the one that made the data?'),
    cell: z.string().optional().describe('Which cell of the result, where it has several'),
    method: z.string().optional().describe('Which of its methods; the first with parameters'),
    againstCell: z.string().optional().describe('The cell of the other fit'),
    againstMethod: z.string().optional().describe('The method of the other fit'),
    out: z.string().optional().describe('Folder for test.json'),
    ...commonOptions,
  }),
  async run(options, output, [path, other]) {
    const { restrict, equal, specification, cell, method, againstCell, againstMethod } = options;
    const { out, json } = options;
    if (out !== undefined) checkWritable(out);
    const against = other !== undefined || againstCell !== undefined || againstMethod !== undefined;
    const restrictions = [...heldAt(restrict ?? {}), ...(equal ? equalities(equal) : [])];
    const asked = [against, restrictions.length > 0, specification].filter(Boolean).length;
    if (asked !== 1)
      throw new RangeError(
        'Cannot tell what to test: give one of --restrict and --equal, --specification, or another result (or --against-method, --against-cell)',
      );
    const fitted = await fittedLikelihood(await reopen(path, { cell, method }));
    let file: TestFile;
    if (against) {
      const rival = await fittedLikelihood(
        await reopen(other ?? path, {
          cell: againstCell ?? (other === undefined ? cell : undefined),
          method: againstMethod ?? (other === undefined ? method : undefined),
        }),
      );
      file = testFits(fitted, rival, [path, other ?? path]);
    } else
      file = specification
        ? testSpecification(fitted, path)
        : testRestrictions(fitted, restrictions, path);
    if (out !== undefined) writeWhole(join(out, 'test.json'), asJson(file));
    output.stdout(json ? asJson(file) : describe(file, fitted));
    if (!json && out !== undefined) output.stdout(`\nWritten to ${out}/test.json\n`);
    return file.tests.some(({ statistic }) => statistic !== null) ? 0 : 1;
  },
});

function equalities(names: readonly string[]): Restriction[] {
  if (names.length < 2)
    throw new RangeError(`Cannot test what "${names[0]}" is equal to: name two parameters or more`);
  const [first, ...others] = names;
  return others.map((name) => ({ coefficients: { [first]: 1, [name]: -1 }, value: 0 }));
}

function describe(file: TestFile, { reopened }: FittedLikelihood): string {
  const { kind, hypothesis, tests, words } = file;
  const head = kind === 'rivals' ? 'Are two models equally near?' : `Hypothesis: ${hypothesis}`;
  const where = `${reopened.specification.name} in ${reopened.cell.name}`;
  const parts = [
    `${colors.bold(head)}\n${where}`,
    file.restricted ? besideEachOther(file) : '',
    outcomeTable(tests),
    words.join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`.replace(/ +$/gm, '');
}

/** The two fits, parameter by parameter. */
function besideEachOther({ kind, full, restricted }: TestFile): string {
  if (!restricted) return '';
  const heads = kind === 'rivals' ? ['first', 'second'] : ['full', 'restricted'];
  const table = plainTable(['parameter', ...heads]);
  const names = new Set([...full.parameters, ...restricted.parameters].map(({ name }) => name));
  const sides = [full, restricted];
  for (const name of names)
    table.push([
      name,
      ...sides.map(({ parameters }) => {
        const estimate = parameters.find((parameter) => parameter.name === name)?.estimate;
        return estimate === undefined || estimate === null ? '–' : significant(estimate);
      }),
    ]);
  table.push(['log-likelihood', ...sides.map((side) => side.logLikelihood?.toFixed(4) ?? '–')]);
  table.push(['free parameters', ...sides.map((side) => String(side.freeParameters))]);
  return table.toString();
}
