import { describe, expect, test } from 'vitest';
import { borlange } from '../../src/demonstrations/recorded/borlange.ts';
import { borlangeSplits } from '../../src/demonstrations/recorded/borlangeSplits.ts';
import {
  checkSplit,
  type Splits,
  splitsByFold,
  splitsDealt,
} from '../../src/demonstrations/splits.ts';
import { readSplits } from '../../src/demonstrations/tables/splitsTable.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { hasSharedData } from '../support/sharedData.ts';
import { failure, lines, tableFile } from './tables/tableFiles.ts';

function trajectories(count: number, folds: readonly string[] | null): Trajectories {
  return {
    count,
    rowStart: Int32Array.from({ length: count + 1 }, (_, i) => i),
    state: new Int32Array(count),
    pair: new Int32Array(count),
    goal: new Int32Array(count).fill(-1),
    weight: new Float64Array(count).fill(1),
    stopped: new Uint8Array(count),
    names: Array.from({ length: count }, (_, i) => `t${i}`),
    folds,
  };
}

/** Name, test set and training set of each split. */
function asLists({ splits }: Splits): [string, number[], number[]][] {
  const ones = (flags: Uint8Array) => [...flags.keys()].filter((i) => flags[i] === 1);
  return splits.map(({ name, isTest, isTrain }) => [name, ones(isTest), ones(isTrain)]);
}

describe('splitsByFold', () => {
  test('tests on each fold what the others taught, folds in the order of their names', () => {
    expect(asLists(splitsByFold(trajectories(4, ['10', '9', '10', 'x'])))).toEqual([
      ['9', [1], [0, 2, 3]],
      ['10', [0, 2], [1, 3]],
      ['x', [3], [0, 1, 2]],
    ]);
  });

  test('says what to give where there is nothing to go by', () => {
    expect(() => splitsByFold(trajectories(4, null))).toThrow(
      /column "fold" .* --splits FILE .* --folds N/,
    );
    expect(() => splitsByFold(trajectories(2, ['a', 'a']))).toThrow(
      /all 2 .* fold "a"; number two/,
    );
  });
});

describe('splitsDealt', () => {
  test('deals every trajectory into one fold, by its seed', () => {
    const lists = asLists(splitsDealt(trajectories(11, null), 3, 5));
    expect(lists.map(([name]) => name)).toEqual(['1', '2', '3']);
    expect(lists.flatMap(([, held]) => held).sort((a, b) => a - b)).toEqual([...Array(11).keys()]);
    for (const [, held, kept] of lists) expect(held.length + kept.length).toBe(11);
    expect(asLists(splitsDealt(trajectories(11, null), 3, 5))).toEqual(lists);
    expect(asLists(splitsDealt(trajectories(11, null), 3, 6))).not.toEqual(lists);
  });

  test('refuses to overrule folds, and more folds than trajectories', () => {
    expect(() => splitsDealt(trajectories(2, ['a', 'b']), 2, 0)).toThrow(/have a column "fold"/);
    expect(() => splitsDealt(trajectories(2, null), 3, 0)).toThrow(/from 2 to the number/);
  });
});

describe('readSplits', () => {
  const read = (...rows: string[]) =>
    readSplits(tableFile('splits.csv', lines('trajectory,split,is_test', ...rows)), [
      'x',
      'y',
      'z',
    ]);

  test('reads overlapping test sets, and leaves out what a split does not list', async () => {
    const splits = await read('x,b,1', 'y,b,0', 'z,b,0', 'x,a,true', 'z,a,false');
    expect(asLists(splits)).toEqual([
      ['a', [0], [2]],
      ['b', [0], [1, 2]],
    ]);
    expect(splits.file).toMatchObject({ name: 'splits.csv', rows: 5 });
  });

  test.each([
    [['x,a,1', 'xx,a,0'], /splits\.csv:3: there is no trajectory "xx" \(did you mean "x"\?\)/],
    [['x,a,1', 'y,a,0', 'x,a,1'], /splits\.csv:4: trajectory "x" is listed twice .*line 2/],
    [
      ['x,a,1', 'y,a,0', 'x,a,0'],
      /splits\.csv:4: trajectory "x" is in both train and test .*line 2/,
    ],
    [['x,a,1', 'y,a,0', 'x,b,1'], /splits\.csv:4: split "b", .* no trajectory to train on/],
    [['x,a,0', 'y,a,0'], /splits\.csv:2: split "a", .* no trajectory to test on/],
    [['x,a,2'], /splits\.csv:2: "is_test" must be 1 \(test\) or 0 \(train\), got "2"/],
    [['x,,1'], /splits\.csv:2: "split" must not be empty/],
    [[], /splits\.csv:2: has a header but no rows/],
  ])('refuses %j', async (rows, message) => {
    expect(await failure(read(...rows))).toMatch(message);
  });
});

test.skipIf(!hasSharedData('borlange'))(
  'borlangeSplits reads 20 splits into 1,466 and 366 trips',
  async () => {
    const { splits } = await borlangeSplits(await borlange());
    expect(splits.map(({ name }) => name)).toEqual(
      Array.from({ length: 20 }, (_, i) => `${i + 1}`),
    );
    for (const { isTest, isTrain } of splits) {
      expect(isTest.reduce((n, flag) => n + flag, 0)).toBe(366);
      expect(isTrain.reduce((n, flag) => n + flag, 0)).toBe(1466);
      expect(isTest.every((flag, i) => flag + isTrain[i] === 1)).toBe(true);
    }
  },
);

describe('checkSplit', () => {
  const of = (train: number[], test: number[]) => ({
    name: 's',
    isTrain: Uint8Array.from(train),
    isTest: Uint8Array.from(test),
  });
  const three = trajectories(3, null);

  test('passes what parts the trajectories, or leaves some out', () => {
    expect(() => checkSplit(of([1, 0, 0], [0, 0, 1]), three)).not.toThrow();
  });

  test.each<[number[], number[], RegExp]>([
    [[1, 1, 0], [0, 1, 1], /"t1" is in both train and test/],
    [[1, 1, 0], [0, 0, 0], /no trajectory to test on/],
    [[0, 0, 0], [0, 0, 1], /no trajectory to train on/],
    [[1, 0], [0, 1], /of 3 trajectories .* of 2 \(train\) and 2 \(test\)/],
  ])('refuses train %j with test %j', (train, test, why) => {
    expect(() => checkSplit(of(train, test), three)).toThrow(why);
  });
});
