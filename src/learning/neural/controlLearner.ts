/** What learns by acting in a world, turn by turn, and can be stored between turns. */

import type { Action } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import type { CurveRow } from '../log/trainingLog.ts';

/** All that acting without chance depends on: parameters of networks, scales of what is seen. */
export type PolicyArrays = Checkpoint['arrays'];

export interface ControlLearner<A extends Action = Action> {
  readonly kind: string;
  /** What it was built with: plain JSON. A checkpoint of other settings is refused. */
  readonly settings: unknown;
  /** Steps in the world that a turn takes. */
  readonly turn: number;
  /**
   * Acts and learns for a turn.
   *
   * @throws Error where a reward, an observation or a loss is not finite
   */
  advance(): void;
  /** What it has learned so far: copies. */
  learned(): PolicyArrays;
  /** Acts without chance in so many worlds at once, by the policies that it is given. */
  player(engine: Engine, rows: number): Player<A>;
  /** Names of what it reports. */
  readonly columns: readonly string[];
  /** Means since it was last asked; what did not happen is null. */
  report(): CurveRow;
  /** Where it stands, right after a report: plain JSON, and arrays. */
  stored(): Omit<Checkpoint, 'kind'>;
  /** @throws RangeError where the checkpoint is of networks of another shape */
  goOn(checkpoint: Checkpoint): void;
}

/** Plays in several worlds with one forward pass a step: see in every row, decide, act. */
export interface Player<A extends Action = Action> {
  /**
   * Goes by this policy from now on.
   *
   * @throws RangeError where it is of networks of another shape
   */
  take(policy: PolicyArrays): void;
  /** @throws RangeError for an observation of another width than was learned from */
  see(row: number, observation: ArrayLike<number>): void;
  decide(): void;
  /** What to do in a row; the numbers of a box are overwritten by the next call. */
  action(row: number): A;
}
