/**
 * Pendulum: swing it up and hold it there with a weak motor.
 *
 *   state (θ, θ̇), θ = 0 upright; torque u in [−2, 2], beyond that cut off
 *   θ̇ ← clip(θ̇ + (3g/2l sin θ + 3/ml² u) Δt, ±8),  θ ← θ + θ̇ Δt,  Δt = 0.05 s, g = 10, m = l = 1
 *   reward −(θ² + 0.1 θ̇² + 0.001 u²), with θ in [−π, π) and before the move; it never ends
 *
 * Observed are (cos θ, sin θ, θ̇). Step for step Gymnasium's Pendulum-v1. Its rod, its weight and its
 * motor may be others; the reward stays what it is.
 */

import { z } from 'zod';
import type { Rng } from '../../numeric/rng.ts';
import { checkPoint, clamp, Episode } from '../episode.ts';
import type { BoxActions } from '../simulator.ts';

export const PendulumOptions = z.strictObject({
  length: z.number().positive().default(1).describe('Length of the rod, m'),
  mass: z.number().positive().default(1).describe('Mass of the rod, kg'),
  gravity: z.number().default(10).describe('m/s²'),
  torque: z.number().positive().default(2).describe('Largest torque of the motor, N m'),
});
/** What a caller may write; every field optional. */
export type PendulumOptions = z.input<typeof PendulumOptions>;

const FASTEST = 8;
const SECONDS = 0.05;
const TURN = 2 * Math.PI;

export class Pendulum extends Episode<Float64Array> {
  readonly actions: BoxActions;
  readonly state = new Float64Array(2);
  readonly observation = new Float64Array(3);
  readonly #torque: number;
  /** How fast it falls, 3g/2l, and how fast a torque of 1 turns it, 3/ml². */
  readonly #fall: number;
  readonly #turn: number;

  constructor(timeLimit = 200, options: PendulumOptions = {}) {
    super(timeLimit);
    const { length, mass, gravity, torque } = PendulumOptions.parse(options);
    this.actions = { kind: 'box', low: Float64Array.of(-torque), high: Float64Array.of(torque) };
    this.#torque = torque;
    this.#fall = (3 * gravity) / (2 * length);
    this.#turn = 3 / (mass * length * length);
  }

  protected begin(rng: Rng): void {
    this.state[0] = Math.PI * (2 * rng() - 1);
    this.state[1] = 2 * rng() - 1;
  }

  protected check(action: Float64Array): void {
    checkPoint(action, 1);
  }

  protected advance(action: Float64Array): number {
    const { state } = this;
    const [angle, spin] = [state[0], state[1]];
    const torque = clamp(action[0], -this.#torque, this.#torque);
    const turned = angle + Math.PI;
    const lean = turned - TURN * Math.floor(turned / TURN) - Math.PI;
    const cost = lean * lean + 0.1 * (spin * spin) + 0.001 * (torque * torque);
    const faster = spin + (this.#fall * Math.sin(angle) + this.#turn * torque) * SECONDS;
    state[1] = clamp(faster, -FASTEST, FASTEST);
    state[0] = angle + state[1] * SECONDS;
    return -cost;
  }

  protected observe(): void {
    const { state, observation } = this;
    observation[0] = Math.cos(state[0]);
    observation[1] = Math.sin(state[0]);
    observation[2] = state[1];
  }
}
