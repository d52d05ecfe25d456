/** The pictures of answers: every point, interval and mark stands where its axis says. */

import { describe, expect, test } from 'vitest';
import type { ChartResult } from '../../../../src/evaluation/inquiry/questionResult.ts';
import { chartFigure } from '../../../../src/evaluation/report/figures/chartFigure.ts';
import { at, isAffine, marks, textOf } from '../svgMarks.ts';

const chart: ChartResult = {
  name: 'chart',
  title: 'A chart',
  caption: 'Higher is better.',
  kind: 'curves',
  x: { label: 'temperature', scale: 'log' },
  y: { label: 'value' },
  series: [
    {
      name: 'one',
      points: [0.1, 1, 10].map((x, i) => ({ x, y: i ** 2, low: i ** 2 - 1, high: 5 })),
    },
    { name: 'two', points: [{ x: 1, y: 3, low: 2, high: 4.5 }] },
  ],
  marks: [
    { axis: 'y', at: 6, label: 'optimum' },
    { axis: 'x', at: 0.5, label: 'critical' },
  ],
};

const bars: ChartResult = {
  ...chart,
  kind: 'bars',
  x: { label: 'method' },
  y: { label: 'variance' },
  series: [
    {
      name: 'exact',
      points: [
        { x: 'first', y: 3 },
        { x: 'second', y: -1 },
      ],
    },
    { name: 'sampled', points: [{ x: 'second', y: -2, low: -2.5, high: -1.5 }] },
  ],
  marks: [{ axis: 'y', at: 2, label: 'bound' }],
};

describe.each([330, 800])('an answer drawn %i wide', (width) => {
  test('curves: points, band, a whisker where a series is one point, and marks', () => {
    const drawing = chartFigure('why', chart).draw(width);
    const dots = marks(drawing, 'point');
    const [upright] = marks(drawing, 'upright');
    const [level] = marks(drawing, 'level');
    const [whisker] = marks(drawing, 'whisker');
    const across = [
      [0.1, at(dots[0], 'cx')],
      [0.5, at(upright, 'x1')],
      [1, at(dots[1], 'cx')],
      [10, at(dots[2], 'cx')],
    ];
    expect(
      isAffine(
        across.map(([x]) => Math.log(x)),
        across.map(([, place]) => place),
      ),
    ).toBe(true);
    const upwards = [
      [0, at(dots[0], 'cy')],
      [1, at(dots[1], 'cy')],
      [2, at(whisker, 'y1')],
      [3, at(dots[3], 'cy')],
      [4, at(dots[2], 'cy')],
      [4.5, at(whisker, 'y2')],
      [6, at(level, 'y1')],
    ];
    expect(
      isAffine(
        upwards.map(([y]) => y),
        upwards.map(([, place]) => -place),
      ),
    ).toBe(true);
    expect(marks(drawing, 'band')).toHaveLength(2);
    for (const word of ['optimum', 'critical', 'temperature', 'value', 'one', 'two'])
      expect(textOf(drawing)).toContain(word);
  });

  test('bars: from zero to their value, with their whiskers and marks', () => {
    const drawing = chartFigure('why', bars).draw(width);
    const drawn = marks(drawing, 'bar').map((bar) => [
      at(bar, 'x'),
      at(bar, 'x') + at(bar, 'width'),
    ]);
    const [first, second, sampled] = drawn;
    const [whisker] = marks(drawing, 'whisker');
    const [level] = marks(drawing, 'level');
    const places = [
      [-2.5, Math.min(at(whisker, 'x1'), at(whisker, 'x2'))],
      [-2, sampled[0]],
      [-1.5, Math.max(at(whisker, 'x1'), at(whisker, 'x2'))],
      [-1, second[0]],
      [0, second[1]],
      [2, at(level, 'x1')],
      [3, first[1]],
    ];
    expect(
      isAffine(
        places.map(([x]) => x),
        places.map(([, place]) => place),
      ),
    ).toBe(true);
    expect([first[0], sampled[1]]).toEqual([second[1], second[1]]);
    for (const word of ['first', 'second', 'bound', 'variance, by method', 'sampled'])
      expect(textOf(drawing)).toContain(word);
  });

  test('bars whose names are long have them above, in full', () => {
    const long = 'an estimator of which much is to be said';
    const points = [long, 'another'].map((x, i) => ({ x, y: i + 1 }));
    const drawing = chartFigure('why', {
      ...bars,
      series: [{ name: 'a', points }],
      marks: [],
    }).draw(width);
    expect(textOf(drawing)).toContain(long);
    const drawn = marks(drawing, 'bar');
    expect(at(drawn[1], 'width')).toBeCloseTo(2 * at(drawn[0], 'width'), 6);
  });

  test('bars on an axis of ratios begin at its left end', () => {
    const drawing = chartFigure('why', {
      ...bars,
      y: { label: 'variance', scale: 'log' },
      series: [{ name: 'a', points: [1, 10, 100].map((y, i) => ({ x: `c${i}`, y })) }],
      marks: [],
    }).draw(width);
    const drawn = marks(drawing, 'bar');
    const ends = drawn.map((bar) => at(bar, 'x') + at(bar, 'width'));
    expect(new Set(drawn.map((bar) => at(bar, 'x'))).size).toBe(1);
    expect(isAffine([0, 1, 2], ends)).toBe(true);
  });
});

test('a figure is named after its question, and its numbers are read out', () => {
  const figure = chartFigure('why', chart);
  expect(figure.name).toBe('why-chart');
  expect(figure.description).toContain('one: 0.1: 0, 1: 1, 10: 4; two: 1: 3');
  expect(figure.caption).toBe('Higher is better. Bands: intervals.');
});
