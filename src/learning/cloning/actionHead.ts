/**
 * What a network's outputs mean as a distribution over actions. A head knows one family, its
 * likelihood and the gradient of that; continuous actions come to it on the scale of an `ActionScale`.
 */

import type { Rng } from '../../numeric/rng.ts';

export interface ActionHead {
  /** Numbers that the network gives for each state. */
  readonly outputs: number;
  /** Parameters that are the same in every state, beside the network; 0 at first. */
  readonly free: number;
  /**
   * Returns log π(a) and, where slopes are wanted, writes weight · ∂log π/∂outputs and adds
   * weight · ∂log π/∂free.
   *
   * @param action holds the action from `from` on
   */
  logDensity(at: HeadAt, action: Float64Array, from: number, slopes: HeadSlopes | null): number;
  /** Writes an action [width]: drawn, or with `rng` null the most likely one. */
  choose(at: HeadAt, rng: Rng | null, out: Float64Array): void;
  /**
   * Returns Pr(A_j ≤ a_j) of one coordinate, whatever the others are; null where actions have no
   * order.
   */
  below(at: HeadAt, action: Float64Array, from: number, coordinate: number): number | null;
}

/** The outputs of one state, from `start` on, and the free parameters. */
export interface HeadAt {
  readonly outputs: Float32Array;
  readonly start: number;
  readonly free: Float64Array;
}

/** Where gradients go. */
export interface HeadSlopes {
  readonly weight: number;
  /** As long as the outputs, and written at the same place. */
  readonly outputs: Float32Array;
  readonly free: Float64Array;
}
