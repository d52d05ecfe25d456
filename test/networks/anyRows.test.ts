import { expect, test } from 'vitest';
import { AnyRows } from '../../src/networks/anyRows.ts';
import { drawParameters } from '../../src/networks/denseShape.ts';
import { kernelEngine } from '../../src/networks/kernelEngine.ts';
import { createRng } from '../../src/numeric/rng.ts';

test.each(['kernels', 'plain'] as const)(
  'however many rows are evaluated, each comes to what it comes to alone: %s',
  (name) => {
    const engine = kernelEngine(name, 32);
    const shape = { inputs: 3, hidden: [8, 8], outputs: 2, activation: 'relu' } as const;
    const network = engine.network(shape);
    network.parameters.set(drawParameters(shape, createRng(1, 'parameters')));
    network.changed();
    const alone = network.pass(1);
    const many = new AnyRows(network);
    const rng = createRng(2, 'inputs');
    for (const rows of [1, 5, 8, 3, 2500]) {
      const inputs = Float64Array.from({ length: 3 * rows }, () => 2 * rng() - 1);
      const seen: number[] = [];
      many.evaluate(inputs, rows, (row, outputs, start) => {
        seen.push(row);
        alone.inputs.set(inputs.subarray(3 * row, 3 * row + 3));
        const [a, b] = alone.evaluate();
        expect(outputs[start]).toBeCloseTo(a, 6);
        expect(outputs[start + 1]).toBeCloseTo(b, 6);
      });
      expect(seen).toEqual(Array.from({ length: rows }, (_, row) => row));
    }
    // passes of 1, 2 … 1024 rows are kept, so that what is held does not grow
    const held = engine.held();
    many.evaluate(new Float64Array(21), 7, () => {});
    expect(engine.held()).toBe(held);
  },
);
