/**
 * Draws the README's picture from a fresh run of the bus-engine study.
 *
 *   npm run picture
 */

import { writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import study from '../datasets/bus_engine/bus-engine.study.ts';
import { busEngine, replacementPair, runStudy } from '../src/index.ts';

const MILES_PER_BIN = 5000;
const BINS_PER_DOT = 5;

const { runs } = await runStudy(study);
const run = runs.get(study.name);
const policy = run?.arrays['causal-entropy']?.policy;
const myopic = run?.result.methods['behavior-cloning-features']?.parameters;
if (!policy || !myopic) throw new Error('Cannot draw: the study brought no policy');

const miles = (bin: number): number => bin * MILES_PER_BIN;
const cost = (name: string): number =>
  myopic.find((parameter) => parameter.name === name)?.estimate ?? Number.NaN;
const bins = Array.from({ length: 78 }, (_, bin) => bin);
const curves = bins.flatMap((bin) => [
  {
    miles: miles(bin),
    replaced: policy[replacementPair(bin, true)],
    model: 'causal entropy: looks ahead (γ = 0.9999)',
  },
  {
    miles: miles(bin),
    replaced: 1 / (1 + Math.exp(cost('replacement cost') - 0.001 * cost('mileage cost') * bin)),
    model: 'cloning with the same costs: no look ahead',
  },
]);

const { trajectories } = await busEngine({ groups: [4] });
const seen = new Map<number, { months: number; replaced: number }>();
trajectories.state.forEach((bin, row) => {
  const group = Math.floor(bin / BINS_PER_DOT);
  const tally = seen.get(group) ?? { months: 0, replaced: 0 };
  tally.months++;
  if (trajectories.pair[row] === replacementPair(bin, true)) tally.replaced++;
  seen.set(group, tally);
});
const dots = [...seen].map(([group, { months, replaced }]) => ({
  miles: miles((group + 0.5) * BINS_PER_DOT),
  replaced: replaced / months,
  months,
}));

const { document } = parseHTML('<!doctype html><html><body></body></html>');
const ink = '#334155';
const chart = Plot.plot({
  document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
  width: 760,
  height: 380,
  marginLeft: 60,
  marginBottom: 46,
  marginTop: 34,
  style: { fontFamily: 'system-ui, sans-serif', fontSize: '13px', color: ink, background: 'white' },
  x: { label: 'miles on the engine →', tickFormat: (m: number) => `${m / 1000}k` },
  y: {
    label: null,
    domain: [0, 0.105],
    percent: false,
    grid: true,
  },
  r: { range: [3, 17] },
  color: { range: ['#dc2626', '#2563eb'] },
  marks: [
    Plot.dot(dots, {
      x: 'miles',
      y: 'replaced',
      r: 'months',
      fill: '#94a3b8',
      fillOpacity: 0.55,
      stroke: '#64748b',
    }),
    Plot.line(curves, { x: 'miles', y: 'replaced', stroke: 'model', strokeWidth: 2.5 }),
    Plot.text(
      [
        { miles: 384_000, replaced: 0.013, label: 'looks ahead (γ = 0.9999)', model: 'causal' },
        { miles: 345_000, replaced: 0.085, label: 'same costs, no look ahead', model: 'cloning' },
      ],
      {
        x: 'miles',
        y: 'replaced',
        text: 'label',
        textAnchor: 'end',
        fontWeight: 'bold',
        fill: (d: { model: string }) => (d.model === 'causal' ? '#dc2626' : '#2563eb'),
      },
    ),
    Plot.text(
      [
        'Probability that an engine is replaced this month. Dots: what was recorded, area by number of months.',
      ],
      {
        frameAnchor: 'top-left',
        dy: -28,
        dx: -52,
        fontSize: 13,
        fill: ink,
      },
    ),
  ],
});
chart.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
const file = new URL('../datasets/bus_engine/bus-engine.svg', import.meta.url);
writeFileSync(file, `${chart.outerHTML}\n`);
process.stdout.write(`Drawn: ${file.pathname}\n`);
