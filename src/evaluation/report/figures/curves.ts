/** Something as a function of one number: a line with its points, a band around it where there is one. */

import * as Plot from '@observablehq/plot';
import { type Drawing, plot, stack } from '../figure.ts';
import { ink, line, muted, seriesColor } from '../palette.ts';
import { tidy } from '../words.ts';
import { axisName, type Key, legend } from './lettering.ts';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** Ends of an interval around y. */
  readonly low?: number;
  readonly high?: number;
}

export interface Curve {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Which colour it has; its place among the curves where absent. */
  readonly series?: number;
}

export interface CurveWords {
  readonly x: string;
  readonly y: string;
  /** Values of x to mark by upright lines, such as an estimate and the ends of its interval. */
  readonly upright?: readonly number[];
  /** Value of y to mark by a level line, such as a threshold. */
  readonly level?: number;
  /** Whether the line is bent through its points. */
  readonly smooth?: boolean;
  /** Highest y to show where most of the curve lies far above what matters. */
  readonly top?: number;
  /** Whether x goes in equal ratios, its marks at the points. */
  readonly logarithmic?: boolean;
}

const HEIGHT = 232;
const RIGHT = 24;
/** Least pixels between the middles of two numbers along an axis. */
const APART = 46;

export function curves(
  shown: readonly Curve[],
  {
    x,
    y,
    upright = [],
    level,
    smooth = false,
    top = Number.POSITIVE_INFINITY,
    logarithmic = false,
  }: CurveWords,
  width: number,
): Drawing {
  const points = shown.flatMap(({ points, series }, n) =>
    points
      .filter((point) => point.y <= top)
      .map((point) => ({ ...point, n, color: seriesColor(series ?? n) })),
  );
  const ends = points.flatMap(({ y, low = y, high = y }) => [y, low, high]);
  const [least, most] = [
    Math.min(...ends, level ?? Number.POSITIVE_INFINITY),
    Math.max(...ends, level ?? Number.NEGATIVE_INFINITY),
  ];
  const room = 0.06 * (most - least) || 1;
  const labels = [least, most, (least + most) / 2].map((value) => tidy(value).length);
  const left = 18 + 7.2 * Math.max(...labels);
  const ticks = logarithmic
    ? spacedTicks(
        points.map((point) => point.x),
        width - left - RIGHT,
      )
    : Math.max(3, Math.floor(width / 90));
  const banded = points.filter(({ low, high }) => low !== undefined && high !== undefined);
  const chart = plot({
    width,
    height: HEIGHT,
    marginLeft: left,
    marginRight: RIGHT,
    marginTop: 26,
    marginBottom: 26,
    x: { label: null, ...(logarithmic ? { type: 'log' as const } : {}) },
    y: { domain: [least - room, most + room], label: null },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({
        ticks,
        ...(logarithmic ? { text: (value: number) => tidy(value) } : {}),
        tickSize: 3,
        label: null,
        color: muted,
      }),
      Plot.axisY({
        ticks: 5,
        tickSize: 0,
        label: null,
        color: muted,
        tickFormat: (value: number) => tidy(value),
      }),
      Plot.areaY(banded, {
        x: 'x',
        y1: 'low',
        y2: 'high',
        z: 'n',
        fill: 'color',
        fillOpacity: 0.18,
        className: 'band',
      }),
      level === undefined
        ? null
        : Plot.ruleY([level], { stroke: muted, strokeDasharray: '4,4', className: 'level' }),
      Plot.ruleX(upright, {
        stroke: ink,
        strokeOpacity: 0.55,
        strokeDasharray: '2,3',
        className: 'upright',
      }),
      Plot.line(points, {
        x: 'x',
        y: 'y',
        z: 'n',
        stroke: 'color',
        strokeWidth: 2,
        curve: smooth ? 'monotone-x' : 'linear',
      }),
      Plot.dot(points, { x: 'x', y: 'y', r: 3, fill: 'color', className: 'point' }),
      Plot.text([y], {
        frameAnchor: 'top-left',
        dx: 4 - left,
        dy: -22,
        textAnchor: 'start',
        fill: muted,
        text: (text: string) => text,
      }),
    ],
  });
  const keys =
    shown.length < 2
      ? []
      : shown.map(
          ({ name, series }, n): Key => ({ name, color: seriesColor(series ?? n), mark: 'line' }),
        );
  return stack([legend(keys, width), chart, axisName(x, left, width)]);
}

/** Those of the values, ascending, whose numbers find room on an axis of ratios; the ends come first. */
function spacedTicks(values: readonly number[], width: number): number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  if (sorted.length < 3) return sorted;
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  const place = (x: number): number => (width * Math.log(x / first)) / Math.log(last / first);
  const kept = [first];
  for (const x of sorted.slice(1, -1)) {
    const before = kept[kept.length - 1];
    if (place(x) - place(before) >= APART && width - place(x) >= APART) kept.push(x);
  }
  return [...kept, last];
}
