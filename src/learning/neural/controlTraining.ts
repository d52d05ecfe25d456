/**
 * Training with confirmed checkpoints, whatever learns. Learning forgets: the last policy may be far
 * worse than one before it, and the best of many judged on few episodes is partly luck. So every so
 * often the policy plays a few selection episodes without chance; where they beat the best so far it
 * plays many others, and is kept if those do too. What is reported is a third set that chose nothing,
 * of the best and of the last.
 */

import { z } from 'zod';
import type { Action, Simulator } from '../../environments/simulator.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import type { ControlLearner, PolicyArrays } from './controlLearner.ts';
import { GreedyEpisodes } from './greedyEpisodes.ts';
import { checkSettings } from './settings.ts';

export const ControlTrainingOptions = z.strictObject({
  steps: z.int().positive().default(50_000).describe('Most steps in the world'),
  every: z.int().positive().default(1_000).describe('Steps from checkpoint to checkpoint'),
  selectionEpisodes: z.int().positive().default(20).describe('Episodes that choose'),
  episodes: z.int().positive().default(100).describe('Episodes that confirm'),
  evaluate: z.int().positive().default(100).describe('Episodes that score the best and the last'),
  enough: z.number().optional().describe('Stop when a checkpoint is confirmed to return this much'),
  seed: z.union([z.number(), z.string()]).default(0).describe('Draws where episodes begin'),
  world: z.json().optional().describe('Tells the world from others: a run goes on in the same'),
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
  /** Of the episodes that confirm; null where selection was below the best. */
  readonly confirmed: number | null;
  /** The best that was confirmed so far. */
  readonly best: BestConfirmed;
  /** `selection`, `confirmed`, and means of the learner since the last checkpoint. */
  readonly row: CurveRow;
  /** Everything that is needed to go on from here; to be taken before the next step. */
  checkpoint(): Checkpoint;
}

export interface BestConfirmed {
  readonly step: number;
  /** Means of the episodes that chose it, and of those that confirmed it. */
  readonly selection: number;
  readonly confirmed: number;
}

export interface ControlResult {
  readonly steps: number;
  readonly best: ScoredCheckpoint;
  readonly last: ScoredCheckpoint;
  readonly curve: readonly Pick<ControlProgress, 'step' | 'selection' | 'confirmed'>[];
}

export interface ScoredCheckpoint {
  readonly step: number;
  readonly policy: PolicyArrays;
  /** [episodes] sums of rewards in episodes that chose nothing. */
  readonly returns: Float64Array;
  readonly mean: number;
}

const Stored = z.strictObject({
  settings: z.unknown(),
  step: z.int().nonnegative(),
  best: z
    .strictObject({ step: z.int().nonnegative(), selection: z.number(), confirmed: z.number() })
    .nullable(),
  curve: z.array(
    z.strictObject({ step: z.int(), selection: z.number(), confirmed: z.number().nullable() }),
  ),
  learner: z.unknown(),
});

const BEST = 'best.';

/** Learning came to an end that was not asked for; the last checkpoint is good. */
export class TrainingStopped extends Error {}

export class ControlTraining<A extends Action = Action> {
  readonly #learner: ControlLearner<A>;
  readonly #options: z.output<typeof ControlTrainingOptions>;
  readonly #play: (
    policy: PolicyArrays,
    purpose: 'selection' | 'confirmation' | 'score',
  ) => Float64Array;
  #best: (BestConfirmed & { readonly policy: PolicyArrays }) | null = null;
  #curve: { step: number; selection: number; confirmed: number | null }[] = [];
  #step = 0;

  constructor(
    engine: Engine,
    learner: ControlLearner<A>,
    createSimulator: () => Simulator<A>,
    given: ControlTrainingOptions = {},
  ) {
    const options = ControlTrainingOptions.parse(given);
    const { steps, selectionEpisodes, episodes, evaluate, seed } = options;
    if (learner.turn > steps)
      throw new RangeError(
        `Cannot train: one turn takes ${learner.turn} steps, and only ${steps} are allowed`,
      );
    this.#learner = learner;
    this.#options = options;
    const played = (count: number) => new GreedyEpisodes(engine, learner, createSimulator, count);
    const sets = {
      selection: played(selectionEpisodes),
      confirmation: played(episodes),
      score: played(evaluate),
    };
    this.#play = (policy, purpose) =>
      sets[purpose].returns(policy, createRng(seed, `${purpose} episodes`));
  }

  /**
   * Trains to the end, from where it stands; between two yields it may be stored.
   *
   * @throws TrainingStopped where a reward, an observation or a loss is not finite, with the step
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
    const policy = this.#learner.learned();
    const last = this.#score(policy, this.#step);
    // At least one turn was made, so that there was a first checkpoint.
    const best = this.#best ? this.#score(this.#best.policy, this.#best.step) : last;
    return { steps: this.#step, best, last, curve: this.#curve };
  }

  /** Where it stands, between two yields. */
  checkpoint(): Checkpoint {
    const { state, arrays } = this.#learner.stored();
    const { policy = {}, ...best } = this.#best ?? {};
    const kept = Object.entries(policy).map(([name, array]) => [BEST + name, array.slice()]);
    return {
      kind: trainingKind(this.#learner.kind),
      state: {
        settings: this.#settings,
        step: this.#step,
        best: this.#best ? (best as BestConfirmed) : null,
        curve: this.#curve.slice(),
        learner: state,
      } satisfies z.input<typeof Stored>,
      arrays: { ...arrays, ...Object.fromEntries(kept) },
    };
  }

  /**
   * Goes on where a checkpoint was taken; more steps, or enough, may be asked for than before.
   *
   * @throws RangeError where it is of another learner, of other settings or of networks of another
   *   shape
   */
  restore(checkpoint: Checkpoint): void {
    const kind = trainingKind(this.#learner.kind);
    if (checkpoint.kind !== kind)
      throw new RangeError(
        `Cannot go on: the checkpoint is of "${checkpoint.kind}", wanted "${kind}"`,
      );
    const parsed = Stored.safeParse(checkpoint.state);
    if (!parsed.success)
      throw new RangeError(
        `Cannot go on: this is no state of a training:\n${z.prettifyError(parsed.error)}`,
      );
    const { settings, step, best, curve, learner } = parsed.data;
    const policy = this.#learner.learned();
    for (const [name, array] of Object.entries(policy))
      if (best) restoreArray({ arrays: checkpoint.arrays }, BEST + name, array);
    checkSettings(settings, this.#settings);
    this.#learner.goOn({ ...checkpoint, state: learner });
    this.#best = best && { ...best, policy };
    this.#curve = curve;
    this.#step = step;
  }

  /** All that may not change when a run goes on. */
  get #settings(): unknown {
    const { steps: _, enough: __, evaluate: ___, ...training } = this.#options;
    return { training, learner: this.#learner.settings };
  }

  #advance(): void {
    try {
      this.#learner.advance();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new TrainingStopped(`Stopped after ${this.#step} steps. ${why}`, { cause: error });
    }
  }

  /** Plays the selection episodes and, where they are better than the best, those that confirm. */
  #check(): ControlProgress {
    const step = this.#step;
    const policy = this.#learner.learned();
    const selection = mean(this.#play(policy, 'selection'));
    let best = this.#best;
    let confirmed: number | null = null;
    // Both sets are the same every time, and one may begin from harder states than the other.
    if (best === null || selection >= best.selection || selection > best.confirmed) {
      confirmed = mean(this.#play(policy, 'confirmation'));
      if (best === null || confirmed > best.confirmed)
        best = { step, selection, confirmed, policy };
    }
    this.#best = best;
    this.#curve.push({ step, selection, confirmed });
    return {
      step,
      share: step / this.#options.steps,
      selection,
      confirmed,
      best: { step: best.step, selection: best.selection, confirmed: best.confirmed },
      row: { selection, confirmed, ...this.#learner.report() },
      checkpoint: () => this.checkpoint(),
    };
  }

  #score(policy: PolicyArrays, step: number): ScoredCheckpoint {
    const returns = this.#play(policy, 'score');
    return { step, policy, returns, mean: mean(returns) };
  }
}

/** What the checkpoints of a learner's training are called. */
export function trainingKind(learner: string): string {
  return `training of ${learner}`;
}

function mean(x: Float64Array): number {
  return x.reduce((sum, value) => sum + value, 0) / x.length;
}
