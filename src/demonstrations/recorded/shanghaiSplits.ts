/**
 * The published cross-validation of the Shanghai taxi trips as splits: fitted to a training subset of
 * a fold, or to all trips of the other folds, and tested on the trips of the fold.
 *
 * Reference: Z. Zhao, Y. Liang (2023), Transportation Research Part C 149, 104079.
 */

import { z } from 'zod';
import type { Trajectories } from '../../mdp/trajectories.ts';
import type { Split, Splits } from '../splits.ts';
import { readShanghaiSubsets, SHANGHAI_FOLDS, SHANGHAI_TRAIN_SIZES } from './shanghaiSubsets.ts';

export const ShanghaiSplitsOptions = z.strictObject({
  trainSize: z
    .literal(SHANGHAI_TRAIN_SIZES)
    .optional()
    .describe('Train on the published subsets of this size; on all other folds where absent'),
});
export type ShanghaiSplitsOptions = z.input<typeof ShanghaiSplitsOptions>;

/** Returns the splits of the trips that `shanghaiTaxi` reads without options about folds. */
export async function shanghaiSplits(
  { trajectories: { names, folds } }: { readonly trajectories: Trajectories },
  options: ShanghaiSplitsOptions = {},
): Promise<Splits> {
  const { trainSize } = ShanghaiSplitsOptions.parse(options);
  const testedIn = new Map(names.map((name, i) => [name, Number(folds?.[i])]));
  if (![...testedIn.values()].every((fold) => fold >= 0 && fold < SHANGHAI_FOLDS))
    throw new RangeError(
      'Cannot split the Shanghai trips: wanted all of them in their published folds, as `shanghaiTaxi()` without "fold" reads them',
    );
  const read = trainSize === undefined ? null : await readShanghaiSubsets(trainSize, testedIn);
  const splits = Array.from({ length: SHANGHAI_FOLDS }, (_, fold): Split => {
    const isTest = Uint8Array.from(names, (name) => Number(testedIn.get(name) === fold));
    const isTrain = Uint8Array.from(names, (name, i) =>
      Number(read ? read.subsets[fold].has(name) : isTest[i] === 0),
    );
    for (const [part, is] of [
      ['train', isTrain],
      ['test', isTest],
    ] as const)
      if (!is.includes(1))
        throw new RangeError(
          `Cannot split the Shanghai trips: fold ${fold} has no trip to ${part} on`,
        );
    return { name: `fold ${fold}`, isTrain, isTest };
  });
  return { splits, file: read?.file ?? null, warnings: [] };
}
