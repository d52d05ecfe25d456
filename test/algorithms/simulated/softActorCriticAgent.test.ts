import { describe, expect, test } from 'vitest';
import { createSoftActorCriticAgent } from '../../../src/algorithms/simulated/softActorCriticAgent.ts';
import {
  type TransitionBatch,
  transitionBatch,
} from '../../../src/learning/neural/transitionBuffer.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const TEMPERATURE = 0.5;

/** One state, actions in (−1, 1), and what an action is paid; nothing comes after. */
function banditBatch(rows: number, pay: (action: number) => number): TransitionBatch {
  const batch = transitionBatch(rows, { observationSize: 1, actionSize: 1 });
  const rng = createRng(5, 'bandit');
  for (let i = 0; i < rows; i++) {
    batch.observation[i] = batch.nextObservation[i] = 1;
    batch.action[i] = 2 * rng() - 1;
    batch.reward[i] = pay(batch.action[i]);
    batch.terminated[i] = 1;
  }
  return batch;
}

function agentOf(seed: number, options = {}, observationSize = 1) {
  return createSoftActorCriticAgent(
    kernelEngine('kernels', 32),
    { observationSize, actionSize: 1 },
    { discount: 0.9, temperature: TEMPERATURE, hidden: [32, 32], batch: 64, ...options },
    seed,
  );
}

describe('createSoftActorCriticAgent', () => {
  test('with nothing paid it stays near choosing at random, and endless life is worth nothing', () => {
    const agent = agentOf(1);
    const batch = banditBatch(64, () => 0);
    batch.terminated.fill(0);
    const noise = createRng(2, 'noise');
    let row = agent.update(batch, noise, 1);
    for (let i = 0; i < 3000; i++) row = agent.update(batch, noise, 1 - i / 3001);
    // log 2 less what a squashed Gaussian lacks of the uniform; in nats V would be 9 × .35
    expect(row.entropy).toBeGreaterThan(Math.LN2 - 0.05);
    expect(row.firstCritic).toBeLessThan(0.01);
  });

  test('draws are distributed as exp(Q / τ) where that is nearly a Gaussian', () => {
    // −a² / (2 · .01) · τ: a normal of spread .1, far from the edges
    const agent = agentOf(3);
    const batch = banditBatch(64, (a) => (-TEMPERATURE * (a - 0.2) ** 2) / 0.02);
    const fresh = createRng(9, 'fresh');
    const noise = createRng(4, 'noise');
    for (let i = 0; i < 4000; i++) {
      for (let k = 0; k < 64; k++) {
        // where the policy goes, and around
        batch.action[k] = k % 2 ? 2 * fresh() - 1 : 0.2 + 0.6 * (fresh() - 0.5);
        batch.reward[k] = (-TEMPERATURE * (batch.action[k] - 0.2) ** 2) / 0.02;
      }
      agent.update(batch, noise, 1 - (0.95 * i) / 4000);
    }
    const rows = 4000;
    const drawn = new Float64Array(rows);
    agent.act(new Float64Array(rows).fill(1), rows, createRng(6, 'act'), drawn);
    const mean = drawn.reduce((sum, a) => sum + a, 0) / rows;
    const spread = Math.sqrt(drawn.reduce((sum, a) => sum + (a - mean) ** 2, 0) / rows);
    expect(Math.abs(mean - 0.2)).toBeLessThan(0.03);
    expect(Math.abs(spread - 0.1)).toBeLessThan(0.02);
  }, 20_000);

  test('densities integrate to one and are those of what is drawn', () => {
    const agent = agentOf(7);
    const cells = 2000;
    const grid = Float64Array.from({ length: cells }, (_, i) => -1 + (2 * (i + 0.5)) / cells);
    const log = new Float64Array(cells);
    agent.logLikelihood(new Float64Array(cells).fill(0.5), grid, cells, log);
    const mass = log.map((x) => (2 / cells) * Math.exp(x));
    expect(mass.reduce((sum, m) => sum + m, 0)).toBeCloseTo(1, 2);
    const drawn = new Float64Array(20_000);
    agent.act(new Float64Array(20_000).fill(0.5), 20_000, createRng(1, 'act'), drawn);
    const below = drawn.filter((a) => a < 0.3).length / drawn.length;
    const wanted = mass.reduce((sum, m, i) => sum + (grid[i] < 0.3 ? m : 0), 0);
    // four standard errors of a share
    expect(Math.abs(below - wanted)).toBeLessThan(4 * Math.sqrt(0.25 / drawn.length));
  });

  test('many worlds at once act as each alone', () => {
    const agent = agentOf(8, {}, 2);
    const seen = Float64Array.of(1, 0.5, -3, 0, 0.5, -1);
    const all = new Float64Array(3);
    agent.act(seen, 3, createRng(0, 'act'), all);
    const rng = createRng(0, 'act');
    const one = new Float64Array(1);
    for (let i = 0; i < 3; i++) {
      agent.act(seen.slice(2 * i, 2 * i + 2), 1, rng, one);
      expect(one[0]).toBeCloseTo(all[i], 6);
    }
    expect(() => agent.act(Float64Array.of(1), 1, null, one)).toThrow(
      'Cannot act: wanted 1 observations of 2 numbers, got 1 numbers',
    );
  });

  test('a reward that is not finite is refused, and nothing is changed', () => {
    const agent = agentOf(2);
    const before = agent.state();
    expect(() =>
      agent.update(
        banditBatch(64, () => Number.NaN),
        createRng(0, 'noise'),
        1,
      ),
    ).toThrow(/the loss of the critics and the actor is NaN; the networks were left as they are/);
    expect(agent.state()).toEqual(before);
  });

  test('stored and restored it goes on to the same bits', () => {
    const batch = banditBatch(64, (a) => -a * a);
    const agent = agentOf(11);
    const noise = createRng(1, 'noise');
    for (let i = 0; i < 7; i++) agent.update(batch, noise, 0.5);
    const again = agentOf(12);
    const { numbers, arrays } = agent.state();
    const stored = { kind: 'test', state: null, arrays: { ...arrays } };
    again.restore(stored, JSON.parse(JSON.stringify(numbers)));
    const [left, right] = [createRng(2, 'noise'), createRng(2, 'noise')];
    for (let i = 0; i < 3; i++)
      expect(again.update(batch, left, 0.3)).toEqual(agent.update(batch, right, 0.3));
    expect(again.state()).toEqual(agent.state());
    expect(() => agentOf(0, { hidden: [8] }).restore(stored, numbers)).toThrow(/Cannot/);
  });
});
