/** A point on a line that is pushed, x ← clip(x + 0.3 a, ±1), and pays −x² before the move. */

import { checkPoint, clamp, Episode } from '../../src/environments/episode.ts';
import type { Rng } from '../../src/numeric/rng.ts';

export class Slider extends Episode<Float64Array> {
  readonly actions = { kind: 'box', low: Float64Array.of(-1), high: Float64Array.of(1) } as const;
  readonly state = new Float64Array(1);
  readonly observation = this.state;

  constructor(timeLimit = 8) {
    super(timeLimit);
  }

  protected begin(rng: Rng): void {
    this.state[0] = 2 * rng() - 1;
  }

  protected check(action: Float64Array): void {
    checkPoint(action, 1);
  }

  protected advance(action: Float64Array): number {
    const [x] = this.state;
    this.state[0] = clamp(x + 0.3 * action[0], -1, 1);
    return -(x * x);
  }

  protected observe(): void {}
}
