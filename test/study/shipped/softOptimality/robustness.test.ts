/** Arrivals past blocked cells against walks drawn one by one through grids with walls. */

import { expect, test } from 'vitest';
import { robustness } from '../../../../datasets/synthetic/softOptimality/robustness.ts';
import { gridFromMap } from '../../../../src/environments/gridworld.ts';
import { createRng, sampleIndex } from '../../../../src/numeric/rng.ts';
import { softValueIteration } from '../../../../src/planning/softValueIteration.ts';
import { answerTo, brokenLaws } from '../../../support/askQuestion.ts';

const SIZE = 4;
const TEMPERATURE = 0.4;
const answer = await answerTo(
  robustness({ size: SIZE, tieBreaks: 8, drawn: 12, temperatures: [0.1, 0.4], noises: [0.2] }),
);
const [table, detour] = answer.tables;
const rowOf = (name: string, { rows } = table) => rows.find((row) => row[0] === name) ?? [];

test('robustness keeps its law: the settled walker fails when its way is blocked', () => {
  expect(brokenLaws(answer)).toEqual([]);
  expect(Number(rowOf('hard, settled on one way')[3])).toBeCloseTo(1 - 5 / 14, 4);
  expect(String(rowOf('hard, settled on one way')[4])).toMatch(/^0\.\d{4}$/);
});

test('robustness scores a soft walker as walks past walls do', () => {
  const open = Array<string>(SIZE).fill('....');
  open[SIZE - 1] = '...G';
  const { mdp } = gridFromMap({ rows: open, stay: false, terminal: 'G' }).world;
  const { policy } = softValueIteration(mdp, new Float64Array(mdp.pairCount).fill(-1), {
    discount: 1,
    temperature: TEMPERATURE,
  });
  const rng = createRng(5, 'walks');
  let [arrived, walks] = [0, 0];
  for (let blocked = 1; blocked < SIZE * SIZE - 1; blocked++) {
    // the same grid with a wall drawn in, where states have other numbers
    const cells = [...open.join('')];
    cells[blocked] = '#';
    const rows = open.map((_, y) => cells.slice(SIZE * y, SIZE * (y + 1)).join(''));
    const walled = gridFromMap({ rows, stay: false, terminal: 'G' }).world.mdp;
    const before = (s: number): number => (s < blocked ? s : s + 1);
    for (let walk = 0; walk < 500; walk++, walks++) {
      let s = 0;
      for (let t = 0; t < 100 && s < walled.stateCount - 1; t++) {
        const row = mdp.pairStart[before(s)];
        const action = sampleIndex(policy, rng, row, row + 4) - row;
        s = walled.nextState[walled.transitionStart[walled.pairStart[s] + action]];
      }
      if (s === walled.stateCount - 1) arrived++;
    }
  }
  const share = Number(rowOf(`soft, τ = ${TEMPERATURE}`)[3]);
  // four standard errors, and the four digits of the table
  const allowed = 4 * Math.sqrt((share * (1 - share)) / walks) + 1e-4;
  expect(Math.abs(arrived / walks - share)).toBeLessThan(allowed);
});

test('robustness finds no shortest way twice where there is only a detour', () => {
  const [settled, anew] = ['hard, settled on one way', 'hard, anew among equals'].map((name) =>
    rowOf(name, detour),
  );
  // five of fourteen cells lie on the straight way
  expect(Number(settled[3])).toBeCloseTo(9 / 14, 4);
  expect(anew.slice(1)).toEqual(settled.slice(1));
});

test('robustness gives intervals where something was drawn, and none elsewhere', () => {
  const [, , , one, , four] = rowOf(`soft, τ = ${TEMPERATURE}`);
  expect(String(one)).toMatch(/^0\.\d{4}$/);
  expect(String(four)).toMatch(/^\d\.\d{4} \(\d\.\d{4} to \d\.\d{4}\)$/);
  expect(String(rowOf('hard, settled on one way')[5])).toContain(' to ');
});
