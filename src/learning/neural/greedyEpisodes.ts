/**
 * What a policy is worth: greedy, one episode from each of so many starts, all of them stepped
 * together with one forward pass a step.
 */

import type { Simulator } from '../../environments/simulator.ts';
import type { DenseShape } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import { greedyAction } from './actionScores.ts';
import { checkDiscrete } from './ongoingEpisode.ts';

export class GreedyEpisodes {
  readonly #simulators: readonly Simulator<number>[];
  readonly #network: Network;
  readonly #pass: Pass;

  /** @throws TypeError where actions are not discrete, RangeError where episodes need not end */
  constructor(
    engine: Engine,
    shape: DenseShape,
    createSimulator: () => Simulator<number>,
    episodes: number,
  ) {
    this.#simulators = Array.from({ length: episodes }, createSimulator);
    checkDiscrete(this.#simulators[0]);
    this.#network = engine.network(shape);
    this.#pass = this.#network.pass(episodes);
  }

  /**
   * Returns the sum of rewards of each episode [episodes].
   *
   * @param starts draws where the episodes begin: the same stream, the same episodes
   */
  returns(parameters: Float32Array, starts: Rng): Float64Array {
    this.#network.parameters.set(parameters);
    this.#network.changed();
    const { inputs: size, outputs: count } = this.#network.shape;
    const returns = new Float64Array(this.#simulators.length);
    for (const simulator of this.#simulators) simulator.reset(starts);
    let going = this.#simulators.map((_, i) => i);
    while (going.length > 0) {
      for (const i of going) this.#pass.inputs.set(this.#simulators[i].observation, i * size);
      const scores = this.#pass.evaluate();
      for (const i of going)
        returns[i] += this.#simulators[i].step(greedyAction(scores, i * count, count));
      going = going.filter(
        (i) => !this.#simulators[i].terminated && !this.#simulators[i].truncated,
      );
    }
    return returns;
  }
}
