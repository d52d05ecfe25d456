/** The plain loops learn as the fast ones do. */

import { expect, test } from 'vitest';
import { plainCloning, plainNetwork } from '../../src/bench/plainCloning.ts';
import { CloningOptions } from '../../src/learning/cloning/cloningOptions.ts';
import { CloningTrainer } from '../../src/learning/cloning/cloningTrainer.ts';
import { prepareRows } from '../../src/learning/cloning/preparedRows.ts';
import { kernelEngine } from '../../src/networks/kernelEngine.ts';
import { createRng, permutation } from '../../src/numeric/rng.ts';

test('plainCloning: three epochs have the likelihoods of the trainer', () => {
  const rng = createRng(5, 'rows');
  const count = 70;
  const observations = new Float64Array(2 * count).map(() => 4 * rng() - 2);
  const taken = new Float64Array(count).map((_, i) => (observations[2 * i] > 0.3 ? 1 : 0));
  const options = CloningOptions.parse({ hidden: [6, 5], batch: 16 });
  const all = Int32Array.from({ length: count }, (_, row) => row);
  const rows = prepareRows(
    {
      count,
      observationSize: 2,
      observations,
      actions: { kind: 'discrete', count: 2 },
      taken,
      trajectories: ['one'],
      trajectory: new Int32Array(count),
      step: all,
    },
    options,
    all,
  );
  const trainer = new CloningTrainer(kernelEngine('plain'), rows, options, 9);
  const shape = { inputs: 2, hidden: [6, 5], outputs: 2, activation: 'tanh' } as const;
  const learn = plainCloning(plainNetwork(shape, trainer.parameters), {
    inputs: Array.from(all, (row) => [rows.inputs[2 * row], rows.inputs[2 * row + 1]]),
    actions: [...rows.actions],
  });
  for (let epoch = 1; epoch <= 3; epoch++) {
    const order = permutation(count, createRng(9, `order of epoch ${epoch}`));
    let sum = 0;
    for (let first = 0; first < count; first += 16) sum += learn(order.subarray(first, first + 16));
    // single precision against double
    expect(trainer.epoch(all, epoch, null)).toBeCloseTo(sum / count, 5);
  }
});
