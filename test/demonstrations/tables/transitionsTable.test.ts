import { describe, expect, test } from 'vitest';
import { readTransitions } from '../../../src/demonstrations/tables/transitionsTable.ts';
import { isDeterministic } from '../../../src/mdp/mdp.ts';
import { failure, lines, tableFile } from './tableFiles.ts';

const read = (...texts: string[]) => readTransitions(tableFile('transitions.csv', lines(...texts)));

test('readTransitions numbers states and actions by name: whole numbers by size, then texts', async () => {
  const { world } = await read(
    'state,action,next_state',
    'b,up,10',
    '10,up,9',
    '9,down,b',
    '-1,up,9',
    '9,up,home',
  );
  expect(world.stateNames).toEqual(['-1', '9', '10', 'b', 'home']);
  expect(world.actionNames).toEqual(['down', 'up']);
  expect(Array.from(world.mdp.pairStart)).toEqual([0, 1, 3, 4, 5, 5]);
  expect(Array.from(world.pairAction)).toEqual([1, 0, 1, 1, 1]);
  expect(Array.from(world.mdp.nextState)).toEqual([1, 3, 4, 1, 2]);
  expect(isDeterministic(world.mdp)).toBe(true);
});

test('readTransitions names a move by its next state where the table has no action', async () => {
  const { world, movesAreStates } = await read('state,next_state', '2,1', '2,3', '3,2');
  expect(movesAreStates).toBe(true);
  expect(world.actionNames).toEqual(['1', '2', '3']);
  expect(Array.from(world.pairAction, (action) => world.actionNames[action])).toEqual([
    '1',
    '3',
    '2',
  ]);
});

test('readTransitions divides probabilities by their sum, so that nine digits are enough', async () => {
  const { world } = await read(
    'state,action,next_state,probability',
    'a,x,a,0.333333333',
    'a,x,b,0.333333333',
    'a,x,c,0.333333333',
  );
  for (const p of world.mdp.probability) expect(p).toBeCloseTo(1 / 3, 15);
});

test('readTransitions leaves out transitions of probability 0, but keeps their states', async () => {
  const { world, isImpossible, file } = await read(
    'state,action,next_state,probability',
    'a,x,b,1',
    'a,x,c,0',
  );
  expect(world.stateNames).toEqual(['a', 'b', 'c']);
  expect(Array.from(world.mdp.nextState)).toEqual([1]);
  expect(isImpossible(0, 0, 2)).toBe(true);
  expect(isImpossible(0, 0, 1)).toBe(false);
  expect(file.rows).toBe(2);
});

describe('readTransitions refuses', () => {
  const sum = 'the probabilities of state "a", action "x" must sum to 1 within 1e-9';
  const probability = '"probability" must be a finite decimal number, 0 or more';
  test.each([
    [
      ['state,action,next_state,probability', 'a,x,a,0.5', 'b,x,a,1', 'a,x,b,0.4'],
      `2: ${sum}, got 0.9 from 2 rows; correct them`,
    ],
    [
      ['state,action,next_state,probability', 'a,x,a,0.5', 'a,x,b,0.500000002'],
      `2: ${sum}, got 1.0000000020000002 from 2 rows; correct them`,
    ],
    [
      ['state,action,next_state,probability', 'a,x,a,0'],
      `2: ${sum}, got 0 from one row; correct them`,
    ],
    [
      ['state,action,next_state', 'a,x,a', 'a,x,b'],
      `2: ${sum}, got 2 from 2 rows; without a "probability" column each row has probability 1; add one`,
    ],
    [
      ['state,next_state,probability', 'a,b,1', 'a,c,0.5'],
      '3: the probabilities of the move from "a" to "c" must sum to 1 within 1e-9, got 0.5 from one row; correct them',
    ],
    [
      ['state,action,next_state,probability', 'a,x,b,0.5', 'b,x,a,1', 'a,x,b,0.5'],
      '4: state "a", action "x" is listed twice with the same next state (also on line 2); keep one row and add up the probabilities',
    ],
    [
      ['state,next_state', 'a,b', 'a,b'],
      '3: the move from "a" to "b" is listed twice with the same next state (also on line 2); keep one row and add up the probabilities',
    ],
    [['state,next_state,probability', 'a,b,-0.5'], `2: ${probability}, got "-0.5"`],
    [['state,next_state,probability', 'a,b,'], `2: ${probability}, got ""`],
    [['state,next_state,probability', 'a,b,1e'], `2: ${probability}, got "1e"`],
    [['state,next_state,probability', 'a,b,NaN'], `2: ${probability}, got "NaN"`],
    [['state,next_state,probability', 'a,b,Infinity'], `2: ${probability}, got "Infinity"`],
    [['state,next_state,probability', 'a,b,0x1'], `2: ${probability}, got "0x1"`],
    [['state,next_state,probability', 'a,b,1e999'], `2: ${probability}, got "1e999"`],
    [['state,action,next_state', 'a,,b'], '2: "action" must not be empty, got ""'],
    [['state,action,next_state', ',x,b'], '2: "state" must not be empty, got ""'],
    [['state,action,next_state', 'a,x,'], '2: "next_state" must not be empty, got ""'],
    [
      ['state,actions,next_state', 'a,x,b'],
      '1: column "actions" is not known; rename it to "action", or to something less alike if it means something else',
    ],
  ])('%j', async (texts, message) => {
    expect(await failure(read(...texts))).toBe(`TableError: transitions.csv:${message}`);
  });
});
