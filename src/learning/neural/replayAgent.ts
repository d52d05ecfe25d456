/** What learns to choose among actions from transitions that are replayed to it. */

import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Network } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import type { ScalarAdamState } from './scalarAdam.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export interface ReplayAgent {
  readonly kind: string;
  /** What it was built with: plain JSON. */
  readonly settings: unknown;
  /** Names of what `update` returns. */
  readonly columns: readonly string[];
  readonly sizes: { readonly observationSize: number; readonly actionCount: number };
  /** Transitions of an update. */
  readonly batch: number;
  /** Its largest output is the action to take. */
  readonly policy: Network;
  /** Returns the best action with `rng` null, else one that it draws. */
  act(observation: ArrayLike<number>, rng: Rng | null): number;
  /**
   * Learns from a batch; returns what it came to.
   *
   * @throws RangeError for a batch of another shape, Error where the loss is not finite: then
   *   nothing was changed
   */
  update(batch: TransitionBatch): CurveRow;
  state(): AgentState;
  /** @throws RangeError where the checkpoint is of networks of another shape */
  restore(checkpoint: Checkpoint, numbers: AgentState['numbers']): void;
}

/** What a checkpoint needs to go on from here. */
export interface AgentState {
  /** Plain JSON. */
  readonly numbers: {
    /** Of each optimiser. */
    readonly steps: Readonly<Record<string, number>>;
    readonly logTemperature?: ScalarAdamState | undefined;
  };
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

export function checkObservation(observation: ArrayLike<number>, size: number): void {
  if (observation.length !== size)
    throw new RangeError(
      `Cannot act: wanted an observation of ${size} numbers, got ${observation.length}`,
    );
}

export function checkBatch(batch: TransitionBatch, rows: number, observationSize: number): void {
  if (batch.rows !== rows)
    throw new RangeError(`Cannot update: wanted a batch of ${rows}, got ${batch.rows}`);
  if (batch.observation.length !== rows * observationSize)
    throw new RangeError(
      `Cannot update: wanted observations of ${observationSize} numbers, got ${batch.observation.length / rows}`,
    );
}

export function checkLoss(of: string, loss: number): void {
  if (!Number.isFinite(loss))
    throw new Error(
      `Cannot update: the loss of ${of} is ${loss}; the networks were left as they are`,
    );
}
