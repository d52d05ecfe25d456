/** Curves of an answer: lines with their points, bands around them, and lines to compare with. */

import * as Plot from '@observablehq/plot';
import type { ChartResult } from '../../inquiry/questionResult.ts';
import { type Drawing, plot, stack } from '../figure.ts';
import { line, muted, seriesColor } from '../palette.ts';
import { tidy } from '../words.ts';
import { axisName, legend, textWidth } from './lettering.ts';

const HEIGHT = 280;
const RIGHT = 24;
/** Series of so many points and more are drawn as lines alone. */
const DENSE = 40;

export function chartCurves({ x, y, series, marks = [] }: ChartResult, width: number): Drawing {
  const points = series.flatMap(({ points }, n) =>
    points.map((point) => ({
      ...point,
      x: Number(point.x),
      n,
      color: seriesColor(n),
      dotted: points.length < DENSE,
      alone: points.length === 1,
    })),
  );
  const at = (axis: 'x' | 'y') => marks.filter((mark) => mark.axis === axis);
  const [level, upright] = [at('y'), at('x')];
  const vertical = padded(
    [
      ...points.flatMap(({ y, low = y, high = y }) => [y, low, high]),
      ...level.map((mark) => mark.at),
    ],
    y.scale === 'log',
    0.06,
  );
  const across = padded(
    [...points.map((point) => point.x), ...upright.map((mark) => mark.at)],
    x.scale === 'log',
    0.015,
  );
  const ticks = [...vertical, (vertical[0] + vertical[1]) / 2];
  const left = Math.min(0.3 * width, 18 + Math.max(...ticks.map((t) => textWidth(tidy(t)))));
  const banded = points.filter(({ low }) => low !== undefined);
  const room = width - left - RIGHT;
  const chart = plot({
    width,
    height: HEIGHT,
    marginLeft: left,
    marginRight: RIGHT,
    marginTop: upright.length > 0 ? 42 : 26,
    marginBottom: 26,
    x: { domain: across, type: x.scale ?? 'linear', label: null },
    y: { domain: vertical, type: y.scale ?? 'linear', label: null },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({
        ticks: Math.max(3, Math.floor(room / 90)),
        tickSize: 3,
        label: null,
        color: muted,
        tickFormat: (value: number) => tidy(value),
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
      Plot.ruleX(
        banded.filter(({ alone }) => alone),
        {
          x: 'x',
          y1: 'low',
          y2: 'high',
          stroke: 'color',
          strokeOpacity: 0.6,
          className: 'whisker',
        },
      ),
      Plot.ruleY(level, { y: 'at', stroke: muted, strokeDasharray: '4,4', className: 'level' }),
      Plot.text(level, {
        y: 'at',
        text: 'label',
        frameAnchor: 'right',
        textAnchor: 'end',
        dy: -7,
        fill: muted,
        className: 'mark',
      }),
      Plot.ruleX(upright, { x: 'at', stroke: muted, strokeDasharray: '2,3', className: 'upright' }),
      Plot.text(upright, {
        x: 'at',
        text: 'label',
        frameAnchor: 'top',
        textAnchor: 'middle',
        dy: -10,
        fill: muted,
        className: 'mark',
      }),
      Plot.line(points, { x: 'x', y: 'y', z: 'n', stroke: 'color', strokeWidth: 2 }),
      Plot.dot(
        points.filter(({ dotted }) => dotted),
        { x: 'x', y: 'y', r: 3, fill: 'color', className: 'point' },
      ),
      Plot.text([y.label], {
        frameAnchor: 'top-left',
        dx: 4 - left,
        dy: upright.length > 0 ? -38 : -22,
        textAnchor: 'start',
        fill: muted,
        text: (text: string) => text,
      }),
    ],
  });
  const keys = series.map(({ name }, n) => ({
    name,
    color: seriesColor(n),
    mark: 'line' as const,
  }));
  return stack([legend(keys.length < 2 ? [] : keys, width), chart, axisName(x.label, left, width)]);
}

/** The ends of the values with some room beyond them; in ratios on a logarithmic axis. */
function padded(values: readonly number[], logarithmic: boolean, share: number): [number, number] {
  const [to, from] = logarithmic ? [Math.log, Math.exp] : [(x: number) => x, (x: number) => x];
  const [least, most] = [to(Math.min(...values)), to(Math.max(...values))];
  const room = share * (most - least) || (logarithmic ? 0.5 : 0.1 * Math.abs(least) || 1);
  return [from(least - room), from(most + room)];
}
