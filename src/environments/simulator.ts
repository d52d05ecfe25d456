/**
 * A world that is visited step by step, without its dynamics being told: reset, then step until the
 * episode is over.
 *
 * An episode ends in one of two ways, and learning depends on which. Terminated: the task is over,
 * nothing is worth anything after it. Truncated: only the recording is over, the state reached is
 * worth what it was always worth.
 */

import type { Rng } from '../numeric/rng.ts';

/** One of `count` actions, written 0 … count − 1. */
export interface DiscreteActions {
  readonly kind: 'discrete';
  readonly count: number;
}

/** A point of a box; what lies outside is treated as the task's equations say. */
export interface BoxActions {
  readonly kind: 'box';
  /** [size] */
  readonly low: Float64Array;
  /** [size] */
  readonly high: Float64Array;
}

/** How an action is written: an index, or [size] numbers. */
export type Action = number | Float64Array;

export interface Simulator<A extends Action = Action> {
  readonly actions: A extends number ? DiscreteActions : BoxActions;
  /** Steps after which an episode is truncated. */
  readonly timeLimit: number;
  /** [size] what is seen of the state; overwritten by every reset and step. */
  readonly observation: Float64Array;
  /** [size] everything the future depends on; overwritten by every reset and step. */
  readonly state: Float64Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** Begins an episode in a state that is drawn. */
  reset(rng: Rng): void;
  /**
   * Begins an episode in this state [size].
   *
   * @param elapsed steps of the episode that are over already, to go on with one that was stored; 0
   */
  startAt(state: ArrayLike<number>, elapsed?: number): void;
  /**
   * Takes an action and returns the reward.
   *
   * @throws RangeError for an action that there is not
   * @throws Error before the first reset and after the end of an episode
   */
  step(action: A): number;
}
