/** What learns to act from transitions that are replayed to it; actions are as they are kept. */

import { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import type { Player, PolicyArrays } from './controlLearner.ts';
import { ScalarAdamState } from './scalarAdam.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export interface ReplayAgent {
  readonly kind: string;
  /** What it was built with: plain JSON. */
  readonly settings: unknown;
  /** Names of what `learn` returns. */
  readonly columns: readonly string[];
  readonly sizes: ReplaySizes;
  /** Transitions of an update. */
  readonly batch: number;
  /** Writes an action as it is kept: with `rng` null the best, else one that it draws. */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void;
  /**
   * Learns from a batch; returns what it came to.
   *
   * @throws RangeError for a batch of another shape
   */
  learn(batch: TransitionBatch, noise: Rng): CurveRow;
  /** What `act` without chance depends on: copies. */
  learned(): PolicyArrays;
  /** Acts without chance in several rows at once. */
  player(engine: Engine, rows: number): Player<Float64Array>;
  state(): AgentState;
  /** @throws RangeError where the checkpoint is of networks of another shape */
  restore(checkpoint: Checkpoint, numbers: unknown): void;
}

/** A world as an agent sees it. */
export interface ReplaySizes {
  readonly observationSize: number;
  /** Of discrete actions; else `actionSize`. */
  readonly actionCount?: number;
  /** Numbers of a box. */
  readonly actionSize?: number;
}

/** What a checkpoint needs to go on from here. */
export interface AgentState {
  /** Plain JSON. */
  readonly numbers: unknown;
  readonly arrays: Readonly<Record<string, Float32Array>>;
}

/** The plain numbers of most agents. */
export const AgentNumbers = z.strictObject({
  /** Of each optimiser. */
  steps: z.record(z.string(), z.int().nonnegative()),
  logTemperature: ScalarAdamState.optional(),
});

/** A player of indices as one of actions as they are kept. */
export function keptIndex(player: Player<number>): Player<Float64Array> {
  const kept = new Float64Array(1);
  return {
    ...player,
    action(row) {
      kept[0] = player.action(row);
      return kept;
    },
  };
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
