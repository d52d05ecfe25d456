/**
 * How long does one epoch of cloning take? As many decisions of CartPole as the expert's recordings
 * have, in batches of 32, two hidden layers, on each engine and in plain loops. The decisions are those
 * of a linear controller that errs now and then, so that nothing has to be fetched.
 */

import { CartPole } from '../environments/classicControl/cartPole.ts';
import { CloningOptions } from '../learning/cloning/cloningOptions.ts';
import type { CloningRows } from '../learning/cloning/cloningRows.ts';
import { CloningTrainer } from '../learning/cloning/cloningTrainer.ts';
import { type PreparedRows, prepareRows } from '../learning/cloning/preparedRows.ts';
import { drawParameters } from '../networks/denseShape.ts';
import type { EngineName } from '../networks/network.ts';
import { engineNamed } from '../networks/openEngine.ts';
import { createRng, permutation } from '../numeric/rng.ts';
import type { BenchOutcome } from './benchmark.ts';
import { plainCloning, plainNetwork } from './plainCloning.ts';
import { cpuTime } from './stopwatch.ts';

/** Decisions of the 57 recorded episodes of the expert. */
const DECISIONS = 26_964;
const BATCH = 32;
/** Batches are small: the call of a library's operation costs more than the operation. */
const engines: readonly EngineName[] = ['kernels', 'plain'];
const ERRS = 0.05;
const EPOCHS = 4;

export async function cloningEpoch(
  seed: number,
  progress: (text: string) => void,
): Promise<Pick<BenchOutcome, 'tables' | 'notes'> & { readonly seconds: number }> {
  const table: (string | number)[][] = [];
  const notes: string[] = [];
  let seconds = Number.POSITIVE_INFINITY;
  const rows = decisions(seed);
  const all = Int32Array.from({ length: rows.count }, (_, row) => row);
  for (const width of [32, 64]) {
    const options = CloningOptions.parse({ hidden: [width, width], batch: BATCH });
    const prepared = prepareRows(rows, options, all);
    let known = 0;
    for (const name of engines) {
      progress(`an epoch of cloning, ${width} × ${width}, ${name}`);
      const engine = await engineNamed(name);
      const trainer = new CloningTrainer(engine, prepared, options, seed);
      let least = Number.POSITIVE_INFINITY;
      for (let epoch = 1; epoch <= EPOCHS; epoch++) {
        let training = 0;
        const spent = cpuTime(() => {
          training = trainer.epoch(all, epoch, null);
        });
        if (epoch === 1) known = training;
        least = Math.min(least, spent / 1000);
      }
      engine.release();
      if (width === 32 && name === 'kernels') seconds = least;
      table.push([`${width} × ${width}`, name, least.toFixed(3)]);
    }
    progress(`an epoch of cloning, ${width} × ${width}, plain loops`);
    const reference = referenceEpoch(prepared, width, seed);
    table.push([`${width} × ${width}`, 'plain loops', reference.seconds.toFixed(3)]);
    notes.push(
      `${width} × ${width}: log-likelihood per decision of the first epoch ${known.toFixed(6)}, in plain loops ${reference.training.toFixed(6)}`,
    );
  }
  const head = ['hidden layers', 'engine', 's of CPU'];
  const title = `One epoch of cloning, ${DECISIONS.toLocaleString('en')} decisions`;
  return { tables: [{ title, head, rows: table }], notes, seconds };
}

/** The first epoch, from the same parameters and in the same order. */
function referenceEpoch(
  { form, inputs, actions }: PreparedRows,
  width: number,
  seed: number,
): { readonly seconds: number; readonly training: number } {
  const size = form.centre.length;
  const shape = { inputs: size, hidden: [width, width], outputs: 2, activation: 'tanh' } as const;
  const parameters = drawParameters(shape, createRng(seed, 'parameters'));
  const learn = plainCloning(plainNetwork(shape, parameters), {
    inputs: Array.from({ length: DECISIONS }, (_, row) => [
      ...inputs.subarray(row * size, (row + 1) * size),
    ]),
    actions: [...actions],
  });
  const order = permutation(DECISIONS, createRng(seed, 'order of epoch 1'));
  let sum = 0;
  const spent = cpuTime(() => {
    for (let first = 0; first < DECISIONS; first += BATCH)
      sum += learn(order.subarray(first, first + BATCH));
  });
  return { seconds: spent / 1000, training: sum / DECISIONS };
}

function decisions(seed: number): CloningRows {
  const world = new CartPole();
  const rng = createRng(seed, 'decisions to clone');
  const size = world.observation.length;
  const observations = new Float64Array(DECISIONS * size);
  const taken = new Float64Array(DECISIONS);
  const trajectory = new Int32Array(DECISIONS);
  const step = new Int32Array(DECISIONS);
  let [episode, t] = [-1, 0];
  for (let row = 0; row < DECISIONS; row++) {
    if (episode < 0 || world.terminated || world.truncated) {
      world.reset(rng);
      [episode, t] = [episode + 1, 0];
    }
    observations.set(world.observation, row * size);
    const [place, speed, lean, turn] = world.observation;
    const right = lean + 0.5 * turn + 0.05 * place + 0.1 * speed > 0;
    taken[row] = right !== rng() < ERRS ? 1 : 0;
    trajectory[row] = episode;
    step[row] = t++;
    world.step(taken[row]);
  }
  return {
    count: DECISIONS,
    observationSize: size,
    observations,
    actions: { kind: 'discrete', count: 2 },
    taken,
    trajectories: Array.from({ length: episode + 1 }, (_, i) => String(i)),
    trajectory,
    step,
  };
}
