/** What everybody asks of a world in which whole episodes are played: that they end, and pay numbers. */

import type { AnySimulator } from './simulators.ts';

/**
 * @param action what cannot be done otherwise, as errors begin
 * @throws RangeError where nothing bounds an episode
 */
export function checkBounded({ timeLimit }: AnySimulator, action: string): void {
  if (timeLimit === Number.POSITIVE_INFINITY)
    throw new RangeError(`${action}: the world has no time limit; give it one`);
}

/**
 * Whether an episode goes on after so many steps.
 *
 * @throws RangeError where it goes on after the time limit of its world
 */
export function goesOn({ terminated, truncated, timeLimit }: AnySimulator, steps: number): boolean {
  if (terminated || truncated) return false;
  if (steps < timeLimit) return true;
  throw new RangeError(
    `Cannot play an episode: after ${steps} steps the world must be over by its time limit (truncated), but it goes on`,
  );
}

/** Returns what a step paid. Throws a RangeError where that is no number. */
export function paid(reward: number): number {
  if (Number.isFinite(reward)) return reward;
  throw new RangeError(
    `Cannot add up rewards: a step of the world must pay a finite number, got ${reward}`,
  );
}
