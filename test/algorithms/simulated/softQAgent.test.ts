import { expect, test } from 'vitest';
import { scaledAgent } from '../../../src/algorithms/simulated/scaledAgent.ts';
import { createSoftQAgent } from '../../../src/algorithms/simulated/softQAgent.ts';
import { transitionBatch } from '../../../src/learning/neural/transitionBuffer.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const REWARD = [1, 0, -0.5];
const TEMPERATURE = 0.7;
const SIZES = { observationSize: 1, actionCount: 3 };
const OPTIONS = {
  discount: 0.5,
  hidden: [16],
  batch: 48,
  temperature: TEMPERATURE,
  rate: 1e-2,
  smoothing: 0.1,
};

/** From seeing 1, an action pays REWARD and ends it; with `goingOn` the first two lead to seeing 2. */
function learned(offered: (o: ArrayLike<number>) => number, goingOn = false) {
  const agent = createSoftQAgent(kernelEngine(), SIZES, OPTIONS, 1, offered);
  const rng = createRng(1, 'noise');
  const batch = transitionBatch(48, { observationSize: 1, actionSize: 1 });
  for (let i = 0; i < 48; i++) {
    const second = goingOn && i % 2 === 1;
    const action = (i >> 1) % (second ? 2 : 3);
    batch.observation[i] = second ? 2 : 1;
    batch.action[i] = action;
    batch.reward[i] = REWARD[action];
    batch.nextObservation[i] = 2;
    batch.terminated[i] = goingOn && !second && action < 2 ? 0 : 1;
  }
  for (let step = 0; step < 1500; step++) agent.update(batch, rng, 1 - step / 1600);
  return agent;
}

test('createSoftQAgent learns π ∝ exp(r / τ) where episodes end at once, whatever its scale', () => {
  const agent = learned(() => 3);
  const logs = new Float64Array(3);
  agent.logLikelihood(Float64Array.of(1, 1, 1), Float64Array.of(0, 1, 2), 3, logs);
  const total = Math.log(REWARD.reduce((sum, r) => sum + Math.exp(r / TEMPERATURE), 0));
  REWARD.forEach((r, a) => {
    expect(logs[a]).toBeCloseTo(r / TEMPERATURE - total, 2);
  });
  const drawn = new Float64Array(3000);
  agent.act(new Float64Array(3000).fill(1), 3000, createRng(2, 'draws'), drawn);
  const share = drawn.filter((a) => a === 0).length / 3000;
  // four standard errors of 3,000 draws
  expect(Math.abs(share - Math.exp(logs[0]))).toBeLessThan(0.036);
  agent.act(Float64Array.of(1), 1, null, drawn);
  expect(drawn[0]).toBe(0);
});

test('createSoftQAgent counts entropy relative to the actions that are offered', () => {
  // on seeing 2 the third is not offered; it has never been tried and may be worth anything
  const agent = learned((o) => (o[0] === 2 ? 2 : 3), true);
  const logs = new Float64Array(2);
  agent.logLikelihood(Float64Array.of(2, 2), Float64Array.of(1, 2), 2, logs);
  const odds = Math.exp(REWARD[0] / TEMPERATURE) + 1;
  expect(logs[0]).toBeCloseTo(-Math.log(odds), 2);
  expect(logs[1]).toBe(Number.NEGATIVE_INFINITY);
  // V = τ log of the mean over the two, and so it is worth γ V to go there rather than to end
  const going = 0.5 * TEMPERATURE * Math.log(odds / 2);
  const first = [REWARD[0] + going, REWARD[1] + going, REWARD[2]].map((q) => q / TEMPERATURE);
  const total = Math.log(first.reduce((sum, q) => sum + Math.exp(q), 0));
  agent.logLikelihood(Float64Array.of(1, 1), Float64Array.of(0, 2), 2, logs);
  expect(logs[0]).toBeCloseTo(first[0] - total, 2);
  expect(logs[1]).toBeCloseTo(first[2] - total, 2);
  const actions = new Float64Array(200);
  agent.act(new Float64Array(200).fill(2), 200, createRng(3, 'draws'), actions);
  expect(Math.max(...actions)).toBe(1);
});

test('scaledAgent shows its agent observations in other units, acting and learning alike', () => {
  const plain = createSoftQAgent(kernelEngine(), SIZES, OPTIONS, 4);
  const scaled = scaledAgent(createSoftQAgent(kernelEngine(), SIZES, OPTIONS, 4), [4]);
  const batch = (unit: number) => {
    const one = transitionBatch(48, { observationSize: 1, actionSize: 1 });
    for (let i = 0; i < 48; i++) {
      one.observation[i] = (i % 5) * unit;
      one.nextObservation[i] = (i % 3) * unit;
      one.action[i] = i % 3;
      one.reward[i] = i % 2;
    }
    return one;
  };
  const rng = createRng(1, 'noise');
  for (let i = 0; i < 5; i++)
    expect(scaled.update(batch(4), rng, 1)).toEqual(plain.update(batch(1), rng, 1));
  const [one, other] = [new Float64Array(2), new Float64Array(2)];
  plain.logLikelihood(Float64Array.of(1, 0.5), Float64Array.of(0, 2), 2, one);
  scaled.logLikelihood(Float64Array.of(4, 2), Float64Array.of(0, 2), 2, other);
  expect(other).toEqual(one);
  expect(() => scaledAgent(plain, [0])).toThrow(/must be > 0, got 0 for number 1/);
});
