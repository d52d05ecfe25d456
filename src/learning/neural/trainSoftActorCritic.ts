/**
 * Soft actor-critic in any simulator whose actions are a box: act, keep the step, update once; see
 * `softActorCritic.ts` for the update and `boxTraining.ts` for the loop.
 *
 * Reference: Haarnoja, Zhou, Abbeel & Levine (2018), Soft actor-critic, ICML, algorithm 1.
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { BoxPolicy } from './boxPolicy.ts';
import { BoxTrainingOptions, type BoxTrainingReport, boxTraining } from './boxTraining.ts';
import { SoftActorCritic } from './softActorCritic.ts';
import { SoftActorCriticOptions } from './softActorCriticOptions.ts';
import { storedPolicy } from './storedTraining.ts';

export const TrainSoftActorCriticOptions = z.strictObject({
  ...BoxTrainingOptions.shape,
  ...SoftActorCriticOptions.shape,
});
export type TrainSoftActorCriticOptions = z.input<typeof TrainSoftActorCriticOptions>;

const Numbers = z.strictObject({
  steps: z.record(z.string(), z.int().min(0)),
  logTemperature: z.strictObject({
    value: z.number(),
    steps: z.int().min(0),
    first: z.number(),
    second: z.number(),
  }),
});

/** What its checkpoints are called. */
const SOFT_ACTOR_CRITIC = 'soft-actor-critic';

/**
 * Learns, reporting now and then; the last report is returned too. Rows of the curve: `return` and
 * `length` of the episodes, `firstCritic`, `secondCritic`, `value` and `actor` losses, `entropy` of
 * the actions and `temperature`.
 *
 * @param from where to go on, from a report's `checkpoint()`
 * @throws RangeError where nothing bounds an episode, the box has no bounds, or the checkpoint does
 *   not fit
 * @throws Error where a reward or a loss is not finite, naming the step and what was seen
 */
export function* trainSoftActorCritic(
  engine: Engine,
  simulator: Simulator<Float64Array>,
  given: TrainSoftActorCriticOptions,
  from?: Checkpoint,
): Generator<BoxTrainingReport, BoxTrainingReport> {
  const options = TrainSoftActorCriticOptions.parse(given);
  const own = SoftActorCriticOptions.strip().parse(options);
  const sizes = {
    observationSize: simulator.observation.length,
    actionSize: simulator.actions.low.length,
  };
  const learner = new SoftActorCritic(engine, sizes, own, createRng(options.seed, 'networks'));
  return yield* boxTraining(
    {
      kind: SOFT_ACTOR_CRITIC,
      batch: options.batch,
      options: own,
      learner: {
        columns: ['firstCritic', 'secondCritic', 'value', 'actor', 'entropy', 'temperature'],
        act: (observation, rng, out) => learner.act(observation, rng, out),
        update(batch, noise) {
          const { critics, ...losses } = learner.update(batch, noise);
          return { firstCritic: critics[0], secondCritic: critics[1], ...losses };
        },
        state: () => learner.state(),
        restore: (checkpoint, numbers) => learner.restore(checkpoint, Numbers.parse(numbers)),
      },
    },
    simulator,
    BoxTrainingOptions.strip().parse(options),
    from,
  );
}

/**
 * The actor that a checkpoint holds, as a policy in its box.
 *
 * @throws RangeError where the checkpoint is of something else
 */
export function storedSoftActor(engine: Engine, checkpoint: Checkpoint): BoxPolicy {
  return storedPolicy(checkpoint, SOFT_ACTOR_CRITIC, ({ options, sizes, numbers }) => {
    const own = SoftActorCriticOptions.strip().parse(options);
    const actor = new SoftActorCritic(engine, sizes, own, createRng(0, 'networks'));
    actor.restore(checkpoint, Numbers.parse(numbers));
    return (observation, rng, out) => actor.act(observation, rng, out);
  });
}
