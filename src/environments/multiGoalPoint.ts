/**
 * Multi-goal point: a point in the plane with four goals around it, all equally good. Only a policy
 * that stays undecided for long reaches all of them.
 *
 *   x ← clip(x + clip(a, ±1), ±7);  reward −30 ‖a‖² − minᵢ ‖x − gᵢ‖², and 10 on arrival
 *   goals (±5, 0), (0, ±5), reached within 1; begins near the origin, Gaussian with s.d. 0.1
 *
 * The action's cost is that of what is done, after clipping; distances are measured after the move.
 *
 * Reference: Haarnoja, Tang, Abbeel & Levine (2017), Reinforcement learning with deep energy-based
 * policies, ICML, section 5.1.
 */

import { normalQuantile } from '../numeric/normal.ts';
import type { Rng } from '../numeric/rng.ts';
import { checkPoint, clamp, Episode } from './episode.ts';

const GOALS = [
  [5, 0],
  [-5, 0],
  [0, 5],
  [0, -5],
] as const;
const REACH = 1;
const EDGE = 7;
const EFFORT = 30;
const PRIZE = 10;
const SPREAD = 0.1;

export class MultiGoalPoint extends Episode<Float64Array> {
  readonly actions = {
    kind: 'box',
    low: Float64Array.of(-1, -1),
    high: Float64Array.of(1, 1),
  } as const;
  readonly state = new Float64Array(2);
  readonly observation = this.state;

  constructor(timeLimit = 30) {
    super(timeLimit);
  }

  protected begin(rng: Rng): void {
    // Keeps away from 0, where the quantile is infinite.
    for (let i = 0; i < 2; i++) this.state[i] = SPREAD * normalQuantile(1 - rng() * (1 - 1e-16));
  }

  protected check(action: Float64Array): void {
    checkPoint(action, 2);
  }

  protected advance(action: Float64Array): number {
    const { state } = this;
    let effort = 0;
    for (let i = 0; i < 2; i++) {
      const push = clamp(action[i], -1, 1);
      effort += push * push;
      state[i] = clamp(state[i] + push, -EDGE, EDGE);
    }
    let nearest = Infinity;
    for (const [x, y] of GOALS)
      nearest = Math.min(nearest, (state[0] - x) ** 2 + (state[1] - y) ** 2);
    this.terminated = nearest < REACH * REACH;
    return (this.terminated ? PRIZE : 0) - EFFORT * effort - nearest;
  }

  protected observe(): void {}
}
