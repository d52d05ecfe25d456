/** A quantity as one parameter goes from low to high, with the band of its interval. */

import * as Plot from '@observablehq/plot';
import type { WhatIfResult } from '../../prediction/whatIfResult.ts';
import { type Figure, plot } from '../figure.ts';
import { line, muted, seriesColor } from '../palette.ts';
import { tidy } from '../words.ts';

/**
 * @param per what the quantity is counted over, in words
 * @param estimate where the fit has the parameter, marked where it is within the range
 */
export function sweepFigure(
  { parameter, shown, points }: NonNullable<WhatIfResult['sweep']>,
  level: number,
  per: string,
  estimate: number | null,
): Figure {
  const rows = points.flatMap(({ value, quantities }) => {
    const found = quantities.find(({ name }) => name === shown);
    if (!found || found.value === null) return [];
    const [low, high] = found.interval ?? [found.value, found.value];
    return [{ x: value, y: found.value, low, high, drawn: found.drawn }];
  });
  const [first, last] = [points[0].value, points[points.length - 1].value];
  const inside = estimate !== null && estimate >= first && estimate <= last;
  const color = seriesColor(0);
  return {
    name: 'what-if-sweep',
    title: `${shown} as ${parameter} goes from ${tidy(first)} to ${tidy(last)}`,
    caption: `Band: ${100 * level} % interval by the delta method. Whiskers: by draws of the parameters.${inside ? ' Dashed: the estimate.' : ''}`,
    description: rows.map(({ x, y }) => `${x}: ${y.toPrecision(4)}`).join('; '),
    draw: (width) => {
      const height = Math.round(Math.min(420, 0.62 * width));
      return plot({
        width,
        height,
        marginLeft: 62,
        marginRight: 16,
        marginTop: 34,
        marginBottom: 46,
        x: { label: null, domain: [first, last] },
        y: { label: null, zero: true, nice: true },
        marks: [
          Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 6 }),
          Plot.axisX({
            tickSize: 0,
            label: null,
            color: muted,
            ticks: Math.min(8, Math.floor(width / 70)),
          }),
          Plot.axisY({ tickSize: 0, label: null, color: muted, ticks: 6 }),
          Plot.areaY(rows, { x: 'x', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.18 }),
          ...(inside ? [Plot.ruleX([estimate], { stroke: muted, strokeDasharray: '4,4' })] : []),
          Plot.ruleX(
            rows.flatMap(({ x, drawn }) => (drawn ? [{ x, low: drawn[0], high: drawn[1] }] : [])),
            {
              x: 'x',
              y1: 'low',
              y2: 'high',
              stroke: color,
              strokeOpacity: 0.55,
              className: 'drawn',
            },
          ),
          Plot.lineY(rows, { x: 'x', y: 'y', stroke: color, strokeWidth: 2 }),
          Plot.dot(rows, { x: 'x', y: 'y', r: 3, fill: color, className: 'point' }),
          Plot.text([shown.includes(per) ? shown : `${shown}  (${per})`], {
            frameAnchor: 'top-left',
            dx: -56,
            dy: -28,
            textAnchor: 'start',
            fill: muted,
            text: (text: string) => text,
          }),
          Plot.text([parameter], {
            frameAnchor: 'bottom',
            dy: 38,
            fill: muted,
            text: (text: string) => text,
          }),
        ],
      });
    },
  };
}
