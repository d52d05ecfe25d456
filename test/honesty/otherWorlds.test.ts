/** Behaviour recorded in another world than the one given: refused where it can be seen. */

import { expect, test } from 'vitest';
import { filesBelow, fitTables, lines, methodOf, type TableTexts } from '../support/commandLine.ts';

const HERE: TableTexts = {
  transitions: lines('state,action,next_state', 'a,go,b', 'a,stay,a', 'b,go,a', 'b,stay,b'),
  features: lines('state,action,move', 'a,go,1', 'a,stay,0', 'b,go,1', 'b,stay,0'),
  trajectories: lines('trajectory,step,state,action', 'x,0,a,go', 'x,1,b,stay', 'x,2,b,go'),
};

test.each([
  [
    'places that this world lacks',
    { trajectories: lines('trajectory,step,state,action', 'x,0,Paris,go') },
    /trajectories\.csv:2: .*"Paris"/,
  ],
  [
    'moves that this world lacks',
    { trajectories: lines('trajectory,step,state,action', 'x,0,a,fly') },
    /trajectories\.csv:2: action "fly".*available: "go", "stay"/,
  ],
  [
    'moves that lead elsewhere here',
    { transitions: lines('state,action,next_state', 'a,go,a', 'a,stay,b', 'b,go,a', 'b,stay,b') },
    /trajectories\.csv:3: trajectory "x".*leads to "a"/,
  ],
  [
    'steps along edges that are not there',
    {
      transitions: lines('state,next_state', 'a,b', 'b,a'),
      features: lines('state,move', 'a,1', 'b,1'),
      trajectories: lines('trajectory,step,state', 'x,0,a', 'x,1,b', 'x,2,b'),
    },
    /trajectories\.csv:[34]: .*"b"/,
  ],
  [
    'features of another world',
    { features: lines('state,action,move', 'a,go,1', 'a,stay,0', 'c,go,1', 'c,stay,0') },
    /features\.csv:[24]: .*"c"/,
  ],
  [
    'goals that cannot be reached here',
    {
      transitions: lines('state,action,next_state', 'a,go,b', 'b,stay,b', 'h,go,a'),
      features: lines('state,move', 'a,-1', 'b,-1', 'h,-1'),
      trajectories: lines('trajectory,step,state,action,goal', 'x,0,a,go,h', 'x,1,b,,h'),
    },
    /goal "h" cannot be reached/,
  ],
])('%s are refused', async (_, tables, says) => {
  const outcome = await fitTables(
    { ...HERE, ...tables },
    ...('trajectories' in tables && tables.trajectories.includes('goal')
      ? []
      : ['--discount', '0.9']),
  );
  expect(outcome.code).toBe(2);
  expect(outcome.stdout).toBe('');
  expect(outcome.stderr).toMatch(says);
  expect(filesBelow(outcome.out)).toEqual([]);
});

test('a move that leads elsewhere with probability 0 is refused, and one that may is not', async () => {
  const slippery = (probability: number) =>
    lines(
      'state,action,next_state,probability',
      `a,go,b,${1 - probability}`,
      `a,go,a,${probability}`,
      'a,stay,a,1',
      'b,go,a,1',
      'b,stay,b,1',
    );
  const trajectories = lines('trajectory,step,state,action', 'x,0,a,go', 'x,1,a,stay', 'x,2,a,go');
  const possible = await fitTables(
    { ...HERE, transitions: slippery(0.1), trajectories },
    '--discount',
    '0.9',
  );
  expect(methodOf(possible).stop).toBe('converged');
  const impossible = await fitTables({ ...HERE, trajectories }, '--discount', '0.9');
  expect(impossible.code).toBe(2);
  expect(impossible.stderr).toMatch(/trajectories\.csv:3: trajectory "x".*leads to "b"/);
});
