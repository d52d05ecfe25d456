/** What is said and drawn of a learning curve. */

import { expect, test } from 'vitest';
import { learningCurve } from '../../../../src/evaluation/report/sections/learningCurve.ts';
import type { ComparisonResult } from '../../../../src/evaluation/resultFile.ts';
import { comparisonOf, resultOf, score, written } from '../madeUp.ts';
import { at, isAffine, type Mark, marks, textOf } from '../svgMarks.ts';

type Point = NonNullable<ComparisonResult['curve']>['points'][number];

const base = comparisonOf({ a: score(-0.5), b: score(-0.4) }, { estimate: 0.1, interval: null });

function curveOf(sizes: readonly number[], at: number | null): ComparisonResult {
  const points = sizes.map((size, k): Point => {
    const repeats = { repeats: 3, failed: 0, spread: 0.01 };
    const ours = -0.5 + 0.01 * k;
    const ahead = -0.25 + 0.2 * k;
    return {
      size,
      trajectories: size,
      methods: {
        a: { perDecision: ours, interval: [ours - 0.1, ours + 0.1], ...repeats },
        b: {
          perDecision: ours + ahead,
          interval: [ours + ahead - 0.1, ours + ahead + 0.1],
          difference: { estimate: ahead, interval: [ahead - 0.05, ahead + 0.05] },
          ...repeats,
        },
      },
    };
  });
  const crossing = { method: 'b', reference: 'a', at, words: 'b overtakes a somewhere.' };
  return { ...base, curve: { level: 0.95, draws: 2000, points, crossings: [crossing] } };
}

function dotsOf(drawing: Parameters<typeof marks>[0], color: number): Mark[] {
  return marks(drawing, 'point').filter(
    (dot) => dot.getAttribute('fill') === `var(--series-${color + 1})`,
  );
}

test.each([330, 800])('learningCurve: every size has its marks, %i pixels wide', (width) => {
  const sizes = [5, 20, 80, 320];
  const page = written(learningCurve, resultOf(curveOf(sizes, 40)));
  const levels = page?.figures.get('learning-curve')?.draw(width);
  const gaps = page?.figures.get('learning-curve-differences')?.draw(width);
  if (!levels || !gaps) throw new Error('wanted two figures');
  for (const drawing of [levels, gaps]) {
    const [line] = marks(drawing, 'upright');
    const dots = dotsOf(drawing, 1);
    const logs = [...sizes, 40].map(Math.log);
    const drawn = [...dots.map((dot) => at(dot, 'cx')), at(line, 'x1')];
    const order = [0, 1, 4, 2, 3];
    expect(
      isAffine(
        order.map((i) => logs[i]),
        order.map((i) => drawn[i]),
      ),
    ).toBe(true);
    for (const size of sizes) expect(textOf(drawing).split('\n')).toContain(String(size));
  }
  expect([dotsOf(levels, 0).length, marks(levels, 'band').length]).toEqual([4, 2]);
  expect([dotsOf(gaps, 0).length, marks(gaps, 'band').length]).toEqual([0, 1]);
  const heights = dotsOf(gaps, 1).map((dot) => -at(dot, 'cy'));
  expect(isAffine([-0.25, -0.05, 0.15, 0.35], heights)).toBe(true);
  const level = -at(marks(gaps, 'level')[0], 'y1');
  expect(level).toBeCloseTo(heights[1] + (heights[2] - heights[1]) / 4, 6);
});

test('learningCurve: sizes near each other stand on a plain axis', () => {
  const page = written(learningCurve, resultOf(curveOf([10, 20, 30], null)));
  const drawing = page?.figures.get('learning-curve')?.draw(800);
  if (!drawing) throw new Error('wanted a figure');
  const dots = dotsOf(drawing, 0).map((dot) => at(dot, 'cx'));
  expect(isAffine([10, 20, 30], dots)).toBe(true);
  expect(marks(drawing, 'upright').length).toBe(0);
  expect(page?.text).toContain('b overtakes a somewhere.');
});

test('learningCurve: a method without a number is said, not drawn', () => {
  const result = curveOf([10, 20], null);
  for (const { methods } of result.curve?.points ?? [])
    methods.b = {
      perDecision: null,
      interval: null,
      spread: null,
      difference: null,
      repeats: 3,
      failed: 3,
      reasons: { perDecision: 'it never converged' },
    };
  const page = written(learningCurve, resultOf(result));
  expect(page?.text).toContain('b at 20: it never converged.');
  expect([...(page?.figures.keys() ?? [])]).toEqual(['learning-curve']);
});
