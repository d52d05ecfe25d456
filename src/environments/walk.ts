/**
 * Walk: a person on the ground, on the way to a place. What is seen is where that place lies and how
 * one moves, in its own frame: its axis leads from where the way began to where it ends.
 *
 *   state (ahead, aside, speed ahead, speed aside): the destination lies `ahead` metres along the axis,
 *   the person is `aside` metres to the left of it; both are 0 there
 *   v ← v + a Δt, shortened to 3 m/s at most;  ahead ← ahead − v₁ Δt,  aside ← aside + v₂ Δt
 *   action: acceleration (a₁ along the axis, a₂ to the left) in ±4 m/s², beyond that cut off; Δt = 0.4 s
 *   reward −(1 + ‖a‖²) Δt; terminated within 0.5 m of the destination, after the step
 *
 * Position after velocity, so that second differences of recorded positions are accelerations that lead
 * to those positions again. The bounds are those of people in `datasets/pedestrians`: nobody goes faster
 * than 2.84 m/s, and 2 of 585 who walk ever accelerate beyond 4 m/s² along a coordinate. The reward is
 * one of time and effort that is easily said; nothing says that it is people's.
 */

import { z } from 'zod';
import type { Rng } from '../numeric/rng.ts';
import { checkPoint, clamp, Episode } from './episode.ts';
import type { BoxActions } from './simulator.ts';

export const WalkOptions = z.strictObject({
  reach: z.number().positive().default(0.5).describe('Arrived within so many metres'),
  push: z.number().positive().default(4).describe('Strongest acceleration of a coordinate, m/s²'),
});
/** What a caller may write; every field optional. */
export type WalkOptions = z.input<typeof WalkOptions>;

/** Δt in seconds. */
export const WALK_SECONDS = 0.4;
/** In m/s. */
export const WALK_FASTEST = 3;
/** Steps of an episode. */
export const WALK_TIME_LIMIT = 100;
/** Metres to the destination at the beginning: the nearest, and how much farther at most. */
const NEAREST = 4;
const FARTHER = 12;

export class Walk extends Episode<Float64Array> {
  readonly actions: BoxActions;
  readonly state = new Float64Array(4);
  readonly observation = this.state;
  readonly #reach: number;
  readonly #push: number;

  constructor(timeLimit = WALK_TIME_LIMIT, options: WalkOptions = {}) {
    super(timeLimit);
    const { reach, push } = WalkOptions.parse(options);
    this.actions = {
      kind: 'box',
      low: Float64Array.of(-push, -push),
      high: Float64Array.of(push, push),
    };
    this.#reach = reach;
    this.#push = push;
  }

  /** On the axis, about as fast as people walk. */
  protected begin(rng: Rng): void {
    this.state[0] = NEAREST + FARTHER * rng();
    this.state[1] = 0;
    this.state[2] = 0.5 + rng();
    this.state[3] = 0.3 * (2 * rng() - 1);
  }

  protected check(action: Float64Array): void {
    checkPoint(action, 2);
  }

  protected advance(action: Float64Array): number {
    const { state } = this;
    const along = clamp(action[0], -this.#push, this.#push);
    const across = clamp(action[1], -this.#push, this.#push);
    const forward = state[2] + along * WALK_SECONDS;
    const sideways = state[3] + across * WALK_SECONDS;
    const slower = Math.min(1, WALK_FASTEST / Math.hypot(forward, sideways));
    state[2] = slower * forward;
    state[3] = slower * sideways;
    state[0] -= state[2] * WALK_SECONDS;
    state[1] += state[3] * WALK_SECONDS;
    this.terminated = Math.hypot(state[0], state[1]) < this.#reach;
    return -(1 + along * along + across * across) * WALK_SECONDS;
  }

  protected observe(): void {}
}
