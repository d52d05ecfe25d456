import { expect, test } from 'vitest';
import { readExits } from '../../../src/demonstrations/tables/exitsTable.ts';
import { readTransitions } from '../../../src/demonstrations/tables/transitionsTable.ts';
import { failure, lines, tableFile } from './tableFiles.ts';

async function read(...texts: string[]) {
  const named = await readTransitions(
    tableFile('transitions.csv', lines('state,next_state', 'a,b', 'b,c', 'c,a')),
  );
  return readExits(tableFile('exits.csv', lines(...texts)), named);
}

test('readExits gathers the exits of each goal, states ascending', async () => {
  const { goals } = await read('goal,state,reward', 'home,c,-1', 'shop,b,0', 'home,a,2');
  expect(goals.get('home')).toEqual({
    name: 'home',
    absorbing: false,
    stopState: Int32Array.of(0, 2),
    stopReward: Float64Array.of(2, -1),
  });
  expect([...goals.keys()]).toEqual(['home', 'shop']);
});

test('readExits takes a reward of 0 where the table has none', async () => {
  const { goals } = await read('goal,state', 'home,c');
  expect(goals.get('home')?.stopReward).toEqual(Float64Array.of(0));
});

test.each([
  [
    ['goal,state', 'home,a', 'shop,a', 'home,a'],
    '4: goal "home" has its exit from state "a" twice (also on line 2); keep one row',
  ],
  [['goal,state', 'home,A'], '2: state "A" is not in transitions.csv (did you mean "a"?)'],
  [['goal,state', ',a'], '2: "goal" must not be empty, got ""'],
  [
    ['goal,state,reward', 'home,a,'],
    '2: "reward" must be a finite decimal number such as 0.25 or 1e-3, got ""',
  ],
])('readExits refuses %j', async (texts, message) => {
  expect(await failure(read(...texts))).toBe(`TableError: exits.csv:${message}`);
});
