/** A few ways through a world of cells or roads, each in a picture of its own: recorded, and as others foretell it. */

import { compose, type Drawing, stack } from '../figure.ts';
import { line, seriesColor } from '../palette.ts';
import { type Key, legend } from './lettering.ts';
import type { Places } from './stateMap.ts';

/** Ways by the same person, or foretold by the same method. */
export interface WaysOf {
  readonly name: string;
  /** Each a list of places. */
  readonly ways: readonly (readonly number[])[];
}

const GAP = 14;
const PER_ROW = 3;
const ROOM = 0.08;

/** @param shown as recorded first; all with equally many ways */
export function samplePaths(shown: readonly WaysOf[], places: Places, width: number): Drawing {
  const perRow = width < 480 ? 2 : PER_ROW;
  const side = Math.floor((width - GAP * (perRow - 1)) / perRow);
  const panels = shown[0].ways.map((_, k) =>
    panel(
      shown.map(({ ways }) => ways[k]),
      places,
      side,
    ),
  );
  const rows: Drawing[] = [];
  for (let first = 0; first < panels.length; first += perRow)
    rows.push(
      compose(
        width,
        side + GAP,
        panels.slice(first, first + perRow).map((part, i) => [i * (side + GAP), 0, part] as const),
      ),
    );
  const keys = shown.map(({ name }, n): Key => ({ name, color: seriesColor(n), mark: 'line' }));
  return stack([legend(keys, width), ...rows]);
}

/** One way by all, with the world around it. */
function panel(ways: readonly (readonly number[])[], places: Places, side: number): Drawing {
  const at = middlesOf(places);
  const all = ways.flat();
  const [xs, ys] = [all.map((s) => at[2 * s]), all.map((s) => at[2 * s + 1])];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const rim = places.kind === 'cells' ? 1.5 : 0;
  const span = Math.max(right - left, bottom - top) * (1 + 2 * ROOM) + 2 * rim || 1;
  const zoom = side / span;
  const x = (value: number): number => round((value - (left + right) / 2 + span / 2) * zoom);
  const y = (value: number): number => round((value - (top + bottom) / 2 + span / 2) * zoom);
  const isInside = (s: number): boolean =>
    Math.abs(at[2 * s] - (left + right) / 2) <= span / 2 - rim / 3 &&
    Math.abs(at[2 * s + 1] - (top + bottom) / 2) <= span / 2 - rim / 3;
  const around: string[] = [];
  for (let s = 0; 2 * s < at.length; s++) {
    if (!isInside(s)) continue;
    if (places.kind === 'cells') {
      const width = round(0.94 * zoom);
      around.push(
        `M${x(at[2 * s] - 0.47)},${y(at[2 * s + 1] - 0.47)}h${width}v${width}h${-width}z`,
      );
    } else {
      const [x1, y1, x2, y2] = places.position.subarray(4 * s, 4 * s + 4);
      around.push(`M${x(x1)},${y(y1)}L${x(x2)},${y(y2)}`);
    }
  }
  const ground =
    places.kind === 'cells'
      ? `<path d="${around.join('')}" fill="${line}" fill-opacity="0.55"/>`
      : `<path d="${around.join('')}" fill="none" stroke="${line}" stroke-width="1"/>`;
  const drawn = ways.map((way, n) => {
    // Side by side where they agree.
    const shift = 2.2 * (n - (ways.length - 1) / 2);
    const points = way.map(
      (s) => `${round(x(at[2 * s]) + shift)},${round(y(at[2 * s + 1]) + shift)}`,
    );
    const [first] = points;
    const dot = `<circle cx="${first.split(',')[0]}" cy="${first.split(',')[1]}" r="3" fill="${seriesColor(n)}"/>`;
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${seriesColor(n)}" stroke-width="2" stroke-linejoin="round"/>${dot}`;
  });
  return { width: side, height: side, content: ground + drawn.join('') };
}

/** [states × 2] */
function middlesOf(places: Places): Float64Array {
  if (places.kind === 'cells') return places.position;
  const { position } = places;
  return Float64Array.from({ length: position.length / 2 }, (_, i) => {
    const s = 4 * Math.floor(i / 2) + (i % 2);
    return (position[s] + position[s + 2]) / 2;
  });
}

function round(x: number): number {
  return Math.round(10 * x) / 10;
}
