/**
 * Soft actor-critic as the agent of a planner: actions fill a box, no value network, and entropy
 * relative to choosing at random; see `softActorCritic.ts` for the update.
 */

import { z } from 'zod';
import { checkLoss } from '../../learning/neural/replayAgent.ts';
import { ScalarAdamState } from '../../learning/neural/scalarAdam.ts';
import { SoftActorCritic } from '../../learning/neural/softActorCritic.ts';
import {
  type SacSizes,
  SoftActorCriticOptions,
} from '../../learning/neural/softActorCriticOptions.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { SoftAgent } from './softAgent.ts';

/** What can be chosen of it; the rest is as the contract says. */
export const SoftActorCriticAgentOptions = SoftActorCriticOptions.pick({
  hidden: true,
  actorObjective: true,
}).extend({
  batch: z.int().positive().default(128).describe('Transitions of an update'),
  rate: z.number().positive().default(1e-3).describe('Learning rate of every network'),
  smoothing: z.number().positive().max(1).default(0.02).describe('Of the target critics'),
  discount: z.number().min(0).lt(1).describe('γ'),
  temperature: z.number().positive().describe('τ, in units of reward'),
});
export type SoftActorCriticAgentOptions = z.input<typeof SoftActorCriticAgentOptions>;

const Numbers = z.strictObject({
  steps: z.record(z.string(), z.int().min(0)),
  logTemperature: ScalarAdamState,
});

/** @param seed draws the first parameters */
export function createSoftActorCriticAgent(
  engine: Engine,
  sizes: SacSizes,
  given: SoftActorCriticAgentOptions,
  seed: number | string,
): SoftAgent {
  const settings = SoftActorCriticAgentOptions.parse(given);
  const learner = new SoftActorCritic(
    engine,
    sizes,
    { ...settings, valueNetwork: false, prior: 'uniform' },
    createRng(seed, 'soft-actor-critic parameters'),
  );
  const { policy } = learner;
  const check = ({ length }: Float64Array, rows: number): void => {
    if (length < rows * sizes.observationSize)
      throw new RangeError(
        `Cannot act: wanted ${rows} observations of ${sizes.observationSize} numbers, got ${length} numbers`,
      );
  };
  return {
    kind: 'soft-actor-critic',
    settings,
    batch: settings.batch,
    actionSize: sizes.actionSize,
    act(observations, rows, rng, out) {
      check(observations, rows);
      policy.act(observations, rows, rng, out);
    },
    logLikelihood(observations, actions, rows, out) {
      check(observations, rows);
      policy.logLikelihood(observations, actions, rows, out);
    },
    update(batch, noise, rate) {
      const { critics, actor, entropy } = learner.update(batch, noise, rate);
      checkLoss('the critics and the actor', critics[0] + critics[1] + actor);
      return { firstCritic: critics[0], secondCritic: critics[1], actor, entropy };
    },
    state: () => learner.state(),
    restore: (checkpoint, numbers) => learner.restore(checkpoint, Numbers.parse(numbers)),
  };
}
