/**
 * The first 200 updates of soft actor-critic come to the same losses on every engine: within 1e-3 is
 * asked for, and only round-off in single precision should be left, which these updates keep small.
 */

import { describe, expect, test } from 'vitest';
import { SoftActorCritic } from '../../../src/learning/neural/softActorCritic.ts';
import type { SoftActorCriticOptions } from '../../../src/learning/neural/softActorCriticOptions.ts';
import { transitionBatch } from '../../../src/learning/neural/transitionBuffer.ts';
import type { Engine } from '../../../src/networks/network.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';

const UPDATES = 200;
/** A twentieth of what is asked for; the engines measured are within 1e-6. Losses below 0.01 cross 0. */
const TOLERANCE = 5e-5;
const sizes = { observationSize: 3, actionSize: 1 };

/** [updates × losses] of batches that are drawn anew, the same on every engine. */
function losses(engine: Engine, options: SoftActorCriticOptions): number[][] {
  const given = { hidden: [32, 32], batch: 32, ...options };
  const learner = new SoftActorCritic(engine, sizes, given, createRng(1, 'networks'));
  const rng = createRng(2, 'batches');
  const noise = createRng(3, 'noise');
  const batch = transitionBatch(32, sizes);
  const told: number[][] = [];
  for (let update = 0; update < UPDATES; update++) {
    for (const array of [batch.observation, batch.action, batch.nextObservation])
      for (let i = 0; i < array.length; i++) array[i] = 2 * rng() - 1;
    for (let i = 0; i < 32; i++) {
      batch.reward[i] = -(batch.observation[3 * i] ** 2) - batch.action[i] ** 2;
      batch.terminated[i] = rng() < 0.1 ? 1 : 0;
    }
    const { critics, actor, value, entropy, temperature } = learner.update(batch, noise);
    told.push([...critics, actor, entropy, temperature, ...(value === null ? [] : [value])]);
  }
  engine.release();
  return told;
}

const engines = await loadableEngines();

describe.each([
  ['as printed', {}],
  ['two target critics', { valueNetwork: false }],
  ['tuned temperature', { valueNetwork: false, temperature: 'tuned' }],
] satisfies [string, SoftActorCriticOptions][])('%s', (_, options) => {
  const [[first, reference], ...others] = engines;
  const wanted = losses(reference, options);

  test(`${first} learns`, () => {
    const mean = (rows: number[][]) =>
      rows.reduce((sum, [critic]) => sum + critic, 0) / rows.length;
    expect(mean(wanted.slice(-20))).toBeLessThan(0.5 * mean(wanted.slice(0, 20)));
  });

  test.each(others)(
    `%s has the losses of ${first}`,
    (_name, engine) => {
      const got = losses(engine, options);
      expect(got).toHaveLength(UPDATES);
      got.forEach((row, update) => {
        expect(row).toHaveLength(wanted[update].length);
        row.forEach((loss, k) => {
          const size = Math.max(1e-2, Math.abs(wanted[update][k]));
          expect(Math.abs(loss - wanted[update][k]) / size).toBeLessThan(TOLERANCE);
        });
      });
    },
    60_000,
  );
});
