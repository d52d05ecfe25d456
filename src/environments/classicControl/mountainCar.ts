/**
 * MountainCar: a car too weak for the hill must first swing back to gain speed.
 *
 *   state (x, ẋ); ẋ ← clip(ẋ + 0.001 (a − 1) − 0.0025 cos 3x, ±0.07),  x ← clip(x + ẋ, −1.2, 0.6)
 *   actions: push left, do nothing, push right; over at x ≥ 0.5; reward −1 for every step
 *
 * and with a force of any strength in [−1, 1], 0.0015 of it per step: over at x ≥ 0.45 with a reward
 * of 100, less 0.1 a² for every push. Step for step Gymnasium's MountainCar-v0 and
 * MountainCarContinuous-v0, in double precision.
 *
 * Reference: Moore (1990), PhD thesis, Cambridge, section 4.
 */

import type { Rng } from '../../numeric/rng.ts';
import { checkIndex, checkPoint, clamp, Episode } from '../episode.ts';

const LEFTMOST = -1.2;
const RIGHTMOST = 0.6;
const FASTEST = 0.07;
const GRAVITY = 0.0025;
const FORCE = 0.001;
const GOAL = 0.5;
const POWER = 0.0015;
const NEARER_GOAL = 0.45;

export class MountainCar extends Episode<number> {
  readonly actions = { kind: 'discrete', count: 3 } as const;
  readonly state = new Float64Array(2);
  readonly observation = this.state;

  constructor(timeLimit = 200) {
    super(timeLimit);
  }

  protected begin(rng: Rng): void {
    beginInValley(this.state, rng);
  }

  protected check(action: number): void {
    checkIndex(action, 3);
  }

  protected advance(action: number): number {
    const { state } = this;
    roll(state, state[1] + ((action - 1) * FORCE + Math.cos(3 * state[0]) * -GRAVITY));
    this.terminated = state[0] >= GOAL && state[1] >= 0;
    return -1;
  }

  protected observe(): void {}
}

export class MountainCarContinuous extends Episode<Float64Array> {
  readonly actions = {
    kind: 'box',
    low: Float64Array.of(-1),
    high: Float64Array.of(1),
  } as const;
  readonly state = new Float64Array(2);
  readonly observation = this.state;

  constructor(timeLimit = 999) {
    super(timeLimit);
  }

  protected begin(rng: Rng): void {
    beginInValley(this.state, rng);
  }

  protected check(action: Float64Array): void {
    checkPoint(action, 1);
  }

  protected advance(action: Float64Array): number {
    const { state } = this;
    const push = clamp(action[0], -1, 1);
    roll(state, state[1] + (push * POWER - GRAVITY * Math.cos(3 * state[0])));
    this.terminated = state[0] >= NEARER_GOAL && state[1] >= 0;
    return (this.terminated ? 100 : 0) - action[0] * action[0] * 0.1;
  }

  protected observe(): void {}
}

function beginInValley(state: Float64Array, rng: Rng): void {
  state[0] = -0.6 + 0.2 * rng();
  state[1] = 0;
}

/** Moves on with this speed; the wall on the left stops the car. */
function roll(state: Float64Array, speed: number): void {
  const v = clamp(speed, -FASTEST, FASTEST);
  const x = clamp(state[0] + v, LEFTMOST, RIGHTMOST);
  state[0] = x;
  state[1] = x === LEFTMOST && v < 0 ? 0 : v;
}
