/**
 * Whole trajectories dealt into folds for cross-validation. Decisions of one trajectory depend on
 * each other, so they are never split.
 */

/**
 * Returns [trajectories] the fold of each, 0 … folds − 1, at random; sizes differ by at most one.
 *
 * @param uniform draws from [0, 1)
 */
export function dealFolds(
  trajectoryCount: number,
  foldCount: number,
  uniform: () => number,
): Int32Array {
  if (!Number.isInteger(foldCount) || foldCount < 2 || foldCount > trajectoryCount)
    throw new RangeError(
      `Cannot deal ${trajectoryCount} trajectories into folds: the number of folds must be a whole number from 2 to the number of trajectories, got ${foldCount}`,
    );
  const fold = Int32Array.from({ length: trajectoryCount }, (_, i) => i % foldCount);
  for (let i = trajectoryCount - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [fold[i], fold[j]] = [fold[j], fold[i]];
  }
  return fold;
}
