/**
 * Learning to act in a box from steps that are kept and drawn again: act, keep the step, update once.
 *
 *   a ~ π(· | o);  r, o′ from the world;  keep (o, a, r, o′, terminated);  update from a drawn batch
 *
 * An episode that ran out of time is not over: only `terminated` is kept as an end. The first steps
 * and, where asked for, whole episodes are uniform actions: what a policy no longer visits leaves the
 * memory, and nothing more is learned of it.
 *
 * Between two reports everything can be stored; going on from there gives the same bits as never
 * having stopped.
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import { createRng, type Rng, restoreRng } from '../../numeric/rng.ts';
import { CurveMeans } from '../log/curveMeans.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import { type BoxPolicy, inBox, onPlainObservations, stretchTo } from './boxPolicy.ts';
import { RunningScale } from './runningScale.ts';
import { memoryIn, readStoredTraining, type StoredTraining } from './storedTraining.ts';
import { type TransitionBatch, TransitionBuffer, transitionBatch } from './transitionBuffer.ts';

/** What learns from batches and acts in (−1, 1). */
export interface BoxLearner {
  /** Names of what `update` returns. */
  readonly columns: readonly string[];
  /** Writes an action in (−1, 1). */
  readonly act: BoxPolicy;
  /** Learns from a batch, actions in (−1, 1); returns what is worth a curve. */
  update(batch: TransitionBatch, noise: Rng): CurveRow;
  /** What a checkpoint needs, plain numbers and arrays: copies. */
  state(): { readonly numbers: unknown; readonly arrays: Readonly<Record<string, Float32Array>> };
  /** @throws RangeError where the checkpoint is of another shape */
  restore(checkpoint: Checkpoint, numbers: unknown): void;
}

export const BoxTrainingOptions = z.strictObject({
  steps: z.int().positive().describe('Steps in the world'),
  seed: z.union([z.int(), z.string()]).default(0).describe('Of all that is drawn'),
  warmUp: z.int().positive().default(100).describe('First steps: uniform actions, no update'),
  randomSteps: z.int().min(0).optional().describe('Uniform actions at first, if not the warm-up'),
  exploratoryEpisodes: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of episodes of uniform actions'),
  capacity: z.int().positive().default(100_000).describe('Steps that are kept'),
  maxSteps: z.int().positive().optional().describe('Of an episode, if before the time limit'),
  normalize: z.boolean().default(false).describe('Scale observations by their running spread'),
  every: z.int().positive().default(1000).describe('Steps between two reports'),
});
export type BoxTrainingOptions = z.input<typeof BoxTrainingOptions>;

export interface FinishedEpisode {
  /** Sum of rewards. */
  readonly return: number;
  readonly length: number;
  /** Whether the task was over, rather than the time. */
  readonly terminated: boolean;
}

/** How far it is. */
export interface BoxTrainingReport {
  /** Steps taken. */
  readonly step: number;
  /** Means since the last report: `return` and `length` of episodes, and what the learner tells. */
  readonly row: CurveRow;
  /** Episodes that ended since the last report. */
  readonly episodes: readonly FinishedEpisode[];
  /** Acts by what has been learned so far; it goes on learning with the next step. */
  readonly policy: BoxPolicy;
  /** Everything that is needed to go on from here; to be taken before the next step. */
  checkpoint(): Checkpoint;
}

/** Who learns, and what must be the same to go on with it. */
export interface BoxApprentice {
  /** Of its checkpoints. */
  readonly kind: string;
  readonly batch: number;
  /** Plain JSON: a checkpoint that was made with others is refused. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly learner: BoxLearner;
}

/**
 * @param from where to go on; with the options that it was made with, but for `steps` and `every`
 * @throws RangeError where nothing bounds an episode, or the checkpoint does not fit
 * @throws Error where a reward or a loss is not finite
 */
export function* boxTraining(
  { kind, batch: rows, options: learnerOptions, learner }: BoxApprentice,
  simulator: Simulator<Float64Array>,
  given: BoxTrainingOptions,
  from?: Checkpoint,
): Generator<BoxTrainingReport, BoxTrainingReport> {
  const { steps, every, ...options } = BoxTrainingOptions.parse(given);
  const { seed, warmUp, normalize, exploratoryEpisodes, capacity } = options;
  const randomSteps = options.randomSteps ?? warmUp;
  const most = Math.min(options.maxSteps ?? Infinity, simulator.timeLimit);
  if (most === Infinity)
    throw new RangeError('Cannot learn: the world has no time limit; give maxSteps');
  const { low, high } = simulator.actions;
  const stretch = stretchTo(simulator.actions);
  const sizes = {
    observationSize: simulator.observation.length,
    actionSize: low.length,
  };
  const scale = normalize ? new RunningScale(sizes.observationSize) : null;
  const memory = new TransitionBuffer({ ...sizes, capacity });
  const batch = transitionBatch(rows, sizes);
  const fixed = { ...options, ...sizes, low: [...low], high: [...high], ...learnerOptions };
  const stored = from ? readStoredTraining(from, kind, fixed) : null;
  const stream = (name: keyof StoredTraining['streams']): Rng =>
    stored ? restoreRng(stored.streams[name]) : createRng(seed, name);
  const streams = {
    starts: stream('starts'),
    actions: stream('actions'),
    batches: stream('batches'),
    noise: stream('noise'),
  };
  const observation = new Float64Array(sizes.observationSize);
  const action = new Float64Array(sizes.actionSize);
  const stretched = new Float64Array(sizes.actionSize);
  let step = 0;
  let episode = { length: 0, return: 0, exploratory: false };
  let finished: FinishedEpisode[] = [];
  const losses = new CurveMeans(learner.columns);

  const act = onPlainObservations(learner.act, sizes.observationSize, scale);
  const policy = inBox(act, stretch);
  const begin = (): void => {
    simulator.reset(streams.starts);
    const exploratory = exploratoryEpisodes > 0 && streams.actions() < exploratoryEpisodes;
    episode = { length: 0, return: 0, exploratory };
  };
  const report = (): BoxTrainingReport => {
    const made = { step, row: { ...meansOf(finished), ...losses.take() }, episodes: finished };
    finished = [];
    return { ...made, policy, checkpoint };
  };
  const checkpoint = (): Checkpoint => {
    const { next, arrays } = memory.state();
    const { numbers, arrays: learned } = learner.state();
    const kept = Object.entries(arrays).map(([name, array]) => [`memory.${name}`, array] as const);
    return {
      kind,
      state: {
        options: fixed,
        step,
        episode: { ...episode },
        streams: {
          starts: stateOf(streams.starts),
          actions: stateOf(streams.actions),
          batches: stateOf(streams.batches),
          noise: stateOf(streams.noise),
        },
        next,
        learner: numbers,
      } satisfies StoredTraining,
      arrays: {
        ...learned,
        ...Object.fromEntries(kept),
        ...scale?.state(),
        world: simulator.state.slice(),
      },
    };
  };

  if (from && stored) {
    ({ step, episode } = stored);
    learner.restore(from, stored.learner);
    scale?.restore(from);
    memory.restore({ next: stored.next, arrays: memoryIn(from) });
    simulator.startAt(from.arrays.world);
  } else begin();

  while (step < steps) {
    observation.set(simulator.observation);
    scale?.add(observation);
    if (step < randomSteps || episode.exploratory)
      for (let i = 0; i < action.length; i++) action[i] = 2 * streams.actions() - 1;
    else act(observation, streams.actions, action);
    stretched.set(action);
    stretch(stretched);
    const reward = simulator.step(stretched);
    step++;
    if (!Number.isFinite(reward))
      throw new Error(
        `Cannot learn: step ${step} was paid ${reward}, by action [${stretched.join(', ')}] on seeing [${observation.join(', ')}]`,
      );
    memory.add(observation, action, reward, simulator.observation, simulator.terminated);
    episode.length++;
    episode.return += reward;
    if (simulator.terminated || episode.length >= most) {
      const { length, return: sum } = episode;
      finished.push({ length, return: sum, terminated: simulator.terminated });
      begin();
    }
    if (step > warmUp) {
      memory.draw(streams.batches, batch);
      scale?.scale(batch.observation);
      scale?.scale(batch.nextObservation);
      const row = learner.update(batch, streams.noise);
      for (const [name, loss] of Object.entries(row))
        if (loss !== null && !Number.isFinite(loss))
          throw new Error(
            `Cannot learn: "${name}" is ${loss} after step ${step}, on seeing [${observation.join(', ')}]`,
          );
      losses.add(row);
    }
    if (step % every === 0 && step < steps) yield report();
  }
  const last = report();
  yield last;
  return last;
}

function meansOf(episodes: readonly FinishedEpisode[]): CurveRow {
  const mean = (of: (episode: FinishedEpisode) => number): number | null =>
    episodes.length === 0
      ? null
      : episodes.reduce((sum, episode) => sum + of(episode), 0) / episodes.length;
  return { return: mean((episode) => episode.return), length: mean(({ length }) => length) };
}

function stateOf(rng: Rng): { i: number; j: number; S: number[] } {
  const { i, j, S } = rng.state();
  return { i, j, S: [...S] };
}
