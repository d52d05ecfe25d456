/** Where training stands, as it lies in a checkpoint. */

import { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import { type BoxPolicy, inBox, onPlainObservations, stretchTo } from './boxPolicy.ts';
import { RunningScale } from './runningScale.ts';

const count = z.int().min(0);
const Stream = z.strictObject({ i: count, j: count, S: z.array(count) });
const StoredTraining = z.strictObject({
  /** What must be the same to go on. */
  options: z.record(z.string(), z.unknown()),
  step: count,
  /** The episode that is on its way. */
  episode: z.strictObject({ length: count, return: z.number(), exploratory: z.boolean() }),
  streams: z.strictObject({ starts: Stream, actions: Stream, batches: Stream, noise: Stream }),
  /** Where the memory is written next. */
  next: count,
  /** The learner's own. */
  learner: z.unknown(),
});
export type StoredTraining = z.output<typeof StoredTraining>;

/** What an actor of a checkpoint must know of the world. */
const StoredWorld = z.looseObject({
  observationSize: z.int().positive(),
  low: z.array(z.number()),
  high: z.array(z.number()),
  normalize: z.boolean(),
});

/**
 * @param options plain JSON, as they are now
 * @throws RangeError where the checkpoint is of something else, or was made with other options
 */
export function readStoredTraining(
  from: Checkpoint,
  kind: string,
  options: Readonly<Record<string, unknown>>,
): StoredTraining {
  if (from.kind !== kind)
    throw new RangeError(`Cannot go on: the checkpoint is of "${from.kind}", wanted "${kind}"`);
  const stored = StoredTraining.parse(from.state);
  for (const name of new Set([...Object.keys(stored.options), ...Object.keys(options)])) {
    const [was, is] = [stored.options[name], options[name]].map((value) => JSON.stringify(value));
    if (was !== is)
      throw new RangeError(
        `Cannot go on: the checkpoint was made with ${name} ${was}, wanted ${is}`,
      );
  }
  return stored;
}

/**
 * The policy that a checkpoint holds.
 *
 * @param build makes the learner from its options, and from what it said of itself
 */
export function storedPolicy(
  from: Checkpoint,
  kind: string,
  build: (stored: {
    readonly options: unknown;
    readonly sizes: { readonly observationSize: number; readonly actionSize: number };
    readonly numbers: unknown;
  }) => BoxPolicy,
): BoxPolicy {
  if (from.kind !== kind)
    throw new RangeError(`Cannot act: the checkpoint is of "${from.kind}", wanted "${kind}"`);
  const { options, learner } = StoredTraining.parse(from.state);
  const { observationSize, low, high, normalize } = StoredWorld.parse(options);
  const scale = normalize ? new RunningScale(observationSize) : null;
  scale?.restore(from);
  const sizes = { observationSize, actionSize: low.length };
  const act = build({ options, sizes, numbers: learner });
  const stretch = stretchTo({
    kind: 'box',
    low: Float64Array.from(low),
    high: Float64Array.from(high),
  });
  return inBox(onPlainObservations(act, observationSize, scale), stretch);
}

/** The steps that were kept, for `TransitionBuffer.restore`. */
export function memoryIn({ arrays }: Checkpoint): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(arrays).flatMap(([name, array]) =>
      name.startsWith('memory.') && array instanceof Float32Array
        ? [[name.slice('memory.'.length), array]]
        : [],
    ),
  );
}
