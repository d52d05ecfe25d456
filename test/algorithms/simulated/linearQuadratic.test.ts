/**
 * Plans and fits in a box against the closed form of linear-quadratic control with entropy:
 *
 *   x′ = x + b a,  r = −q x² − c a²,  V(x) = −p x² + const
 *   p = q + γ p − (γ p b)² / (c + γ p b²)
 *   π(a | x) = N(−γ p b x / (c + γ p b²), τ / (2 (c + γ p b²)))
 *
 * With these numbers actions stay well inside the box, so that squashing hardly matters.
 */

import { expect, test } from 'vitest';
import { fitSimulated } from '../../../src/algorithms/simulated/fitSimulated.ts';
import { planSimulated } from '../../../src/algorithms/simulated/planSimulated.ts';
import { recordEpisodes } from '../../../src/algorithms/simulated/recordEpisodes.ts';
import { createSoftActorCriticAgent } from '../../../src/algorithms/simulated/softActorCriticAgent.ts';
import { clamp } from '../../../src/environments/episode.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng, type Rng } from '../../../src/numeric/rng.ts';
import { standardNormal } from '../../../src/numeric/standardNormal.ts';
import type { Checkpoint } from '../../../src/optimizers/minimizer.ts';
import { Slider } from '../../support/slider.ts';

const [B, Q, C, DISCOUNT, TEMPERATURE] = [0.3, 0.5, 1, 0.8, 0.1];
const { slope, spread } = closedForm();
const features = stepFeatures({ 'x²': (seen) => seen[0] ** 2, 'a²': (_seen, a) => a[0] ** 2 });
const createSimulator = () => new Slider(20);

function closedForm() {
  let p = Q;
  for (let i = 0; i < 1000; i++)
    p = Q + DISCOUNT * p - (DISCOUNT * p * B) ** 2 / (C + DISCOUNT * p * B * B);
  const stiff = C + DISCOUNT * p * B * B;
  return { slope: (-DISCOUNT * p * B) / stiff, spread: Math.sqrt(TEMPERATURE / (2 * stiff)) };
}

function agentOf(seed: number) {
  return createSoftActorCriticAgent(
    kernelEngine('kernels', 32),
    { observationSize: 1, actionSize: 1 },
    { discount: DISCOUNT, temperature: TEMPERATURE, hidden: [32, 32], batch: 64, rate: 1e-3 },
    seed,
  );
}

const exact = {
  actionSize: 1,
  act(seen: Float64Array, rows: number, rng: Rng | null, out: Float64Array) {
    for (let i = 0; i < rows; i++)
      out[i] = clamp(slope * seen[i] + (rng ? spread * standardNormal(rng) : 0), -1, 1);
  },
};

function demonstrations(count: number) {
  const play = { count, starts: createRng(1, 'starts'), draws: createRng(1, 'draws') };
  return recordEpisodes(exact, createSimulator(), play);
}

test('planning anew comes to the mean and the spread of the closed form', () => {
  const agent = agentOf(1);
  const options = { rounds: 25, updates: 200, episodes: 10, seed: 1 };
  for (const _ of planSimulated({ createSimulator, features, theta: [-Q, -C] }, agent, options));
  const rows = 4000;
  const drawn = new Float64Array(rows);
  for (const x of [-0.6, 0, 0.6]) {
    agent.act(new Float64Array(rows).fill(x), rows, createRng(2, 'act'), drawn);
    const mean = drawn.reduce((sum, a) => sum + a, 0) / rows;
    const width = Math.sqrt(drawn.reduce((sum, a) => sum + (a - mean) ** 2, 0) / rows);
    expect(Math.abs(mean - slope * x)).toBeLessThan(0.04);
    expect(Math.abs(width - spread) / spread).toBeLessThan(0.1);
  }
}, 20_000);

test('a fit finds the reward that the closed form was derived from', () => {
  const problem = {
    createSimulator,
    demonstrations: demonstrations(200),
    features,
    discount: DISCOUNT,
    temperature: TEMPERATURE,
    stateOf: (seen: ArrayLike<number>) => seen,
  };
  const fit = fitSimulated(problem, agentOf(3), {
    rounds: 30,
    updates: 100,
    episodes: 50,
    gain: 2,
    polish: 3,
    compared: 1500,
    corrections: 8,
    precision: 0.02,
    seed: 3,
  });
  let next = fit.next();
  while (!next.done) next = fit.next();
  const { stop, parameters } = next.value;
  expect(stop).toBe('matched-within-error');
  expect(Math.abs(parameters[0].estimate + Q) / Q).toBeLessThan(0.2);
  expect(Math.abs(parameters[1].estimate + C) / C).toBeLessThan(0.2);
}, 30_000);

test('stopped after any round, corrections included, it goes on to the same bits', () => {
  const problem = {
    createSimulator,
    demonstrations: demonstrations(4),
    features,
    discount: DISCOUNT,
    temperature: TEMPERATURE,
    stateOf: (seen: ArrayLike<number>) => seen,
  };
  const run = (resume?: Checkpoint) => {
    const agent = agentOf(5);
    const stored: Checkpoint[] = [];
    const options = {
      rounds: 4,
      updates: 10,
      episodes: 4,
      polish: 2,
      compared: 8,
      corrections: 3,
      precision: 1e-6,
      seed: 5,
    };
    const steps = fitSimulated(problem, agent, { ...options, ...(resume ? { resume } : {}) });
    for (;;) {
      const next = steps.next();
      if (next.done) return { stored, fit: next.value, agent: agent.state() };
      stored.push(JSON.parse(JSON.stringify(next.value.checkpoint)));
    }
  };
  const whole = run();
  expect(whole.fit.rounds).toBe(7);
  const rng = createRng(7, 'kill');
  for (const at of [Math.floor(3 * rng()), 3 + Math.floor(3 * rng())]) {
    const rest = run(whole.stored[at]);
    expect(rest.fit).toEqual(whole.fit);
    expect(rest.agent).toEqual(whole.agent);
  }
});
