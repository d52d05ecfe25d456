import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadPlainTables } from '../../../src/demonstrations/tables/plainTables.ts';
import type { TimeStructure } from '../../../src/mdp/timeStructure.ts';
import { failure, lines, loadTexts, type TableTexts, tableFile } from './tableFiles.ts';

const DISCOUNTED: TimeStructure = { kind: 'discounted', discount: 0.9 };
const UNDISCOUNTED: TimeStructure = { kind: 'undiscounted' };

const TABLES = {
  transitions: lines(
    'state,action,next_state,probability',
    '1,go,2,0.1',
    '1,go,3,0.2',
    '1,go,1,0.7',
    '1,stay,1,1',
    '2,go,3,1',
    '2,back,1,1',
    '3,go,1,0.6',
    '3,go,10,0.4',
  ),
  features: lines(
    'state,action,next_state,near,far',
    '1,go,2,0.1,7',
    '1,go,3,0.3,-1',
    '1,go,1,0.2,2',
    '1,stay,1,1e-3,0',
    '2,go,3,5,5',
    '2,back,1,6,6',
    '3,go,1,0.7,7',
    '3,go,10,0.8,8',
  ),
  trajectories: lines(
    'trajectory,step,state,action,goal,weight,fold',
    'x,0,1,go,home,1,a',
    'x,1,3,go,home,1,a',
    'x,2,10,,home,1,a',
    'y,0,2,back,shop,2,b',
    'y,1,1,stay,shop,2,b',
    'y,2,1,,shop,2,b',
    'z,0,3,,home,1,a',
  ),
  exits: lines('goal,state,reward', 'home,10,1', 'home,3,-1', 'shop,1,0', 'office,2,0'),
  initial: lines('state,probability', '1,0.1', '2,0.2', '3,0.7'),
} as const;

test('loadPlainTables joins the tables', async () => {
  const tables = await loadTexts({ ...TABLES, missingFeatures: 'error' }, DISCOUNTED);
  expect(tables.world.stateNames).toEqual(['1', '2', '3', '10']);
  expect(tables.features).toMatchObject({ names: ['near', 'far'], per: 'pair' });
  expect(tables.goals.map(({ name }) => name)).toEqual(['home', 'shop']);
  expect(tables.trajectories).toEqual({
    count: 3,
    rowStart: Int32Array.of(0, 3, 6, 7),
    state: Int32Array.of(0, 2, 3, 1, 0, 0, 2),
    pair: Int32Array.of(0, 4, -1, 2, 1, -1, -1),
    goal: Int32Array.of(0, 1, 0),
    weight: Float64Array.of(1, 2, 1),
    stopped: Uint8Array.of(1, 1, 1),
    names: ['x', 'y', 'z'],
    folds: ['a', 'b', 'a'],
  });
  expect(Array.from(tables.initial ?? [])).toEqual(
    [0.1, 0.2, 0.7, 0].map((p) => p / (0.1 + 0.2 + 0.7)),
  );
  expect(tables.warnings).toEqual([]);
  expect(tables.files).toEqual(
    (['transitions', 'features', 'trajectories', 'exits', 'initial'] as const).map((name) => ({
      name: `${name}.csv`,
      sha256: createHash('sha256').update(TABLES[name]).digest('hex'),
      rows: TABLES[name].trimEnd().split('\n').length - 1,
    })),
  );
});

test('the order of rows changes nothing', async () => {
  const wanted = await loadTexts(TABLES, DISCOUNTED);
  const shuffled = (text: string) => {
    const [header, ...rows] = text.trimEnd().split('\n');
    return fc
      .shuffledSubarray(rows, { minLength: rows.length })
      .map((order) => lines(header, ...order));
  };
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        transitions: shuffled(TABLES.transitions),
        features: shuffled(TABLES.features),
        trajectories: shuffled(TABLES.trajectories),
        exits: shuffled(TABLES.exits),
        initial: shuffled(TABLES.initial),
      }),
      async (texts: TableTexts) => {
        const { files: _, ...tables } = await loadTexts(texts, DISCOUNTED);
        const { files: __, ...rest } = wanted;
        expect(tables).toEqual(rest);
      },
    ),
    { numRuns: 30, seed: 1 },
  );
});

test('tables that are packed or separated by tabs are the same tables', async () => {
  const { files: _, ...wanted } = await loadTexts(TABLES, UNDISCOUNTED);
  const tsv = (text: string) => text.replaceAll(',', '\t');
  const { files, ...tables } = await loadPlainTables(
    {
      transitions: tableFile('transitions.tsv', tsv(TABLES.transitions)),
      features: tableFile('features.csv.gz', gzipSync(TABLES.features)),
      trajectories: tableFile('trajectories.tsv.gz', gzipSync(tsv(TABLES.trajectories))),
      exits: tableFile('exits.csv', TABLES.exits),
      initial: tableFile('initial.csv', TABLES.initial),
    },
    UNDISCOUNTED,
  );
  expect(tables).toEqual(wanted);
  expect(files.map(({ rows }) => rows)).toEqual([8, 8, 7, 4, 3]);
});

describe('time structures', () => {
  const transitions = lines('state,next_state', 'a,b', 'b,a');
  const plain = {
    transitions,
    trajectories: lines('trajectory,step,state', 'x,0,a', 'x,1,b', 'x,2,a'),
  };
  const goals = {
    transitions,
    trajectories: lines('trajectory,step,state,goal', 'x,0,a,b', 'x,1,b,b'),
  };
  const exits = lines('goal,state', 'b,a');
  const finite = (horizon: number): TimeStructure => ({ kind: 'finite', horizon, discount: 1 });

  test('a trajectory may have as many decisions as the horizon, and one row more', async () => {
    const { trajectories } = await loadTexts(plain, finite(2));
    expect(Array.from(trajectories.pair)).toEqual([0, 1, -1]);
  });

  test.each([
    [
      plain,
      finite(1),
      '3: trajectory "x" has more decisions than the horizon of 1; use a longer --horizon, or split it',
    ],
    [
      plain,
      UNDISCOUNTED,
      '1: column "goal" is missing, and without discount or horizon the task never ends; add the column, --discount below 1 or --horizon',
    ],
    [
      goals,
      finite(5),
      '1: column "goal" cannot be combined with a horizon; drop --horizon or the column',
    ],
    [
      { ...plain, exits },
      DISCOUNTED,
      '1: column "goal" is missing, which exits lead to; add the column or drop --exits',
    ],
  ])('%#: %j', async (tables, time, message) => {
    expect(await failure(loadTexts(tables, time))).toBe(`TableError: trajectories.csv:${message}`);
  });
});

test('warnings of all tables are gathered', async () => {
  const { warnings } = await loadTexts(
    {
      transitions: lines('state,next_state,length', 'a,b,1', 'b,a,1'),
      trajectories: lines('trajectory,step,state,speed', 'x,0,a,1'),
    },
    DISCOUNTED,
  );
  expect(warnings).toEqual([
    'transitions.csv: ignores the columns "length"',
    'features.csv: 1 of the world\'s 2 states has no row (state "b"); their features are taken to be 0',
    'trajectories.csv: ignores the columns "speed"',
  ]);
});
