import { expect, test } from 'vitest';
import {
  comparedEpisodes,
  discountedPull,
} from '../../../src/algorithms/simulated/comparedEpisodes.ts';
import { linearStepReward } from '../../../src/algorithms/simulated/stepReward.ts';
import { GrowingEpisode } from '../../../src/algorithms/simulated/stepRows.ts';
import { stepFeatures } from '../../../src/features/stepFeatures.ts';
import { createRng } from '../../../src/numeric/rng.ts';

const features = stepFeatures({ here: (o) => o[0], there: (_o, _a, next) => next[0] });
const reward = linearStepReward(features);
const nothing = new Float64Array(2);

/** Sees 1, 2, 3, …; long enough for its room to grow. */
function counting(steps: number): GrowingEpisode {
  const episode = new GrowingEpisode({ observationSize: 1, actionSize: 1, featureCount: 2 }, 2);
  for (let t = 0; t < steps; t++) {
    const i = episode.push();
    episode.rows.observation[i] = t + 1;
    episode.rows.next[i] = t + 2;
    features.write([t + 1], [0], [t + 2], episode.rows.features, 2 * i);
  }
  return episode;
}

test('discountedPull of a linear reward is Σ γᵗ φ', () => {
  const sum = discountedPull(counting(5), reward, nothing, 0.5);
  expect([...sum]).toEqual([1 + 1 + 0.75 + 0.5 + 5 / 16, 2 + 1.5 + 1 + 5 / 8 + 6 / 16]);
  expect([...discountedPull(counting(5), reward, nothing, 0.5, 2)]).toEqual([2, 3.5]);
});

test('linearStepReward is pulled back as central differences are', () => {
  const { rows } = counting(4);
  const weight = Float64Array.of(0.3, -1, 2, 0.5);
  const theta = Float64Array.of(0.7, -0.2);
  const value = (at: Float64Array): number => {
    const paid = new Float64Array(4);
    reward.evaluate(at, rows, paid);
    return paid.reduce((sum, r, i) => sum + weight[i] * r, 0);
  };
  const gradient = new Float64Array(2);
  reward.pullBack(theta, rows, weight, gradient);
  for (let k = 0; k < 2; k++) {
    const [up, down] = [theta.slice(), theta.slice()];
    up[k] += 1e-4;
    down[k] -= 1e-4;
    expect(gradient[k]).toBeCloseTo((value(up) - value(down)) / 2e-4, 8);
  }
});

test('comparedEpisodes: where episodes begin is no error, what they come to is', () => {
  const rng = createRng(0, 'sums');
  const starts = [0, 100, 250];
  const demonstrated = starts.map((s) => Float64Array.of(s + 0.5));
  const rounds = 4000;
  const of = Array.from({ length: 3 * rounds }, (_, i) => i % 3);
  const rolled = of.map((e) => Float64Array.of(starts[e] + 2 * rng() - 1));
  const setting = { discount: 0.75, temperature: 2 };
  const { gradient, replicates, information } = comparedEpisodes(demonstrated, rolled, of, setting);
  const scale = 0.25 / 2;
  expect(replicates).toHaveLength(rounds);
  const spread = replicates.reduce((sum, [g]) => sum + (g - gradient[0]) ** 2, 0) / (rounds - 1);
  // uniform on ±1: variance 1/3, of a mean of three 1/9
  expect(spread / scale ** 2).toBeCloseTo(1 / 9, 2);
  expect(gradient[0] / scale).toBeCloseTo(0.5, 1);
  expect(information?.[0]).toBeCloseTo((1 - 0.75 ** 2) / 4 / 3, 3);
});

test('comparedEpisodes of fewer rollouts than demonstrations compares each with its own', () => {
  const demonstrated = [0, 100, 250].map((s) => Float64Array.of(s));
  const rolled = [Float64Array.of(101), Float64Array.of(252)];
  const setting = { discount: 0.5, temperature: 1 };
  const surplus = comparedEpisodes(demonstrated, rolled, [1, 2], setting);
  expect(surplus.replicates.map(([g]) => g)).toEqual([-0.5, -1]);
  expect([...surplus.gradient]).toEqual([-0.75]);
  expect(surplus.information).toBeNull();
});

test('comparedEpisodes of two passes over many starts knows its error as well as many passes do', () => {
  const rng = createRng(3, 'sums');
  const starts = Array.from({ length: 200 }, (_, e) => 10 * e);
  const demonstrated = starts.map((s) => Float64Array.of(s));
  const of = Array.from({ length: 400 }, (_, i) => i % 200);
  const setting = { discount: 0.5, temperature: 1 };
  const gaps: number[] = [];
  for (let draw = 0; draw < 200; draw++) {
    const rolled = of.map((e) => Float64Array.of(starts[e] + 2 * rng() - 1));
    const { gradient, replicates } = comparedEpisodes(demonstrated, rolled, of, setting);
    const { length } = replicates;
    const mean = replicates.reduce((sum, [g]) => sum + g / length, 0);
    expect(mean).toBeCloseTo(gradient[0], 10);
    const squares = replicates.reduce((sum, [g]) => sum + (g - gradient[0]) ** 2, 0);
    const error = Math.sqrt(squares / (length * (length - 1)));
    // uniform on ±1, scaled by ½, and the mean of 400; its own error is 3 % where 200 differences tell it
    expect(Math.abs(error / Math.sqrt(1 / 12 / 400) - 1)).toBeLessThan(0.2);
    gaps.push(gradient[0]);
  }
  const variance = gaps.reduce((sum, g) => sum + g * g, 0) / gaps.length;
  // of 200 draws: known to a tenth
  expect(variance / (1 / 12 / 400)).toBeGreaterThan(0.7);
  expect(variance / (1 / 12 / 400)).toBeLessThan(1.3);
});
