/**
 * What a policy is worth: without chance, one episode from each of so many starts, many of them
 * stepped together with one forward pass a step.
 */

import type { Action, Simulator } from '../../environments/simulator.ts';
import type { Engine } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { ControlLearner, Player, PolicyArrays } from './controlLearner.ts';
import { checkEnds } from './learnableWorld.ts';

/** Most worlds that are stepped together. */
const TOGETHER = 128;

export class GreedyEpisodes<A extends Action = Action> {
  readonly #episodes: number;
  readonly #simulators: readonly Simulator<A>[];
  readonly #player: Player<A>;

  /** @throws RangeError where episodes need not end */
  constructor(
    engine: Engine,
    learner: Pick<ControlLearner<A>, 'player'>,
    createSimulator: () => Simulator<A>,
    episodes: number,
  ) {
    const length = Math.min(episodes, TOGETHER);
    this.#episodes = episodes;
    this.#simulators = Array.from({ length }, createSimulator);
    checkEnds(this.#simulators[0]);
    this.#player = learner.player(engine, length);
  }

  /**
   * Returns the sum of rewards of each episode [episodes].
   *
   * @param starts draws where the episodes begin (the same stream, the same episodes); or one state
   *   for each
   */
  returns(policy: PolicyArrays, starts: Rng | readonly ArrayLike<number>[]): Float64Array {
    if (typeof starts !== 'function' && starts.length !== this.#episodes)
      throw new RangeError(
        `Cannot play: there are ${this.#episodes} episodes, got ${starts.length} states to start from`,
      );
    this.#player.take(policy);
    const returns = new Float64Array(this.#episodes);
    for (let from = 0; from < this.#episodes; from += TOGETHER) {
      const worlds = this.#simulators.slice(0, this.#episodes - from);
      worlds.forEach((world, i) => {
        if (typeof starts === 'function') world.reset(starts);
        else world.startAt(starts[from + i]);
      });
      this.#play(worlds, returns.subarray(from));
    }
    return returns;
  }

  #play(worlds: readonly Simulator<A>[], returns: Float64Array): void {
    const player = this.#player;
    let going = worlds.map((_, i) => i);
    while (going.length > 0) {
      for (const i of going) player.see(i, worlds[i].observation);
      player.decide();
      for (const i of going) returns[i] += worlds[i].step(player.action(i));
      going = going.filter((i) => !worlds[i].terminated && !worlds[i].truncated);
    }
  }
}
