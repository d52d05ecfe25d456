import { expect, test } from 'vitest';
import { fitSimulated } from '../../../src/algorithms/simulated/fitSimulated.ts';
import {
  type NetworkStepRewardOptions,
  networkStepReward,
} from '../../../src/algorithms/simulated/networkStepReward.ts';
import type { SimulatedFit } from '../../../src/algorithms/simulated/simulatedFit.ts';
import { createSoftQAgent } from '../../../src/algorithms/simulated/softQAgent.ts';
import type { StepRows } from '../../../src/algorithms/simulated/stepRows.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import type { Checkpoint } from '../../../src/optimizers/minimizer.ts';
import { CELLS, ledgeProblem } from '../../support/ledge.ts';

/** More of them than are evaluated at once. */
const COUNT = 300;
const rng = createRng(0, 'rows');
const rows: StepRows = {
  count: COUNT,
  observation: Float64Array.from({ length: 2 * COUNT }, () => 4 * rng() - 2),
  action: Float64Array.from({ length: COUNT }, () => Math.floor(3 * rng())),
  next: new Float64Array(2 * COUNT),
  features: new Float64Array(0),
};
const weight = Float64Array.from({ length: COUNT }, () => 2 * rng() - 1);

test.each([
  { scale: [2, 0.5], hidden: [5] },
  { scale: [2, 0.5], hidden: [4, 3], actions: 3 },
  { scale: [1, 1], hidden: [4], actions: 'coordinates' },
] as NetworkStepRewardOptions[])(
  'networkStepReward is pulled back as central differences: %o',
  (options) => {
    const reward = networkStepReward(kernelEngine(), options, 1);
    const value = (theta: Float64Array): number => {
      const paid = new Float64Array(COUNT);
      reward.evaluate(theta, rows, paid);
      return paid.reduce((sum, r, i) => sum + weight[i] * r, 0);
    };
    const theta = reward.start.map((w) => 3 * w);
    const gradient = new Float64Array(theta.length).fill(1);
    reward.pullBack(theta, rows, weight, gradient);
    for (let k = 0; k < theta.length; k++) {
      const [up, down] = [theta.slice(), theta.slice()];
      up[k] += 1e-2;
      down[k] -= 1e-2;
      // single precision: sums of 300 rewards are known to about 1e-5
      const slope = (value(up) - value(down)) / 2e-2;
      expect(Math.abs(gradient[k] - 1 - slope)).toBeLessThan(5e-3 * (1 + Math.abs(slope)));
    }
  },
);

test('networkStepReward sees an action only where asked to', () => {
  const paid = (actions: NetworkStepRewardOptions['actions']): number[] => {
    const reward = networkStepReward(kernelEngine(), { scale: [1, 1], actions }, 2);
    const both = { ...rows, observation: new Float64Array(2 * COUNT), count: 2 };
    const out = new Float64Array(2);
    reward.evaluate(reward.start, { ...both, action: Float64Array.of(0, 1) }, out);
    return [...out];
  };
  const [unseen, seen] = [paid('unseen'), paid(3)];
  expect(unseen[0]).toBe(unseen[1]);
  expect(seen[0]).not.toBe(seen[1]);
});

const problem = ledgeProblem([0.3, 0.6], 100);
const agentFor = (seed: number) =>
  createSoftQAgent(
    kernelEngine(),
    { observationSize: CELLS, actionCount: 2 },
    { hidden: [16], batch: 64, discount: 0.8, temperature: 1, rate: 3e-3, smoothing: 0.05 },
    seed,
  );
const rewardFor = (seed: number) =>
  networkStepReward(kernelEngine(), { scale: new Array(CELLS).fill(1), hidden: [8] }, seed);

function fitWith(
  seed: number,
  options: object,
  keep?: (checkpoint: Checkpoint) => void,
): SimulatedFit {
  const given = { seed: 1, reward: rewardFor(seed), ...options };
  const steps = fitSimulated(problem, agentFor(seed), given);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    keep?.(JSON.parse(JSON.stringify(next.value.checkpoint)));
  }
}

test('fitSimulated with a network matches features that it never saw as such', () => {
  const options = { rounds: 60, updates: 60, episodes: 40, compared: 400, gain: 0.3 };
  const fit = fitWith(1, options);
  expect(fit.parameters).toEqual([]);
  expect(fit.theta).toHaveLength(8 * CELLS + 8 + 8 + 1);
  for (const { name, gap, monteCarloError, reason } of fit.gaps) {
    expect(['alive', 'last']).toContain(name);
    expect(Math.abs(gap)).toBeLessThan(0.03);
    expect(monteCarloError).toBeNull();
    expect(reason).toMatch(/network/);
  }
  // choosing at random is −log 2
  expect(fit.logLikelihood).toBeGreaterThan(-0.65);
});

test('fitSimulated with a network gives the same bits when killed and resumed', () => {
  const short = { rounds: 5, updates: 10, episodes: 4, polish: 2, compared: 8 };
  const kept: Checkpoint[] = [];
  const fit = fitWith(1, short, (checkpoint) => kept.push(checkpoint));
  expect(fitWith(9, { ...short, resume: kept[2] })).toEqual(fit);
  expect(() => fitWith(1, { corrections: 1 })).toThrow(/wanted 0 corrections, got 1/);
  expect(() => fitWith(1, { fix: { alive: 0 } })).toThrow(/the reward is a network/);
});
