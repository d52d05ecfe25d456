/** What learns by acting in a world, turn by turn, and can be stored between turns. */

import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Network } from '../../networks/network.ts';
import type { CurveRow } from '../log/trainingLog.ts';

export interface ControlLearner {
  readonly kind: string;
  /** What it was built with: plain JSON. A checkpoint of other settings is refused. */
  readonly settings: unknown;
  /** Its largest output is the action to take. */
  readonly policy: Network;
  /** Steps in the world that a turn takes. */
  readonly turn: number;
  /**
   * Acts and learns for a turn.
   *
   * @throws Error where a reward, an observation or a loss is not finite
   */
  advance(): void;
  /** Names of what it reports. */
  readonly columns: readonly string[];
  /** Means since it was last asked; what did not happen is null. */
  report(): CurveRow;
  /** Where it stands, right after a report: plain JSON, and arrays. */
  stored(): Omit<Checkpoint, 'kind'>;
  /** @throws RangeError where the checkpoint is of networks of another shape */
  goOn(checkpoint: Checkpoint): void;
}
