/**
 * What a policy is worth: without chance, one episode from each of so many starts, all of them
 * stepped together with one forward pass a step.
 */

import type { Action, Simulator } from '../../environments/simulator.ts';
import type { Engine } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { ControlLearner, Player, PolicyArrays } from './controlLearner.ts';
import { checkEnds } from './learnableWorld.ts';

export class GreedyEpisodes<A extends Action = Action> {
  readonly #simulators: readonly Simulator<A>[];
  readonly #player: Player<A>;

  /** @throws RangeError where episodes need not end */
  constructor(
    engine: Engine,
    learner: Pick<ControlLearner<A>, 'player'>,
    createSimulator: () => Simulator<A>,
    episodes: number,
  ) {
    this.#simulators = Array.from({ length: episodes }, createSimulator);
    checkEnds(this.#simulators[0]);
    this.#player = learner.player(engine, episodes);
  }

  /**
   * Returns the sum of rewards of each episode [episodes].
   *
   * @param starts draws where the episodes begin (the same stream, the same episodes); or one state
   *   for each
   */
  returns(policy: PolicyArrays, starts: Rng | readonly ArrayLike<number>[]): Float64Array {
    const player = this.#player;
    player.take(policy);
    const returns = new Float64Array(this.#simulators.length);
    this.#begin(starts);
    let going = this.#simulators.map((_, i) => i);
    while (going.length > 0) {
      for (const i of going) player.see(i, this.#simulators[i].observation);
      player.decide();
      for (const i of going) returns[i] += this.#simulators[i].step(player.action(i));
      going = going.filter(
        (i) => !this.#simulators[i].terminated && !this.#simulators[i].truncated,
      );
    }
    return returns;
  }

  #begin(starts: Rng | readonly ArrayLike<number>[]): void {
    const count = this.#simulators.length;
    if (typeof starts === 'function') for (const world of this.#simulators) world.reset(starts);
    else if (starts.length === count)
      this.#simulators.forEach((world, i) => {
        world.startAt(starts[i]);
      });
    else
      throw new RangeError(
        `Cannot play: there are ${count} episodes, got ${starts.length} states to start from`,
      );
  }
}
