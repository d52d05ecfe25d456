import { describe, expect, test } from 'vitest';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import { failure, lines, loadTexts } from './tables/tableFiles.ts';

/** 1 → 2 → 3 → 2, and 2 → trap, from where nothing leads on. */
const GRAPH = lines('state,next_state', '1,2', '2,3', '3,2', '2,trap');
/** `risk` leads to the goal or into the trap. */
const RISKY = lines(
  'state,action,next_state,probability',
  'a,risk,goal,0.5',
  'a,risk,trap,0.5',
  'a,safe,goal,1',
  'trap,stay,trap,1',
);
const EXITS = lines('goal,state', 'home,2', 'home,3', 'shop,1');
const UNDISCOUNTED: TimeStructure = { kind: 'undiscounted' };
const DISCOUNTED: TimeStructure = { kind: 'discounted', discount: 0.9 };

interface Given {
  readonly transitions?: string;
  readonly exits?: string;
  readonly time?: TimeStructure;
}

function load({ transitions = GRAPH, exits, time = UNDISCOUNTED }: Given, rows: string[]) {
  const trajectories = lines(...rows);
  return loadTexts({ transitions, trajectories, ...(exits && { exits }) }, time);
}

const HEAD = 'trajectory,step,state,goal';

test('a goal that is a state absorbs with value 0; goals are sorted and shared', async () => {
  const { goals, trajectories } = await load({}, [
    HEAD,
    'x,0,1,3',
    'x,1,2,3',
    'x,2,3,3',
    'y,0,1,2',
    'y,1,2,2',
    'z,0,3,3',
  ]);
  expect(goals).toEqual([
    { name: '2', absorbing: true, stopState: Int32Array.of(1), stopReward: Float64Array.of(0) },
    { name: '3', absorbing: true, stopState: Int32Array.of(2), stopReward: Float64Array.of(0) },
  ]);
  expect(Array.from(trajectories.goal)).toEqual([1, 0, 1]);
  expect(Array.from(trajectories.stopped)).toEqual([0, 0, 0]);
});

test('a trajectory may end elsewhere than at its goal', async () => {
  const { trajectories } = await load({}, [HEAD, 'x,0,1,3', 'x,1,2,3']);
  expect(Array.from(trajectories.pair)).toEqual([0, -1]);
});

test('under exits a trajectory may pass its exits, and stops where its last state has one', async () => {
  const { goals, trajectories } = await load({ exits: EXITS }, [
    HEAD,
    'x,0,2,home',
    'x,1,3,home',
    'y,0,1,home',
    'z,0,2,home',
    'z,1,3,home',
    'z,2,2,home',
  ]);
  expect(goals.map(({ name, absorbing }) => [name, absorbing])).toEqual([['home', false]]);
  expect(trajectories.names).toEqual(['x', 'y', 'z']);
  expect(Array.from(trajectories.stopped)).toEqual([1, 0, 1]);
});

test('under exits a last row with an action is cut off, not stopped', async () => {
  const { trajectories } = await load({ exits: EXITS }, [
    'trajectory,step,state,action,goal',
    'x,0,2,3,home',
    'y,0,2,,home',
  ]);
  expect(Array.from(trajectories.stopped)).toEqual([0, 1]);
});

test('discounted goals absorb too, and need not be reachable', async () => {
  const { goals, trajectories } = await load({ time: DISCOUNTED }, [HEAD, 'x,0,2,1', 'x,1,trap,1']);
  expect(goals).toHaveLength(1);
  expect(Array.from(trajectories.goal)).toEqual([0]);
});

describe('a goal that cannot be is told with its line', () => {
  const acting = 'trajectory,step,state,action,goal';
  test.each([
    [
      {},
      [HEAD, 'x,0,1,traps'],
      '2: goal "traps" is not a state of transitions.csv (did you mean "trap"?); a goal outside the graph needs a table of exits (--exits)',
    ],
    [
      { exits: EXITS },
      [HEAD, 'x,0,1,Home'],
      '2: goal "Home" has no exit in exits.csv (did you mean "home"?); add one',
    ],
    [
      {},
      [HEAD, 'x,0,1,2', 'x,1,2,2', 'x,2,3,2'],
      '4: trajectory "x" goes on after it reached its goal "2" on line 3; end it there, or use a table of exits (--exits) where passing through is allowed',
    ],
    [
      { time: DISCOUNTED },
      [HEAD, 'x,0,2,2', 'x,1,3,2'],
      '3: trajectory "x" goes on after it reached its goal "2" on line 2; end it there, or use a table of exits (--exits) where passing through is allowed',
    ],
    [
      {},
      [acting, 'x,0,1,2,2', 'x,1,2,3,2'],
      '3: trajectory "x" acts at its goal "2", where the task ends; leave the action empty',
    ],
    [
      {},
      [HEAD, 'x,0,2,1', 'x,1,3,1'],
      '2: trajectory "x" is in state "2", from which its goal "1" cannot be reached; correct its goal, add the missing transitions, or leave the trajectory out',
    ],
    [
      {},
      [HEAD, 'x,0,1,3', 'x,1,2,3', 'x,2,trap,3'],
      '4: trajectory "x" is in state "trap", from which its goal "3" cannot be reached; correct its goal, add the missing transitions, or leave the trajectory out',
    ],
    [
      {},
      [acting, 'x,0,1,2,3', 'x,1,2,trap,3'],
      '3: action "trap" in state "2" may lead to a state from which goal "3" cannot be reached; correct the goal, add the missing transitions, or leave trajectory "x" out',
    ],
    [
      { transitions: RISKY },
      [acting, 'x,0,a,risk,goal', 'x,1,goal,,goal'],
      '2: action "risk" in state "a" may lead to a state from which goal "goal" cannot be reached for certain; correct the goal, add the missing transitions, or leave trajectory "x" out',
    ],
    [
      { exits: lines('goal,state', 'shop,1') },
      [HEAD, 'x,0,1,shop', 'x,1,2,shop'],
      '3: trajectory "x" is in state "2", from which its goal "shop" cannot be reached; correct its goal, add the missing transitions, or leave the trajectory out',
    ],
  ])('%#: %j %j', async (given: Given, rows, message) => {
    expect(await failure(load(given, rows))).toBe(`TableError: trajectories.csv:${message}`);
  });
});
