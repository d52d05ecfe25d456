/**
 * Dynamics learned by several networks, each from a sample of its own of the steps seen:
 *
 *   o′ = o + μ_b(o, a) [ + σ_b(o, a) ε ],   b one of the members
 *
 * Where steps were seen the members agree; where they were not they do not, and a plan that is imagined
 * by one after another is worth there what they say on average. The reward is learned beside the change,
 * unless it is known.
 *
 * Reference: Chua, Calandra, McAllister & Levine (2018), Deep reinforcement learning in a handful of
 * trials using probabilistic dynamics models, NeurIPS (there TS1).
 */

import type { z } from 'zod';
import { clamp } from '../../environments/episode.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import { NetworkSet } from '../neural/networkSet.ts';
import { type ChangeLoss, deterministicLoss, probabilisticLoss } from './changeLoss.ts';
import { EnsembleOptions } from './ensembleOptions.ts';
import { SCALE, SeenChanges } from './seenChanges.ts';

/** Largest number that a network sees. */
const MOST = 10;

export interface EnsembleSizes {
  readonly observationSize: number;
  readonly actionSize: number;
  /** Whether the reward is learned too. */
  readonly learnsReward: boolean;
}

/** Worlds that are imagined side by side. */
export interface ImaginedRows {
  /** [rows × observation] where they are; moved by `step`. */
  readonly observations: Float64Array;
  /** [rows × action] to be filled in. */
  readonly actions: Float64Array;
  /** [rows] what the step paid, where the reward is learned. */
  readonly rewards: Float64Array;
  /**
   * Lets a member say where all rows go.
   *
   * @param noise [numbers that change] ε, the same in every row; null: the means
   */
  step(member: number, noise: Float64Array | null): void;
}

/** The plain numbers of its state. */
export interface EnsembleNumbers {
  readonly steps: Readonly<Record<string, number>>;
  readonly count: number;
  readonly settled: number;
  readonly lessons: number;
}

export class DynamicsEnsemble {
  readonly members: number;
  /** Numbers that change: of the observation, and the reward where it is learned. */
  readonly changeSize: number;
  /** Whether members say how sure they are. */
  readonly isProbabilistic: boolean;
  readonly sizes: EnsembleSizes;
  readonly #options: z.output<typeof EnsembleOptions>;
  readonly #seed: number | string;
  readonly #loss: ChangeLoss;
  readonly #set: NetworkSet;
  readonly #networks: Network[];
  readonly #passes: Pass[];
  readonly #seen: SeenChanges;
  #lessons = 0;

  /** @param engine holds its networks until it is released */
  constructor(
    engine: Engine,
    sizes: EnsembleSizes,
    given: EnsembleOptions = {},
    seed: number | string = 0,
  ) {
    const options = EnsembleOptions.parse(given);
    const { members, hidden, form, rate, weightDecay, batch } = options;
    const { observationSize, actionSize, learnsReward } = sizes;
    this.sizes = sizes;
    this.members = members;
    this.changeSize = observationSize + (learnsReward ? 1 : 0);
    this.isProbabilistic = form === 'probabilistic';
    this.#options = options;
    this.#seed = seed;
    this.#loss = this.isProbabilistic ? probabilisticLoss : deterministicLoss;
    this.#set = new NetworkSet(engine);
    const inputs = observationSize + actionSize;
    const outputs = this.#loss.parts * this.changeSize;
    this.#networks = Array.from({ length: members }, (_, b) =>
      this.#set.add(
        `member ${b}`,
        { inputs, hidden, outputs, activation: 'relu' },
        { rate, weightDecay },
        createRng(seed, `member ${b}`),
      ),
    );
    this.#passes = this.#networks.map((network) => network.pass(batch));
    this.#seen = new SeenChanges({ inputs, changes: this.changeSize, members });
  }

  /** Steps that were seen. */
  get count(): number {
    return this.#seen.count;
  }

  /** Keeps a step. */
  add(
    observation: ArrayLike<number>,
    action: ArrayLike<number>,
    reward: number,
    next: ArrayLike<number>,
  ): void {
    const inputs = [...Array.from(observation), ...Array.from(action)];
    const changes = Array.from(next, (x, i) => x - observation[i]);
    if (this.sizes.learnsReward) changes.push(reward);
    this.#seen.add(inputs, changes);
  }

  /**
   * Root of the mean squared error of the members' mean in units of the spread, over the steps that no
   * member has learned from yet; null where there are none, or nothing has been learned.
   */
  error(): number | null {
    const { count, settled } = this.#seen;
    if (settled === 0 || count === settled) return null;
    const { batch } = this.#options;
    let squares = 0;
    for (let first = settled; first < count; first += batch) {
      const rows = Int32Array.from({ length: Math.min(batch, count - first) }, (_, i) => first + i);
      const outputs = this.#passes.map((pass) => {
        this.#seen.writeInputs(pass.inputs, rows, MOST);
        return pass.evaluate();
      });
      const changes = this.#seen.changesOf(rows);
      for (let i = 0; i < rows.length; i++)
        for (let j = 0; j < this.changeSize; j++) {
          const at = i * this.changeSize * this.#loss.parts + j;
          let mean = 0;
          for (const output of outputs) mean += output[at] / this.members;
          squares += (mean - changes[i * this.changeSize + j]) ** 2;
        }
    }
    return Math.sqrt(squares / ((count - settled) * this.changeSize));
  }

  /** Lets every member learn from so many batches of its sample; returns the mean loss. */
  learn(updates: number): number {
    if (this.#seen.count === 0) throw new RangeError('Cannot learn dynamics: no step was seen');
    const lesson = this.#lessons++;
    this.#seen.settle(createRng(this.#seed, `samples ${lesson}`));
    const { batch } = this.#options;
    const rows = new Int32Array(batch);
    let sum = 0;
    for (let b = 0; b < this.members; b++) {
      const sample = this.#seen.sampleOf(b);
      const rng = createRng(this.#seed, `batches ${lesson} of ${b}`);
      const pass = this.#passes[b];
      for (let update = 0; update < updates; update++) {
        for (let i = 0; i < batch; i++) rows[i] = sample[Math.floor(rng() * sample.length)];
        this.#seen.writeInputs(pass.inputs, rows, MOST);
        pass.evaluate();
        sum += this.#slopes(pass, rows);
        pass.pullBack({ parameters: true, inputs: false });
        this.#set.step(`member ${b}`);
      }
    }
    return sum / (updates * this.members);
  }

  /** Makes room to imagine so many worlds at once; keep it, and use it again and again. */
  imagine(rows: number): ImaginedRows {
    const { observationSize, actionSize, learnsReward } = this.sizes;
    const passes = this.#networks.map((network) => network.pass(rows));
    const observations = new Float64Array(rows * observationSize);
    const actions = new Float64Array(rows * actionSize);
    const rewards = new Float64Array(rows);
    const { inputMean, inputSpread, changeMean, changeSpread } = this.#seen;
    const wide = observationSize + actionSize;
    const { changeSize } = this;
    const loss = this.#loss;
    return {
      observations,
      actions,
      rewards,
      step: (member, noise) => {
        const pass = passes[member];
        const { inputs } = pass;
        for (let i = 0; i < rows; i++)
          for (let j = 0; j < wide; j++) {
            const x =
              j < observationSize
                ? observations[i * observationSize + j]
                : actions[i * actionSize + j - observationSize];
            inputs[i * wide + j] = clamp((x - inputMean[j]) / inputSpread[j], -MOST, MOST);
          }
        const outputs = pass.evaluate();
        for (let i = 0; i < rows; i++) {
          const at = i * changeSize * loss.parts;
          for (let j = 0; j < changeSize; j++) {
            let change = outputs[at + j];
            if (noise && loss.parts === 2)
              change += noise[j] * loss.deviation(outputs[at + changeSize + j]);
            change = changeMean[j] + changeSpread[j] * change;
            if (j < observationSize) observations[i * observationSize + j] += change;
            else if (learnsReward) rewards[i] = change;
          }
        }
      },
    };
  }

  /** What imagining depends on: the networks, and the scale of what they see and say. Copies. */
  learned(): Readonly<Record<string, Float32Array | Float64Array>> {
    const names = this.#networks.map((_, b) => `member ${b}`);
    const own = this.#networks.map(({ parameters }, b) => [names[b], parameters.slice()]);
    return { ...Object.fromEntries(own), [SCALE]: this.#seen.scale() };
  }

  /**
   * Imagines from now on as the one that said `learned`.
   *
   * @throws RangeError where that was of another shape
   */
  take(arrays: Checkpoint['arrays']): void {
    const scale = this.#seen.scale();
    restoreArray({ arrays }, SCALE, scale);
    const fresh = this.#networks.map(({ parameters }, b) => {
      const copy = parameters.slice();
      restoreArray({ arrays }, `member ${b}`, copy);
      return copy;
    });
    this.#seen.takeScale(scale);
    this.#networks.forEach((network, b) => {
      network.parameters.set(fresh[b]);
      network.changed();
    });
  }

  state(): {
    readonly numbers: EnsembleNumbers;
    readonly arrays: Readonly<Record<string, Float32Array | Float64Array | Uint8Array>>;
  } {
    const { steps, arrays } = this.#set.state();
    const { count, settled } = this.#seen;
    return {
      numbers: { steps, count, settled, lessons: this.#lessons },
      arrays: { ...arrays, ...this.#seen.state() },
    };
  }

  /** @throws RangeError where the checkpoint is of networks of another shape */
  restore(checkpoint: Checkpoint, { steps, count, settled, lessons }: EnsembleNumbers): void {
    this.#set.restore(checkpoint, steps);
    this.#seen.restore(checkpoint, count, settled);
    this.#lessons = lessons;
  }

  /** Writes the slopes of a batch; returns its loss. */
  #slopes(pass: Pass, rows: Int32Array): number {
    const changes = this.#seen.changesOf(rows);
    const { changeSize } = this;
    let sum = 0;
    for (let i = 0; i < rows.length; i++)
      sum += this.#loss.at(
        pass.outputs,
        i * changeSize * this.#loss.parts,
        changes,
        i * changeSize,
        changeSize,
        1 / rows.length,
        pass.outputGradient,
      );
    return sum / rows.length;
  }
}
