import { describe, expect, test } from 'vitest';
import { readTrajectories } from '../../../src/demonstrations/tables/trajectoriesTable.ts';
import { readTransitions } from '../../../src/demonstrations/tables/transitionsTable.ts';
import { failure, lines, tableFile } from './tableFiles.ts';

const WORLD = lines('state,action,next_state', 'a,right,b', 'b,left,a', 'b,right,c');

async function read(...texts: string[]) {
  const named = await readTransitions(tableFile('transitions.csv', WORLD));
  return readTrajectories(tableFile('trajectories.csv', lines(...texts)), named);
}

test('readTrajectories puts interleaved and shuffled rows in order', async () => {
  const recording = await read(
    'trajectory,step,state,action,goal,weight,fold',
    '10,1,b,,c,2,x',
    '9,2,c,,a,0.5,y',
    '10,0,a,right,c,2.0,x',
    '9,0,a,right,a,.5,y',
    '9,1,b,right,a,5e-1,y',
  );
  expect(recording.names).toEqual(['9', '10']);
  expect(Array.from(recording.rowStart)).toEqual([0, 3, 5]);
  expect(Array.from(recording.state)).toEqual([0, 1, 2, 0, 1]);
  expect(Array.from(recording.action ?? [])).toEqual([1, 1, -1, 1, -1]);
  expect(Array.from(recording.line)).toEqual([5, 6, 3, 4, 2]);
  expect(recording.goals).toEqual(['a', 'c']);
  expect(Array.from(recording.weight)).toEqual([0.5, 2]);
  expect(recording.folds).toEqual(['y', 'x']);
});

test('readTrajectories has weight 1, and no actions, goals or folds, where columns are absent', async () => {
  const { weight, action, goals, folds } = await read('trajectory,step,state', 'x,0,a');
  expect(Array.from(weight)).toEqual([1]);
  expect([action, goals, folds]).toEqual([null, null, null]);
});

describe('readTrajectories refuses', () => {
  const head = 'trajectory,step,state';
  const step = '"step" must be a whole number, 0 or more';
  const weight = '"weight" must be a finite decimal number, 0 or more';
  test.each([
    [
      [head, 'x,0,a', 'x,1,b', 'x,3,b'],
      '4: trajectory "x" has step 3 but no step 2; number the steps 0, 1, 2, … without gaps',
    ],
    [
      [head, 'x,2,a', 'x,1,b'],
      '3: trajectory "x" has step 1 but no step 0; number the steps 0, 1, 2, … without gaps',
    ],
    [
      [head, 'x,0,a', 'y,0,a', 'x,1,b', 'x,0,a'],
      '5: trajectory "x" has step 0 twice (also on line 2); number the steps 0, 1, 2, …',
    ],
    [
      [head, 'x,0,a', 'x,5,b', 'x,5,b'],
      '3: trajectory "x" has step 5 but no step 1; number the steps 0, 1, 2, … without gaps',
    ],
    [[head, 'x,-1,a'], `2: ${step}, got "-1"`],
    [[head, 'x,0.5,a'], `2: ${step}, got "0.5"`],
    [[head, 'x,,a'], `2: ${step}, got ""`],
    [[head, ',0,a'], '2: "trajectory" must not be empty, got ""'],
    [[head, 'x,0,'], '2: "state" must not be empty, got ""'],
    [[head, 'x,0,a', 'x,1,B'], '3: state "B" is not in transitions.csv (did you mean "b"?)'],
    [
      [`${head},action`, 'x,0,b,rihgt'],
      '2: action "rihgt" is not available in state "b" (did you mean "right"?); available: "left", "right"',
    ],
    [
      [`${head},action`, 'x,0,b,rigth', 'x,1,b,'],
      '2: action "rigth" is not available in state "b" (did you mean "right"?); available: "left", "right"',
    ],
    [
      [`${head},action`, 'x,0,b,lef'],
      '2: action "lef" is not available in state "b" (did you mean "left"?); available: "left", "right"',
    ],
    [
      [`${head},goal`, 'x,0,a,c', 'x,1,b,b'],
      '3: trajectory "x" has goal "b" here and "c" on line 2; a trajectory has one goal: write the same in all its rows',
    ],
    [
      [`${head},weight`, 'x,0,a,1', 'y,0,a,2', 'x,1,b,2'],
      '4: trajectory "x" has weight "2" here and "1" on line 2; a trajectory has one weight: write the same in all its rows',
    ],
    [
      [`${head},fold`, 'x,0,a,1', 'x,1,b,2'],
      '3: trajectory "x" has fold "2" here and "1" on line 2; a trajectory has one fold: write the same in all its rows',
    ],
    [[`${head},goal`, 'x,0,a,'], '2: "goal" must not be empty, got ""'],
    [[`${head},fold`, 'x,0,a,'], '2: "fold" must not be empty, got ""'],
    [[`${head},weight`, 'x,0,a,-1'], `2: ${weight}, got "-1"`],
    [[`${head},weight`, 'x,0,a,inf'], `2: ${weight}, got "inf"`],
    [
      ['trajectory,steps,state', 'x,0,a'],
      '1: column "step" is missing; rename "steps"? the header has "trajectory", "steps", "state"',
    ],
  ])('%j', async (texts, message) => {
    expect(await failure(read(...texts))).toBe(`TableError: trajectories.csv:${message}`);
  });
});
