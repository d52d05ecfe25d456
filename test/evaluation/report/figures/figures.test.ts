/** Every number has its mark, where its axis says. */

import { describe, expect, test } from 'vitest';
import { bars } from '../../../../src/evaluation/report/figures/bars.ts';
import { calibrationCurves } from '../../../../src/evaluation/report/figures/calibrationCurves.ts';
import { choiceCurves } from '../../../../src/evaluation/report/figures/choiceCurves.ts';
import { curves } from '../../../../src/evaluation/report/figures/curves.ts';
import { differencePanels } from '../../../../src/evaluation/report/figures/differencePanels.ts';
import { histogram } from '../../../../src/evaluation/report/figures/histogram.ts';
import {
  type IntervalRow,
  intervalPanels,
} from '../../../../src/evaluation/report/figures/intervalPanels.ts';
import { nearMost } from '../../../../src/evaluation/report/figures/nearMost.ts';
import { stateMap } from '../../../../src/evaluation/report/figures/stateMap.ts';
import { sweepFigure } from '../../../../src/evaluation/report/figures/sweepCurve.ts';
import { at, isAffine, type Mark, marks, textOf } from '../svgMarks.ts';

const WIDTHS = [330, 800];

/** Large dots are drawn below small ones, so not in order. */
function fromLeft(dots: Mark[]): Mark[] {
  return dots.sort((a, b) => at(a, 'cx') - at(b, 'cx'));
}

describe.each(WIDTHS)('figures of width %i', (width) => {
  test('intervalPanels: a dot, a whisker and a diamond where the axis says', () => {
    const rows: IntervalRow[] = [
      { label: 'a', estimate: -1, interval: [-1.5, -0.5], published: -0.9, series: 0 },
      { label: 'b', estimate: 0.25, interval: [-0.25, 0.75], series: 0 },
      { label: 'c', estimate: 2, interval: null, published: 2.25, series: 1 },
      { label: 'd', estimate: null, interval: null, series: 1 },
    ];
    const drawing = intervalPanels([{ title: 'θ', rows }], width);
    const dots = marks(drawing, 'estimate');
    const whiskers = marks(drawing, 'interval');
    const diamonds = marks(drawing, 'published');
    expect([dots.length, whiskers.length, diamonds.length]).toEqual([3, 2, 2]);
    const x = [-1.5, -1, -0.5, -0.25, 0.25, 0.75, 2];
    const drawn = [
      at(whiskers[0], 'x1'),
      at(dots[0], 'cx'),
      at(whiskers[0], 'x2'),
      at(whiskers[1], 'x1'),
      at(dots[1], 'cx'),
      at(whiskers[1], 'x2'),
      at(dots[2], 'cx'),
    ];
    expect(isAffine(x, drawn)).toBe(true);
    for (const place of drawn) expect(place > 0 && place < width).toBe(true);
    expect(new Set(dots.map((dot) => at(dot, 'cy'))).size).toBe(3);
    expect(textOf(drawing)).toContain('no estimate');
  });

  test('intervalPanels: numbers of very different size share an axis of ratios', () => {
    const rows = [0.5, 5, 50].map(
      (estimate): IntervalRow => ({
        label: `${estimate}`,
        estimate,
        interval: [estimate / 2, estimate * 2],
        series: 0,
      }),
    );
    const dots = marks(intervalPanels([{ title: 'θ', rows }], width), 'estimate');
    expect(
      isAffine(
        [-1, 0, 1],
        dots.map((dot) => at(dot, 'cx')),
      ),
    ).toBe(true);
  });

  test('intervalPanels: every mark of an axis of ratios has its number', () => {
    const rows = [1, 600].map(
      (estimate): IntervalRow => ({ label: `${estimate}`, estimate, interval: null, series: 0 }),
    );
    const words = textOf(intervalPanels([{ title: 'θ', rows }], 800)).split('\n');
    expect(words).toEqual(expect.arrayContaining(['1', '2', '5', '10', '20', '50', '100', '500']));
  });

  test('sweepFigure: a point and two intervals for each number, none where there is none', () => {
    const points = [-1, 0, 1, 2].map((value) => ({
      value,
      quantities: [
        {
          name: 'trips',
          kind: 'whole' as const,
          value: value === 2 ? null : 10 + value,
          interval: [9 + value, 11 + value] as [number, number],
          standardError: 0.5,
          drawn: [8.5 + value, 11.5 + value] as [number, number],
        },
      ],
    }));
    const drawing = sweepFigure(
      { parameter: 'cost', shown: 'trips', points },
      0.95,
      'per day',
      0.5,
    ).draw(width);
    const dots = marks(drawing, 'point');
    expect([dots.length, marks(drawing, 'drawn').length]).toEqual([3, 3]);
    const [x, y] = [dots.map((dot) => at(dot, 'cx')), dots.map((dot) => -at(dot, 'cy'))];
    expect(isAffine([-1, 0, 1], x)).toBe(true);
    expect(isAffine([9, 10, 11], y)).toBe(true);
    const [whisker] = marks(drawing, 'drawn');
    const ends = [
      -Math.max(at(whisker, 'y1'), at(whisker, 'y2')),
      -Math.min(at(whisker, 'y1'), at(whisker, 'y2')),
    ];
    expect(isAffine([7.5, 9, 10, 10.5, 11], [ends[0], y[0], y[1], ends[1], y[2]])).toBe(true);
  });

  test('intervalPanels: rows that bear one name stay apart', () => {
    const rows = [1, 2].map(
      (estimate): IntervalRow => ({ label: 'same', estimate, interval: null, series: 0 }),
    );
    const drawing = intervalPanels([{ title: 'θ', rows }], width);
    expect(textOf(drawing).match(/same/g)?.length).toBe(2);
    const dots = marks(drawing, 'estimate');
    expect(new Set(dots.map((dot) => at(dot, 'cy'))).size).toBe(2);
  });

  test('intervalPanels: the shortest labels are there too', () => {
    const rows = ['1', '2'].map(
      (label): IntervalRow => ({ label, estimate: 0.5, interval: [0.4, 0.6], series: 0 }),
    );
    const words = textOf(intervalPanels([{ title: 'θ', rows }], width)).split('\n');
    expect(words).toEqual(expect.arrayContaining(['1', '2']));
  });

  test('histogram: bars as high as their counts, the part apart', () => {
    const counts = [4, 0, 10, 6];
    const drawing = histogram(
      counts.map((count, i) => ({ label: `${i}`, count, ...(i === 2 ? { part: 3 } : {}) })),
      { x: 'x', y: 'y', parts: ['cut off', 'complete'] },
      width,
    );
    const heights = marks(drawing, 'bar').map((bar) => at(bar, 'height'));
    const unit = heights[0] / 4;
    expect(heights.map((height) => height / unit).filter((h) => h > 0)).toEqual(
      [4, 7, 3, 6].map((h) => expect.closeTo(h, 6)),
    );
    expect(textOf(drawing)).toContain('cut off');
  });

  test('bars: lengths in proportion', () => {
    const rows = [8, 2, 1].map((value) => ({ label: `v${value}`, value, words: `${value}` }));
    const lengths = marks(bars(rows, width), 'bar').map((bar) => at(bar, 'width'));
    expect(lengths.map((length) => length / lengths[2])).toEqual(
      [8, 2, 1].map((v) => expect.closeTo(v, 6)),
    );
  });

  test('differencePanels: a dot for each difference, panels on one scale', () => {
    const dots = ['a', 'b', 'c'].flatMap((row, r) =>
      ['p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x'].map((panel, p) => ({
        row,
        panel,
        value: r - 1 + p / 10,
        series: 0,
      })),
    );
    const drawing = differencePanels(dots, { x: 'difference', keys: [] }, width);
    expect(marks(drawing, 'difference').length).toBe(dots.length);
    expect(textOf(drawing).match(/difference/g)?.length).toBe(1);
    for (const panel of ['p', 'q', 'x']) expect(textOf(drawing).split('\n')).toContain(panel);
    const alone = dots.filter(({ panel }) => panel === 'p');
    expect(textOf(differencePanels(alone, { x: '', keys: [] }, width)).split('\n')).toContain('p');
  });

  test('calibrationCurves: a dot per bin that holds anything, on square axes', () => {
    const bins = [0.1, 0.5, 0.9].map((p, i) => ({
      low: p - 0.1,
      high: p,
      count: 10 * i,
      confidence: i === 0 ? null : p,
      accuracy: i === 0 ? null : p,
    }));
    const dots = fromLeft(marks(calibrationCurves({ method: { error: 0, bins } }, width), 'bin'));
    expect(dots.length).toBe(2);
    const [right, up] = (['cx', 'cy'] as const).map(
      (axis) => at(dots[1], axis) - at(dots[0], axis),
    );
    expect(right).toBeGreaterThan(0);
    expect(-up / right).toBeCloseTo(1, 1);
  });

  test('choiceCurves: dots by recorded share, their area the number of decisions', () => {
    const recorded = [
      { state: 0, share: 0.1, decisions: 10 },
      { state: 5, share: 0.2, decisions: 40 },
      { state: 10, share: 0.3, decisions: 90 },
    ];
    const drawing = choiceCurves(
      [
        {
          name: 'fit',
          points: [
            [0, 0.1],
            [10, 0.3],
          ],
        },
      ],
      recorded,
      { x: 'x', y: 'y' },
      width,
    );
    const dots = fromLeft(marks(drawing, 'recorded'));
    expect(
      isAffine(
        [0, 5, 10],
        dots.map((dot) => at(dot, 'cx')),
      ),
    ).toBe(true);
    expect(
      isAffine(
        [0.1, 0.2, 0.3],
        dots.map((dot) => -at(dot, 'cy')),
      ),
    ).toBe(true);
    expect(dots.map((dot) => at(dot, 'r') / at(dots[0], 'r'))).toEqual(
      [1, 2, 3].map((r) => expect.closeTo(r, 6)),
    );
  });

  test('curves: a point for each number, lines where they are wanted, nothing above the top', () => {
    const points = [0, 1, 2, 5].map((x) => ({ x, y: x * x, low: x * x - 1, high: x * x + 1 }));
    const drawing = curves(
      [{ name: 'c', points }],
      { x: 'x', y: 'y', upright: [1], level: 2, top: 10 },
      width,
    );
    const dots = marks(drawing, 'point');
    expect(
      isAffine(
        [0, 1, 2],
        dots.map((dot) => at(dot, 'cx')),
      ),
    ).toBe(true);
    expect(
      isAffine(
        [0, 1, 4],
        dots.map((dot) => -at(dot, 'cy')),
      ),
    ).toBe(true);
    expect(at(marks(drawing, 'upright')[0], 'x1')).toBeCloseTo(at(dots[1], 'cx'), 6);
    const level = at(marks(drawing, 'level')[0], 'y1');
    expect(level).toBeCloseTo((at(dots[1], 'cy') * 2 + at(dots[2], 'cy')) / 3, 6);
    expect(marks(drawing, 'band').length).toBe(1);
  });

  test('stateMap: roads that nobody came near do not widen the map', () => {
    const position = Float64Array.from([0, 0, 1, 1, 50, 50, 51, 51]);
    const map = {
      values: [1, 2],
      title: '',
      logarithmic: false,
      isFlow: true,
      range: [0, 2] as const,
    };
    const places = { kind: 'segments', position } as const;
    const count = (drawing: { content: string }) =>
      drawing.content.match(/M[-\d.]+,[-\d.]+L/g)?.length;
    expect(count(stateMap(map, places, width))).toBe(2);
    expect(count(stateMap({ ...map, frame: [true, false] }, places, width))).toBe(1);
  });

  test('stateMap: a square for each cell, none for what has no number', () => {
    const position = Float64Array.from([0, 0, 1, 0, 0, 1, 1, 1]);
    const drawing = stateMap(
      { values: [0, 1, null, 10], title: 'map', logarithmic: false, isFlow: false, range: [0, 10] },
      { kind: 'cells', position },
      width,
    );
    const squares = drawing.content.match(/M[\d.,]+h[\d.]+v[\d.]+h-[\d.]+z/g) ?? [];
    expect(squares.length).toBe(4);
    expect(drawing.content.match(/<path[^>]*fill="none"/g)?.length).toBe(1);
    expect(drawing.content).toContain('var(--step-1)');
    expect(drawing.content).toContain('var(--step-10)');
  });

  test('stateMap: stretches of road keep their angles', () => {
    const position = Float64Array.from([0, 0, 3, 4, 3, 4, 0, 0]);
    const drawing = stateMap(
      { values: [1, 100], title: '', logarithmic: true, isFlow: true, range: [1, 100] },
      { kind: 'segments', position },
      width,
    );
    const [[x1, y1, x2, y2]] = [
      ...drawing.content.matchAll(/M(-?[\d.]+),(-?[\d.]+)L(-?[\d.]+),(-?[\d.]+)/g),
    ].map(([, ...numbers]) => numbers.map(Number));
    expect((y2 - y1) / (x2 - x1)).toBeCloseTo(4 / 3, 2);
  });
});

describe('nearMost', () => {
  const stretches = (count: number, ...far: readonly [number, number][]): Float64Array =>
    Float64Array.from(
      [
        ...Array.from({ length: count }, (_, i) => [i % 20, Math.floor(i / 20), (i % 20) + 1, 0]),
        ...far.map(([x, y]) => [x, y, x + 1, y]),
      ].flat(),
    );

  test('leaves out a few far off, along either axis, and only those', () => {
    const position = stretches(300, [400, 5], [5, -200]);
    const near = nearMost(position, new Array<boolean>(302).fill(true));
    expect(near.flatMap((isNear, s) => (isNear ? [] : [s]))).toEqual([300, 301]);
  });

  test('keeps all of a small network, however far its roads lead', () => {
    const position = stretches(50, [400, 5]);
    expect(nearMost(position, new Array<boolean>(51).fill(true))).not.toContain(false);
  });

  test('keeps a quarter of the network that lies apart', () => {
    const far = Array.from({ length: 100 }, (_, i): [number, number] => [400 + (i % 10), 5]);
    const position = stretches(300, ...far);
    expect(nearMost(position, new Array<boolean>(400).fill(true))).not.toContain(false);
  });

  test('adds nothing to what was chosen', () => {
    const chosen = Array.from({ length: 302 }, (_, s) => s % 2 === 0);
    const near = nearMost(stretches(300, [400, 5], [5, -200]), chosen);
    expect(near.every((isNear, s) => !isNear || chosen[s])).toBe(true);
    expect(near[300]).toBe(false);
  });
});
