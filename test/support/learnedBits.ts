/**
 * What a seed comes to, as hashes of everything learned: run as a program it prints them, so that a
 * process can be held against another.
 */

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { CartPole } from '../../src/environments/classicControl/cartPole.ts';
import { Pendulum } from '../../src/environments/classicControl/pendulum.ts';
import { NeuralCloning } from '../../src/learning/cloning/neuralCloning.ts';
import { controlMethods } from '../../src/learning/neural/controlMethods.ts';
import { kernelEngine } from '../../src/networks/kernelEngine.ts';
import { createRng } from '../../src/numeric/rng.ts';

type Arrays = Readonly<Record<string, ArrayBufferView>>;

export function learnedBits(seed: number): Record<string, string> {
  const engine = () => kernelEngine('kernels', 16);
  const options = { hidden: [16], batch: 16, warmUp: 50, seed };
  const learners = {
    'soft-actor-critic': controlMethods['soft-actor-critic'].box!.learner(
      engine(),
      () => new Pendulum(40),
      options,
    ),
    'deep-q': controlMethods['deep-q'].discrete!.learner(engine(), () => new CartPole(), options),
  };
  const bits: Record<string, string> = {};
  for (const [name, learner] of Object.entries(learners)) {
    for (let step = 0; step < 250; step++) learner.advance();
    bits[name] = hashOf(learner.stored().arrays);
  }
  const rng = createRng(3, 'decisions');
  const count = 60;
  const observations = new Float64Array(2 * count).map(() => rng());
  const cloning = new NeuralCloning(
    engine(),
    {
      count,
      observationSize: 2,
      observations,
      actions: { kind: 'discrete', count: 2 },
      taken: Float64Array.from({ length: count }, (_, i) => (observations[2 * i] > 0.5 ? 1 : 0)),
      trajectories: ['one', 'two', 'three'],
      trajectory: Int32Array.from({ length: count }, (_, i) => i % 3),
      step: Int32Array.from({ length: count }, (_, i) => Math.floor(i / 3)),
    },
    { hidden: [8], batch: 16 },
    seed,
  );
  for (let epoch = 0; epoch < 20; epoch++) cloning.epoch();
  bits.cloning = hashOf(cloning.state().arrays);
  return bits;
}

function hashOf(arrays: Arrays): string {
  const hash = createHash('sha256');
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(arrays))
    hash.update(name).update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(JSON.stringify(learnedBits(Number(process.argv[2]))));
