/**
 * CartPole: keep a pole upright on a cart by pushing it left or right.
 *
 *   state (x, ẋ, θ, θ̇), force ±10 N, explicit Euler with 0.02 s
 *   over when |x| > 2.4 m or |θ| > 12°; reward 1 for every step, the last one included
 *
 * The state is kept in double precision; otherwise step for step Gymnasium's CartPole-v1. Its masses,
 * its pole, its motor and the wind that blows on the cart may be others.
 *
 * Reference: Barto, Sutton & Anderson (1983), IEEE Trans. Systems, Man and Cybernetics 13(5).
 */

import { z } from 'zod';
import type { Rng } from '../../numeric/rng.ts';
import { checkIndex, Episode } from '../episode.ts';

export const CartPoleOptions = z.strictObject({
  force: z.number().min(0).default(10).describe('Force of a push, N'),
  reversed: z.boolean().default(false).describe('Whether the motor pushes the other way'),
  poleLength: z.number().positive().default(1).describe('Length of the whole pole, m'),
  poleMass: z.number().positive().default(0.1).describe('Mass of the pole, kg'),
  cartMass: z.number().positive().default(1).describe('Mass of the cart, kg'),
  wind: z.number().default(0).describe('Force that always pushes the cart, N; to the right if > 0'),
});
/** What a caller may write; every field optional. */
export type CartPoleOptions = z.input<typeof CartPoleOptions>;

const GRAVITY = 9.8;
const SECONDS = 0.02;
const FARTHEST = 2.4;
const STEEPEST = (12 * 2 * Math.PI) / 360;
const START = 0.05;

export class CartPole extends Episode<number> {
  readonly actions = { kind: 'discrete', count: 2 } as const;
  readonly state = new Float64Array(4);
  readonly observation = this.state;

  /** Force of a push to the left and of one to the right, wind included. */
  readonly #left: number;
  readonly #right: number;
  readonly #poleMass: number;
  readonly #totalMass: number;
  /** Half of the pole. */
  readonly #length: number;
  readonly #poleMoment: number;

  constructor(timeLimit = 500, options: CartPoleOptions = {}) {
    super(timeLimit);
    const { force, reversed, poleLength, poleMass, cartMass, wind } =
      CartPoleOptions.parse(options);
    const push = reversed ? -force : force;
    this.#left = -push + wind;
    this.#right = push + wind;
    this.#poleMass = poleMass;
    this.#totalMass = cartMass + poleMass;
    this.#length = poleLength / 2;
    this.#poleMoment = this.#poleMass * this.#length;
  }

  protected begin(rng: Rng): void {
    for (let i = 0; i < 4; i++) this.state[i] = START * (2 * rng() - 1);
  }

  protected check(action: number): void {
    checkIndex(action, 2);
  }

  protected advance(action: number): number {
    const { state } = this;
    const [x, dx, angle, spin] = [state[0], state[1], state[2], state[3]];
    const force = action === 1 ? this.#right : this.#left;
    const poleMass = this.#poleMass;
    const totalMass = this.#totalMass;
    const poleMoment = this.#poleMoment;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const pull = (force + poleMoment * (spin * spin) * sin) / totalMass;
    const spinRate =
      (GRAVITY * sin - cos * pull) /
      (this.#length * (4 / 3 - (poleMass * (cos * cos)) / totalMass));
    const rate = pull - (poleMoment * spinRate * cos) / totalMass;
    state[0] = x + SECONDS * dx;
    state[1] = dx + SECONDS * rate;
    state[2] = angle + SECONDS * spin;
    state[3] = spin + SECONDS * spinRate;
    this.terminated = !(Math.abs(state[0]) <= FARTHEST && Math.abs(state[2]) <= STEEPEST);
    return 1;
  }

  protected observe(): void {}
}
