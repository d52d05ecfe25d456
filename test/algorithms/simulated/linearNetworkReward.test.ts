import { expect, test } from 'vitest';
import {
  fitSimulated,
  type SimulatedFitOptions,
} from '../../../src/algorithms/simulated/fitSimulated.ts';
import { linearNetworkReward } from '../../../src/algorithms/simulated/linearNetworkReward.ts';
import { networkStepReward } from '../../../src/algorithms/simulated/networkStepReward.ts';
import type { SimulatedFit } from '../../../src/algorithms/simulated/simulatedFit.ts';
import { createSoftQAgent } from '../../../src/algorithms/simulated/softQAgent.ts';
import { linearStepReward } from '../../../src/algorithms/simulated/stepReward.ts';
import type { StepRows } from '../../../src/algorithms/simulated/stepRows.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import { kernelEngine } from '../../../src/networks/kernelEngine.ts';
import { createRng } from '../../../src/numeric/rng.ts';
import type { Checkpoint } from '../../../src/optimizers/minimizer.ts';
import { CELLS, ledgeFeatures, ledgeOdds, ledgeProblem } from '../../support/ledge.ts';

/** More of them than are evaluated at once. */
const COUNT = 300;
const rng = createRng(0, 'rows');
const rows: StepRows = {
  count: COUNT,
  observation: Float64Array.from({ length: 2 * COUNT }, () => 4 * rng() - 2),
  action: Float64Array.from({ length: COUNT }, () => Math.floor(3 * rng())),
  next: new Float64Array(2 * COUNT),
  features: Float64Array.from({ length: 2 * COUNT }, () => rng()),
};
const weight = Float64Array.from({ length: COUNT }, () => 2 * rng() - 1);
const two = stepFeatures({ one: () => 1, other: (seen) => seen[0] });
const networkOf = (seed: number) =>
  networkStepReward(kernelEngine(), { scale: [2, 0.5], hidden: [4], actions: 3 }, seed);

test('linearNetworkReward is what its parts are together', () => {
  const network = networkOf(1);
  const both = linearNetworkReward(two, network);
  expect(both.names.slice(0, 3)).toEqual(['one', 'other', 'weight 1']);
  expect([...both.start.subarray(0, 2)]).toEqual([0, 0]);
  const theta = both.start.slice();
  theta.set([0.7, -1.3]);
  const [paid, alone, known] = [0, 1, 2].map(() => new Float64Array(COUNT));
  both.evaluate(theta, rows, paid);
  network.evaluate(network.start, rows, alone);
  linearStepReward(two).evaluate(Float64Array.of(0.7, -1.3), rows, known);
  paid.forEach((r, i) => {
    expect(r).toBeCloseTo(alone[i] + known[i], 12);
  });
});

test('linearNetworkReward is pulled back as central differences', () => {
  const reward = linearNetworkReward(two, networkOf(1));
  const value = (theta: Float64Array): number => {
    const paid = new Float64Array(COUNT);
    reward.evaluate(theta, rows, paid);
    return paid.reduce((sum, r, i) => sum + weight[i] * r, 0);
  };
  const theta = reward.start.map((w, k) => (k < 2 ? 0.5 : 3 * w));
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
});

test('linearNetworkReward refuses parts that cannot be told apart', () => {
  const both = linearNetworkReward(two, networkOf(1));
  expect(() => linearNetworkReward(two, both)).toThrow(/it has one already/);
  const same = stepFeatures({ 'weight 1': () => 1 });
  expect(() => linearNetworkReward(same, networkOf(1))).toThrow(/"weight 1" is a number of/);
});

const THETA = [0.3, 0.6];
const DISCOUNT = 0.8;
const problem = ledgeProblem(THETA, 100);
const agentFor = (seed: number) =>
  createSoftQAgent(
    kernelEngine(),
    { observationSize: CELLS, actionCount: 2 },
    { hidden: [16], batch: 64, discount: DISCOUNT, temperature: 1, rate: 3e-3, smoothing: 0.05 },
    seed,
  );
const rewardFor = (seed: number, l2 = 1) =>
  linearNetworkReward(
    ledgeFeatures,
    networkStepReward(kernelEngine(), { scale: new Array(CELLS).fill(1), hidden: [8] }, seed),
    { l2 },
  );

function fitWith(
  seed: number,
  options: SimulatedFitOptions,
  keep?: (checkpoint: Checkpoint) => void,
): { fit: SimulatedFit; odds: number[] } {
  const agent = agentFor(seed);
  const steps = fitSimulated(problem, agent, { seed: 1, reward: rewardFor(seed), ...options });
  for (;;) {
    const next = steps.next();
    if (!next.done) {
      keep?.(JSON.parse(JSON.stringify(next.value.checkpoint)));
      continue;
    }
    const seen = new Float64Array(2 * CELLS * CELLS);
    for (let i = 0; i < 2 * CELLS; i++) seen[i * CELLS + (i % CELLS)] = 1;
    const action = Float64Array.from({ length: 2 * CELLS }, (_, i) => (i < CELLS ? 0 : 1));
    const logs = new Float64Array(2 * CELLS);
    agent.logLikelihood(seen, action, 2 * CELLS, logs);
    const odds = Array.from({ length: CELLS }, (_, i) => logs[CELLS + i] - logs[i]);
    return { fit: next.value, odds };
  }
}

test('fitSimulated closes the gaps of a linear part beside a network, and tells what it pays', () => {
  const options = { rounds: 60, updates: 60, episodes: 40, compared: 400, gain: 0.3 };
  const { fit, odds } = fitWith(1, options);
  for (const { gap, monteCarloError, reason } of fit.gaps) {
    expect(Math.abs(gap)).toBeLessThan(0.03);
    expect(monteCarloError).toBeNull();
    expect(reason).toMatch(/network beside it/);
  }
  expect(fit.parameters.map(({ name }) => name)).toEqual(['alive', 'last']);
  fit.parameters.forEach(({ estimate, unsure }, k) => {
    expect(estimate).toBe(fit.theta[k]);
    expect(unsure).toMatch(/network beside it/);
  });
  expect(fit.theta).toHaveLength(2 + 8 * CELLS + 8 + 8 + 1);
  // decisions of 100 episodes know the odds of a cell to about 0.2
  ledgeOdds(THETA, DISCOUNT).forEach((wanted, i) => {
    expect(Math.abs(odds[i] - wanted)).toBeLessThan(0.5);
  });
});

test('fitSimulated leaves more to the linear part the more the network costs', () => {
  const options = { rounds: 20, updates: 30, episodes: 20, compared: 40, polish: 4, gain: 0.3 };
  const sizeWith = (l2: number): number => {
    const { theta } = fitWith(1, { ...options, reward: rewardFor(1, l2) }).fit;
    return Math.hypot(...theta.slice(2));
  };
  expect(sizeWith(50)).toBeLessThan(0.5 * sizeWith(0));
});

test('fitSimulated holds, and goes on with, a linear part beside a network', () => {
  const short = { rounds: 5, updates: 10, episodes: 4, polish: 2, compared: 8 };
  const kept: Checkpoint[] = [];
  const given = { ...short, fix: { alive: 0.3 }, bounds: { last: [-1, 0.05] } } as const;
  const { fit } = fitWith(1, given, (checkpoint) => kept.push(checkpoint));
  const [alive, last] = fit.parameters;
  expect(alive).toEqual({ name: 'alive', estimate: 0.3, held: 'fixed' });
  expect(last.estimate).toBeLessThanOrEqual(0.05);
  expect(fit.gaps.map(({ name }) => name)).toEqual(['last']);
  expect(fitWith(9, { ...given, resume: kept[2] }).fit).toEqual(fit);
  expect(() => fitWith(1, { fix: { alyve: 0 } })).toThrow(/did you mean "alive"/);
  const other = linearNetworkReward(stepFeatures({ last: () => 1 }), networkOf(1));
  expect(() => fitWith(1, { reward: other })).toThrow(
    /the linear part beside the network has the features last, the problem alive, last/,
  );
});
