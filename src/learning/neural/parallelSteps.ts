/**
 * N worlds stepped together: what is seen in all of them goes through the policy in one forward
 * pass. Each world has streams of its own, so that it goes the same way alone.
 */

import type { Simulator } from '../../environments/simulator.ts';
import type { Network, Pass } from '../../networks/network.ts';
import { createRng, type Rng, restoreRng } from '../../numeric/rng.ts';
import { drawAction } from './actionScores.ts';
import { OngoingEpisode, type StoredEpisode } from './ongoingEpisode.ts';

/** Steps of all worlds, world by world: row = world · horizon + step. */
export interface SteppedRows {
  readonly rows: number;
  /** [rows × size] seen before the step. */
  readonly observation: Float32Array;
  /** [rows × size] seen after it. */
  readonly nextObservation: Float32Array;
  /** [rows] */
  readonly action: Int32Array;
  /** [rows] */
  readonly reward: Float64Array;
  /** [rows] 1 where the task ended there. */
  readonly terminated: Uint8Array;
  /** [rows] 1 where the next row is no continuation: task over, out of time, or last of its world. */
  readonly last: Uint8Array;
}

export interface StoredWorld {
  readonly episode: StoredEpisode;
  readonly actions: ReturnType<Rng['state']>;
}

export class ParallelSteps {
  readonly rows: SteppedRows;
  readonly #worlds: { readonly episode: OngoingEpisode<number>; actions: Rng }[];
  readonly #horizon: number;
  readonly #pass: Pass;

  /**
   * @param policy its outputs are logits of the actions
   * @param horizon steps of each world at a time
   * @param first number of the first world, which names its streams
   */
  constructor(
    policy: Network,
    simulators: readonly Simulator<number>[],
    horizon: number,
    seed: number | string,
    first = 0,
  ) {
    const { inputs, outputs } = policy.shape;
    for (const { observation, actions } of simulators)
      if (observation.length !== inputs || actions.count !== outputs)
        throw new RangeError(
          `Cannot learn: the policy takes ${inputs} numbers to ${outputs} actions, a world has ${observation.length} and ${actions.count}`,
        );
    this.#horizon = horizon;
    this.#pass = policy.pass(simulators.length);
    this.#worlds = simulators.map((simulator, i) => ({
      episode: new OngoingEpisode(simulator, createRng(seed, `starts ${first + i}`)),
      actions: createRng(seed, `actions ${first + i}`),
    }));
    const rows = simulators.length * horizon;
    this.rows = {
      rows,
      observation: new Float32Array(rows * inputs),
      nextObservation: new Float32Array(rows * inputs),
      action: new Int32Array(rows),
      reward: new Float64Array(rows),
      terminated: new Uint8Array(rows),
      last: new Uint8Array(rows),
    };
  }

  /** Steps every world so often; returns the sums of rewards of the episodes that ended. */
  advance(): number[] {
    const { rows } = this;
    const { inputs } = this.#pass;
    const size = inputs.length / this.#worlds.length;
    const count = this.#pass.outputs.length / this.#worlds.length;
    const finished: number[] = [];
    for (let t = 0; t < this.#horizon; t++) {
      this.#worlds.forEach(({ episode }, i) => {
        inputs.set(episode.observation, i * size);
      });
      const logits = this.#pass.evaluate();
      this.#worlds.forEach(({ episode, actions }, i) => {
        const row = i * this.#horizon + t;
        const action = drawAction(logits, i * count, count, 1, actions);
        rows.observation.set(episode.observation, row * size);
        rows.action[row] = action;
        rows.reward[row] = episode.step(action);
        rows.nextObservation.set(episode.observation, row * size);
        rows.terminated[row] = episode.terminated ? 1 : 0;
        const ended = episode.renew();
        rows.last[row] = ended !== null || t === this.#horizon - 1 ? 1 : 0;
        if (ended !== null) finished.push(ended.return);
      });
    }
    return finished;
  }

  stored(): StoredWorld[] {
    return this.#worlds.map(({ episode, actions }) => ({
      episode: episode.stored(),
      actions: actions.state(),
    }));
  }

  goOn(stored: readonly StoredWorld[]): void {
    if (stored.length !== this.#worlds.length)
      throw new RangeError(
        `Cannot go on: the checkpoint has ${stored.length} worlds, wanted ${this.#worlds.length}`,
      );
    stored.forEach(({ episode, actions }, i) => {
      this.#worlds[i].episode.goOn(episode);
      this.#worlds[i].actions = restoreRng(actions);
    });
  }
}
