/** A network beside a linear reward: gradients, and what of it is linear. */

import { describe, expect, test } from 'vitest';
import { slipGrid } from '../../src/environments/gridworld.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import { kernelEngine } from '../../src/networks/kernelEngine.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { columnBasis } from '../../src/rewards/columnBasis.ts';
import { rewardAt } from '../../src/rewards/linearReward.ts';
import { networkReward } from '../../src/rewards/networkReward.ts';

const world = slipGrid({ size: 4, slip: 0.2 });
const { mdp } = world;

/** Three columns, the last of them the sum of the others. */
function features(per: FeatureMatrix['per']): FeatureMatrix {
  const rng = createRng(1, per);
  const rows = per === 'pair' ? mdp.pairCount : mdp.stateCount;
  const values = new Float64Array(3 * rows);
  for (let i = 0; i < rows; i++) {
    values[3 * i] = 10 * rng();
    values[3 * i + 1] = rng() - 3;
    values[3 * i + 2] = values[3 * i] + values[3 * i + 1];
  }
  return { names: ['a', 'b', 'both'], per, values };
}

function drawn(per: FeatureMatrix['per']) {
  const seen = features(per);
  const reward = networkReward(mdp, seen, kernelEngine('plain'), [5]);
  const rng = createRng(2, 'theta');
  const theta = Float64Array.from({ length: reward.size }, () => 2 * rng() - 1);
  return { seen, reward, theta, rng };
}

describe.each(['pair', 'state'] as const)('per %s', (per) => {
  test('the pull-back equals central differences', () => {
    const { reward, theta, rng } = drawn(per);
    const surplus = Float64Array.from({ length: mdp.pairCount }, () => 2 * rng() - 1);
    const gradient = new Float64Array(reward.size);
    reward.pullBack(theta, surplus, gradient);
    const out = new Float64Array(mdp.pairCount);
    const value = (): number => {
      reward.evaluate(theta, out);
      return out.reduce((sum, r, pair) => sum + r * surplus[pair], 0);
    };
    for (let k = 0; k < theta.length; k++) {
      const [kept, step] = [theta[k], 2 ** -7];
      theta[k] = kept + step;
      const high = value();
      theta[k] = kept - step;
      const slope = (high - value()) / (2 * step);
      theta[k] = kept;
      // single precision, and the third derivative
      expect(Math.abs(slope - gradient[k])).toBeLessThan(2e-3 * (1 + Math.abs(slope)));
    }
  });

  test('the network as it is drawn is 0, and afterwards apart from what is linear', () => {
    const { seen, reward, theta } = drawn(per);
    const linear = theta.slice(0, 3);
    const fresh = theta.slice();
    fresh.set(reward.draw(createRng(0, 'network')), 3);
    const out = new Float64Array(mdp.pairCount);
    reward.evaluate(fresh, out);
    const alone = rewardAt({ world, features: seen }, linear);
    out.forEach((r, pair) => {
      expect(r).toBeCloseTo(alone[pair], 12);
    });
    reward.evaluate(theta, out);
    const rest = out.map((r, pair) => r - alone[pair]);
    const size = Math.hypot(...rest);
    expect(size).toBeGreaterThan(0.1);
    // rows are what is apart: in a grid every state has as many pairs
    for (let k = 0; k < 3; k++) {
      let along = 0;
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          along += rest[pair] * seen.values[3 * (per === 'pair' ? pair : s) + k];
      expect(Math.abs(along)).toBeLessThan(1e-8 * size * 100);
    }
  });

  test('elsewhere it is the same function of the features', () => {
    const { seen, reward, theta } = drawn(per);
    const out = new Float64Array(mdp.pairCount);
    reward.evaluate(theta, out);
    const again = reward.elsewhere(theta, mdp, seen);
    out.forEach((r, pair) => {
      expect(again[pair]).toBeCloseTo(r, 6);
    });
    // half of the world has the rewards that its rows had in the whole
    const half = slipGrid({ size: 3, slip: 0.2 }).mdp;
    const rows = per === 'pair' ? half.pairCount : half.stateCount;
    const part = { ...seen, values: seen.values.slice(0, 3 * rows) };
    const there = reward.elsewhere(theta, half, part);
    for (let pair = 0; pair < half.pairCount; pair++) expect(there[pair]).toBeCloseTo(out[pair], 6);
  });
});

test('columnBasis gives the coefficients of least squares, 0 for a column that is not needed', () => {
  const { values } = features('state');
  const basis = columnBasis(values, mdp.stateCount, 3);
  expect(basis.rank).toBe(2);
  const x = Float64Array.from(
    { length: mdp.stateCount },
    (_, i) => 2 * values[3 * i] - values[3 * i + 1],
  );
  const found = basis.coefficientsOf(x);
  [2, -1, 0].forEach((wanted, k) => {
    expect(found[k]).toBeCloseTo(wanted, 10);
  });
  basis.removeFrom(x);
  expect(Math.hypot(...x)).toBeLessThan(1e-10);
});
