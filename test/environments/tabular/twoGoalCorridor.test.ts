import { expect, test } from 'vitest';
import { twoGoalCorridor } from '../../../src/environments/tabular/twoGoalCorridor.ts';
import { evaluatePolicy, uniformPolicy } from '../../../src/planning/policyEvaluation.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';

test('twoGoalCorridor is worth the better of its two goals, discounted', () => {
  for (const [discount, small] of [
    [0.95, 0.1],
    [0.7, 0.5],
  ] as const) {
    const { world, reward, initial } = twoGoalCorridor({ near: 3, far: 9, small });
    const { value } = valueIteration(world.mdp, reward, { discount });
    const best = Math.max(small * discount ** 2, discount ** 8);
    expect(value[initial.indexOf(1)]).toBeCloseTo(best, 10);
  }
});

test('twoGoalCorridor is a ruin problem to a random walk: the far goal comes first with near / (near + far)', () => {
  const { world, reward } = twoGoalCorridor({ near: 3, far: 9, small: 0 });
  const value = evaluatePolicy(world.mdp, reward, uniformPolicy(world.mdp), { discount: 1 });
  expect(value[3]).toBeCloseTo(3 / 12, 9);
});
