/**
 * Estimates with their intervals: dot and whisker, a panel with its own axis per parameter, so that
 * each is readable in its own unit. What was printed elsewhere is a hollow diamond beside ours.
 */

import * as Plot from '@observablehq/plot';
import { compose, type Drawing, plot, stack } from '../figure.ts';
import { ink, line, muted, page, seriesColor } from '../palette.ts';
import { significant } from '../words.ts';
import { caption, fitted, labelMargin } from './lettering.ts';

export interface IntervalRow {
  readonly label: string;
  readonly estimate: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly published?: number | null;
  /** Which colour it has. */
  readonly series: number;
}

export interface IntervalPanel {
  readonly title: string;
  readonly rows: readonly IntervalRow[];
}

const ROW = 22;
const AXIS = 30;
const GAP = 12;
/** Half a number at the end of an axis finds room in it. */
const EDGE = 24;
const TWO_COLUMNS = 600;
/** Numbers of one sign that differ by more than this factor share a logarithmic axis. */
const LOGARITHMIC = 25;

/** Draws the panels, two beside each other where there is room. */
export function intervalPanels(panels: readonly IntervalPanel[], width: number): Drawing {
  const labels = panels.flatMap(({ rows }) => rows.map(({ label }) => label));
  const columns = width >= TWO_COLUMNS && panels.length > 1 ? 2 : 1;
  const sameRows = panels.every(({ rows }) =>
    rows.every(
      ({ label }, i) => rows.length === panels[0].rows.length && label === panels[0].rows[i].label,
    ),
  );
  const isLabelled = labels.some((label) => label !== '');
  const shared = columns > 1 && sameRows;
  const room = shared ? 0.34 * width : (0.45 * width) / columns;
  const margin = isLabelled ? Math.max(EDGE + 1, labelMargin(labels, room, 1)) : EDGE;
  const lines: Drawing[] = [];
  for (let first = 0; first < panels.length; first += columns) {
    const row = panels.slice(first, first + columns);
    // Panels beside each other say once whose rows they are.
    const margins = row.map((_, column) => (column > 0 && sameRows ? EDGE : margin));
    const free = width - GAP * (columns - 1) - margins.reduce((a, b) => a + b, 0);
    const inner = free / (columns === 2 && row.length === 1 ? 2 : row.length);
    const drawn = row.map((panel, column) =>
      drawPanel(panel, margins[column] + inner, margins[column]),
    );
    let x = 0;
    lines.push(
      compose(
        width,
        Math.max(...drawn.map(({ height }) => height)) + 8,
        drawn.map((part) => {
          const at = [x, 0, part] as const;
          x += part.width + GAP;
          return at;
        }),
      ),
    );
  }
  return stack(lines);
}

function drawPanel({ title, rows }: IntervalPanel, width: number, margin: number): Drawing {
  const ends = rows.flatMap(({ estimate, interval, published }) =>
    [estimate, interval?.[0], interval?.[1], published].filter(
      (x) => x !== null && x !== undefined,
    ),
  );
  const scale = scaleOf(ends);
  const ticks = ticksOf(scale, Math.max(3, Math.floor((width - margin) / 70)));
  const known = rows.flatMap((row, y) => (row.estimate === null ? [] : [{ ...row, y }]));
  const whiskers = known.flatMap(({ interval, ...row }) =>
    interval ? [{ ...row, low: interval[0], high: interval[1] }] : [],
  );
  const numbers = plot({
    width,
    height: rows.length * ROW + AXIS,
    marginTop: 4,
    marginBottom: AXIS - 4,
    marginLeft: margin,
    marginRight: EDGE,
    x: { ...scale, label: null, ticks },
    y: { type: 'band', domain: rows.map((_, y) => y), label: null, padding: 0, axis: null },
    marks: [
      Plot.gridX({
        stroke: line,
        strokeOpacity: 1,
        ticks,
      }),
      scale.domain[0] < 0 && scale.domain[1] > 0
        ? Plot.ruleX([0], { stroke: muted, strokeDasharray: '3,3' })
        : null,
      Plot.axisX({
        ticks,
        tickSize: 0,
        label: null,
        color: muted,
        ...(scale.type === 'log' ? { text: (x: number) => significant(x, 1) } : {}),
      }),
      margin > EDGE
        ? Plot.axisY({
            tickSize: 0,
            label: null,
            tickFormat: (y: number) => fitted(rows[y].label, margin),
            color: ink,
          })
        : null,
      Plot.ruleY(whiskers, {
        x1: 'low',
        x2: 'high',
        y: 'y',
        stroke: (row: IntervalRow) => seriesColor(row.series),
        strokeWidth: 2.5,
        strokeLinecap: 'round',
        className: 'interval',
      }),
      Plot.dot(known, {
        x: 'estimate',
        y: 'y',
        r: 4.5,
        fill: (row: IntervalRow) => seriesColor(row.series),
        stroke: page,
        strokeWidth: 1,
        className: 'estimate',
      }),
      Plot.dot(
        known.filter(({ published }) => published !== null && published !== undefined),
        {
          x: 'published',
          y: 'y',
          r: 5.5,
          symbol: 'diamond',
          stroke: ink,
          strokeWidth: 1.5,
          className: 'published',
        },
      ),
      Plot.text(
        rows.flatMap(({ estimate }, y) => (estimate === null ? [{ y }] : [])),
        {
          y: 'y',
          frameAnchor: 'left',
          dx: 4,
          text: () => 'no estimate',
          fill: muted,
          fontStyle: 'italic',
        },
      ),
    ],
    color: { type: 'identity' },
  });
  return stack([caption(title, width, { bold: true }), numbers]);
}

/** Marks of an axis: so many round numbers, or in ratios 1, 2, 5 over so many orders that it needs. */
function ticksOf({ type, domain }: Scale, most: number): number | number[] {
  if (type === 'linear') return most;
  const [low, high] = domain.map((end) => Math.log10(end));
  const all = (factors: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(low); power <= high; power++)
      for (const factor of factors) ticks.push(factor * 10 ** power);
    return ticks.filter((tick) => tick >= domain[0] && tick <= domain[1]);
  };
  return [[1, 2, 5], [1, 3], [1]].map(all).find((ticks) => ticks.length <= most + 1) ?? most;
}

interface Scale {
  readonly type: 'linear' | 'log';
  readonly domain: [number, number];
}

/** An axis on which all ends can be told apart, with zero on it where that is not far away. */
function scaleOf(ends: readonly number[]): Scale {
  if (ends.length === 0) return { type: 'linear', domain: [-1, 1] };
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (low > 0 && high / low > LOGARITHMIC)
    return { type: 'log', domain: [low / 1.15, high * 1.15] };
  const span = high - low || Math.abs(high) || 1;
  const from = low > 0 && low < 0.6 * span ? 0 : low;
  const to = high < 0 && -high < 0.6 * span ? 0 : high;
  return { type: 'linear', domain: [from - 0.06 * span, to + 0.06 * span] };
}
