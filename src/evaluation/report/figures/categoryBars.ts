/** Bars by category, those of several series side by side, with whiskers where there are intervals. */

import * as Plot from '@observablehq/plot';
import type { ChartResult } from '../../inquiry/questionResult.ts';
import { type Drawing, plot, stack } from '../figure.ts';
import { ink, line, muted, seriesColor } from '../palette.ts';
import { shortened, tidy } from '../words.ts';
import { axisName, fitted, labelMargin, legend, textWidth } from './lettering.ts';

const BAR = 17;
const GAP = 12;
/** Below this width the names may take more of it. */
const NARROW = 400;

/** What stands in place of a series where a line of the band holds the category's name. */
const NAME_LINE = -1;

/**
 * Lying bars: names of categories are often long, and a phone is narrow. Where one would be cut, all
 * stand above their bars.
 */
export function categoryBars({ x, y, series, marks = [] }: ChartResult, width: number): Drawing {
  const categories = [
    ...new Set(series.flatMap(({ points }) => points.map(({ x: category }) => String(category)))),
  ];
  const bars = series.flatMap(({ name, points }, n) =>
    points.map((point) => ({
      ...point,
      name,
      category: String(point.x),
      n,
      color: seriesColor(n),
    })),
  );
  const logarithmic = y.scale === 'log';
  const values = [
    ...bars.flatMap(({ y, low = y, high = y }) => [y, low, high]),
    ...marks.map(({ at }) => at),
  ];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const domain = logarithmic
    ? [least / 2, most * 1.2]
    : [Math.min(0, 1.04 * least), Math.max(0, 1.04 * most) || 1];
  const base = logarithmic ? domain[0] : 0;
  const share = width < NARROW ? 0.45 : 0.35;
  const isAbove = categories.some((category) => textWidth(category) + 14 > share * width);
  const margin = isAbove ? 14 : labelMargin(categories, width, share);
  const lines = [...(isAbove ? [NAME_LINE] : []), ...series.keys()];
  const top = marks.length > 0 ? 22 : 6;
  const height = top + 26 + categories.length * (lines.length * BAR + GAP);
  const chart = plot({
    width,
    height,
    marginLeft: margin,
    marginRight: 20,
    marginTop: top,
    marginBottom: 26,
    x: { domain, type: logarithmic ? 'log' : 'linear', label: null },
    fy: { domain: categories, padding: GAP / (lines.length * BAR + GAP), axis: null },
    y: { type: 'band', domain: lines, axis: null, padding: 0.1 },
    color: { type: 'identity' },
    marks: [
      Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({
        anchor: 'bottom',
        ticks: Math.max(3, Math.floor((width - margin) / 90)),
        tickSize: 3,
        label: null,
        color: muted,
        tickFormat: (value: number) => tidy(value),
      }),
      Plot.text(categories, {
        fy: (category: string) => category,
        text: (category: string) =>
          isAbove
            ? shortened(category, Math.floor((width - 34) / textWidth('n')))
            : fitted(category, margin),
        frameAnchor: 'left',
        ...(isAbove ? { y: () => NAME_LINE } : {}),
        textAnchor: isAbove ? 'start' : 'end',
        dx: isAbove ? 2 : -8,
        fill: ink,
        className: 'category',
      }),
      Plot.barX(bars, {
        x1: base,
        x2: 'y',
        y: 'n',
        fy: 'category',
        fill: 'color',
        className: 'bar',
      }),
      Plot.ruleY(
        bars.filter(({ low }) => low !== undefined),
        { x1: 'low', x2: 'high', y: 'n', fy: 'category', stroke: ink, className: 'whisker' },
      ),
      Plot.ruleX([base], { stroke: muted }),
      Plot.ruleX(marks, { x: 'at', stroke: muted, strokeDasharray: '4,4', className: 'level' }),
      Plot.text(marks, {
        x: 'at',
        fy: () => categories[0],
        text: 'label',
        frameAnchor: 'top',
        dy: -10,
        fill: muted,
        className: 'mark',
      }),
    ],
  });
  const keys = series.map(({ name }, n) => ({ name, color: seriesColor(n), mark: 'bar' as const }));
  const name = x.label === '' ? y.label : `${y.label}, by ${x.label}`;
  return stack([legend(keys.length < 2 ? [] : keys, width), chart, axisName(name, margin, width)]);
}
