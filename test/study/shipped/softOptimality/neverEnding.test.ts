/** The critical temperature against powers of a dense matrix, expected lengths against visits. */

import { expect, test } from 'vitest';
import { neverEnding } from '../../../../datasets/synthetic/softOptimality/neverEnding.ts';
import { cliffWalking } from '../../../../src/environments/tabular/cliffWalking.ts';
import { occupancy } from '../../../../src/planning/occupancy.ts';
import { softValueIteration } from '../../../../src/planning/softValueIteration.ts';
import { answerTo, brokenLaws, columnOf } from '../../../support/askQuestion.ts';

const answer = await answerTo(neverEnding({ deadlines: [30, 100, 400] }));
const [criticals, , deadlines] = answer.tables;
const [critical] = columnOf(criticals, 'endless gain 0 at τ');

test('never-ending keeps its laws', () => {
  expect(answer.findings.filter(({ law }) => law)).toHaveLength(5);
  expect(brokenLaws(answer)).toEqual([]);
});

test('never-ending finds the temperature at which the dense matrix of moves has radius 1', () => {
  const { world, reward } = cliffWalking();
  const { stateCount, pairStart, nextState } = world.mdp;
  const radius = (temperature: number): number => {
    let x = new Float64Array(stateCount).fill(1);
    let growth = 0;
    for (let i = 0; i < 6000; i++) {
      // M + I has no period; the goal has no pairs and only keeps itself
      const next = x.slice();
      next[stateCount - 1] = 0;
      for (let s = 0; s < stateCount; s++)
        for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
          next[s] += Math.exp(reward[pair] / temperature) * x[nextState[pair]];
      growth = Math.max(...next);
      x = next.map((entry) => entry / growth);
    }
    return growth - 1;
  };
  expect(radius(critical)).toBeCloseTo(1, 7);
});

test('never-ending draws the expected length that visits add up to', () => {
  const { world, reward, initial } = cliffWalking();
  const { mdp } = world;
  const temperature = 0.6 * critical;
  const { policy } = softValueIteration(mdp, reward, { discount: 1, temperature });
  const visits = occupancy(mdp, policy, initial, { discount: 1 }).reduce((sum, d) => sum + d, 0);
  const drawn = answer.charts.find(({ name }) => name === 'length')?.series[0].points;
  expect(drawn?.find(({ x }) => x === 0.6)?.y).toBeCloseTo(visits, 6);
});

test('never-ending shows that walks settle below the critical temperature and grow above it', () => {
  const [calm, wild] = [0.8, 1.2].map((share) => columnOf(deadlines, `τ = ${share} × critical`));
  expect(calm[2]).toBeCloseTo(calm[1], 1);
  expect(wild[2]).toBeGreaterThan(0.99 * 400);
});

test('never-ending says that a radius below 1 is more than slippery walks need', () => {
  const [, slippery] = columnOf(criticals, 'endless gain 0 at τ');
  const [, byRadius] = columnOf(criticals, 'radius 1 at τ');
  expect(byRadius).toBeLessThan(slippery - 0.1);
});
