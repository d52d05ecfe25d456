/**
 * CartPole: keep a pole upright on a cart by pushing it left or right.
 *
 *   state (x, ẋ, θ, θ̇), force ±10 N, explicit Euler with 0.02 s
 *   over when |x| > 2.4 m or |θ| > 12°; reward 1 for every step, the last one included
 *
 * The state is kept in double precision; otherwise step for step Gymnasium's CartPole-v1.
 *
 * Reference: Barto, Sutton & Anderson (1983), IEEE Trans. Systems, Man and Cybernetics 13(5).
 */

import type { Rng } from '../../numeric/rng.ts';
import { checkIndex, Episode } from '../episode.ts';

const GRAVITY = 9.8;
const POLE_MASS = 0.1;
const TOTAL_MASS = 1 + POLE_MASS;
/** Half of the pole. */
const LENGTH = 0.5;
const POLE_MOMENT = POLE_MASS * LENGTH;
const FORCE = 10;
const SECONDS = 0.02;
const FARTHEST = 2.4;
const STEEPEST = (12 * 2 * Math.PI) / 360;
const START = 0.05;

export class CartPole extends Episode<number> {
  readonly actions = { kind: 'discrete', count: 2 } as const;
  readonly state = new Float64Array(4);
  readonly observation = this.state;

  constructor(timeLimit = 500) {
    super(timeLimit);
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
    const force = action === 1 ? FORCE : -FORCE;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const pull = (force + POLE_MOMENT * (spin * spin) * sin) / TOTAL_MASS;
    const spinRate =
      (GRAVITY * sin - cos * pull) / (LENGTH * (4 / 3 - (POLE_MASS * (cos * cos)) / TOTAL_MASS));
    const rate = pull - (POLE_MOMENT * spinRate * cos) / TOTAL_MASS;
    state[0] = x + SECONDS * dx;
    state[1] = dx + SECONDS * rate;
    state[2] = angle + SECONDS * spin;
    state[3] = spin + SECONDS * spinRate;
    this.terminated = !(Math.abs(state[0]) <= FARTHEST && Math.abs(state[2]) <= STEEPEST);
    return 1;
  }

  protected observe(): void {}
}
