/**
 * Who is fitted and who is predicted of the people in three street scenes. Only people who appear in
 * the later half of their scene are ever predicted: the map was learned from the others.
 */

import type { Split, Splits } from '../splits.ts';
import type { Pedestrians, Walker } from './pedestrians.ts';
import { PEDESTRIAN_SCENES } from './pedestrianTracks.ts';

/** One split per scene: fitted to everybody in the others, tested on the later half of its people. */
export function pedestriansByScene({ walkers }: Pick<Pedestrians, 'walkers'>): Splits {
  return splitsOf(
    PEDESTRIAN_SCENES.map((scene) => ({
      name: `to ${scene}`,
      isTrain: partOf(walkers, (walker) => walker.scene !== scene),
      isTest: partOf(walkers, (walker) => walker.scene === scene && !walker.isWatched),
    })),
  );
}

/**
 * One split per stretch of time: tested on those who appear in a stretch of the later half of their
 * scene, fitted to everybody else there. People who walk together are in the same stretch.
 */
export function pedestriansByTime(
  { walkers }: Pick<Pedestrians, 'walkers'>,
  stretches = 5,
): Splits {
  if (!Number.isInteger(stretches) || stretches < 2)
    throw new RangeError(
      `Cannot part pedestrians by time: wanted a whole number of stretches from 2 on, got ${stretches}`,
    );
  const stretchOf = ({ isWatched, rank }: Walker): number =>
    isWatched ? -1 : Math.min(stretches - 1, Math.floor((2 * rank - 1) * stretches));
  return splitsOf(
    Array.from({ length: stretches }, (_, stretch) => ({
      name: `stretch ${stretch + 1}`,
      isTrain: partOf(walkers, (walker) => stretchOf(walker) !== stretch),
      isTest: partOf(walkers, (walker) => stretchOf(walker) === stretch),
    })),
  );
}

function partOf(walkers: readonly Walker[], belongs: (walker: Walker) => boolean): Uint8Array {
  return Uint8Array.from(walkers, (walker) => Number(belongs(walker)));
}

function splitsOf(splits: readonly Split[]): Splits {
  return { splits, file: null, warnings: [] };
}
