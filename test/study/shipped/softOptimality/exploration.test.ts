/** The questions of `soft-optimality` about exploration, small, against what is known exactly. */

import { describe, expect, test } from 'vitest';
import {
  corridorExploration,
  explore,
} from '../../../../datasets/synthetic/softOptimality/corridorExploration.ts';
import {
  corridorTrial,
  type Learner,
  NEAR,
  shareAtOptimum,
} from '../../../../datasets/synthetic/softOptimality/corridorTrials.ts';
import {
  deepSeaExploration,
  dive,
} from '../../../../datasets/synthetic/softOptimality/deepSeaExploration.ts';
import {
  collapse,
  entropyCollapse,
} from '../../../../datasets/synthetic/softOptimality/entropyCollapse.ts';
import { wilsonInterval } from '../../../../src/evaluation/inference/wilsonInterval.ts';
import type { Answer } from '../../../../src/study/inquiry.ts';
import { answerTo } from '../../../support/askQuestion.ts';

const SIZE = { far: 6, episodes: 200, last: 50 };

/** Asks with a size of its own. */
const answered = (
  name: string,
  ask: (seed: number) => Generator<number, Answer, undefined>,
  seed: number,
): Promise<Answer> => answerTo({ name, title: name, ask }, seed);

const epsilonGreedy = (epsilon: number): Learner => ({
  name: `ε ${epsilon}`,
  options: { exploration: { kind: 'epsilon-greedy', epsilon } },
});
const soft = (temperature: number, prior: 'one' | 'uniform'): Learner => ({
  name: `τ ${temperature}`,
  options: { method: 'soft-q-learning', temperature, prior },
});

describe('corridorTrials', () => {
  test('who chooses at random is ruined as often as the gambler', () => {
    // within 100 steps a walk between goals 8 apart is over but for 1e-3
    expect(shareAtOptimum(epsilonGreedy(1), SIZE)).toBeCloseTo(NEAR / (NEAR + SIZE.far), 2);
    expect(shareAtOptimum(soft(1e4, 'uniform'), SIZE)).toBeCloseTo(
      shareAtOptimum(epsilonGreedy(1), SIZE),
      4,
    );
    expect(shareAtOptimum(epsilonGreedy(0), SIZE)).toBe(1);
    expect(shareAtOptimum(soft(0.002, 'uniform'), SIZE)).toBeCloseTo(1, 9);
  });

  test('entropy in nats pays for staying on the way, relative to chance it does not', () => {
    expect(shareAtOptimum(soft(0.3, 'one'), SIZE)).toBeLessThan(0.01);
    expect(shareAtOptimum(soft(0.3, 'uniform'), SIZE)).toBeGreaterThan(0.5);
  });

  test('what learners do in the end is what exact values say, where they see everything', () => {
    for (const learner of [epsilonGreedy(1), soft(1, 'uniform')]) {
      let ends = 0;
      const seeds = 40;
      for (let i = 0; i < seeds; i++)
        ends += corridorTrial(learner, SIZE, `${i}`).acted * SIZE.last;
      const exact = shareAtOptimum(learner, SIZE);
      const { low, high } = wilsonInterval(Math.round(ends), seeds * SIZE.last, 0.999);
      expect(low).toBeLessThan(exact);
      expect(high).toBeGreaterThan(exact);
    }
  });

  test('a trial is the same for the same seed, and tells when the far goal was found first', () => {
    const learner = epsilonGreedy(1);
    const trial = corridorTrial(learner, SIZE, 'one');
    expect(corridorTrial(learner, SIZE, 'one')).toEqual(trial);
    expect(trial.found).toBeLessThan(60);
    const cut = corridorTrial(learner, { ...SIZE, episodes: trial.found, last: 1 }, 'one');
    expect(cut).toMatchObject({ found: trial.found, acted: 1, wandered: 0 });
    const shorter = { ...SIZE, episodes: trial.found - 1, last: 1 };
    expect(corridorTrial(learner, shorter, 'one').found).toBe(Number.POSITIVE_INFINITY);
  });
});

test('exploration: the answer holds together, and is the same for the same seed', async () => {
  const size = { seeds: 12, episodes: 120, last: 40, far: 6, distances: [6, 12] };
  const ask = (seed: number) => explore(size, seed);
  const answer = await answered('exploration', ask, 3);
  expect(await answered('exploration', ask, 3)).toEqual(answer);
  const [table, distance] = answer.tables;
  const [learned, acted, exact] = [2, 4, 6].map((column) =>
    table.rows.map((row) => row[column] as number),
  );
  for (const share of [...learned, ...acted, ...exact]) {
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThanOrEqual(1);
  }
  // what is tried again at its own distance is not tried twice
  const best = (family: string) =>
    Math.max(...table.rows.filter((row) => row[0] === family).map((row) => row[4] as number));
  expect(distance.rows[0].slice(0, 3)).toEqual([6, expect.anything(), best('ε-greedy Q-learning')]);
  expect(distance.rows[0][5]).toBe(best('soft Q-learning'));
  // nobody who must cross by ε = 0.01 has in so few episodes
  expect(table.rows[0].slice(0, 2)).toEqual(['ε-greedy Q-learning', 'ε 0.01']);
  expect(acted[0]).toBeLessThan(0.1);
  expect(answer.findings.some(({ law }) => law)).toBe(false);
});

test('deep-sea: chance finds the treasure as often as 2⁻ᴺ says', async () => {
  const [seeds, episodes] = [60, 50];
  const sizes = [4, 6];
  const answer = await answered('deep-sea', (seed) => dive({ seeds, episodes, sizes }, seed), 5);
  const [, shares] = answer.tables;
  const random = shares.rows.find(([name]) => name === 'at random (ε 1)');
  sizes.forEach((size, k) => {
    const exact = 1 - (1 - 2 ** -size) ** episodes;
    const share = Number(String(random?.[k + 1]).split(' ')[0]);
    const { low, high } = wilsonInterval(Math.round(share * seeds), seeds, 0.999);
    expect(low).toBeLessThan(exact);
    expect(high).toBeGreaterThan(exact);
  });
  // the median of a geometric distribution: half of all are found by then, and not one earlier
  const exactly = answer.tables[0].rows.at(-1);
  sizes.forEach((size, k) => {
    const median = Number(exactly?.[k + 1]);
    expect(1 - (1 - 2 ** -size) ** median).toBeGreaterThanOrEqual(0.5);
    expect(1 - (1 - 2 ** -size) ** (median - 1)).toBeLessThan(0.5);
  });
});

test('entropy-collapse: choices begin at random, and ends are shares', async () => {
  const size = { seeds: 8, updates: 60, stepSizes: [2], temperatures: [0, 0.01] };
  const ask = (seed: number) => collapse(size, seed);
  const answer = await answered('entropy-collapse', ask, 7);
  expect(await answered('entropy-collapse', ask, 7)).toEqual(answer);
  for (const { points } of answer.charts[0].series) {
    expect(points[0]).toMatchObject({ x: 1 });
    expect(points[0].y).toBeCloseTo(Math.LN2, 12);
    for (const { y } of points) expect(y).toBeLessThanOrEqual(Math.LN2 + 1e-12);
  }
  for (const row of answer.tables[0].rows) {
    const [far, near, neither] = [row[4], row[6], row[8]].map(Number);
    expect(far + near).toBeLessThanOrEqual(1 + 1e-12);
    expect(neither).toBeGreaterThanOrEqual(-1e-12);
    expect(neither).toBeLessThanOrEqual(1);
  }
});

test('questions have names that files may begin with, and no two the same', () => {
  const names = [corridorExploration, deepSeaExploration, entropyCollapse].map(({ name }) => name);
  for (const name of names) expect(name).toMatch(/^[a-z][a-z-]*$/);
  expect(new Set(names).size).toBe(names.length);
});
