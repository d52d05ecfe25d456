/** Shares by name: a bar each, the number beside it. */

import * as Plot from '@observablehq/plot';
import { type Drawing, plot } from '../figure.ts';
import { ink, muted, seriesColor } from '../palette.ts';
import { fitted, labelMargin } from './lettering.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value in words, after the bar. */
  readonly words: string;
  /** Which colour it has; the first where absent. */
  readonly series?: number;
}

const ROW = 26;
/** Below this width the names matter more than the bars. */
const NARROW = 400;

export function bars(rows: readonly Bar[], width: number): Drawing {
  const margin = labelMargin(
    rows.map(({ label }) => label),
    width,
    width < NARROW ? 0.55 : 0.35,
  );
  const room = 10 + 7.5 * Math.max(0, ...rows.map(({ words }) => words.length));
  return plot({
    width,
    height: rows.length * ROW + 4,
    marginLeft: margin,
    marginRight: room,
    marginTop: 2,
    marginBottom: 2,
    color: { type: 'identity' },
    x: { domain: [0, Math.max(...rows.map(({ value }) => value), 1e-300)], axis: null },
    y: { type: 'band', domain: rows.map((_, y) => y), padding: 0.25, label: null },
    marks: [
      Plot.axisY({
        tickSize: 0,
        label: null,
        color: ink,
        tickFormat: (y: number) => fitted(rows[y].label, margin),
      }),
      Plot.barX(rows, {
        x: 'value',
        y: (_: Bar, y: number) => y,
        fill: ({ series = 0 }: Bar) => seriesColor(series),
        className: 'bar',
      }),
      Plot.text(rows, {
        x: 'value',
        y: (_: Bar, y: number) => y,
        text: 'words',
        textAnchor: 'start',
        dx: 6,
        fill: muted,
      }),
    ],
  });
}
