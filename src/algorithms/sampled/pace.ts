/**
 * How the loop moves θ where plans and comparisons are noisy: how long its steps are, when the mean
 * of the iterates is held still and compared at length, and how fast planners learn meanwhile.
 */

import type { ParameterSpace } from '../parameters.ts';
import { type Axis, gainStep } from './gainStep.ts';
import { type Gap, type GapOptions, measureGap } from './sampledGap.ts';
import type { SampledPlanner } from './sampledPlanner.ts';

export interface Pace {
  /** Whether steps look at how fast gaps fall and how noisy they are; if not, neither is remembered. */
  readonly looksAhead: boolean;
  /** Whether the first plan is made at length before anything is compared. */
  readonly settlesFirst: boolean;
  /** What a planner is told of how fast to learn in a round. */
  readonly learning: (round: number) => number;
  /** Whether the mean is compared after this round; it is after the last in any case. */
  readonly isCheck: (round: number) => boolean;
  /** @param saved from `state()` of another one */
  readonly stepper: (size: number, saved?: unknown) => Stepper;
  /** Compares a plan for θ held still, at length. */
  readonly measure: (
    planner: SampledPlanner,
    space: ParameterSpace,
    theta: Float64Array,
    learning: number,
    options: GapOptions,
  ) => Gap;
}

export interface Stepper {
  /**
   * Returns the step of x [free].
   *
   * @param axes of what is known of how fast the gap falls; null where that is nothing. They take long
   *   where parameters are many
   */
  step(gap: Float64Array, axes: () => readonly Axis[] | null, round: number): Float64Array;
  /** Plain JSON. */
  state(): unknown;
}

/** The first round after which the mean is held still and compared. */
const FIRST_CHECK = 16;

/**
 * Steps by how fast the gap falls, a little shorter in every round; the mean is compared after rounds
 * 16, 24, 32, 48, 64, … by as many rollouts as the errors that are wanted need.
 */
export const naturalPace: Pace = {
  looksAhead: true,
  settlesFirst: true,
  // plans must settle, and yet follow θ
  learning: (round) => Math.max(0.003, 0.25 / (1 + round)),
  isCheck(round) {
    const doubled = Math.log2(round / FIRST_CHECK);
    const between = Math.log2(round / (1.5 * FIRST_CHECK));
    return round >= FIRST_CHECK && (Number.isInteger(doubled) || Number.isInteger(between));
  },
  stepper: () => ({
    // ρ: Σ ρ = ∞ and Σ ρ² < ∞, slow enough for averaging
    step: (gap, axes, round) => gainStep(gap, axes(), 0.7 / (1 + round / 8) ** 0.6),
    state: () => null,
  }),
  measure: measureGap,
};
