import { describe, expect, test } from 'vitest';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import { failure, lines, loadTexts } from './tables/tableFiles.ts';

/** Pairs in order: (a, jump), (a, right), (b, left), (b, right); c has no actions. */
const WORLD = lines(
  'state,action,next_state,probability',
  'a,right,b,1',
  'a,jump,b,0.5',
  'a,jump,c,0.5',
  'b,left,a,1',
  'b,right,c,1',
);
const GRAPH = lines('state,next_state', '1,2', '1,3', '2,3');
const DISCOUNTED: TimeStructure = { kind: 'discounted', discount: 0.9 };

async function pairs(transitions: string, ...texts: string[]) {
  const tables = await loadTexts({ transitions, trajectories: lines(...texts) }, DISCOUNTED);
  return Array.from(tables.trajectories.pair);
}

test('a recorded action is found among the pairs of its state; an empty last one is none', async () => {
  expect(
    await pairs(WORLD, 'trajectory,step,state,action', 'x,0,a,jump', 'x,1,b,right', 'x,2,c,'),
  ).toEqual([0, 3, -1]);
  expect(await pairs(WORLD, 'trajectory,step,state,action', 'x,0,a,right', 'x,1,b,left')).toEqual([
    1, 2,
  ]);
});

test('a move that was not recorded is the one that leads to the next state', async () => {
  expect(await pairs(WORLD, 'trajectory,step,state', 'x,0,b', 'x,1,a', 'x,2,c')).toEqual([
    2, 0, -1,
  ]);
  expect(await pairs(GRAPH, 'trajectory,step,state', 'x,0,1', 'x,1,3')).toEqual([1, -1]);
});

test('a move of a graph may be recorded by the name of its next state', async () => {
  expect(await pairs(GRAPH, 'trajectory,step,state,action', 'x,0,1,2', 'x,1,2,3')).toEqual([0, 2]);
});

describe('an impossible move is told with both lines', () => {
  const actions = 'trajectory,step,state,action';
  const noActions = 'trajectory,step,state';
  test.each([
    [
      WORLD,
      [actions, 'x,1,c,', 'x,0,b,left'],
      '2: trajectory "x" is in state "c", but action "left" in state "b" on line 3 leads to "a"; correct the rows, or split the trajectory between them',
    ],
    [
      GRAPH,
      [actions, 'x,0,1,2', 'x,1,3,'],
      '3: trajectory "x" is in state "3", but action "2" in state "1" on line 2 leads to "2"; correct the rows, or split the trajectory between them',
    ],
    [
      WORLD,
      [actions, 'x,0,b,jump', 'x,1,a,'],
      '2: action "jump" is not available in state "b"; available: "left", "right"',
    ],
    [
      WORLD,
      [actions, 'x,0,c,left'],
      '2: action "left" is not available in state "c", which has no actions in transitions.csv; leave the action of the last row empty, or add its transitions',
    ],
    [
      WORLD,
      [actions, 'x,0,a,', 'y,0,a,', 'x,1,b,'],
      '2: "action" is empty, yet trajectory "x" goes on (line 4); fill it in, or leave the column out where every move determines it',
    ],
    [
      WORLD,
      [noActions, 'x,0,a', 'x,1,b'],
      '2: the move from state "a" to state "b" (line 3) does not determine its action, which may be "jump", "right"; add a column "action"',
    ],
    [
      WORLD,
      [noActions, 'x,0,b', 'x,1,b'],
      '3: is in state "b", but no move leads there from state "b" on line 2; its moves lead to "a", "c": correct the rows, or split the trajectory between them',
    ],
    [
      GRAPH,
      [noActions, 'x,0,3', 'x,1,1'],
      '3: is in state "1", but state "3" on line 2 has no actions in transitions.csv; end the trajectory there, or add its transitions',
    ],
  ])('%#: %j %j', async (transitions, texts, message) => {
    expect(await failure(pairs(transitions, ...texts))).toBe(
      `TableError: trajectories.csv:${message}`,
    );
  });
});
