/**
 * A world in which one goes on from episode to episode, and where one stands in it as plain JSON.
 * What a simulator draws itself while stepping is not part of that.
 */

import { z } from 'zod';
import type { Action, Simulator } from '../../environments/simulator.ts';
import { type Rng, restoreRng } from '../../numeric/rng.ts';
import { checkEnds } from './learnableWorld.ts';

export const StoredRng = z.strictObject({ i: z.int(), j: z.int(), S: z.array(z.int()) });

export const StoredEpisode = z.strictObject({
  state: z.array(z.number()),
  elapsed: z.int().nonnegative(),
  return: z.number(),
  starts: StoredRng,
});
export type StoredEpisode = z.output<typeof StoredEpisode>;

/** An episode that is over. */
export interface FinishedEpisode {
  /** Sum of rewards. */
  readonly return: number;
  readonly length: number;
}

export class OngoingEpisode<A extends Action = Action> {
  readonly #simulator: Simulator<A>;
  #starts: Rng;
  #elapsed = 0;
  #return = 0;

  /**
   * Begins an episode.
   *
   * @param starts draws where episodes begin
   * @throws RangeError where episodes need not end
   */
  constructor(simulator: Simulator<A>, starts: Rng) {
    checkEnds(simulator);
    this.#simulator = simulator;
    this.#starts = starts;
    simulator.reset(starts);
  }

  /** [size] what is seen now; overwritten by every step. */
  get observation(): Float64Array {
    return this.#simulator.observation;
  }

  get terminated(): boolean {
    return this.#simulator.terminated;
  }

  get over(): boolean {
    return this.#simulator.terminated || this.#simulator.truncated;
  }

  /**
   * Acts and returns the reward.
   *
   * @throws Error where the reward, or what is seen then, is not finite
   */
  step(action: A): number {
    const before = Array.from(this.#simulator.state);
    const reward = this.#simulator.step(action);
    const { observation } = this.#simulator;
    let finite = Number.isFinite(reward);
    for (let j = 0; j < observation.length; j++) finite &&= Number.isFinite(observation[j]);
    if (!finite)
      throw new Error(
        `Cannot learn: action ${shown(action)} in the state [${before.join(', ')}], ${this.#elapsed} steps after the start, gave the reward ${reward} and the observation [${observation.join(', ')}]`,
      );
    this.#elapsed++;
    this.#return += reward;
    return reward;
  }

  /** Where the episode is over: begins the next, and tells of this one; else null. */
  renew(): FinishedEpisode | null {
    if (!this.over) return null;
    const finished = { return: this.#return, length: this.#elapsed };
    this.#simulator.reset(this.#starts);
    this.#elapsed = 0;
    this.#return = 0;
    return finished;
  }

  /** Where one stands, in an episode that is not over. */
  stored(): StoredEpisode {
    return {
      state: Array.from(this.#simulator.state),
      elapsed: this.#elapsed,
      return: this.#return,
      starts: this.#starts.state() as StoredEpisode['starts'],
    };
  }

  goOn({ state, elapsed, return: returned, starts }: StoredEpisode): void {
    this.#simulator.startAt(state, elapsed);
    this.#starts = restoreRng(starts);
    this.#elapsed = elapsed;
    this.#return = returned;
  }
}

function shown(action: Action): string {
  return typeof action === 'number' ? String(action) : `[${action.join(', ')}]`;
}
