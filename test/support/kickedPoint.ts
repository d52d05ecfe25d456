/**
 * A point on a line that is to be pushed to 0: x ← x + a/2, reward −x² before the move. It ends
 * within 0.05 of 0; the box of its actions is not centred.
 */

import type { Simulator } from '../../src/environments/simulator.ts';
import type { Rng } from '../../src/numeric/rng.ts';

export class KickedPoint implements Simulator<Float64Array> {
  readonly actions = { kind: 'box', low: Float64Array.of(-1), high: Float64Array.of(2) } as const;
  readonly state = new Float64Array(1);
  /** The state, in other units. */
  readonly observation = new Float64Array(2);
  terminated = false;
  truncated = false;
  #elapsed = 0;
  /** Every action that was taken. */
  readonly taken: number[] = [];
  readonly timeLimit: number;
  /** Pays this instead, from so many steps on. */
  broken: { readonly from: number; readonly reward: number } | null = null;

  constructor(timeLimit = 7) {
    this.timeLimit = timeLimit;
  }

  reset(rng: Rng): void {
    this.startAt([2 * rng() - 1]);
  }

  startAt(state: ArrayLike<number>, elapsed = 0): void {
    this.state.set(state);
    this.#elapsed = elapsed;
    this.terminated = false;
    this.truncated = false;
    this.observation.set([1000 + 500 * this.state[0], 1e-3 * this.state[0]]);
  }

  step(action: Float64Array): number {
    this.taken.push(action[0]);
    const reward = -(this.state[0] ** 2);
    this.startAt([this.state[0] + action[0] / 2], this.#elapsed + 1);
    this.terminated = Math.abs(this.state[0]) < 0.05;
    this.truncated = !this.terminated && this.#elapsed >= this.timeLimit;
    return this.broken && this.taken.length >= this.broken.from ? this.broken.reward : reward;
  }
}
