/**
 * Grids of the textbook: 5 × 5 with two places that carry off and pay, 4 × 4 with two ends, the
 * windy one, and the random walk.
 *
 * Reference: Sutton & Barto (2018), examples 3.5 and 3.8, 4.1, 6.5 and exercises 6.9 and 6.10, 6.2.
 */

import { z } from 'zod';
import { type TabularTask, tabularTask } from '../tabularTask.ts';
import { createOpenGrid } from './textGrid.ts';

/** Left, up, right, down. */
const MOVES = [
  [-1, 0],
  [0, -1],
  [1, 0],
  [0, 1],
] as const;
const NAMES = ['left', 'up', 'right', 'down'];
const FOUR = [0, 1, 2, 3];

/** Bumping into the edge costs 1; A carries to A′ for 10 and B to B′ for 5. It never ends. */
export function jumpGrid(): TabularTask {
  const grid = createOpenGrid(5, 5);
  const jumps = new Map([
    [1, { to: 21, reward: 10 }],
    [3, { to: 13, reward: 5 }],
  ]);
  return tabularTask({
    stateNames: grid.names,
    actionNames: NAMES,
    outcomes: (s, action) => {
      const [dx, dy] = MOVES[action];
      const to = grid.moved(s, dx, dy);
      return [{ probability: 1, ...(jumps.get(s) ?? { to, reward: to === s ? -1 : 0 }) }];
    },
    initial: new Float64Array(25).fill(1 / 25),
  });
}

/** Every step costs 1 until one of two opposite corners is reached. */
export function cornerGrid(): TabularTask {
  const grid = createOpenGrid(4, 4);
  const isOver = (s: number): boolean => s === 0 || s === 15;
  return tabularTask({
    stateNames: grid.names,
    actionNames: NAMES,
    actionsOf: (s) => (isOver(s) ? [] : FOUR),
    outcomes: (s, action) => {
      const [dx, dy] = MOVES[action];
      return [{ to: grid.moved(s, dx, dy), probability: 1, reward: -1 }];
    },
    initial: Float64Array.from({ length: 16 }, (_, s) => (isOver(s) ? 0 : 1 / 14)),
  });
}

export const WindyGridOptions = z.strictObject({
  kings: z.boolean().default(false).describe('Whether diagonal moves are allowed too'),
  stochastic: z
    .boolean()
    .default(false)
    .describe(
      'Whether the wind, where there is some, is one weaker or stronger a third of the time each',
    ),
  wind: z
    .array(z.int())
    .min(2)
    .default([0, 0, 0, 1, 1, 1, 2, 2, 1, 0])
    .describe('Cells that each column blows upwards; as many columns'),
  height: z.int().min(1).default(7).describe('Rows'),
  timeLimit: z.int().positive().optional().describe('Steps of an episode; none where absent'),
});
export type WindyGridOptions = z.input<typeof WindyGridOptions>;

/** From the left end to column 7 of the middle row (or the last column), every step costing 1. */
export function windyGrid(options: WindyGridOptions = {}): TabularTask {
  const { kings, stochastic, wind, height, timeLimit } = WindyGridOptions.parse(options);
  const grid = createOpenGrid(wind.length, height);
  const middle = Math.floor(height / 2) * wind.length;
  const goal = middle + Math.min(7, wind.length - 1);
  const diagonal = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const;
  const moves = kings ? [...MOVES, ...diagonal] : MOVES;
  const names = kings ? [...NAMES, 'left up', 'right up', 'right down', 'left down'] : NAMES;
  return tabularTask({
    stateNames: grid.names,
    actionNames: names,
    actionsOf: (s) => (s === goal ? [] : [...moves.keys()]),
    outcomes: (s, action) => {
      const [dx, dy] = moves[action];
      const blowing = wind[s % wind.length];
      const gusts = stochastic && blowing !== 0 ? [-1, 0, 1] : [0];
      return gusts.map((gust) => ({
        to: grid.moved(s, dx, dy - blowing - gust),
        probability: 1 / gusts.length,
        reward: -1,
      }));
    },
    initial: middle,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  });
}

export const RandomWalkOptions = z.strictObject({
  length: z.int().positive().default(5).describe('States between the two ends'),
});
export type RandomWalkOptions = z.input<typeof RandomWalkOptions>;

/** No choice at all: left or right by a coin from the middle, 1 for leaving on the right. */
export function randomWalk(options: RandomWalkOptions = {}): TabularTask {
  const { length } = RandomWalkOptions.parse(options);
  const end = length + 1;
  return tabularTask({
    stateNames: Array.from({ length: length + 2 }, (_, s) => String(s)),
    actionNames: ['walk'],
    actionsOf: (s) => (s === 0 || s === end ? [] : [0]),
    outcomes: (s) => [
      { to: s - 1, probability: 0.5, reward: 0 },
      { to: s + 1, probability: 0.5, reward: s + 1 === end ? 1 : 0 },
    ],
    initial: Math.ceil(length / 2),
  });
}
