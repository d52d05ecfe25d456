/**
 * How often what was called likely was done: on the diagonal probabilities mean what they say. The
 * area of a dot is the share of the decisions behind it.
 */

import * as Plot from '@observablehq/plot';
import type { Calibration } from '../../comparison/comparisonResult.ts';
import { type Drawing, plot, stack } from '../figure.ts';
import { line, muted, seriesColor } from '../palette.ts';
import { axisName, type Key, legend } from './lettering.ts';

const LARGEST = 430;

export function calibrationCurves(
  methods: Readonly<Record<string, Calibration>>,
  width: number,
): Drawing {
  const entries = Object.entries(methods);
  const keys = entries.map(([name], n): Key => ({ name, color: seriesColor(n), mark: 'dot' }));
  const points = entries.flatMap(([, { bins }], n) => {
    const total = bins.reduce((sum, bin) => sum + bin.count, 0);
    return bins.flatMap(({ confidence, accuracy, count }) =>
      confidence === null || accuracy === null
        ? []
        : [{ confidence, accuracy, share: count / total, color: seriesColor(n), n }],
    );
  });
  const size = Math.min(width, LARGEST);
  const inPercent = (share: number) => `${Math.round(100 * share)} %`;
  const axis = { domain: [0, 1], label: null };
  const chart = plot({
    width: size,
    height: size - 20,
    marginLeft: 52,
    marginRight: 24,
    marginTop: 28,
    marginBottom: 26,
    x: axis,
    y: axis,
    r: { type: 'sqrt', domain: [0, 1], range: [0, 16] },
    color: { type: 'identity' },
    marks: [
      Plot.gridX({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      Plot.gridY({ stroke: line, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({ ticks: 5, tickSize: 0, label: null, color: muted, tickFormat: inPercent }),
      Plot.axisY({ ticks: 5, tickSize: 0, label: null, color: muted, tickFormat: inPercent }),
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: muted, strokeDasharray: '4,4' },
      ),
      Plot.line(points, {
        x: 'confidence',
        y: 'accuracy',
        z: 'n',
        stroke: 'color',
        strokeWidth: 1.5,
      }),
      Plot.dot(points, {
        x: 'confidence',
        y: 'accuracy',
        r: (point: { share: number }) => Math.max(point.share, 0.04),
        fill: 'color',
        fillOpacity: 0.55,
        stroke: 'color',
        className: 'bin',
      }),
      Plot.text(['how often it was done'], {
        frameAnchor: 'top-left',
        dx: -48,
        dy: -24,
        textAnchor: 'start',
        fill: muted,
        text: (text: string) => text,
      }),
    ],
  });
  return stack([
    legend(keys, width),
    { ...chart, width },
    axisName('probability of the likeliest choice', 52, size),
  ]);
}
