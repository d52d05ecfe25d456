import { expect, test } from 'vitest';
import { steinDirection } from '../../../src/learning/neural/steinDirection.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';
import { expectReference, readReference } from '../../support/references.ts';

test('the direction is that of an independent program', () => {
  const { svgd } = readReference<{
    svgd: {
      xs: number[][];
      ys: number[][];
      gradLogP: number[][];
      h: number;
      actionGradients: number[][];
    };
  }>('pg_td_fqi_tanh_svgd');
  const out = new Float64Array(svgd.ys.length * 2);
  const width = steinDirection(
    Float32Array.from(svgd.xs.flat()),
    Float64Array.from(svgd.gradLogP.flat()),
    Float32Array.from(svgd.ys.flat()),
    2,
    out,
  );
  // Particles are of single precision.
  expect(width).toBeCloseTo(svgd.h, 6);
  expectReference(out, svgd.actionGradients, 1e-6);
});

test('following it turns any particles into draws from a Gaussian', () => {
  const rng = createRng(0, 'particles');
  const n = 60;
  // N(1, 0.5²) and N(−2, 1), from a narrow cloud elsewhere.
  const [mean, deviation] = [
    [1, -2],
    [0.5, 1],
  ];
  const x = Float32Array.from({ length: 2 * n }, () => 0.1 * standardNormal(rng));
  const slope = new Float64Array(2 * n);
  const out = new Float64Array(2 * n);
  for (let step = 0; step < 1500; step++) {
    for (let i = 0; i < 2 * n; i++) slope[i] = (mean[i % 2] - x[i]) / deviation[i % 2] ** 2;
    steinDirection(x, slope, x.slice(), 2, out);
    for (let i = 0; i < 2 * n; i++) x[i] += 0.1 * out[i];
  }
  for (const k of [0, 1]) {
    const column = Array.from({ length: n }, (_, i) => x[2 * i + k]);
    const average = column.reduce((sum, a) => sum + a, 0) / n;
    const variance = column.reduce((sum, a) => sum + (a - average) ** 2, 0) / n;
    expect(average).toBeCloseTo(mean[k], 1);
    // Finitely many particles are a little too narrow.
    expect(Math.sqrt(variance) / deviation[k]).toBeGreaterThan(0.8);
    expect(Math.sqrt(variance) / deviation[k]).toBeLessThan(1.05);
  }
});
