/**
 * Acrobot: swing two links up with a motor only in the joint between them.
 *
 *   state (θ₁, θ₂, θ̇₁, θ̇₂), θ = 0 hanging; torque −1, 0 or 1; one Runge–Kutta step of 0.2 s
 *   over when the tip is one link above the pivot: −cos θ₁ − cos(θ₁ + θ₂) > 1
 *   reward −1 for every step, 0 for the last
 *
 * Observed are (cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂). The dynamics are the book's, as in
 * Gymnasium's Acrobot-v1.
 *
 * Reference: Sutton & Barto (1998), Reinforcement Learning, section 11.3.
 */

import type { Rng } from '../../numeric/rng.ts';
import { checkIndex, clamp, Episode } from '../episode.ts';

const SECONDS = 0.2;
const GRAVITY = 9.8;
const LINK = 1;
const MASS = 1;
const CENTRE = 0.5;
const INERTIA = 1;
const FASTEST_1 = 4 * Math.PI;
const FASTEST_2 = 9 * Math.PI;
const START = 0.1;

export class Acrobot extends Episode<number> {
  readonly actions = { kind: 'discrete', count: 3 } as const;
  readonly state = new Float64Array(4);
  readonly observation = new Float64Array(6);
  readonly #slope = new Float64Array(16);
  readonly #probe = new Float64Array(4);

  constructor(timeLimit = 500) {
    super(timeLimit);
  }

  protected begin(rng: Rng): void {
    for (let i = 0; i < 4; i++) this.state[i] = START * (2 * rng() - 1);
  }

  protected check(action: number): void {
    checkIndex(action, 3);
  }

  protected advance(action: number): number {
    const { state } = this;
    const slope = this.#slope;
    const probe = this.#probe;
    const torque = action - 1;
    derivative(state, torque, slope, 0);
    for (let i = 0; i < 4; i++) probe[i] = state[i] + (SECONDS / 2) * slope[i];
    derivative(probe, torque, slope, 4);
    for (let i = 0; i < 4; i++) probe[i] = state[i] + (SECONDS / 2) * slope[4 + i];
    derivative(probe, torque, slope, 8);
    for (let i = 0; i < 4; i++) probe[i] = state[i] + SECONDS * slope[8 + i];
    derivative(probe, torque, slope, 12);
    for (let i = 0; i < 4; i++)
      state[i] += (SECONDS / 6) * (slope[i] + 2 * slope[4 + i] + 2 * slope[8 + i] + slope[12 + i]);
    state[0] = wrapped(state[0]);
    state[1] = wrapped(state[1]);
    state[2] = clamp(state[2], -FASTEST_1, FASTEST_1);
    state[3] = clamp(state[3], -FASTEST_2, FASTEST_2);
    this.terminated = -Math.cos(state[0]) - Math.cos(state[1] + state[0]) > 1;
    return this.terminated ? 0 : -1;
  }

  protected observe(): void {
    const { state, observation } = this;
    observation[0] = Math.cos(state[0]);
    observation[1] = Math.sin(state[0]);
    observation[2] = Math.cos(state[1]);
    observation[3] = Math.sin(state[1]);
    observation[4] = state[2];
    observation[5] = state[3];
  }
}

/** Writes how fast a state changes at out[start … start + 3]. */
function derivative(state: Float64Array, torque: number, out: Float64Array, start: number): void {
  const [angle1, angle2, spin1, spin2] = [state[0], state[1], state[2], state[3]];
  const cos2 = Math.cos(angle2);
  const sin2 = Math.sin(angle2);
  const d1 =
    MASS * CENTRE * CENTRE +
    MASS * (LINK * LINK + CENTRE * CENTRE + 2 * LINK * CENTRE * cos2) +
    INERTIA +
    INERTIA;
  const d2 = MASS * (CENTRE * CENTRE + LINK * CENTRE * cos2) + INERTIA;
  const weight2 = MASS * CENTRE * GRAVITY * Math.cos(angle1 + angle2 - Math.PI / 2);
  const weight1 =
    -MASS * LINK * CENTRE * (spin2 * spin2) * sin2 -
    2 * MASS * LINK * CENTRE * spin2 * spin1 * sin2 +
    (MASS * CENTRE + MASS * LINK) * GRAVITY * Math.cos(angle1 - Math.PI / 2) +
    weight2;
  const rate2 =
    (torque + (d2 / d1) * weight1 - MASS * LINK * CENTRE * (spin1 * spin1) * sin2 - weight2) /
    (MASS * (CENTRE * CENTRE) + INERTIA - (d2 * d2) / d1);
  out[start] = spin1;
  out[start + 1] = spin2;
  out[start + 2] = -(d2 * rate2 + weight1) / d1;
  out[start + 3] = rate2;
}

/** The angle in [−π, π]. */
function wrapped(angle: number): number {
  let x = angle;
  while (x > Math.PI) x -= 2 * Math.PI;
  while (x < -Math.PI) x += 2 * Math.PI;
  return x;
}
