/** What the study of planning by imagining measures with. */

import { expect, test } from 'vitest';
import { counted } from '../../../datasets/synthetic/modelBased/counted.ts';
import { lakeOf } from '../../../datasets/synthetic/modelBased/lakeWorth.ts';
import { starts as pendulumStarts } from '../../../datasets/synthetic/modelBased/pendulum.ts';
import { distillPolicy } from '../../../src/learning/search/distillPolicy.ts';
import { uniformPolicy } from '../../../src/planning/policyEvaluation.ts';
import { valueIteration } from '../../../src/planning/valueIteration.ts';
import { answerTo, columnOf } from '../../support/askQuestion.ts';

test.each(['4x4', '8x8'] as const)(
  'the optimum of the %s lake is 1, and 44 weights can say it',
  (map) => {
    const { task, share, seen } = lakeOf(map);
    const { mdp } = task.world;
    const policy = new Float64Array(mdp.pairCount);
    const { greedy } = valueIteration(mdp, task.reward, { discount: 0.99 });
    for (const pair of greedy) if (pair >= 0) policy[pair] = 1;
    expect(share(policy)).toBeCloseTo(1, 8);
    expect(share(uniformPolicy(mdp))).toBeLessThan(0.1);
    expect(seen.names.length).toBe(44);
    expect(seen.values.length).toBe(44 * mdp.pairCount);
    expect(share(distillPolicy(mdp, policy, seen).policy)).toBeGreaterThan(0.95);
  },
);

test('the starts of the pendulum are what its reset may draw', () => {
  expect(pendulumStarts.length).toBe(20);
  for (const [angle, speed, near] of pendulumStarts) {
    expect(Math.abs(angle)).toBeLessThanOrEqual(Math.PI);
    expect(Math.abs(speed)).toBeLessThanOrEqual(1);
    expect(near).toBeLessThanOrEqual(0);
  }
});

test('counted dynamics are good enough to plan in after many steps, and not after few', async () => {
  const answer = await answerTo(counted);
  const shares = columnOf(answer.tables[0], 'as seen');
  expect(shares[0]).toBeLessThan(0.5);
  expect(shares[3]).toBeGreaterThan(0.95);
  expect(answer.findings.length).toBe(1);
}, 60_000);
