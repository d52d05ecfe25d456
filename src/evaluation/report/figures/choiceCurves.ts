/**
 * What is done along a line of states (mileage, age, hours): the fitted probability of an action as
 * a curve per method, the recorded share as dots whose area is the number of decisions behind them.
 */

import * as Plot from '@observablehq/plot';
import { type Drawing, plot, stack } from '../figure.ts';
import { line, muted, seriesColor } from '../palette.ts';
import { axisName, type Key, legend } from './lettering.ts';

export interface ChoiceCurve {
  readonly name: string;
  readonly points: readonly (readonly [state: number, probability: number])[];
}

export interface RecordedShare {
  readonly state: number;
  readonly share: number;
  readonly decisions: number;
}

const HEIGHT = 262;
/** Curves may leave the picture where nobody was: beyond so much of what was recorded or fitted. */
const HEADROOM = 1.1;

export function choiceCurves(
  curves: readonly ChoiceCurve[],
  recorded: readonly RecordedShare[],
  words: { readonly x: string; readonly y: string },
  width: number,
): Drawing {
  const keys: Key[] = [
    ...curves.map(({ name }, n): Key => ({ name, color: seriesColor(n), mark: 'line' })),
    { name: 'recorded (area: decisions)', color: muted, mark: 'dot' },
  ];
  const points = curves.flatMap(({ points }, n) =>
    points.map(([state, probability]) => ({ state, probability, n, color: seriesColor(n) })),
  );
  const values = [...points.map((p) => p.probability), ...recorded.map(({ share }) => share)];
  const top = Math.min(1, HEADROOM * Math.max(...values, 1e-9));
  const chart = plot({
    width,
    height: HEIGHT,
    marginLeft: 56,
    marginRight: 24,
    marginTop: 28,
    marginBottom: 26,
    insetBottom: 14,
    x: { label: null },
    y: { domain: [0, top], label: null },
    r: { type: 'sqrt', range: [0, 13] },
    color: { type: 'identity' },
    marks: [
      Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({ ticks: Math.floor(width / 80), tickSize: 3, label: null, color: muted }),
      Plot.axisY({
        ticks: 5,
        tickSize: 0,
        label: null,
        color: muted,
        tickFormat: (p: number) => `${Number((100 * p).toPrecision(3))} %`,
      }),
      Plot.dot(recorded, {
        x: 'state',
        y: 'share',
        r: 'decisions',
        fill: muted,
        fillOpacity: 0.45,
        stroke: muted,
        strokeWidth: 0.8,
        className: 'recorded',
      }),
      Plot.line(points, {
        x: 'state',
        y: 'probability',
        z: 'n',
        stroke: 'color',
        strokeWidth: 2.3,
      }),
      Plot.text([words.y], {
        frameAnchor: 'top-left',
        dx: -52,
        dy: -24,
        textAnchor: 'start',
        fill: muted,
        text: (text: string) => text,
      }),
    ],
  });
  return stack([legend(keys, width), chart, axisName(words.x, 56, width)]);
}
