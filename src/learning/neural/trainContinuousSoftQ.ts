/**
 * Soft Q-learning in any simulator whose actions are a box; see `continuousSoftQ.ts` for the update
 * and `boxTraining.ts` for the loop.
 *
 * What breaks it is not the sampler but the data: goals that the policy no longer visits leave the
 * memory, and their worth is never learned. So a share of whole episodes is uniform actions.
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { BoxPolicy } from './boxPolicy.ts';
import { BoxTrainingOptions, type BoxTrainingReport, boxTraining } from './boxTraining.ts';
import { ContinuousSoftQ, ContinuousSoftQOptions } from './continuousSoftQ.ts';
import { storedPolicy } from './storedTraining.ts';

export const TrainContinuousSoftQOptions = z.strictObject({
  ...BoxTrainingOptions.shape,
  ...ContinuousSoftQOptions.shape,
  warmUp: z.int().positive().default(500).describe('First steps without update'),
  randomSteps: z.int().min(0).default(1000).describe('Uniform actions at first'),
  exploratoryEpisodes: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('Share of episodes of uniform actions'),
});
export type TrainContinuousSoftQOptions = z.input<typeof TrainContinuousSoftQOptions>;

const Numbers = z.strictObject({ updates: z.int().min(0) });

const CONTINUOUS_SOFT_Q = 'continuous-soft-q-learning';

/**
 * Learns, reporting now and then; the last report is returned too. Rows of the curve: `return` and
 * `length` of the episodes, `critic` loss, mean `target`, and the Stein `direction`.
 *
 * @param from where to go on, from a report's `checkpoint()`
 * @throws as `trainSoftActorCritic`
 */
export function* trainContinuousSoftQ(
  engine: Engine,
  simulator: Simulator<Float64Array>,
  given: TrainContinuousSoftQOptions,
  from?: Checkpoint,
): Generator<BoxTrainingReport, BoxTrainingReport> {
  const options = TrainContinuousSoftQOptions.parse(given);
  const own = ContinuousSoftQOptions.strip().parse(options);
  const sizes = {
    observationSize: simulator.observation.length,
    actionSize: simulator.actions.low.length,
  };
  const learner = new ContinuousSoftQ(engine, sizes, own, createRng(options.seed, 'networks'));
  return yield* boxTraining(
    {
      kind: CONTINUOUS_SOFT_Q,
      batch: own.batch,
      options: own,
      learner: {
        columns: ['critic', 'target', 'direction'],
        act: (observation, rng, out) => learner.act(observation, rng, out),
        update: (batch, noise) => ({ ...learner.update(batch, noise) }),
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
 * The policy that a checkpoint holds, in its box.
 *
 * @throws RangeError where the checkpoint is of something else
 */
export function storedSoftQPolicy(engine: Engine, checkpoint: Checkpoint): BoxPolicy {
  return storedPolicy(checkpoint, CONTINUOUS_SOFT_Q, ({ options, sizes, numbers }) => {
    const own = ContinuousSoftQOptions.strip().parse(options);
    const learner = new ContinuousSoftQ(engine, sizes, own, createRng(0, 'networks'));
    learner.restore(checkpoint, Numbers.parse(numbers));
    return (observation, rng, out) => learner.act(observation, rng, out);
  });
}
