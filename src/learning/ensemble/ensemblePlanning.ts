/**
 * Learning to act in a box from few steps: learn the dynamics from what was seen, plan in them, act,
 * see more.
 *
 *   a ~ uniform at first, then the first action of the plan that is imagined to be best
 *   keep (o, a, r, o′); now and then let the ensemble learn from everything seen
 *
 * An episode that ran out of time is no end, and nothing is learned of ends: what ends a task must be
 * known.
 *
 * Reference: Chua, Calandra, McAllister & Levine (2018), NeurIPS, algorithm 1.
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng, type Rng, restoreRng } from '../../numeric/rng.ts';
import { CurveMeans } from '../log/curveMeans.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import type { ControlLearner, Player, PolicyArrays } from '../neural/controlLearner.ts';
import { type KeptActions, keptActions } from '../neural/keptActions.ts';
import { boxActions } from '../neural/learnableWorld.ts';
import { OngoingEpisode, StoredEpisode, StoredRng } from '../neural/ongoingEpisode.ts';
import { checkObservation } from '../neural/replayAgent.ts';
import { DynamicsEnsemble, type EnsembleSizes } from './dynamicsEnsemble.ts';
import { EnsembleControlOptions, EnsembleOptions, EnsemblePlanOptions } from './ensembleOptions.ts';
import { EnsemblePlanner, type KnownOfBox } from './ensemblePlanner.ts';

const count = z.int().nonnegative();
const Stored = z.strictObject({
  step: count,
  episode: StoredEpisode,
  actions: StoredRng,
  /** Whether there is a plan before. */
  hasBefore: z.boolean(),
  ensemble: z.strictObject({
    steps: z.record(z.string(), count),
    count,
    settled: count,
    lessons: count,
  }),
});

const PLAN = { best: 'plan.best', distribution: 'plan.distribution' } as const;

export class EnsemblePlanning implements ControlLearner<Float64Array> {
  readonly kind = 'ensemble-planning';
  readonly turn = 1;
  readonly columns = ['episodeReturn', 'episodeLength', 'loss', 'error'];
  readonly #options: z.output<typeof EnsembleControlOptions>;
  readonly #known: KnownOfBox;
  readonly #simulator: Simulator<Float64Array>;
  readonly #sizes: EnsembleSizes;
  readonly #kept: KeptActions<Float64Array>;
  readonly #episode: OngoingEpisode<Float64Array>;
  readonly #ensemble: DynamicsEnsemble;
  readonly #planner: EnsemblePlanner;
  readonly #means: CurveMeans;
  readonly #seen: Float64Array;
  readonly #action: Float64Array;
  #actions: Rng;
  #step = 0;

  /**
   * @param known of the world; with a reward none is learned
   * @throws TypeError where actions are no box, RangeError where that has no bounds or an episode
   *   need not end
   */
  constructor(
    engine: Engine,
    simulator: Simulator<Float64Array>,
    given: EnsembleControlOptions = {},
    known: KnownOfBox = {},
  ) {
    const options = EnsembleControlOptions.parse(given);
    const { seed } = options;
    const box = boxActions(simulator);
    this.#options = options;
    this.#known = known;
    this.#simulator = simulator;
    this.#sizes = {
      observationSize: simulator.observation.length,
      actionSize: box.low.length,
      learnsReward: known.reward === undefined,
    };
    this.#kept = keptActions(box);
    this.#episode = new OngoingEpisode(simulator, createRng(seed, 'starts'));
    this.#actions = createRng(seed, 'actions');
    this.#ensemble = this.#build(engine);
    this.#planner = new EnsemblePlanner(this.#ensemble, box, known, planOptions(options));
    this.#means = new CurveMeans(this.columns);
    this.#seen = new Float64Array(this.#sizes.observationSize);
    this.#action = new Float64Array(this.#sizes.actionSize);
  }

  get settings(): unknown {
    const { observationSize, learnsReward } = this.#sizes;
    const world = { observationSize, actions: this.#kept.settings };
    return { ...this.#options, world, learnsReward };
  }

  advance(): void {
    const { warmUp, trainEvery, seed } = this.#options;
    const episode = this.#episode;
    const step = this.#step++;
    this.#seen.set(episode.observation);
    let action = this.#action;
    if (step < warmUp) {
      this.#kept.draw(this.#actions, action);
      action = this.#kept.inWorld(action);
    } else this.#plan(createRng(seed, `plans of step ${step}`));
    const reward = episode.step(action);
    this.#ensemble.add(this.#seen, action, reward, episode.observation);
    if (episode.terminated && !this.#known.terminated)
      throw new Error(
        `Cannot learn: the task ended on seeing [${episode.observation.join(', ')}], and what ends it is not told; give \`terminated\``,
      );
    const finished = episode.renew();
    if (finished !== null) {
      this.#means.add({ episodeReturn: finished.return, episodeLength: finished.length });
      this.#planner.forget();
    }
    const taught = step + 1 - warmUp;
    if (taught >= 0 && taught % trainEvery === 0) this.#learn();
  }

  learned(): PolicyArrays {
    return this.#ensemble.learned();
  }

  /** Plans anew in every step; what is drawn depends on the seed and the row. */
  player(engine: Engine, rows: number): Player<Float64Array> {
    const ensemble = this.#build(engine);
    const { observationSize, actionSize } = this.#sizes;
    const planner = new EnsemblePlanner(
      ensemble,
      boxActions(this.#simulator),
      this.#known,
      planOptions(this.#options),
      rows,
    );
    const observations = Array.from({ length: rows }, () => new Float64Array(observationSize));
    const actions = Array.from({ length: rows }, () => new Float64Array(actionSize));
    const isSeen = new Uint8Array(rows);
    let streams: Rng[] = [];
    return {
      take: (policy) => {
        ensemble.take(policy);
        planner.forget();
        const { seed } = this.#options;
        streams = actions.map((_, row) => createRng(seed, `plans of player ${row}`));
      },
      see(row, observation) {
        checkObservation(observation, observationSize);
        observations[row].set(observation);
        isSeen[row] = 1;
      },
      decide() {
        for (let row = 0; row < rows; row++)
          if (isSeen[row]) planner.plan(observations[row], streams[row], actions[row], row);
        isSeen.fill(0);
      },
      action: (row) => actions[row],
    };
  }

  report(): CurveRow {
    return this.#means.take();
  }

  stored(): Omit<Checkpoint, 'kind'> {
    const { numbers, arrays } = this.#ensemble.state();
    const { hasBefore, best, distribution } = this.#planner.state();
    const state: z.input<typeof Stored> = {
      step: this.#step,
      episode: this.#episode.stored(),
      actions: StoredRng.parse(this.#actions.state()),
      hasBefore,
      ensemble: numbers,
    };
    return {
      state,
      arrays: { ...arrays, [PLAN.best]: best, [PLAN.distribution]: distribution },
    };
  }

  goOn(checkpoint: Checkpoint): void {
    const { step, episode, actions, hasBefore, ensemble } = Stored.parse(checkpoint.state);
    const plan = this.#planner.state();
    restoreArray(checkpoint, PLAN.best, plan.best);
    restoreArray(checkpoint, PLAN.distribution, plan.distribution);
    this.#ensemble.restore(checkpoint, ensemble);
    this.#planner.restore({ ...plan, hasBefore });
    this.#episode.goOn(episode);
    this.#actions = restoreRng(actions);
    this.#step = step;
    this.#means.take();
  }

  #build(engine: Engine): DynamicsEnsemble {
    const own = EnsembleOptions.strip().parse(this.#options);
    return new DynamicsEnsemble(engine, this.#sizes, own, this.#options.seed);
  }

  #plan(rng: Rng): void {
    const worth = this.#planner.plan(this.#seen, rng, this.#action);
    if (!Number.isFinite(worth))
      throw new Error(
        `Cannot plan: the best plan is worth ${worth}, on seeing [${this.#seen.join(', ')}]`,
      );
  }

  #learn(): void {
    const error = this.#ensemble.error();
    const loss = this.#ensemble.learn(this.#options.updates);
    if (!Number.isFinite(loss))
      throw new Error(
        `Cannot learn: the loss of the dynamics is ${loss}, on seeing [${this.#seen.join(', ')}]`,
      );
    this.#means.add({ loss, error });
  }
}

function planOptions(options: z.output<typeof EnsembleControlOptions>): EnsemblePlanOptions {
  return EnsemblePlanOptions.strip().parse(options);
}
