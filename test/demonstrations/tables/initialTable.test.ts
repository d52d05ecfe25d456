import { expect, test } from 'vitest';
import { readInitial } from '../../../src/demonstrations/tables/initialTable.ts';
import { readTransitions } from '../../../src/demonstrations/tables/transitionsTable.ts';
import { failure, lines, tableFile } from './tableFiles.ts';

async function read(...texts: string[]) {
  const named = await readTransitions(
    tableFile('transitions.csv', lines('state,next_state', 'a,b', 'b,c', 'c,a')),
  );
  return readInitial(tableFile('initial.csv', lines(...texts)), named);
}

test('readInitial gives a distribution; states that are not listed have probability 0', async () => {
  const { initial, file } = await read('state,probability', 'c,0.75', 'a,0.25');
  expect(Array.from(initial)).toEqual([0.25, 0, 0.75]);
  expect(file.rows).toBe(2);
});

test.each([
  [
    ['state,probability', 'a,0.5', 'b,0.4'],
    '3: the probabilities must sum to 1 within 1e-9, got 0.9; correct them',
  ],
  [
    ['state,probability', 'a,0.5', 'a,0.5'],
    '3: state "a" is listed twice (also on line 2); keep one row',
  ],
  [['state,probability', 'A,1'], '2: state "A" is not in transitions.csv (did you mean "a"?)'],
  [
    ['state,probability', 'a,-1'],
    '2: "probability" must be a finite decimal number, 0 or more, got "-1"',
  ],
])('readInitial refuses %j', async (texts, message) => {
  expect(await failure(read(...texts))).toBe(`TableError: initial.csv:${message}`);
});
