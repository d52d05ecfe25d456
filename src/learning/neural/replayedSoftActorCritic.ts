/**
 * Soft actor-critic as what learns from a memory, in any world whose actions are a box; see
 * `softActorCritic.ts` for the update.
 *
 * Reference: Haarnoja, Zhou, Abbeel & Levine (2018), Soft actor-critic, ICML, algorithm 1.
 */

import { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import type { Player, PolicyArrays } from './controlLearner.ts';
import { networkPlayer } from './networkPlayer.ts';
import type { AgentState, ReplayAgent } from './replayAgent.ts';
import { ScalarAdamState } from './scalarAdam.ts';
import { SoftActorCritic } from './softActorCritic.ts';
import { type SacSizes, SoftActorCriticOptions } from './softActorCriticOptions.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

const Numbers = z.strictObject({
  steps: z.record(z.string(), z.int().min(0)),
  logTemperature: ScalarAdamState,
});

export class ReplayedSoftActorCritic implements ReplayAgent {
  readonly kind = 'soft-actor-critic';
  readonly columns = ['firstCritic', 'secondCritic', 'value', 'actor', 'entropy', 'temperature'];
  readonly settings: z.output<typeof SoftActorCriticOptions>;
  readonly sizes: SacSizes;
  readonly batch: number;
  readonly #learner: SoftActorCritic;

  /** @param rng draws the first parameters */
  constructor(engine: Engine, sizes: SacSizes, given: SoftActorCriticOptions, rng: Rng) {
    this.settings = SoftActorCriticOptions.parse(given);
    this.sizes = sizes;
    this.batch = this.settings.batch;
    this.#learner = new SoftActorCritic(engine, sizes, this.settings, rng);
  }

  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    this.#learner.act(observation, rng, out);
  }

  learn(batch: TransitionBatch, noise: Rng): CurveRow {
    const { critics, ...losses } = this.#learner.update(batch, noise);
    return { firstCritic: critics[0], secondCritic: critics[1], ...losses };
  }

  learned(): PolicyArrays {
    return { actor: this.#learner.networks.actor.parameters.slice() };
  }

  /** Takes tanh μ(s), the most likely before squashing. */
  player(engine: Engine, rows: number): Player<Float64Array> {
    const { shape } = this.#learner.networks.actor;
    const action = new Float64Array(this.sizes.actionSize);
    return networkPlayer(
      engine,
      { name: 'actor', network: shape, rows },
      {
        see: ({ inputs }, row, observation) => inputs.set(observation, row * shape.inputs),
        action({ outputs }, row) {
          for (let j = 0; j < action.length; j++)
            action[j] = Math.tanh(outputs[row * shape.outputs + j]);
          return action;
        },
      },
    );
  }

  state(): AgentState {
    return this.#learner.state();
  }

  restore(checkpoint: Checkpoint, numbers: unknown): void {
    this.#learner.restore(checkpoint, Numbers.parse(numbers));
  }
}
