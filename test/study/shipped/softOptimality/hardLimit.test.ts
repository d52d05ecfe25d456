/** The limit of hard optimality against plain sweeps and against counting shortest ways. */

import { expect, test } from 'vitest';
import { hardLimit } from '../../../../datasets/synthetic/softOptimality/hardLimit.ts';
import { gridFromMap } from '../../../../src/environments/gridworld.ts';
import { softValueIteration } from '../../../../src/planning/softValueIteration.ts';
import { valueIteration } from '../../../../src/planning/valueIteration.ts';
import { answerTo, brokenLaws, columnOf } from '../../../support/askQuestion.ts';

const DISCOUNT = 0.95;
const answer = await answerTo(hardLimit({ randomWorlds: 6 }));
const gridRow = answer.tables[0].rows.findIndex(([name]) => name === 'grid');

test('hard-limit keeps its laws in every world', () => {
  expect(answer.findings.filter(({ law }) => law)).toHaveLength(5);
  expect(brokenLaws(answer)).toEqual([]);
});

test('hard-limit draws the gaps that plain sweeps find', () => {
  const rows = [...Array<string>(6).fill('.......'), '......G'];
  const { mdp } = gridFromMap({ rows, stay: false, terminal: 'G' }).world;
  const reward = new Float64Array(mdp.pairCount).fill(-1);
  const hard = valueIteration(mdp, reward, { discount: DISCOUNT });
  const drawn = answer.charts[0].series.find(({ name }) => name === 'grid');
  for (const temperature of [1, 0.1]) {
    const soft = softValueIteration(mdp, reward, { discount: DISCOUNT, temperature });
    const gap = soft.value.reduce((most, v, s) => Math.max(most, v - hard.value[s]), 0);
    const point = drawn?.points.find(({ x }) => x === temperature);
    expect(point?.y).toBeCloseTo(gap, 7);
  }
});

test('hard-limit finds the freedom among the shortest ways of a grid', () => {
  // from (dx, dy) steps away: log of the discounted number of ways to go on
  const freedom = (dx: number, dy: number): number => {
    if (dx + dy === 0) return 0;
    let sum = 0;
    if (dx > 0) sum += Math.exp(DISCOUNT * freedom(dx - 1, dy));
    if (dy > 0) sum += Math.exp(DISCOUNT * freedom(dx, dy - 1));
    return Math.log(sum);
  };
  const [table] = answer.tables;
  expect(columnOf(table, 'freedom W')[gridRow]).toBeCloseTo(freedom(6, 6), 8);
  // at the coldest temperature only that freedom is left
  expect(columnOf(table, 'gap / τ, τ = 0.001')[gridRow]).toBeCloseTo(freedom(6, 6), 6);
});

test('hard-limit says where the gap closes faster than the bound', () => {
  const rates = columnOf(answer.tables[0], 'digits per decade of τ');
  expect(rates[gridRow]).toBeCloseTo(1, 2);
  expect(Math.max(...rates)).toBeGreaterThan(1.5);
  const claim = answer.findings.find(({ claim }) => claim.includes('in proportion to τ'));
  expect(claim).toMatchObject({ holds: false, law: false });
});
