/** Episodes of an agent in worlds of its own, several at once with one forward pass a step. */

import type { AnySimulator } from '../../environments/simulators.ts';
import type { StepFeatures } from '../../features/stepFeatures.ts';
import type { Rng } from '../../numeric/rng.ts';
import { stepAs } from './agentReturns.ts';
import type { OfferedActions } from './simulatedProblem.ts';
import type { SoftAgent } from './softAgent.ts';
import { GrowingEpisode, type SteppedEpisode, type StepSizes } from './stepRows.ts';

/** Where an episode begins, null: as the world does; and how many steps of it are wanted. */
export interface RolloutStart {
  readonly state: ArrayLike<number> | null;
  readonly most: number;
}

/** Who acts: the agent as it draws, as it thinks best, or chance alone. */
export type Acting = 'drawn' | 'likeliest' | 'random';

export interface RolloutStreams {
  readonly starts: Rng;
  readonly choices: Rng;
}

export class SimulatedRollouts {
  readonly #worlds: readonly AnySimulator[];
  readonly #agent: Pick<SoftAgent, 'act'>;
  readonly #features: StepFeatures;
  readonly #sizes: StepSizes;
  readonly #offered: OfferedActions | null;
  readonly #observations: Float64Array;
  readonly #actions: Float64Array;
  readonly #move: Float64Array;

  /** @param worlds how many are stepped at once, all alike */
  constructor(
    worlds: readonly AnySimulator[],
    agent: Pick<SoftAgent, 'act'>,
    features: StepFeatures,
    sizes: StepSizes,
    offered: OfferedActions | null,
  ) {
    this.#worlds = worlds;
    this.#agent = agent;
    this.#features = features;
    this.#sizes = sizes;
    this.#offered = offered;
    this.#observations = new Float64Array(worlds.length * sizes.observationSize);
    this.#actions = new Float64Array(worlds.length * sizes.actionSize);
    this.#move = new Float64Array(sizes.actionSize);
  }

  /** Returns one episode from each start, in their order. */
  rollOut(
    starts: readonly RolloutStart[],
    acting: Acting,
    streams: RolloutStreams,
  ): SteppedEpisode[] {
    const out: SteppedEpisode[] = [];
    for (let first = 0; first < starts.length; first += this.#worlds.length)
      out.push(
        ...this.#together(starts.slice(first, first + this.#worlds.length), acting, streams),
      );
    return out;
  }

  #together(
    starts: readonly RolloutStart[],
    acting: Acting,
    streams: RolloutStreams,
  ): SteppedEpisode[] {
    const { observationSize: size } = this.#sizes;
    const episodes = starts.map(({ state }, i) => {
      if (state) this.#worlds[i].startAt(state);
      else this.#worlds[i].reset(streams.starts);
      return new GrowingEpisode(this.#sizes);
    });
    let going = starts.map((_, i) => i);
    while (going.length > 0) {
      for (const i of going) this.#observations.set(this.#worlds[i].observation, i * size);
      // worlds that are over are acted for too, so that the pass is always of one size
      if (acting === 'random') this.#actAtRandom(going, streams.choices);
      else {
        const rng = acting === 'drawn' ? streams.choices : null;
        this.#agent.act(this.#observations, this.#worlds.length, rng, this.#actions);
      }
      for (const i of going) this.#step(this.#worlds[i], i, episodes[i]);
      going = going.filter((i) => {
        const { terminated, truncated } = this.#worlds[i];
        return !terminated && !truncated && episodes[i].rows.count < starts[i].most;
      });
    }
    return episodes;
  }

  #actAtRandom(going: readonly number[], rng: Rng): void {
    const { actionSize, observationSize } = this.#sizes;
    for (const i of going) {
      const { actions, observation } = this.#worlds[i];
      if (actions.kind === 'discrete') {
        const count = this.#offered?.(observation.subarray(0, observationSize)) ?? actions.count;
        this.#actions[i] = Math.floor(rng() * count);
      } else for (let j = 0; j < actionSize; j++) this.#actions[i * actionSize + j] = 2 * rng() - 1;
    }
  }

  #step(world: AnySimulator, i: number, episode: GrowingEpisode): void {
    const { observationSize: size, actionSize, featureCount } = this.#sizes;
    const row = episode.push();
    const { rows } = episode;
    const before = this.#observations.subarray(i * size, (i + 1) * size);
    rows.observation.set(before, row * size);
    for (let j = 0; j < actionSize; j++) {
      this.#move[j] = this.#actions[i * actionSize + j];
      rows.action[row * actionSize + j] = this.#move[j];
    }
    stepAs(world, this.#move);
    rows.next.set(world.observation, row * size);
    this.#features.write(before, this.#move, world.observation, rows.features, row * featureCount);
    episode.terminated = world.terminated;
  }
}
