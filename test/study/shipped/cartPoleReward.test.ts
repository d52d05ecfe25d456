/** The shipped study in a simulator, with few rounds. */

import { expect, test } from 'vitest';
import study from '../../../datasets/expert_play/cart-pole-reward.study.ts';
import { simulatedCellsOf } from '../../../src/evaluation/simulated/simulatedResult.ts';
import { runSimulated } from '../../../src/study/simulated/runSimulated.ts';

test('cart-pole-reward finds what the price of a fall is, and clones balance', async () => {
  const fit = { rounds: 8, updates: 100, polish: 2, compared: 20 };
  const short = { ...study, fit, evaluation: { episodes: 20, every: 7 } };
  const { result } = await runSimulated(short, 1);
  const [{ data, methods, baselines }] = simulatedCellsOf(result);
  expect(data).toMatchObject({
    trajectories: 1,
    decisions: 458,
    heldOut: { trajectories: 56, decisions: 26_506 },
    files: [{ name: 'cartpole.npz', rows: 26_964 }],
  });
  expect(baselines.demonstrated?.value).toBe(458);
  // a hundred random plays last 22 steps on average (Gymnasium's CartPole-v1)
  expect(baselines.random?.value).toBeLessThan(35);
  const {
    'causal-entropy-simulator': fitted,
    'inverse-soft-bellman': values,
    'behavior-cloning-network': clone,
  } = methods;
  const estimates = Object.fromEntries(
    fitted.parameters.map(({ name, estimate }) => [name, estimate ?? Number.NaN]),
  );
  expect(estimates.alive).toBeGreaterThan(0.5);
  expect(estimates['θ²']).toBeLessThan(0);
  expect(fitted.rounds?.[0].returns?.sampled).toBeLessThan(100);
  expect(fitted.returns?.sampled.value).toBeGreaterThan(200);
  for (const { returns, heldOut } of [values, clone]) {
    expect(returns?.greedy.value).toBeGreaterThan(400);
    // better than a coin
    expect(heldOut?.logLikelihood).toBeGreaterThan(-26_506 * Math.LN2);
  }
});
