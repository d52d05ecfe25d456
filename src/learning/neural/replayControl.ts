/**
 * Learning from a memory of transitions: each step acts by chance with ε, else by the agent, is kept,
 * and lets the agent learn from a batch drawn from all that is kept. Where an episode only ran out
 * of time, the state reached keeps its worth.
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Network } from '../../networks/network.ts';
import { createRng, type Rng, restoreRng } from '../../numeric/rng.ts';
import { CurveMeans } from '../log/curveMeans.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import { Schedule, scheduled } from '../schedule.ts';
import type { ControlLearner } from './controlLearner.ts';
import { OngoingEpisode, StoredEpisode, StoredRng } from './ongoingEpisode.ts';
import type { ReplayAgent } from './replayAgent.ts';
import { ScalarAdamState } from './scalarAdam.ts';
import { type TransitionBatch, TransitionBuffer, transitionBatch } from './transitionBuffer.ts';

export const ReplayControlOptions = z.strictObject({
  capacity: z.int().positive().default(50_000).describe('Transitions that are kept'),
  warmUp: z.int().nonnegative().default(1_000).describe('Random steps before learning begins'),
  exploration: Schedule.default({ kind: 'linear', from: 1, to: 0.05, over: 10_000 }).describe(
    'ε by step',
  ),
  rewardScale: z.number().positive().default(1).describe('Factor of rewards as they are learned'),
  every: z.int().positive().default(1).describe('Steps from update to update'),
  seed: z.union([z.number(), z.string()]).default(0).describe('Seed of every random draw'),
});
export type ReplayControlOptions = z.input<typeof ReplayControlOptions>;

const Stored = z.strictObject({
  step: z.int().nonnegative(),
  episode: StoredEpisode,
  actions: StoredRng,
  batches: StoredRng,
  next: z.int().nonnegative(),
  agent: z.strictObject({
    steps: z.record(z.string(), z.int().nonnegative()),
    logTemperature: ScalarAdamState.optional(),
  }),
});

const REPLAY = 'replay.';
const EPISODE_RETURN = 'episodeReturn';

export class ReplayControl implements ControlLearner {
  readonly turn = 1;
  readonly #agent: ReplayAgent;
  readonly #options: z.output<typeof ReplayControlOptions>;
  readonly #episode: OngoingEpisode;
  readonly #buffer: TransitionBuffer;
  readonly #batch: TransitionBatch;
  readonly #seen: Float64Array;
  readonly #action = new Float32Array(1);
  readonly #means: CurveMeans;
  #actions: Rng;
  #batches: Rng;
  #step = 0;

  /** @throws RangeError where the agent was built for another world */
  constructor(agent: ReplayAgent, simulator: Simulator<number>, given: ReplayControlOptions = {}) {
    const options = ReplayControlOptions.parse(given);
    const { seed, capacity } = options;
    this.#agent = agent;
    this.#means = new CurveMeans(this.columns);
    this.#options = options;
    this.#episode = new OngoingEpisode(simulator, createRng(seed, 'starts'));
    this.#actions = createRng(seed, 'actions');
    this.#batches = createRng(seed, 'batches');
    const { observationSize, actionCount } = agent.sizes;
    if (observationSize !== simulator.observation.length || actionCount !== simulator.actions.count)
      throw new RangeError(
        `Cannot learn: the agent takes ${observationSize} numbers to ${actionCount} actions, the world has ${simulator.observation.length} and ${simulator.actions.count}`,
      );
    const shape = { capacity, observationSize, actionSize: 1 };
    this.#buffer = new TransitionBuffer(shape);
    this.#batch = transitionBatch(agent.batch, shape);
    this.#seen = new Float64Array(observationSize);
  }

  get kind(): string {
    return this.#agent.kind;
  }

  get settings(): unknown {
    return { ...this.#options, agent: this.#agent.settings };
  }

  get columns(): readonly string[] {
    return [EPISODE_RETURN, ...this.#agent.columns];
  }

  get policy(): Network {
    return this.#agent.policy;
  }

  advance(): void {
    const { warmUp, exploration, rewardScale, every } = this.#options;
    const episode = this.#episode;
    const actions = this.#actions;
    const seen = this.#seen;
    const step = this.#step++;
    seen.set(episode.observation);
    const epsilon = step < warmUp ? 1 : scheduled(exploration, step);
    this.#action[0] =
      epsilon > 0 && actions() < epsilon
        ? Math.floor(actions() * this.#agent.sizes.actionCount)
        : this.#agent.act(seen, actions);
    const reward = episode.step(this.#action[0]);
    const next = episode.observation;
    this.#buffer.add(seen, this.#action, rewardScale * reward, next, episode.terminated);
    const finished = episode.renew();
    if (finished !== null) this.#means.add({ [EPISODE_RETURN]: finished });
    if (step >= warmUp && step % every === 0) {
      this.#buffer.draw(this.#batches, this.#batch);
      this.#means.add(this.#agent.update(this.#batch));
    }
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
      actions: StoredRng.parse(this.#actions.state()),
      batches: StoredRng.parse(this.#batches.state()),
      next: memory.next,
      agent: numbers,
    };
    return { state, arrays: { ...arrays, ...Object.fromEntries(kept) } };
  }

  goOn(checkpoint: Checkpoint): void {
    const { step, episode, actions, batches, next, agent } = Stored.parse(checkpoint.state);
    this.#agent.restore(checkpoint, agent);
    const arrays = Object.fromEntries(
      Object.entries(checkpoint.arrays)
        .filter(([name]) => name.startsWith(REPLAY))
        .map(([name, array]) => [name.slice(REPLAY.length), array as Float32Array]),
    );
    this.#buffer.restore({ next, arrays });
    this.#episode.goOn(episode);
    this.#actions = restoreRng(actions);
    this.#batches = restoreRng(batches);
    this.#step = step;
    this.#means.take();
  }
}
