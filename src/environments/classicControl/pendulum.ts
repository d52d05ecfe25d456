/**
 * Pendulum: swing it up and hold it there with a weak motor.
 *
 *   state (θ, θ̇), θ = 0 upright; torque u in [−2, 2], beyond that cut off
 *   θ̇ ← clip(θ̇ + (3g/2l sin θ + 3/ml² u) Δt, ±8),  θ ← θ + θ̇ Δt,  Δt = 0.05 s, g = 10, m = l = 1
 *   reward −(θ² + 0.1 θ̇² + 0.001 u²), with θ in [−π, π) and before the move; it never ends
 *
 * Observed are (cos θ, sin θ, θ̇). Step for step Gymnasium's Pendulum-v1.
 */

import type { Rng } from '../../numeric/rng.ts';
import { checkPoint, clamp, Episode } from '../episode.ts';

const FASTEST = 8;
const STRONGEST = 2;
const SECONDS = 0.05;
const GRAVITY = 10;
const TURN = 2 * Math.PI;

export class Pendulum extends Episode<Float64Array> {
  readonly actions = {
    kind: 'box',
    low: Float64Array.of(-STRONGEST),
    high: Float64Array.of(STRONGEST),
  } as const;
  readonly state = new Float64Array(2);
  readonly observation = new Float64Array(3);

  constructor(timeLimit = 200) {
    super(timeLimit);
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
    const torque = clamp(action[0], -STRONGEST, STRONGEST);
    const turned = angle + Math.PI;
    const lean = turned - TURN * Math.floor(turned / TURN) - Math.PI;
    const cost = lean * lean + 0.1 * (spin * spin) + 0.001 * (torque * torque);
    const faster = spin + (((3 * GRAVITY) / 2) * Math.sin(angle) + 3 * torque) * SECONDS;
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
