/** What is said and drawn of a bootstrap; one of another fit is left out. */

import { expect, test } from 'vitest';
import type { BootstrapResult } from '../../../../src/evaluation/inference/bootstrapResult.ts';
import { bootstrap } from '../../../../src/evaluation/report/sections/bootstrap.ts';
import { resultOf, written } from '../madeUp.ts';
import { at, isAffine, marks } from '../svgMarks.ts';

const parameter = (name: string, estimate: number): BootstrapResult['parameters'][number] => ({
  name,
  estimate,
  standardError: 0.2,
  bias: 0.01,
  intervals: {
    percentile: [estimate - 0.4, estimate + 0.3],
    basic: [estimate - 0.3, estimate + 0.4],
    studentised: null,
  },
  formula: { sandwich: name === 'x' ? 0.1 : 0.19 },
  reasons: { studentised: `no draw of ${name} has an error` },
});

const drawn: BootstrapResult = {
  format: 1,
  revealed: '0.1.0',
  result: 'result.json',
  study: 'made-up',
  cell: 'made-up',
  method: 'a',
  kind: 'trajectory',
  words: 'as many trajectories, drawn again',
  level: 0.95,
  seed: 0,
  stream: 'made up',
  draws: 100,
  stops: { converged: 98, unbounded: 2 },
  studentisedBy: 'sandwich',
  parameters: [parameter('x', 1), parameter('y', -2)],
  notes: ['a note'],
  refits: [],
};

test('bootstrap tells how the draws ended and how far errors differ', () => {
  const { text = '' } = written(bootstrap, resultOf(null), { bootstrap: drawn }) ?? {};
  for (const words of [
    '98 of 100 refits converged (2 stopped as “unbounded”)',
    'for x, the standard error over the draws is 2.00 times that of the formula (sandwich)',
    'y: no draw of y has an error.',
    'A note.',
    ...['0.600 to 1.30', '0.700 to 1.40', '−2.40 to −1.70'],
  ])
    expect(text).toContain(words);
});

test.each([330, 800])('bootstrap: a whisker for each interval that exists, %i wide', (width) => {
  const page = written(bootstrap, resultOf(null), { bootstrap: drawn });
  const drawing = page?.figures.get('bootstrap')?.draw(width);
  if (!drawing) throw new Error('wanted a figure');
  const whiskers = marks(drawing, 'interval').slice(0, 3);
  expect(marks(drawing, 'estimate').length).toBe(8);
  expect(marks(drawing, 'interval').length).toBe(6);
  // Φ⁻¹(0.975) = 1.959964: of the formula, the percentiles and the basic interval of x = 1.
  const ends = [0.6, 0.7, 1 - 0.1959964, 1 + 0.1959964, 1.3, 1.4];
  const [formula, percentile, basic] = whiskers.map((line) => [at(line, 'x1'), at(line, 'x2')]);
  expect(
    isAffine(ends, [percentile[0], basic[0], formula[0], formula[1], percentile[1], basic[1]]),
  ).toBe(true);
});

test('bootstrap of other estimates is left out, and that is said', () => {
  const other = { ...drawn, parameters: [parameter('x', 1.5), parameter('y', -2)] };
  const page = written(bootstrap, resultOf(null), { bootstrap: other });
  expect(page?.text).toContain('bootstrap.json in this folder is about another fit');
});
