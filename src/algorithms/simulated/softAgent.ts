/**
 * The contract between a planner that meets its world in steps and whoever learns the soft-optimal
 * policy from them: soft Q-learning where actions are numbered, soft actor-critic where they are a box.
 *
 *   V(o) = τ log E_{a ~ uniform} exp(Q(o, a) / τ),   π(a | o) ∝ exp(Q(o, a) / τ)
 *
 * Entropy counts relative to choosing at random: a reward of nothing makes nothing worth anything.
 */

import type { CurveRow } from '../../learning/log/trainingLog.ts';
import type { TransitionBatch } from '../../learning/neural/transitionBuffer.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Rng } from '../../numeric/rng.ts';

export interface SoftAgent {
  readonly kind: string;
  /** What it was built with: plain JSON. */
  readonly settings: unknown;
  /** Transitions of an update. */
  readonly batch: number;
  /** Numbers of an action: 1 where actions are numbered. */
  readonly actionSize: number;
  /**
   * Acts in several worlds at once, with one forward pass.
   *
   * @param observations [rows × observationSize]
   * @param rng draws the actions; null: the likeliest one (numbered), the mean one (box)
   * @param out [rows × actionSize] numbers of actions, or coordinates in (−1, 1)
   */
  act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array): void;
  /** Overwrites `out` [rows] with log π(a | o): probabilities, or densities on (−1, 1). */
  logLikelihood(
    observations: Float64Array,
    actions: Float64Array,
    rows: number,
    out: Float64Array,
  ): void;
  /**
   * Learns from a batch whose rewards are those of now.
   *
   * @param rate of learning, as a share of the one it was built with
   * @throws Error where a loss is not finite; then nothing was changed
   */
  update(batch: TransitionBatch, noise: Rng, rate: number): CurveRow;
  state(): { readonly numbers: unknown; readonly arrays: Readonly<Record<string, Float32Array>> };
  /** @throws RangeError where the checkpoint is of another shape */
  restore(checkpoint: Checkpoint, numbers: unknown): void;
}
