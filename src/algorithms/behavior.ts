/** How a fitted method behaves wherever it is put, not only in the rows that somebody recorded. */

import type { TimedChoices } from '../planning/choiceProbabilities.ts';

/**
 * Told what a fitted method expected where somebody chose.
 *
 * @param row of the trajectories
 * @param logProbabilities of the pairs of the row's state, in order, and of stopping where that is
 *   an option; they sum to 1 as probabilities and are valid until the next call
 * @param chosen index into them
 */
export type VisitChoice = (row: number, logProbabilities: Float64Array, chosen: number) => void;

/** Behaviour in the world, and on the trajectories, of one problem. */
export interface Behavior {
  /** [pairs] the reward that is planned for; null where there is none, only imitation. */
  readonly reward: Float64Array | null;
  /**
   * Tells how likely every decision of the problem's trajectories is, in any order. Returns false,
   * having told perhaps some, where the reward has no finite value for what they head for.
   */
  choices(visit: VisitChoice): boolean;
  /**
   * Returns what is done on the way to a goal of the problem's trajectories (−1: to none), from
   * whatever they visit; null where the reward has no finite value there. What it says of a state
   * where the goal absorbs is of no meaning.
   */
  towards(goal: number): TimedChoices | null;
}
