/** What is said and drawn of whole trips. */

import { expect, test } from 'vitest';
import { wholeTrips } from '../../../../src/evaluation/report/sections/wholeTrips.ts';
import type { ComparisonResult } from '../../../../src/evaluation/resultFile.ts';
import { comparisonOf, resultOf, score, written } from '../madeUp.ts';
import { at, isAffine, marks } from '../svgMarks.ts';

const routes = (exact: number) => ({
  predictions: 8,
  exact,
  editDistance: exact + 0.01,
  nearest: { exact: exact + 0.1, editDistance: exact / 2 },
});
const gap = (name: string, expected: number, z: number) => ({
  name,
  demonstrated: 5,
  expected,
  gap: 5 - expected,
  standardError: (5 - expected) / z,
  z,
});

const trips: ComparisonResult = {
  ...comparisonOf(
    {
      a: score(-0.5, {
        routes: routes(0.5),
        features: [gap('x', 5.5, -1), gap('y', 4, 1.5)],
        visitDistance: 0.1,
        valueDifference: { soft: 1, hard: -1e-12 },
        epic: 0.25,
      }),
      b: score(-0.6, {
        routes: routes(0.25),
        features: [gap('x', 25, -20), gap('y', 5.5, -1)],
        visitDistance: 0.4,
        valueDifference: { soft: 3, hard: 2 },
        epic: null,
        reasons: { epic: 'it has no reward' },
      }),
    },
    { estimate: -0.1, interval: null },
  ),
  shortest: { by: 'steps', routes: routes(0.125) },
};

test('wholeTrips says in words what the numbers say', () => {
  const { text = '' } = written(wholeTrips, resultOf(trips)) ?? {};
  for (const words of [
    'a in 50.0 %, b in 25.0 % and shortest by steps in 12.5 %',
    'a expects both features within 2 standard errors',
    'furthest off is y (−1.5 standard errors: 4.000 per trajectory where 5.000 was recorded)',
    'b is off by more than 2 standard errors in 1 of 2 features, most in x (+20.0',
    '10.0 % of those of a and 40.0 % of those of b',
    'per trajectory: 0 with a and 2.000 with b',
    'b: it has no reward.',
  ])
    expect(text).toContain(words);
  for (const number of ['50.00 %', '0.5100', '60.00 %', '0.2500', '3.000', '+20.0', '25.000'])
    expect(text).toContain(number);
});

test.each([330, 800])('wholeTrips: bars in proportion and a dot for each gap, %i wide', (width) => {
  const page = written(wholeTrips, resultOf(trips));
  const bars = page?.figures.get('whole-trips')?.draw(width);
  const gaps = page?.figures.get('feature-gaps')?.draw(width);
  if (!bars || !gaps) throw new Error('wanted two figures');
  const lengths = marks(bars, 'bar').map((bar) => at(bar, 'width'));
  // Routes of a, b and the shortest paths; visits, soft and hard losses of a and b.
  expect(lengths.length).toBe(9);
  expect(lengths.slice(0, 3).map((length) => length / lengths[0])).toEqual(
    [1, 0.5, 0.25].map((ratio) => expect.closeTo(ratio, 6)),
  );
  expect(lengths[3] / lengths[4]).toBeCloseTo(0.25, 6);
  expect(lengths[5] / lengths[6]).toBeCloseTo(1 / 3, 6);
  expect(lengths[7]).toBe(0);
  const dots = marks(gaps, 'difference').map((dot) => at(dot, 'cx'));
  expect(
    isAffine(
      [-1.5, 1, 1, 20],
      [...dots].sort((p, q) => p - q),
    ),
  ).toBe(true);
});

test('wholeTrips writes nothing where trips were not looked at', () => {
  const { a, b } = { a: score(-0.5), b: score(-0.6) };
  expect(written(wholeTrips, resultOf(comparisonOf({ a, b }, null)))).toBeNull();
});
