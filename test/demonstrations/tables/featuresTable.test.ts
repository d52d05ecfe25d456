import { describe, expect, test } from 'vitest';
import { readFeatures } from '../../../src/demonstrations/tables/featuresTable.ts';
import { readTransitions } from '../../../src/demonstrations/tables/transitionsTable.ts';
import { failure, lines, tableFile } from './tableFiles.ts';

/** Pairs in order: (a, go), (a, stay), (b, go); c has no actions. */
const WORLD = lines(
  'state,action,next_state,probability',
  'a,go,b,0.75',
  'a,go,c,0.25',
  'a,go,a,0',
  'a,stay,a,1',
  'b,go,c,1',
);
const GRAPH = lines('state,next_state', '1,2', '1,3', '2,3');

async function read(transitions: string, texts: string[], missing: 'error' | 'zero' = 'error') {
  const named = await readTransitions(tableFile('transitions.csv', transitions));
  return readFeatures(tableFile('features.csv', lines(...texts)), named, missing);
}

test('readFeatures reads features of states; a state without actions needs no row', async () => {
  const { features, file } = await read(WORLD, ['state,near,far', 'b,3,4', 'a,1,-2e0']);
  expect(features).toEqual({
    names: ['near', 'far'],
    per: 'state',
    values: Float64Array.of(1, -2, 3, 4, 0, 0),
  });
  expect(file).toMatchObject({ name: 'features.csv', rows: 2 });
});

test('readFeatures reads features of pairs', async () => {
  const { features } = await read(WORLD, ['action,f,state', 'go,1,b', 'stay,2,a', 'go,3,a']);
  expect(features).toEqual({ names: ['f'], per: 'pair', values: Float64Array.of(3, 2, 1) });
});

test('readFeatures takes the expectation of features of transitions', async () => {
  const { features } = await read(WORLD, [
    'state,action,next_state,f',
    'a,go,b,4',
    'a,go,c,8',
    'a,go,a,1000',
    'a,stay,a,5',
    'b,go,c,6',
  ]);
  expect(features.per).toBe('pair');
  expect(Array.from(features.values)).toEqual([0.75 * 4 + 0.25 * 8, 5, 6]);
});

test('readFeatures knows a move of a graph by action, by next state, or by both', async () => {
  for (const texts of [
    ['state,action,f', '1,2,1', '1,3,2', '2,3,3'],
    ['state,next_state,f', '1,2,1', '1,3,2', '2,3,3'],
    ['state,action,next_state,f', '1,2,2,1', '1,3,3,2', '2,3,3,3'],
  ]) {
    const { features } = await read(GRAPH, texts);
    expect(features).toEqual({ names: ['f'], per: 'pair', values: Float64Array.of(1, 2, 3) });
  }
});

test('readFeatures ignores rows of states that have no actions', async () => {
  const byState = await read(WORLD, ['state,f', 'a,1', 'b,2', 'c,9', 'c,9']);
  expect(Array.from(byState.features.values)).toEqual([1, 2, 0]);
  const byPair = await read(WORLD, ['state,action,f', 'a,go,1', 'a,stay,2', 'b,go,3', 'c,,9']);
  expect(Array.from(byPair.features.values)).toEqual([1, 2, 3]);
});

test('readFeatures fills what is not listed with zeros when asked to, and warns', async () => {
  const { features, warnings } = await read(WORLD, ['state,action,f', 'a,stay,2'], 'zero');
  expect(Array.from(features.values)).toEqual([0, 2, 0]);
  expect(warnings).toEqual([
    'features.csv: 2 of the world\'s 3 pairs have no row (state "a", action "go"; state "b", action "go"); their features are taken to be 0',
  ]);
});

test('readFeatures takes every column that names nothing for a feature', async () => {
  const { features } = await read(GRAPH, [
    'state,next_state,probability,f',
    '1,2,1,1',
    '1,3,1,2',
    '2,3,1,3',
  ]);
  expect(features.names).toEqual(['probability', 'f']);
});

describe('readFeatures refuses', () => {
  const number = 'must be a finite decimal number such as 0.25 or 1e-3';
  test.each([
    [WORLD, ['state,f,f', 'a,1,2'], '1: column "f" is there twice; keep one of them'],
    [
      WORLD,
      ['state', 'a'],
      '1: there is no column but those that name the state; add one column per feature',
    ],
    [
      WORLD,
      ['state,action', 'a,go'],
      '1: there is no column but those that name the pair; add one column per feature',
    ],
    [WORLD, ['state,f', 'a,1', 'b,x'], `3: "f" ${number}, got "x"`],
    [WORLD, ['state,f', 'a,', 'b,1'], `2: "f" ${number}, got ""`],
    [WORLD, ['state,f', 'a,1', 'b,2', 'c,NaN'], `4: "f" ${number}, got "NaN"`],
    [
      WORLD,
      ['state,f', 'a,1', 'b,2', 'a,1'],
      '4: state "a" is listed twice (also on line 2); keep one row',
    ],
    [
      WORLD,
      ['state,action,f', 'b,go,2', 'b,go,2'],
      '3: state "b", action "go" is listed twice (also on line 2); keep one row',
    ],
    [
      WORLD,
      ['state,action,next_state,f', 'a,go,b,2', 'a,go,b,2'],
      '3: state "a", action "go", next state "b" is listed twice (also on line 2); keep one row',
    ],
    [
      WORLD,
      ['state,f', 'a,1'],
      '2: ends, and 1 of the world\'s 3 states has no row (state "b"); add them, or use --missing-features zero',
    ],
    [
      WORLD,
      ['state,action,next_state,f', 'a,go,b,2'],
      '2: ends, and 3 of the world\'s 4 transitions have no row (state "a", action "go", next state "c"; state "a", action "stay", next state "a"; state "b", action "go", next state "c"); add them, or use --missing-features zero',
    ],
    [WORLD, ['state,f', 'A,1'], '2: state "A" is not in transitions.csv (did you mean "a"?)'],
    [
      WORLD,
      ['state,action,f', 'a,sty,1'],
      '2: state "a", action "sty" is not in transitions.csv (did you mean "stay"?)',
    ],
    [
      WORLD,
      ['state,action,f', 'b,stay,1'],
      '2: state "b", action "stay" is not in transitions.csv',
    ],
    [
      WORLD,
      ['state,action,f', 'c,go,1'],
      '2: state "c", action "go" is not in transitions.csv, where the state has no actions; leave the row out',
    ],
    [
      WORLD,
      ['state,action,f', 'a,,1'],
      '2: "action" must not be empty, as state "a" has actions; name one',
    ],
    [
      WORLD,
      ['state,action,next_state,f', 'b,go,a,1'],
      '2: state "b", action "go", next state "a" is not in transitions.csv; leave the row out, or add the transition there',
    ],
    [
      WORLD,
      ['state,next_state,f', 'a,b,1'],
      '1: column "next_state" needs a column "action" beside it, as the world has actions; add it',
    ],
    [
      GRAPH,
      ['state,action,next_state,f', '1,2,3,1'],
      '2: state "1", action "2", next state "3" is not in transitions.csv; leave the row out, or add the transition there',
    ],
  ])('%#: %j %j', async (transitions, texts, message) => {
    expect(await failure(read(transitions, texts))).toBe(`TableError: features.csv:${message}`);
  });
});
