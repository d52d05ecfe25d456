/**
 * The pace of planners that follow θ slowly, such as networks: one scale of steps for all parameters,
 * a number of rounds that is known beforehand, and one comparison at the end.
 *
 *   m ← .7 m + .3 g,   v ← .9 v + .1 g²,   both over 1 − their factorᵗ
 *   Δ = ρ m / (√Σₖ vₖ + ε),   ρ falling by equal amounts to a tenth in the last round
 *
 * A gap that keeps its direction moves x by ρ, one that changes sign from round to round hardly. With
 * a scale for each parameter a small gap that lasts would become a step of full size. A planner's
 * rate of learning falls to a fifth, and the mean of the last half is the estimate.
 *
 * Where its comparison leaves a gap, and rounds are left, corrections follow: by how fast episodes say
 * that the gap falls, each with a plan and a comparison of its own, until it is closed.
 *
 * Reference: Kingma & Ba (2015), ICLR (moments and their bias).
 */

import type { Pace } from './pace.ts';
import { gapIn } from './sampledGap.ts';

const KEEP_FIRST = 0.7;
const KEEP_SECOND = 0.9;
/** ε: gaps below this are small. */
const SMALL = 1e-3;
/** Shares of the last round. */
const LAST_GAIN = 0.1;
const LAST_LEARNING = 0.2;

export interface SharedScale {
  readonly rounds: number;
  /** ρ of the first round, features at unit size. */
  readonly gain: number;
  /** Rollouts of a comparison at the end. */
  readonly compared: number;
}

interface Moments {
  readonly rounds: number;
  readonly first: readonly number[];
  readonly second: readonly number[];
}

export function sharedScalePace({ rounds, gain, compared }: SharedScale): Pace {
  const fallen = (round: number, last: number): number =>
    1 - (1 - last) * Math.min(1, (round - 1) / Math.max(1, rounds - 1));
  return {
    looksAhead: false,
    settlesFirst: false,
    learning: (round) => fallen(round, LAST_LEARNING),
    isCheck: (round) => round >= rounds,
    stepper(size, saved) {
      const known = saved as Moments | null | undefined;
      let seen = known?.rounds ?? 0;
      const first = Float64Array.from(known?.first ?? new Float64Array(size));
      const second = Float64Array.from(known?.second ?? new Float64Array(size));
      return {
        step(gap, _axes, round) {
          if (round > rounds) return new Float64Array(size);
          seen++;
          let length = 0;
          for (let k = 0; k < size; k++) {
            first[k] += (1 - KEEP_FIRST) * (gap[k] - first[k]);
            second[k] += (1 - KEEP_SECOND) * (gap[k] ** 2 - second[k]);
            length += second[k] / (1 - KEEP_SECOND ** seen);
          }
          const scale = gain * fallen(round, LAST_GAIN);
          const mean = 1 - KEEP_FIRST ** seen;
          return first.map((m) => (scale * m) / mean / (Math.sqrt(length) + SMALL));
        },
        state: (): Moments => ({ rounds: seen, first: [...first], second: [...second] }),
      };
    },
    measure(planner, space, theta, learning, options) {
      planner.settle(theta, learning);
      return gapIn(planner.surplus(compared), space, theta, options);
    },
  };
}
