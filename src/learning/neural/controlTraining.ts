/**
 * Training with confirmed checkpoints. Learning forgets: the last policy may be far worse than one
 * before it, and the best of many judged on few episodes is partly luck. So every so often the
 * policy plays a few selection episodes; where they beat the best so far it plays many others, and
 * is kept if those do too. What is reported is a third set that chose nothing, of the best and of
 * the last.
 */

import { z } from 'zod';
import type { Simulator } from '../../environments/simulator.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import type { ControlLearner } from './controlLearner.ts';
import { GreedyEpisodes } from './greedyEpisodes.ts';

export const ControlTrainingOptions = z.strictObject({
  steps: z.int().positive().default(50_000).describe('Most steps in the world'),
  every: z.int().positive().default(1_000).describe('Steps from checkpoint to checkpoint'),
  selectionEpisodes: z.int().positive().default(20).describe('Episodes that choose'),
  episodes: z.int().positive().default(100).describe('Episodes that confirm, and that score'),
  enough: z.number().optional().describe('Stop when a checkpoint is confirmed to return this much'),
  seed: z.union([z.number(), z.string()]).default(0).describe('Draws where episodes begin'),
});
export type ControlTrainingOptions = z.input<typeof ControlTrainingOptions>;

/** One checkpoint. */
export interface ControlProgress {
  /** Steps in the world so far. */
  readonly step: number;
  /** Share of the steps allowed. */
  readonly share: number;
  /** Mean return of the selection episodes. */
  readonly selection: number;
  /** Of the episodes that confirm; null where selection did not beat the best. */
  readonly confirmed: number | null;
  /** Means since the last checkpoint. */
  readonly learner: CurveRow;
}

export interface ControlResult {
  readonly steps: number;
  readonly best: ScoredCheckpoint;
  readonly last: ScoredCheckpoint;
  readonly curve: readonly Pick<ControlProgress, 'step' | 'selection' | 'confirmed'>[];
}

export interface ScoredCheckpoint {
  readonly step: number;
  /** Of the policy. */
  readonly parameters: Float32Array;
  /** [episodes] sums of rewards in episodes that chose nothing. */
  readonly returns: Float64Array;
  readonly mean: number;
}

const Stored = z.strictObject({
  settings: z.unknown(),
  step: z.int().nonnegative(),
  best: z.strictObject({ step: z.int().nonnegative(), confirmed: z.number() }).nullable(),
  curve: z.array(
    z.strictObject({ step: z.int(), selection: z.number(), confirmed: z.number().nullable() }),
  ),
  learner: z.unknown(),
});

const BEST = 'best';

export class ControlTraining {
  readonly #learner: ControlLearner;
  readonly #options: z.output<typeof ControlTrainingOptions>;
  readonly #selection: GreedyEpisodes;
  readonly #confirmation: GreedyEpisodes;
  readonly #bestParameters: Float32Array;
  #best: { readonly step: number; readonly confirmed: number } | null = null;
  #curve: { step: number; selection: number; confirmed: number | null }[] = [];
  #step = 0;

  constructor(
    engine: Engine,
    learner: ControlLearner,
    createSimulator: () => Simulator<number>,
    given: ControlTrainingOptions = {},
  ) {
    const options = ControlTrainingOptions.parse(given);
    const { steps, selectionEpisodes, episodes } = options;
    if (learner.turn > steps)
      throw new RangeError(
        `Cannot train: one turn takes ${learner.turn} steps, and only ${steps} are allowed`,
      );
    this.#learner = learner;
    this.#options = options;
    const { shape, parameters } = learner.policy;
    this.#selection = new GreedyEpisodes(engine, shape, createSimulator, selectionEpisodes);
    this.#confirmation = new GreedyEpisodes(engine, shape, createSimulator, episodes);
    this.#bestParameters = parameters.slice();
  }

  /**
   * Trains to the end, from where it stands; between two yields it may be stored.
   *
   * @throws Error where a reward, an observation or a loss is not finite, with the step
   */
  *run(): Generator<ControlProgress, ControlResult> {
    const { steps, every, enough } = this.#options;
    const { turn } = this.#learner;
    const done = (): boolean =>
      this.#step + turn > steps ||
      (enough !== undefined && this.#best !== null && this.#best.confirmed >= enough);
    while (!done()) {
      const next = every * Math.floor(this.#step / every + 1);
      while (this.#step < next && this.#step + turn <= steps) {
        this.#advance();
        this.#step += turn;
      }
      yield this.#check();
    }
    const last = this.#score(this.#learner.policy.parameters.slice(), this.#step);
    // At least one turn was made, so that there was a first checkpoint.
    const best = this.#score(this.#bestParameters.slice(), this.#best?.step ?? this.#step);
    return { steps: this.#step, best, last, curve: this.#curve };
  }

  /** Where it stands, between two yields. */
  checkpoint(): Checkpoint {
    const { state, arrays } = this.#learner.stored();
    return {
      kind: this.#kind,
      state: {
        settings: this.#settings,
        step: this.#step,
        best: this.#best,
        curve: this.#curve.slice(),
        learner: state,
      } satisfies z.input<typeof Stored>,
      arrays: { ...arrays, [BEST]: this.#bestParameters.slice() },
    };
  }

  /**
   * Goes on where a checkpoint was taken; more steps, or enough, may be asked for than before.
   *
   * @throws RangeError where it is of another learner, of other settings or of networks of another
   *   shape
   */
  restore(checkpoint: Checkpoint): void {
    if (checkpoint.kind !== this.#kind)
      throw new RangeError(
        `Cannot go on: the checkpoint is of "${checkpoint.kind}", wanted "${this.#kind}"`,
      );
    const parsed = Stored.safeParse(checkpoint.state);
    if (!parsed.success)
      throw new RangeError(
        `Cannot go on: this is no state of a training:\n${z.prettifyError(parsed.error)}`,
      );
    const { settings, step, best, curve, learner } = parsed.data;
    const [before, now] = [settings, this.#settings].map((part) => JSON.stringify(part));
    const parameters = this.#bestParameters.slice();
    restoreArray(checkpoint, BEST, parameters);
    if (before !== now)
      throw new RangeError(
        `Cannot go on: the checkpoint was made with the settings ${before}, wanted ${now}`,
      );
    this.#learner.goOn({ ...checkpoint, state: learner });
    this.#bestParameters.set(parameters);
    this.#best = best;
    this.#curve = curve;
    this.#step = step;
  }

  get #kind(): string {
    return `training of ${this.#learner.kind}`;
  }

  /** All that may not change when a run goes on. */
  get #settings(): unknown {
    const { steps: _, enough: __, ...training } = this.#options;
    return { training, learner: this.#learner.settings };
  }

  #advance(): void {
    try {
      this.#learner.advance();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`Stopped after ${this.#step} steps. ${why}`, { cause: error });
    }
  }

  /** Plays the selection episodes and, where they are better than the best, those that confirm. */
  #check(): ControlProgress {
    const { parameters } = this.#learner.policy;
    const selection = mean(this.#selection.returns(parameters, this.#starts('selection')));
    let confirmed: number | null = null;
    if (this.#best === null || selection > this.#best.confirmed) {
      confirmed = mean(this.#confirmation.returns(parameters, this.#starts('confirmation')));
      if (this.#best === null || confirmed > this.#best.confirmed) {
        this.#best = { step: this.#step, confirmed };
        this.#bestParameters.set(parameters);
      }
    }
    const step = this.#step;
    this.#curve.push({ step, selection, confirmed });
    const share = step / this.#options.steps;
    return { step, share, selection, confirmed, learner: this.#learner.report() };
  }

  #score(parameters: Float32Array, step: number): ScoredCheckpoint {
    const returns = this.#confirmation.returns(parameters, this.#starts('score'));
    return { step, parameters, returns, mean: mean(returns) };
  }

  #starts(purpose: string): ReturnType<typeof createRng> {
    return createRng(this.#options.seed, `${purpose} episodes`);
  }
}

function mean(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}
