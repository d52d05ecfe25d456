/** One whole update against an independent program in double precision, on every engine. */

import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SoftActorCritic } from '../../../src/learning/neural/softActorCritic.ts';
import {
  pullBackTanhGaussian,
  sampleTanhGaussian,
  tanhGaussianSample,
} from '../../../src/learning/neural/tanhGaussian.ts';
import { transitionBatch } from '../../../src/learning/neural/transitionBuffer.ts';
import { loadCheckpoint, saveCheckpoint } from '../../../src/networks/checkpoint.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import type { Network } from '../../../src/networks/network.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import { temporaryFolder } from '../../support/commandLine.ts';
import { loadableEngines } from '../../support/loadableEngines.ts';
import { readReference } from '../../support/references.ts';

const numbers = z.array(z.number());
const Net = z.object({ W: z.array(z.array(numbers)), b: z.array(numbers) });
const rows = z.array(numbers);
const Case = z.object({
  version: z.number(),
  policyObjective: z.enum(['min', 'q1']),
  alphaBefore: z.number(),
  alphaAfter: z.number(),
  targetEntropy: z.number().nullable(),
  netsBefore: z.record(z.string(), Net),
  netsAfter: z.record(z.string(), Net),
  info: z.looseObject({
    JQ1: z.number(),
    JQ2: z.number(),
    Jpi: z.number(),
    JV: z.number().optional(),
    gQ1: z.array(z.unknown()),
    gQ2: z.array(z.unknown()),
    gPi: z.array(z.unknown()),
    gV: z.array(z.unknown()).optional(),
  }),
});
const { batch, cases } = z
  .object({
    batch: z.object({
      obs: rows,
      act: rows,
      rew: rows,
      nextObs: rows,
      done: rows,
      epsPi: rows,
      epsNext_v2only: rows,
    }),
    cases: z.record(z.string(), Case),
  })
  .parse(readReference('sac_update_fixture'));

const names = {
  first: 'q1',
  second: 'q2',
  actor: 'pi',
  value: 'v',
  valueTarget: 'vt',
  firstTarget: 't1',
  secondTarget: 't2',
} as const;

/** Layer by layer: weights, then biases. */
function flat({ W, b }: z.infer<typeof Net>): number[] {
  return W.flatMap((weights, l) => [...weights.flat(), ...b[l]]);
}

/** Gradients come as all weights, then all biases. */
function flatGradient(parts: readonly unknown[]): number[] {
  const half = parts.length / 2;
  return flat({ W: parts.slice(0, half) as number[][][], b: parts.slice(half) as number[][] });
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[], relative: number): void {
  const scale = Math.max(...wanted.map(Math.abs), 1e-12);
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(got[i] - wanted[i]) / scale).toBeLessThan(relative);
}

describe.each(await loadableEngines())('engine %s', (_, engine) => {
  test.each(Object.entries(cases))('an update of %s is the one in the fixture', (_name, given) => {
    const sac = new SoftActorCritic(
      engine,
      { observationSize: 3, actionSize: 1 },
      {
        hidden: [4, 4],
        batch: 5,
        valueNetwork: given.version === 1,
        temperature: given.version === 1 ? given.alphaBefore : 'tuned',
        actorObjective: given.policyObjective === 'q1' ? 'first' : 'least',
      },
      createRng(0, 'networks'),
    );
    const wanted = (name: string, nets: Record<string, z.infer<typeof Net>>): number[] =>
      flat(nets[names[name as keyof typeof names]]);
    for (const [name, network] of Object.entries<Network>(sac.networks)) {
      network.parameters.set(wanted(name, given.netsBefore));
      network.changed();
    }
    const transitions = transitionBatch(5, { observationSize: 3, actionSize: 1 });
    transitions.observation.set(batch.obs.flat());
    transitions.action.set(batch.act.flat());
    transitions.reward.set(batch.rew.flat());
    transitions.nextObservation.set(batch.nextObs.flat());
    transitions.terminated.set(batch.done.flat());
    const losses = sac.update(transitions, {
      now: batch.epsPi.flat(),
      next: batch.epsNext_v2only.flat(),
    });
    const { info } = given;
    expect(losses.critics[0] / info.JQ1).toBeCloseTo(1, 4);
    expect(losses.critics[1] / info.JQ2).toBeCloseTo(1, 4);
    expect(losses.actor / info.Jpi).toBeCloseTo(1, 4);
    if (info.JV !== undefined) expect((losses.value ?? 0) / info.JV).toBeCloseTo(1, 4);
    for (const [name, gradient] of [
      ['first', info.gQ1],
      ['second', info.gQ2],
      ['actor', info.gPi],
      ...(info.gV ? [['value', info.gV] as const] : []),
    ] as const)
      expectClose(sac.networks[name].gradient, flatGradient(gradient), 2e-5);
    for (const [name, network] of Object.entries<Network>(sac.networks))
      wanted(name, given.netsAfter).forEach((parameter, i) => {
        expect(Math.abs(network.parameters[i] - parameter)).toBeLessThan(1e-6);
      });
    expect(losses.temperature).toBeCloseTo(given.alphaAfter, 7);
    engine.release();
  });
});

describe('SoftActorCritic', () => {
  const sizes = { observationSize: 3, actionSize: 2 };
  const build = (seed: number) =>
    new SoftActorCritic(
      kernelEngine('kernels', 16),
      sizes,
      { hidden: [8, 8], batch: 16, valueNetwork: false, temperature: 'tuned' },
      createRng(seed, 'networks'),
    );
  const transitions = transitionBatch(16, sizes);
  const rng = createRng(3, 'batch');
  for (const array of [transitions.observation, transitions.action, transitions.reward])
    for (let i = 0; i < array.length; i++) array[i] = 2 * rng() - 1;

  test('what was stored goes on to the same bits', () => {
    const sac = build(1);
    const noise = createRng(4, 'noise');
    for (let i = 0; i < 10; i++) sac.update(transitions, noise);
    const folder = `${temporaryFolder()}/sac`;
    const { numbers, arrays } = sac.state();
    saveCheckpoint(folder, { kind: 'sac', state: numbers, arrays });
    const stored = loadCheckpoint(folder, 'sac');
    const again = build(2);
    again.restore(stored, stored.state as typeof numbers);
    const given = { now: new Float32Array(32).fill(0.3), next: new Float32Array(32).fill(-0.2) };
    for (let i = 0; i < 3; i++)
      expect(again.update(transitions, given)).toEqual(sac.update(transitions, given));
    expect(again.state()).toEqual(sac.state());
  });

  test('with the uniform prior an update is one in nats that is paid γ α d log 2 less for going on', () => {
    const options = { hidden: [8, 8], batch: 16, valueNetwork: false, temperature: 0.3 };
    const updated = (prior: 'nats' | 'uniform', less: number) => {
      const engine = kernelEngine('kernels', 16);
      const sac = new SoftActorCritic(
        engine,
        sizes,
        { ...options, prior },
        createRng(1, 'networks'),
      );
      const reward = transitions.reward.map((r, i) => r - less * (1 - (i % 3 === 0 ? 1 : 0)));
      const terminated = reward.map((_, i) => (i % 3 === 0 ? 1 : 0));
      const losses = sac.update({ ...transitions, reward, terminated }, createRng(7, 'noise'));
      return { losses, state: sac.state() };
    };
    const uniform = updated('uniform', 0);
    const nats = updated('nats', 0.99 * 0.3 * 2 * Math.LN2);
    expect(uniform.losses.critics[0]).toBeCloseTo(nats.losses.critics[0], 5);
    expect(uniform.losses.actor).toBeCloseTo(nats.losses.actor + 0.3 * 2 * Math.LN2, 5);
    expect(uniform.losses.entropy).toBe(nats.losses.entropy);
    for (const [name, array] of Object.entries(uniform.state.arrays))
      for (const [i, x] of array.entries()) expect(x).toBeCloseTo(nats.state.arrays[name][i], 5);
    const paidAlike = updated('nats', 0);
    expect(paidAlike.losses.critics[0]).not.toBeCloseTo(uniform.losses.critics[0], 3);
  });

  test('the value network counts entropy from the uniform prior too', () => {
    const temperature = 50;
    const valueLoss = (prior: 'nats' | 'uniform') => {
      const engine = kernelEngine('kernels', 16);
      const options = { hidden: [8], batch: 16, temperature, prior };
      const sac = new SoftActorCritic(engine, sizes, options, createRng(1, 'networks'));
      return sac.update(transitions, createRng(7, 'noise'));
    };
    // ½ E[(x + c)²] − ½ E[x²] = c E[x] + ½ c², x = V − min Q + α log π and E[x] ≈ −α H
    const [nats, uniform] = [valueLoss('nats'), valueLoss('uniform')];
    const c = temperature * 2 * Math.LN2;
    const wanted = -c * temperature * nats.entropy + 0.5 * c * c;
    // V and Q of fresh networks are below 1 beside α H of tens
    expect(Math.abs((uniform.value ?? 0) - (nats.value ?? 0) - wanted)).toBeLessThan(2 * c);
    expect(Math.abs(wanted)).toBeGreaterThan(3 * c);
  });

  test('half the rate is half the first step', () => {
    const step = (rate: number): Float32Array => {
      const sac = build(1);
      const before = sac.state().arrays.actor;
      sac.update(transitions, createRng(7, 'noise'), rate);
      return sac.state().arrays.actor.map((x, i) => x - before[i]);
    };
    const [whole, half] = [step(1), step(0.5)];
    for (const [i, x] of whole.entries()) expect(half[i]).toBeCloseTo(x / 2, 6);
  });

  test('where a loss is not finite nothing is changed', () => {
    const sac = build(1);
    const before = sac.state();
    const reward = transitions.reward.map(() => Number.NaN);
    const { critics } = sac.update({ ...transitions, reward }, createRng(7, 'noise'));
    expect(critics[0]).toBeNaN();
    expect(sac.state()).toEqual(before);
  });

  test('batches of another size and a tuned temperature beside a value network are refused', () => {
    expect(() => build(1).update(transitionBatch(4, sizes), rng)).toThrow(
      'Cannot update: wanted a batch of 16, got 4',
    );
    expect(
      () => new SoftActorCritic(kernelEngine('plain'), sizes, { temperature: 'tuned' }, rng),
    ).toThrow(/Cannot tune the temperature with a value network/);
  });
});

describe('tanhGaussian', () => {
  const Row = z.object({
    mu: z.number(),
    logStd: z.number(),
    eps: z.number(),
    a: z.number(),
    logProbStable: z.number(),
    dLogProb_dMu: z.number(),
    dLogProb_dLogStd: z.number(),
  });
  const { tanhGaussian } = z
    .object({ tanhGaussian: z.object({ rows: z.array(Row) }) })
    .parse(readReference('pg_td_fqi_tanh_svgd'));

  test.each(tanhGaussian.rows)(
    'density and its gradient at μ $mu, log σ $logStd, ε $eps',
    (row) => {
      const outputs = Float32Array.of(row.mu, row.logStd);
      const sample = tanhGaussianSample(1, 1);
      sample.noise[0] = row.eps;
      sampleTanhGaussian(outputs, 1, sample);
      expect(sample.action[0]).toBeCloseTo(row.a, 6);
      // Single precision of μ + σ ε.
      expect(Math.abs(sample.logDensity[0] - row.logProbStable)).toBeLessThan(
        2e-6 * Math.max(1, Math.abs(row.logProbStable)),
      );
      const out = new Float32Array(2);
      pullBackTanhGaussian(outputs, 1, sample, new Float32Array(1), 1, out);
      expect(out[0]).toBeCloseTo(row.dLogProb_dMu, 5);
      if (row.logStd > -20 && row.logStd < 2) expect(out[1]).toBeCloseTo(row.dLogProb_dLogStd, 5);
    },
  );
});
