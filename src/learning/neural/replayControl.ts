/**
 * Learning from a memory of transitions: each step acts at random with ε, else by the agent, is
 * kept, and lets the agent learn from a batch drawn from all that is kept. Where an episode only ran
 * out of time, the state reached keeps its worth. Whole episodes may be at random too: what a policy
 * no longer visits leaves the memory, and nothing more is learned of it.
 */

import { z } from 'zod';
import type { Action, Simulator } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng, type Rng, restoreRng } from '../../numeric/rng.ts';
import { CurveMeans } from '../log/curveMeans.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import { Schedule, scheduled } from '../schedule.ts';
import type { ControlLearner, Player, PolicyArrays } from './controlLearner.ts';
import { type KeptActions, keptActions } from './keptActions.ts';
import { boxActions, discreteActions } from './learnableWorld.ts';
import { OngoingEpisode, StoredEpisode, StoredRng } from './ongoingEpisode.ts';
import { checkObservation, type ReplayAgent } from './replayAgent.ts';
import { RunningScale } from './runningScale.ts';
import { type TransitionBatch, TransitionBuffer, transitionBatch } from './transitionBuffer.ts';

export const ReplayControlOptions = z.strictObject({
  capacity: z.int().positive().default(50_000).describe('Transitions that are kept'),
  warmUp: z.int().nonnegative().default(1_000).describe('First steps without learning'),
  randomSteps: z.int().nonnegative().optional().describe('First steps at random; the warm-up'),
  exploration: Schedule.default({ kind: 'linear', from: 1, to: 0.05, over: 10_000 }).describe(
    'Share of random steps (ε) by step',
  ),
  exploratoryEpisodes: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Share of episodes that are random all through'),
  rewardScale: z.number().positive().default(1).describe('Factor of rewards as they are learned'),
  normalize: z.boolean().default(false).describe('Scale observations by their running spread'),
  updateEvery: z.int().positive().default(1).describe('Steps from update to update'),
  seed: z.union([z.number(), z.string()]).default(0).describe('Seed of every random draw'),
});
export type ReplayControlOptions = z.input<typeof ReplayControlOptions>;

const StoredStreams = z.strictObject({ actions: StoredRng, batches: StoredRng, noise: StoredRng });

const Stored = z.strictObject({
  step: z.int().nonnegative(),
  episode: StoredEpisode,
  exploratory: z.boolean(),
  streams: StoredStreams,
  next: z.int().nonnegative(),
  agent: z.unknown(),
});

const REPLAY = 'replay.';

export class ReplayControl<A extends Action = Action> implements ControlLearner<A> {
  readonly turn = 1;
  readonly #agent: ReplayAgent;
  readonly #options: z.output<typeof ReplayControlOptions>;
  readonly #kept: KeptActions<A>;
  readonly #episode: OngoingEpisode<A>;
  readonly #buffer: TransitionBuffer;
  readonly #batch: TransitionBatch;
  readonly #scale: RunningScale | null;
  readonly #seen: Float64Array;
  readonly #scaled: Float64Array;
  readonly #action: Float64Array;
  readonly #means: CurveMeans;
  #actions: Rng;
  #batches: Rng;
  #noise: Rng;
  #exploratory: boolean;
  #step = 0;

  /**
   * @throws RangeError where the agent was built for another world, an episode need not end or the
   *   box of actions has no bounds
   */
  constructor(agent: ReplayAgent, simulator: Simulator<A>, given: ReplayControlOptions = {}) {
    const options = ReplayControlOptions.parse(given);
    const { seed, capacity, normalize } = options;
    checkWorld(agent, simulator);
    this.#agent = agent;
    this.#means = new CurveMeans(this.columns);
    this.#options = options;
    this.#kept = keptActions(simulator.actions);
    this.#episode = new OngoingEpisode(simulator, createRng(seed, 'starts'));
    this.#actions = createRng(seed, 'actions');
    this.#batches = createRng(seed, 'batches');
    this.#noise = createRng(seed, 'noise');
    this.#exploratory = this.#drawExploratory();
    const { observationSize } = agent.sizes;
    const shape = { capacity, observationSize, actionSize: this.#kept.size };
    this.#buffer = new TransitionBuffer(shape);
    this.#batch = transitionBatch(agent.batch, shape);
    this.#scale = normalize ? new RunningScale(observationSize) : null;
    this.#seen = new Float64Array(observationSize);
    this.#scaled = new Float64Array(observationSize);
    this.#action = new Float64Array(this.#kept.size);
  }

  get kind(): string {
    return this.#agent.kind;
  }

  get settings(): unknown {
    const { observationSize } = this.#agent.sizes;
    const world = { observationSize, actions: this.#kept.settings };
    return { ...this.#options, world, agent: this.#agent.settings };
  }

  get columns(): readonly string[] {
    return ['episodeReturn', 'episodeLength', ...this.#agent.columns];
  }

  /**
   * Acts by what has been learned so far: drawn from `rng`, or where that is null without chance.
   * The numbers of a box are overwritten by the next call.
   */
  act(observation: ArrayLike<number>, rng: Rng | null): A {
    this.#choose(observation, rng);
    return this.#kept.inWorld(this.#action);
  }

  advance(): void {
    const { warmUp, randomSteps = warmUp, exploration, rewardScale, updateEvery } = this.#options;
    const episode = this.#episode;
    const actions = this.#actions;
    const seen = this.#seen;
    const step = this.#step++;
    seen.set(episode.observation);
    this.#scale?.add(seen);
    const epsilon = step < randomSteps || this.#exploratory ? 1 : scheduled(exploration, step);
    if (epsilon > 0 && actions() < epsilon) this.#kept.draw(actions, this.#action);
    else this.#choose(seen, actions);
    const reward = episode.step(this.#kept.inWorld(this.#action));
    const next = episode.observation;
    this.#buffer.add(seen, this.#action, rewardScale * reward, next, episode.terminated);
    const finished = episode.renew();
    if (finished !== null) {
      this.#means.add({ episodeReturn: finished.return, episodeLength: finished.length });
      this.#exploratory = this.#drawExploratory();
    }
    if (step >= warmUp && step % updateEvery === 0) this.#learn();
  }

  learned(): PolicyArrays {
    return { ...this.#agent.learned(), ...this.#scale?.state() };
  }

  player(engine: Engine, rows: number): Player<A> {
    const { observationSize } = this.#agent.sizes;
    const player = this.#agent.player(engine, rows);
    const scale = this.#scale ? new RunningScale(observationSize) : null;
    const scaled = new Float64Array(observationSize);
    return {
      take(arrays) {
        player.take(arrays);
        scale?.restore({ arrays });
      },
      see(row, observation) {
        checkObservation(observation, observationSize);
        scaled.set(observation);
        scale?.scale(scaled);
        player.see(row, scaled);
      },
      decide: () => player.decide(),
      action: (row) => this.#kept.inWorld(player.action(row)),
    };
  }

  report(): CurveRow {
    return this.#means.take();
  }

  stored(): Omit<Checkpoint, 'kind'> {
    const { numbers, arrays } = this.#agent.state();
    const memory = this.#buffer.state();
    const kept = Object.entries(memory.arrays).map(([name, array]) => [REPLAY + name, array]);
    const state: z.input<typeof Stored> = {
      step: this.#step,
      episode: this.#episode.stored(),
      exploratory: this.#exploratory,
      streams: StoredStreams.parse({
        actions: this.#actions.state(),
        batches: this.#batches.state(),
        noise: this.#noise.state(),
      }),
      next: memory.next,
      agent: numbers,
    };
    return { state, arrays: { ...arrays, ...Object.fromEntries(kept), ...this.#scale?.state() } };
  }

  goOn(checkpoint: Checkpoint): void {
    const { step, episode, exploratory, streams, next, agent } = Stored.parse(checkpoint.state);
    this.#agent.restore(checkpoint, agent);
    this.#scale?.restore(checkpoint);
    const arrays = Object.fromEntries(
      Object.entries(checkpoint.arrays)
        .filter(([name]) => name.startsWith(REPLAY))
        .map(([name, array]) => [name.slice(REPLAY.length), array as Float32Array]),
    );
    this.#buffer.restore({ next, arrays });
    this.#episode.goOn(episode);
    this.#actions = restoreRng(streams.actions);
    this.#batches = restoreRng(streams.batches);
    this.#noise = restoreRng(streams.noise);
    this.#exploratory = exploratory;
    this.#step = step;
    this.#means.take();
  }

  #choose(observation: ArrayLike<number>, rng: Rng | null): void {
    checkObservation(observation, this.#scaled.length);
    this.#scaled.set(observation);
    this.#scale?.scale(this.#scaled);
    this.#agent.act(this.#scaled, rng, this.#action);
  }

  #drawExploratory(): boolean {
    const { exploratoryEpisodes } = this.#options;
    return exploratoryEpisodes > 0 && this.#actions() < exploratoryEpisodes;
  }

  #learn(): void {
    const batch = this.#batch;
    this.#buffer.draw(this.#batches, batch);
    this.#scale?.scale(batch.observation);
    this.#scale?.scale(batch.nextObservation);
    const row = this.#agent.learn(batch, this.#noise);
    for (const [name, value] of Object.entries(row))
      if (value !== null && !Number.isFinite(value))
        throw new Error(
          `Cannot learn: "${name}" is ${value}, on seeing [${this.#seen.join(', ')}]`,
        );
    this.#means.add(row);
  }
}

function checkWorld({ sizes }: ReplayAgent, simulator: Simulator): void {
  const { observationSize, actionCount, actionSize } = sizes;
  const seen = simulator.observation.length;
  const [takes, has] =
    actionCount === undefined
      ? [actionSize, boxActions(simulator).low.length]
      : [actionCount, discreteActions(simulator).count];
  const what = actionCount === undefined ? 'numbers' : 'actions';
  if (observationSize !== seen || takes !== has)
    throw new RangeError(
      `Cannot learn: the agent takes ${observationSize} numbers to ${takes} ${what}, the world has ${seen} and ${has}`,
    );
}
