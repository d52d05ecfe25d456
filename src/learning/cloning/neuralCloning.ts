/**
 * Behaviour cloning with a network: the maximum-likelihood policy, without any bonus for entropy.
 *
 * 1. Trains until the likelihood of trajectories that were held out has not risen for a while.
 * 2. Trains anew on all trajectories while the rate falls to a tenth, until the rates of all epochs add
 *    up to those of the epochs that were best.
 *
 * The held-out likelihood is that of the first part; without the second its policy is kept. The same
 * seed gives the same bits, also across an interruption.
 *
 * References: Pomerleau (1991), Neural Computation 3(1); Goodfellow, Bengio & Courville (2016), Deep
 * learning, algorithm 7.2.
 */

import type { z } from 'zod';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { ClonedPolicyData } from './clonedPolicy.ts';
import { CloningOptions } from './cloningOptions.ts';
import type { CloningRows } from './cloningRows.ts';
import { type CloningSplit, cloningSplit } from './cloningSplit.ts';
import { CloningTrainer, type TrainerNumbers } from './cloningTrainer.ts';
import { type PreparedRows, prepareRows } from './preparedRows.ts';

/** A rise of the held-out log-likelihood per decision below this is none. */
const RISE = 1e-4;
const FEWEST_EPOCHS = 3;
/** Mean rate of the second part, as a share of that of the first. */
const MEAN_RATE = 0.55;

/** One pass over the decisions that are trained on. */
export interface CloningEpoch {
  /** Whether it is part of the search for when to stop, or of the training on everything. */
  readonly part: 'search' | 'final';
  readonly epoch: number;
  readonly updates: number;
  /** Log-likelihood per decision on the head's scale, while the epoch went on. */
  readonly training: number;
  /** Of decisions held out, after it; null where none are. */
  readonly heldOut: number | null;
  /** Whether it is the best so far. */
  readonly best: boolean;
}

export interface CloningFit {
  readonly policy: ClonedPolicyData;
  /** Why the search ended. */
  readonly stop: 'stopped-early' | 'max-updates';
  /** Of the search. */
  readonly epochs: number;
  readonly bestEpoch: number;
  /** Of both parts. */
  readonly updates: number;
  /** What was parted to say when to stop. */
  readonly splitBy: CloningSplit['by'];
  readonly trainingDecisions: number;
  readonly heldOutDecisions: number;
  /** Per decision, at the best epoch of the search; null where nothing was held out. */
  readonly heldOutLogLikelihood: number | null;
  /** Actions at the edge of their box that had to be moved inwards. */
  readonly movedFromEdge: number;
}

/** The plain numbers of its state. */
export interface CloningNumbers {
  readonly part: CloningEpoch['part'];
  /** Of the part. */
  readonly epoch: number;
  readonly searched: Searched | null;
  readonly bestEpoch: number;
  /** What says when to stop: the weighted likelihood held out. */
  readonly best: number | null;
  readonly bestLogLikelihood: number | null;
  readonly bestFree: readonly number[];
  readonly trainer: TrainerNumbers;
}

/** What the search came to. */
interface Searched {
  readonly stop: CloningFit['stop'];
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly updates: number;
}

export class NeuralCloning {
  readonly #engine: Engine;
  readonly #given: CloningRows;
  readonly #options: z.output<typeof CloningOptions>;
  readonly #seed: number;
  readonly #split: CloningSplit;
  #part: CloningEpoch['part'];
  #training: Int32Array;
  #rows: PreparedRows;
  #trainer: CloningTrainer;
  #epoch = 0;
  #searched: Searched | null = null;
  #bestEpoch = 0;
  #best: number | null = null;
  #bestLogLikelihood: number | null = null;
  #bestParameters: Float32Array;
  #bestFree: Float64Array;
  #bestForm: PreparedRows['form'];

  /**
   * @param engine holds its networks until it is released
   * @throws RangeError for a head, a box or weights that do not go with the actions
   */
  constructor(engine: Engine, rows: CloningRows, given: CloningOptions = {}, seed = 0) {
    const options = CloningOptions.parse(given);
    this.#engine = engine;
    this.#given = rows;
    this.#options = options;
    this.#seed = seed;
    this.#split = cloningSplit(rows, options.heldOut, createRng(seed, 'held out'));
    this.#part = 'search';
    this.#training = this.#split.training;
    this.#rows = prepareRows(rows, options, this.#training);
    this.#trainer = new CloningTrainer(engine, this.#rows, options, seed);
    this.#bestParameters = this.#trainer.parameters.slice();
    this.#bestFree = this.#trainer.free;
    this.#bestForm = this.#rows.form;
  }

  /** Whether nothing is left to learn. */
  get done(): boolean {
    if (this.#part === 'final') return this.#epoch >= this.#finalEpochs;
    return this.#searchIsOver() && !this.#trainsAgain;
  }

  get #finalEpochs(): number {
    return Math.ceil(this.#bestEpoch / MEAN_RATE);
  }

  get #trainsAgain(): boolean {
    return this.#options.final && this.#split.heldOut.length > 0;
  }

  /**
   * Goes once over the decisions that are trained on.
   *
   * @throws Error where the likelihood is no number; the best policy so far is still there
   */
  epoch(): CloningEpoch {
    if (this.#part === 'search' && this.#searchIsOver()) this.#beginFinal();
    const number = this.#epoch + 1;
    const last = this.#part === 'final' ? this.#finalEpochs : null;
    const training = this.#trainer.epoch(this.#training, number, last);
    this.#epoch = number;
    const { heldOut } = this.#split;
    const searches = this.#part === 'search' && heldOut.length > 0;
    const held = searches ? this.#trainer.score(heldOut) : null;
    const best =
      held === null
        ? this.#part === 'search' || number === last
        : this.#best === null || held.weighted > this.#best + RISE;
    if (best) this.#keep(held);
    const { updates } = this.#trainer;
    const part = this.#part;
    return { part, epoch: number, updates, training, heldOut: held?.mean ?? null, best };
  }

  /** The best policy so far. */
  policy(): ClonedPolicyData {
    return {
      ...this.#bestForm,
      parameters: this.#bestParameters.slice(),
      free: this.#bestFree.slice(),
    };
  }

  result(): CloningFit {
    const searched = this.#searched ?? this.#searchSoFar();
    return {
      policy: this.policy(),
      stop: searched.stop,
      epochs: searched.epochs,
      bestEpoch: searched.bestEpoch,
      updates: searched.updates + (this.#part === 'final' ? this.#trainer.updates : 0),
      splitBy: this.#split.by,
      trainingDecisions: this.#split.training.length,
      heldOutDecisions: this.#split.heldOut.length,
      heldOutLogLikelihood: this.#bestLogLikelihood,
      movedFromEdge: this.#rows.movedFromEdge,
    };
  }

  /** What a checkpoint needs to go on from here. */
  state(): { readonly numbers: CloningNumbers; readonly arrays: Record<string, Float32Array> } {
    const { numbers, arrays } = this.#trainer.state();
    return {
      numbers: {
        part: this.#part,
        epoch: this.#epoch,
        searched: this.#searched,
        bestEpoch: this.#bestEpoch,
        best: this.#best,
        bestLogLikelihood: this.#bestLogLikelihood,
        bestFree: [...this.#bestFree],
        trainer: numbers,
      },
      arrays: { ...arrays, best: this.#bestParameters.slice() },
    };
  }

  /** @throws RangeError where the checkpoint is of a network of another shape */
  restore(checkpoint: Checkpoint, numbers: CloningNumbers): void {
    if (numbers.part === 'final' && this.#part === 'search') this.#beginFinal();
    this.#trainer.restore(checkpoint, numbers.trainer);
    restoreArray(checkpoint, 'best', this.#bestParameters);
    this.#bestFree = Float64Array.from(numbers.bestFree);
    this.#epoch = numbers.epoch;
    this.#searched = numbers.searched;
    this.#bestEpoch = numbers.bestEpoch;
    this.#best = numbers.best;
    this.#bestLogLikelihood = numbers.bestLogLikelihood;
    if (numbers.part === 'final' && numbers.epoch >= this.#finalEpochs)
      this.#bestForm = this.#rows.form;
  }

  #keep(held: { readonly mean: number; readonly weighted: number } | null): void {
    this.#bestParameters.set(this.#trainer.parameters);
    this.#bestFree = this.#trainer.free;
    this.#bestForm = this.#rows.form;
    if (this.#part === 'final') return;
    this.#bestEpoch = this.#epoch;
    this.#best = held?.weighted ?? null;
    this.#bestLogLikelihood = held?.mean ?? null;
  }

  #searchIsOver(): boolean {
    return this.#trainer.updates >= this.#options.maxUpdates || this.#stoppedEarly();
  }

  #stoppedEarly(): boolean {
    if (this.#split.heldOut.length === 0) return false;
    const updatesPerEpoch = Math.ceil(this.#split.training.length / this.#options.batch);
    const idle = this.#epoch - this.#bestEpoch;
    return idle >= FEWEST_EPOCHS && idle * updatesPerEpoch >= this.#options.patience;
  }

  #searchSoFar(): Searched {
    return {
      stop: this.#stoppedEarly() ? 'stopped-early' : 'max-updates',
      epochs: this.#epoch,
      bestEpoch: this.#bestEpoch,
      updates: this.#trainer.updates,
    };
  }

  #beginFinal(): void {
    this.#searched = this.#searchSoFar();
    this.#part = 'final';
    this.#epoch = 0;
    this.#training = Int32Array.from({ length: this.#given.count }, (_, row) => row);
    this.#rows = prepareRows(this.#given, this.#options, this.#training);
    this.#trainer = new CloningTrainer(this.#engine, this.#rows, this.#options, this.#seed);
  }
}

/**
 * Clones to the end: yields every epoch, and returns the policy.
 *
 * @param engine holds its networks until it is released
 */
export function* cloneBehavior(
  engine: Engine,
  rows: CloningRows,
  options: CloningOptions = {},
  seed = 0,
): Generator<CloningEpoch, CloningFit> {
  const cloning = new NeuralCloning(engine, rows, options, seed);
  while (!cloning.done) yield cloning.epoch();
  return cloning.result();
}
