/**
 * Numbers on a map of states: squares of a grid, or stretches of road. Values are sorted into steps
 * of one colour each and every step is a single path, so that a city stays small.
 */

import type { Layout } from '../../../mdp/layout.ts';
import { type Drawing, stack } from '../figure.ts';
import { line, muted, STEPS, stepColor } from '../palette.ts';
import { tidy } from '../words.ts';
import { caption } from './lettering.ts';

/** Places on a plane. */
export type Places = Exclude<Layout, { readonly kind: 'line' }>;

export interface StateMap {
  /** [states] null where a state has no number. */
  readonly values: readonly (number | null)[];
  /** [states] which of them the map has to hold; all where absent. Others are left out beyond its edge. */
  readonly frame?: readonly boolean[] | undefined;
  /** What is shown, above the map. */
  readonly title: string;
  /** Whether steps are equally wide in the logarithm. */
  readonly logarithmic: boolean;
  /** Whether roads are drawn the thicker the more they carry. */
  readonly isFlow: boolean;
  /** Lowest and highest number of the scale, shared by maps to be compared. */
  readonly range: readonly [low: number, high: number];
}

const TALLEST = 620;
const WIDEST_CELL = 56;
const SCALE = 50;

/** Draws one map with its scale below; it is at most so wide. */
export function stateMap(
  { values, title, logarithmic, range, isFlow, frame }: StateMap,
  places: Places,
  width: number,
): Drawing {
  const bounds = boundsOf(places, frame);
  const zoom = Math.min(
    width / (bounds.right - bounds.left),
    TALLEST / (bounds.bottom - bounds.top),
    places.kind === 'cells' ? WIDEST_CELL : Number.POSITIVE_INFINITY,
  );
  const x = (at: number): number => round((at - bounds.left) * zoom);
  const y = (at: number): number => round((at - bounds.top) * zoom);
  const paths: string[][] = Array.from({ length: STEPS + 1 }, () => []);
  const stepOf = stepper(range, logarithmic);
  values.forEach((value, s) => {
    const step = value === null ? STEPS : stepOf(value);
    if (places.kind === 'cells') {
      const [px, py] = [places.position[2 * s], places.position[2 * s + 1]];
      const gap = zoom > 8 ? 0.03 : 0;
      const side = round((1 - 2 * gap) * zoom);
      paths[step].push(`M${x(px - 0.5 + gap)},${y(py - 0.5 + gap)}h${side}v${side}h${-side}z`);
    } else {
      const ends = places.position;
      if (!isInside(ends, s, bounds)) return;
      paths[step].push(
        segment(x(ends[4 * s]), y(ends[4 * s + 1]), x(ends[4 * s + 2]), y(ends[4 * s + 3])),
      );
    }
  });
  // Roads with much on them lie over roads with little.
  const order = [STEPS, ...Array.from({ length: STEPS }, (_, step) => step)];
  const drawn = order.map((step) => {
    const path = paths[step].join('');
    if (path === '') return '';
    const color = step === STEPS ? line : stepColor(step);
    if (places.kind === 'cells') {
      const empty =
        step === STEPS
          ? ` stroke="${line}" fill="none"`
          : ` fill="${color}" stroke="${line}" stroke-width="0.5"`;
      return `<path d="${path}"${empty}/>`;
    }
    const thick = step === STEPS ? 0.8 : isFlow ? 1 + (3 * step) / STEPS : 2;
    return `<path d="${path}" fill="none" stroke="${color}" stroke-width="${round(thick)}" stroke-linecap="round"/>`;
  });
  const height = Math.ceil((bounds.bottom - bounds.top) * zoom);
  const map: Drawing = { width, height, content: drawn.join('') };
  return stack([
    ...(title === '' ? [] : [caption(title, width, { bold: true, height: 26 })]),
    map,
    colorScale(range, logarithmic, Math.min(width, 260)),
  ]);
}

/** Which step a value belongs to, 0 … STEPS − 1. */
function stepper(
  [low, high]: readonly [number, number],
  logarithmic: boolean,
): (value: number) => number {
  const [from, to] = logarithmic ? [Math.log(low), Math.log(high)] : [low, high];
  const span = to - from || 1;
  return (value) => {
    const at = logarithmic ? Math.log(Math.max(value, low)) : value;
    return Math.min(STEPS - 1, Math.max(0, Math.floor(((at - from) / span) * STEPS)));
  };
}

/** A directed stretch, a little to the right of its line, so that the way back is seen too. */
function segment(x1: number, y1: number, x2: number, y2: number): string {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [(-1.3 * (y2 - y1)) / length, (1.3 * (x2 - x1)) / length];
  return `M${round(x1 + dx)},${round(y1 + dy)}L${round(x2 + dx)},${round(y2 + dy)}`;
}

function colorScale(
  [low, high]: readonly [number, number],
  logarithmic: boolean,
  width: number,
): Drawing {
  const wide = width / STEPS;
  const boxes = Array.from(
    { length: STEPS },
    (_, step) =>
      `<rect x="${round(step * wide)}" y="10" width="${round(wide + 0.2)}" height="10" fill="${stepColor(step)}"/>`,
  );
  const middle = logarithmic ? Math.sqrt(low * high) : (low + high) / 2;
  const labels = (
    [
      [low, 0, 'start'],
      [middle, width / 2, 'middle'],
      [high, width, 'end'],
    ] as const
  ).map(
    ([value, at, anchor]) =>
      `<text x="${at}" y="35" text-anchor="${anchor}" fill="${muted}">${tidy(value)}</text>`,
  );
  return { width, height: SCALE, content: boxes.join('') + labels.join('') };
}

/** Which stretches of road a map with this frame leaves out. */
export function beyondEdge(position: Float64Array, frame: readonly boolean[]): number[] {
  const bounds = boundsOf({ kind: 'segments', position }, frame);
  return frame.flatMap((_, s) => (isInside(position, s, bounds) ? [] : [s]));
}

function isInside(ends: Float64Array, s: number, bounds: ReturnType<typeof boundsOf>): boolean {
  return [0, 2].every(
    (end) =>
      ends[4 * s + end] >= bounds.left &&
      ends[4 * s + end] <= bounds.right &&
      ends[4 * s + end + 1] >= bounds.top &&
      ends[4 * s + end + 1] <= bounds.bottom,
  );
}

/** The smallest upright frame that holds the states, and a little more. */
function boundsOf(places: Places, frame?: readonly boolean[]) {
  const cells = places.kind === 'cells';
  const at = places.position;
  const bounds = {
    left: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
  };
  const width = cells ? 2 : 4;
  for (let i = 0; i < at.length; i += 2) {
    if (frame && !frame[Math.floor(i / width)]) continue;
    bounds.left = Math.min(bounds.left, at[i]);
    bounds.right = Math.max(bounds.right, at[i]);
    bounds.top = Math.min(bounds.top, at[i + 1]);
    bounds.bottom = Math.max(bounds.bottom, at[i + 1]);
  }
  const rim = cells
    ? 0.5
    : 0.01 * Math.max(bounds.right - bounds.left, bounds.bottom - bounds.top, 1e-9);
  return {
    left: bounds.left - rim,
    right: bounds.right + rim,
    top: bounds.top - rim,
    bottom: bounds.bottom + rim,
  };
}

function round(x: number): number {
  return Math.round(10 * x) / 10;
}
