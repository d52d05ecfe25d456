import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { shanghaiSplits } from '../../../src/demonstrations/recorded/shanghaiSplits.ts';
import {
  type ShanghaiTaxi,
  shanghaiTaxi,
} from '../../../src/demonstrations/recorded/shanghaiTaxi.ts';
import type { Trajectories } from '../../../src/mdp/trajectories.ts';
import { hasSharedData } from '../../support/sharedData.ts';

function namesWhere({ names }: Trajectories, marks: Uint8Array): string[] {
  return names.filter((_, i) => marks[i] === 1);
}

describe.skipIf(!hasSharedData('shanghai_taxi'))('shanghaiSplits', () => {
  let data: ShanghaiTaxi;
  beforeAll(async () => {
    data = await shanghaiTaxi();
  });

  test.each([100, 10_000, undefined] as const)(
    'part the trips as every fold of size %s does by itself',
    async (trainSize) => {
      const size = trainSize === undefined ? {} : { trainSize };
      const { splits, file } = await shanghaiSplits(data, size);
      expect(file?.rows).toBe(trainSize === undefined ? undefined : 55_500);
      expect(splits.map(({ name }) => name)).toEqual([0, 1, 2, 3, 4].map((k) => `fold ${k}`));
      for (const fold of [0, 4]) {
        const { isTrain, isTest } = splits[fold];
        const { trajectories } = await shanghaiTaxi({ fold, ...size });
        const inFold = (part: string) =>
          trajectories.names.filter((_, i) => trajectories.folds?.[i] === part);
        expect(namesWhere(data.trajectories, isTrain)).toEqual(inFold('train'));
        expect(namesWhere(data.trajectories, isTest)).toEqual(inFold('test'));
      }
    },
  );
});

describe('shanghaiSplits on files made up here', () => {
  const home = mkdtempSync(join(tmpdir(), 'shanghai-'));
  /** Trips a to e, one for each fold to test on, unless others are given. */
  const split = (subsets: readonly string[], folds: readonly string[] | null = [...'01234']) => {
    mkdirSync(join(home, 'shanghai_taxi'), { recursive: true });
    writeFileSync(
      join(home, 'shanghai_taxi', 'train_subsets.csv'),
      ['fold,train_size,trip_id', ...subsets].join('\n'),
    );
    vi.stubEnv('REVEALED_DATA', home);
    const trajectories = { names: [...'abcde'], folds } as unknown as Trajectories;
    return shanghaiSplits({ trajectories }, { trainSize: 100 });
  };
  const ALL = ['0,100,b', '0,100,c', '1,100,a', '2,100,a', '3,100,a', '4,100,d'];
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
  });

  test('take the size that is asked for, and leave out trips that are neither', async () => {
    const { splits } = await split([...ALL, '0,1000,d']);
    expect(splits.map(({ isTrain }) => [...isTrain].join(''))).toEqual([
      '01100',
      '10000',
      '10000',
      '10000',
      '00010',
    ]);
    expect(splits.map(({ isTest }) => [...isTest].join(''))).toEqual([
      '10000',
      '01000',
      '00100',
      '00010',
      '00001',
    ]);
  });

  test.each([
    ['a trip that the fold tests on', [...ALL, '3,100,d'], 'subsets.csv:8: fold 3 tests on trip'],
    ['an unknown trip', [...ALL, '3,100,x'], 'train_subsets.csv:8: there is no trip "x"'],
    ['an unknown fold', [...ALL, '7,100,a'], '"fold" must be a fold from 0 to 4, got "7"'],
    ['a fold without training trips', ALL.slice(0, 5), 'fold 4 has no trip to train on'],
  ])('refuse %s', async (_, subsets, message) => {
    await expect(split(subsets)).rejects.toThrow(message);
  });

  test('refuse trips of another cut than the published folds', async () => {
    for (const folds of [null, ['train', 'test', '0', '1', '2']])
      await expect(split(ALL, folds)).rejects.toThrow('published folds');
    await expect(split([...ALL, '4,100,a'], [...'01233'])).rejects.toThrow(
      'fold 4 has no trip to test on',
    );
  });
});
