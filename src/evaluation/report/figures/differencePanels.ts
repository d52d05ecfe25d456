/**
 * Differences from something, row by row: dots along an axis, joined to where there is no difference, a panel
 * beside a panel for each kind, the rows shared.
 */

import * as Plot from '@observablehq/plot';
import { type Drawing, plot, stack } from '../figure.ts';
import { ink, line, muted, page, seriesColor } from '../palette.ts';
import { axisName, caption, fitted, type Key, labelMargin, legend } from './lettering.ts';

export interface DifferenceDot {
  readonly row: string;
  readonly panel: string;
  readonly value: number;
  /** Which colour it has; `null` is the colour of what failed. */
  readonly series: number | null;
}

export interface DifferenceWords {
  readonly x: string;
  readonly keys: readonly Key[];
}

const ROW = 20;
/** Least width of a panel. */
const NARROWEST = 108;
const FAILED = 'var(--bad)';

/** @param dots rows and panels appear in the order in which they are first named */
export function differencePanels(
  dots: readonly DifferenceDot[],
  { x, keys }: DifferenceWords,
  width: number,
): Drawing {
  const rows = [...new Set(dots.map(({ row }) => row))];
  const names = [...new Set(dots.map(({ panel }) => panel))];
  const margin = labelMargin(rows, width, 0.4);
  const most = Math.max(1, Math.floor((width - margin) / NARROWEST));
  const lineCount = Math.ceil(names.length / most);
  const columns = Math.ceil(names.length / lineCount);
  const values = dots.map(({ value }) => value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = 0.07 * (high - low) || 1;
  const frame: Frame = { rows, margin, width, domain: [low - room, high + room] };
  const lines = Array.from({ length: lineCount }, (_, n) => {
    const panels = names.slice(n * columns, (n + 1) * columns);
    const shown = dots.filter(({ panel }) => panels.includes(panel));
    const drawn = drawRow(shown, panels, frame);
    const isAlone = panels.length === 1 && panels[0] !== '';
    return isAlone ? stack([caption(panels[0], width, { bold: true }), drawn]) : drawn;
  });
  return stack([legend(keys, width), ...lines, axisName(x, margin, width)]);
}

/** What all lines of panels share. */
interface Frame {
  readonly rows: readonly string[];
  readonly margin: number;
  readonly width: number;
  readonly domain: [number, number];
}

function drawRow(
  dots: readonly DifferenceDot[],
  panels: readonly string[],
  { rows, margin, width, domain }: Frame,
): Drawing {
  const ticks = Math.max(2, Math.floor((width - margin) / panels.length / 55));
  return plot({
    width,
    height: rows.length * ROW + (panels.length > 1 ? 64 : 42),
    marginLeft: margin,
    marginRight: 24,
    marginTop: panels.length > 1 ? 30 : 8,
    marginBottom: 26,
    x: { domain, label: null },
    y: { type: 'point', domain: rows.map((_, y) => y), label: null, padding: 0.7 },
    fx: { domain: panels, label: null, padding: 0.12, axis: null },
    color: { type: 'identity' },
    marks: [
      panels.length > 1
        ? Plot.axisFx({
            anchor: 'top',
            label: null,
            color: ink,
            fontWeight: 600,
            dy: -6,
            tickFormat: (name: string) => fitted(name, (width - margin) / panels.length),
          })
        : null,
      Plot.gridX({ stroke: line, strokeOpacity: 1, ticks }),
      Plot.axisX({ ticks, tickSize: 0, label: null, color: muted }),
      Plot.axisY({
        tickSize: 0,
        label: null,
        tickFormat: (y: number) => fitted(rows[y], margin),
        color: ink,
      }),
      Plot.ruleX([0], { stroke: muted, strokeWidth: 1.2 }),
      Plot.ruleY(dots, {
        ...(panels.length > 1 ? { fx: 'panel' } : {}),
        x1: 0,
        x2: 'value',
        y: ({ row }: DifferenceDot) => rows.indexOf(row),
        stroke: ({ series }: DifferenceDot) => (series === null ? FAILED : seriesColor(series)),
        strokeOpacity: 0.45,
      }),
      Plot.dot(dots, {
        ...(panels.length > 1 ? { fx: 'panel' } : {}),
        x: 'value',
        y: ({ row }: DifferenceDot) => rows.indexOf(row),
        r: 4,
        fill: ({ series }: DifferenceDot) => (series === null ? FAILED : seriesColor(series)),
        stroke: page,
        className: 'difference',
      }),
    ],
  });
}
