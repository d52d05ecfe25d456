/** Dense networks of every engine against a network in double precision and its differences. */

import { afterEach, describe, expect, test } from 'vitest';
import { Adam } from '../../src/networks/adam.ts';
import { type DenseShape, drawParameters, parameterCount } from '../../src/networks/denseShape.ts';
import { kernelEngine } from '../../src/networks/kernelEngine.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { doubleNetwork, slopes } from '../support/doubleNetwork.ts';
import { loadableEngines } from '../support/loadableEngines.ts';

const shapes: readonly (DenseShape & { readonly rows: number })[] = [
  { inputs: 3, hidden: [], outputs: 2, activation: 'relu', rows: 5 },
  { inputs: 5, hidden: [7], outputs: 1, activation: 'relu', rows: 1 },
  { inputs: 4, hidden: [9, 6], outputs: 3, activation: 'tanh', rows: 6 },
  { inputs: 4, hidden: [8, 5], outputs: 2, activation: 'relu', layerNorm: true, rows: 3 },
  { inputs: 2, hidden: [6], outputs: 4, activation: 'tanh', layerNorm: true, rows: 4 },
];

describe.each(await loadableEngines())('engine %s', (_, engine) => {
  afterEach(() => engine.release());

  test.each(shapes)('outputs and gradients of $hidden $activation', ({ rows, ...shape }) => {
    const network = engine.network(shape);
    const rng = createRng(1, 'network');
    network.parameters.set(drawParameters(shape, rng));
    // Gains and shifts away from 1 and 0, so that their gradients matter.
    if (shape.layerNorm)
      for (let i = 0; i < network.parameters.length; i++)
        network.parameters[i] += 0.3 * (rng() - 0.5);
    const pass = network.pass(rows);
    for (let i = 0; i < pass.inputs.length; i++) pass.inputs[i] = 4 * rng() - 2;
    const weights = Array.from(pass.outputs, () => 2 * rng() - 1);
    const rowOf = (x: ArrayLike<number>, row: number): number[] =>
      Array.from({ length: shape.inputs }, (_, i) => x[row * shape.inputs + i]);
    const outputsOf = (parameters: ArrayLike<number>, inputs: ArrayLike<number>): number[] =>
      Array.from({ length: rows }, (_, row) =>
        doubleNetwork(shape, parameters, rowOf(inputs, row)),
      ).flat();
    const loss = (parameters: ArrayLike<number>, inputs: ArrayLike<number>): number =>
      outputsOf(parameters, inputs).reduce((sum, y, i) => sum + weights[i] * y, 0);

    pass.evaluate();
    outputsOf(network.parameters, pass.inputs).forEach((y, i) => {
      expect(pass.outputs[i]).toBeCloseTo(y, 5);
    });
    pass.outputGradient.set(weights);
    pass.pullBack({ parameters: true, inputs: true });
    const wantedParameters = slopes((p) => loss(p, pass.inputs), network.parameters);
    const wantedInputs = slopes((x) => loss(network.parameters, x), pass.inputs);
    wantedParameters.forEach((slope, i) => {
      expect(network.gradient[i]).toBeCloseTo(slope, 4);
    });
    wantedInputs.forEach((slope, i) => {
      expect(pass.inputGradient[i]).toBeCloseTo(slope, 4);
    });
  });

  test('Adam follows its equations, with decay and a clipped gradient, and can be stored', () => {
    const shape: DenseShape = { inputs: 2, hidden: [3], outputs: 1, activation: 'tanh' };
    const count = parameterCount(shape);
    const build = (parameters: ArrayLike<number>) => {
      const network = engine.network(shape);
      network.parameters.set(parameters);
      return {
        network,
        adam: new Adam(engine, network, { rate: 0.1, weightDecay: 0.01, clipNorm: 1 }),
      };
    };
    const start = drawParameters(shape, createRng(2, 'network'));
    const { network, adam } = build(start);
    let x = Array.from(start);
    let m = x.map(() => 0);
    let v = x.map(() => 0);
    let stored: { parameters: Float32Array; state: ReturnType<Adam['state']> } | null = null;
    for (let t = 1; t <= 5; t++) {
      const g = Array.from({ length: count }, (_, i) => Math.sin(i + t));
      const norm = Math.hypot(...g);
      network.gradient.set(g);
      expect(adam.step()).toBeCloseTo(norm, 4);
      m = m.map((old, i) => 0.9 * old + 0.1 * (g[i] / norm));
      v = v.map((old, i) => 0.999 * old + 0.001 * (g[i] / norm) ** 2);
      x = x.map(
        (old, i) =>
          old * (1 - 0.1 * 0.01) -
          (0.1 * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8),
      );
      x.forEach((value, i) => {
        expect(network.parameters[i]).toBeCloseTo(value, 4);
      });
      if (t === 4) stored = { parameters: network.parameters.slice(), state: adam.state() };
    }
    const again = build(stored!.parameters);
    again.adam.restore(stored!.state);
    again.network.gradient.set(Array.from({ length: count }, (_, i) => Math.sin(i + 5)));
    again.adam.step();
    expect(again.network.parameters).toEqual(network.parameters);
  });

  test('evaluating and pulling back hold nothing more', () => {
    const network = engine.network({ inputs: 4, hidden: [8], outputs: 2, activation: 'relu' });
    const pass = network.pass(16);
    const adam = new Adam(engine, network, { rate: 1e-3 });
    const update = (): void => {
      pass.evaluate();
      pass.outputGradient.fill(1);
      pass.pullBack({ parameters: true, inputs: true });
      adam.step();
    };
    update();
    const held = engine.held();
    for (let i = 0; i < 200; i++) update();
    expect(engine.held()).toBe(held);
  });
});

test('a network of no width is refused', () => {
  const shape: DenseShape = { inputs: 4, hidden: [0], outputs: 2, activation: 'relu' };
  expect(() => kernelEngine('plain').network(shape)).toThrow(
    'Cannot build a network: hidden layer 1 must be a whole number ≥ 1, got 0',
  );
});
