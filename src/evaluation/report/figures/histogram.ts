/** How many there are of each size: a bar per range, its first part set apart where wanted. */

import * as Plot from '@observablehq/plot';
import { type Drawing, plot, stack } from '../figure.ts';
import { line, muted, seriesColor } from '../palette.ts';
import { axisName, type Key, legend } from './lettering.ts';

export interface HistogramBar {
  readonly label: string;
  readonly count: number;
  /** How many of them are of the kind that `parts` sets apart. */
  readonly part?: number;
}

export interface HistogramWords {
  /** What is counted, and what it is sorted by. */
  readonly x: string;
  readonly y: string;
  /** Names of the part and of the rest; no legend where absent. */
  readonly parts?: readonly [part: string, rest: string];
}

const HEIGHT = 172;

export function histogram(
  bars: readonly HistogramBar[],
  { x, y, parts }: HistogramWords,
  width: number,
): Drawing {
  const pieces = bars.flatMap(({ count, part = 0 }, bar) => [
    { bar, low: 0, high: count - part, color: seriesColor(0) },
    ...(part > 0 ? [{ bar, low: count - part, high: count, color: seriesColor(1) }] : []),
  ]);
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const step = labelStep(bars, width - 60);
  const chart = plot({
    width,
    height: HEIGHT,
    marginLeft: 12 + 7.5 * most.toLocaleString('en-US').length,
    marginRight: 22,
    marginTop: 26,
    marginBottom: 24,
    x: { type: 'band', domain: bars.map((_, bar) => bar), padding: 0.12, label: null },
    y: { domain: [0, most], label: null, nice: true },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 4 }),
      Plot.axisY({
        ticks: most < 4 ? most : 4,
        tickSize: 0,
        label: null,
        color: muted,
        tickFormat: (n: number) => (Number.isInteger(n) ? n.toLocaleString('en-US') : ''),
      }),
      Plot.axisX({
        tickSize: 0,
        label: null,
        color: muted,
        tickFormat: (bar: number) => (bar % step === 0 ? bars[bar].label : ''),
      }),
      Plot.barY(pieces, { x: 'bar', y1: 'low', y2: 'high', fill: 'color', className: 'bar' }),
      Plot.text([y], {
        frameAnchor: 'top-left',
        dy: -22,
        dx: -8 - 7.5 * most.toLocaleString('en-US').length,
        textAnchor: 'start',
        fill: muted,
        text: (text: string) => text,
      }),
    ],
  });
  const keys: Key[] =
    parts && bars.some(({ part = 0 }) => part > 0)
      ? [
          { name: parts[1], color: seriesColor(0), mark: 'bar' },
          { name: parts[0], color: seriesColor(1), mark: 'bar' },
        ]
      : [];
  return stack([legend(keys, width), chart, axisName(x, 40, width)]);
}

/** Every how many bars a label finds room. */
function labelStep(bars: readonly HistogramBar[], width: number): number {
  const longest = Math.max(1, ...bars.map(({ label }) => label.length));
  return Math.max(1, Math.ceil((bars.length * (longest * 7 + 14)) / width));
}
