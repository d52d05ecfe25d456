/**
 * Ways to part recorded behaviour into what is fitted and what is predicted, always by whole
 * trajectories: decisions of one trajectory depend on each other.
 */

import type { Trajectories } from '../mdp/trajectories.ts';
import { createRng } from '../numeric/rng.ts';
import { dealFolds } from './folds.ts';
import { NameCollector } from './tables/nameIndex.ts';
import type { TableFile } from './tables/readTable.ts';

/** Which trajectories are fitted and which predicted; those that are neither are left out. */
export interface Split {
  readonly name: string;
  /** [trajectories] */
  readonly isTrain: Uint8Array;
  /** [trajectories] never 1 where `isTrain` is. */
  readonly isTest: Uint8Array;
  /** Whether it tests on behaviour from another world, so that nothing need be held out here. */
  readonly testsElsewhere?: boolean;
}

export interface Splits {
  readonly splits: readonly Split[];
  /** Where they were read; null where they follow from the trajectories. */
  readonly file: TableFile | null;
  readonly warnings: readonly string[];
}

/** Throws a RangeError where a split leaves nothing to fit or to predict, or predicts what was fitted. */
export function checkSplit(
  { name, isTrain, isTest, testsElsewhere }: Split,
  { count, names }: Trajectories,
): void {
  const refuse = (why: string): never => {
    throw new RangeError(`Cannot use split "${name}": ${why}`);
  };
  if (isTrain.length !== count || isTest.length !== count)
    refuse(
      `it must say of ${count} trajectories what they are for, and does of ${isTrain.length} (train) and ${isTest.length} (test)`,
    );
  const both = isTrain.findIndex((train, i) => train === 1 && isTest[i] === 1);
  if (both >= 0) refuse(`trajectory "${names[both]}" is in both train and test`);
  if (!isTest.includes(1) && !testsElsewhere) refuse('it has no trajectory to test on');
  if (!isTrain.includes(1)) refuse('it has no trajectory to train on');
}

/** One split per fold of the trajectories' own, tested on that fold and trained on the rest. */
export function splitsByFold({ folds, count }: Trajectories): Splits {
  if (!folds)
    throw new RangeError(
      'Cannot compare what methods predict: nothing says what to hold out; give a column "fold" in the trajectories, --splits FILE (trajectory, split, is_test) or --folds N',
    );
  const collected = new NameCollector();
  const number = folds.map((fold) => collected.add(fold));
  if (collected.names.length < 2)
    throw new RangeError(
      `Cannot hold out folds: all ${count} trajectories are in fold "${folds[0]}"; number two or more, or give --splits FILE`,
    );
  return fromFolds(collected, number);
}

/** Splits by folds dealt at random, called 1, 2, …. */
export function splitsDealt(
  { folds, count }: Trajectories,
  foldCount: number,
  seed: number,
): Splits {
  if (folds)
    throw new RangeError(
      `Cannot deal ${foldCount} folds: the trajectories have a column "fold" already; leave out --folds, or the column`,
    );
  const fold = dealFolds(count, foldCount, createRng(seed, 'folds'));
  const collected = new NameCollector();
  return fromFolds(
    collected,
    Array.from(fold, (f) => collected.add(String(f + 1))),
  );
}

/** One split that fits to everything, for tests on behaviour that was recorded elsewhere. */
export function nothingHeldOut({ count }: Trajectories): Splits {
  const split = {
    name: 'all',
    isTrain: new Uint8Array(count).fill(1),
    isTest: new Uint8Array(count),
    testsElsewhere: true,
  };
  return { splits: [split], file: null, warnings: [] };
}

/** @param number [trajectories] the collected number of each one's fold */
function fromFolds(collected: NameCollector, number: readonly number[]): Splits {
  const { names, position } = collected.sorted();
  const splits = names.map((name, split): Split => {
    const isTest = Uint8Array.from(number, (n) => Number(position[n] === split));
    return { name, isTest, isTrain: isTest.map((test) => 1 - test) };
  });
  return { splits, file: null, warnings: [] };
}
