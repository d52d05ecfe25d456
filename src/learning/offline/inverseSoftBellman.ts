/**
 * Rewards from a log alone, by values that explain it: steps of Adam on the inverse soft Bellman loss
 * over batches of recorded steps (`inverseSoftBellmanLoss`). Nothing is simulated and no dynamics are
 * fitted; the recorded s′ stand for them. Two policies are kept:
 *
 *   averaged   θ̄ ← θ̄ + max(averaging, 1/k) (θ − θ̄) after update k
 *   last       θ, which swings from update to update
 *
 * Where an action was never taken near a state nothing but the shape of the network says what it is
 * worth; with a value for each pair its likelihood would push it to −∞. With `transition: estimated`
 * another network learns ζ(s, a) = E V(s′) by least squares, so that luck in s′ is neither penalised
 * nor paid in the recovered reward; as good as ζ is, so good is that reward.
 */

import { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import { createRng, type Rng, restoreRng } from '../../numeric/rng.ts';
import { NetworkSet } from '../neural/networkSet.ts';
import { inverseSoftBellmanLoss } from './inverseSoftBellmanLoss.ts';
import { type RecordedSteps, reachOf } from './recordedSteps.ts';
import { type SoftQData, shapeOfValues } from './softQPolicy.ts';

export const InverseSoftBellmanOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  activation: z.enum(['relu', 'tanh']).default('relu').describe('Of hidden layers'),
  updates: z.int().positive().default(1000).describe('Steps of Adam'),
  batch: z.int().positive().default(32).describe('Recorded steps of an update'),
  rate: z.number().positive().default(1e-3).describe('Learning rate'),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  temperature: z.number().positive().default(0.1).describe('τ, in units of reward'),
  chi: z.number().positive().default(0.5).describe('χ: a larger one lets rewards grow'),
  transition: z
    .enum(['recorded', 'estimated'])
    .default('recorded')
    .describe('E V(s′): of the one s′ that came, or a network of its own'),
  averaging: z
    .number()
    .positive()
    .max(1)
    .default(0.002)
    .describe('Share of the newest parameters in the mean'),
});
/** What a caller may write; every field optional. */
export type InverseSoftBellmanOptions = z.input<typeof InverseSoftBellmanOptions>;

export interface InverseSoftBellmanProgress {
  /** From 1. */
  readonly update: number;
  /** Before the update, of its batch. */
  readonly loss: number;
  /** mean log π(a | s) */
  readonly perDecision: number;
  /** Mean of the rewards that are implied. */
  readonly reward: number;
}

const KIND = 'inverse-soft-bellman';
const VALUES = 'values';
const EXPECTED = 'expected';

interface BatchRows {
  readonly action: Int32Array;
  readonly terminated: Uint8Array;
  readonly nextValue: Float64Array;
  readonly expectedNext: Float64Array;
}

const Stored = z.strictObject({
  /** What must be the same to go on. */
  made: z.record(z.string(), z.unknown()),
  update: z.int().nonnegative(),
  adam: z.record(z.string(), z.int().nonnegative()),
  batches: z.strictObject({ i: z.int(), j: z.int(), S: z.array(z.int()).readonly() }),
});
type Stored = z.output<typeof Stored>;

export class InverseSoftBellman {
  readonly #steps: RecordedSteps;
  readonly #settings: z.output<typeof InverseSoftBellmanOptions>;
  readonly #seed: number | string;
  readonly #form: Omit<SoftQData, 'parameters' | 'expectedNext'>;
  readonly #networks: NetworkSet;
  readonly #values: Network;
  /** The states of a batch, and below them those that followed. */
  readonly #both: Pass;
  readonly #expected: { readonly network: Network; readonly pass: Pass } | null;
  readonly #batch: BatchRows;
  #batches: Rng;
  #update = 0;

  /** @param engine holds its networks until it is released */
  constructor(
    engine: Engine,
    steps: RecordedSteps,
    given: InverseSoftBellmanOptions = {},
    seed: number | string = 0,
  ) {
    const settings = InverseSoftBellmanOptions.parse(given);
    const { hidden, activation, temperature, discount, batch, rate } = settings;
    const { actionCount } = steps;
    this.#steps = steps;
    this.#settings = settings;
    this.#seed = seed;
    const scale = reachOf(steps);
    this.#form = { ...scale, hidden, activation, actionCount, temperature, discount };
    this.#networks = new NetworkSet(engine);
    const shape = shapeOfValues(this.#form);
    const rng = createRng(seed, 'parameters');
    const add = (name: string): Network =>
      this.#networks.add(name, shape, { rate, target: true }, rng);
    this.#values = add(VALUES);
    this.#both = this.#values.pass(2 * batch);
    this.#expected = null;
    if (settings.transition === 'estimated') {
      const network = add(EXPECTED);
      this.#expected = { network, pass: network.pass(batch) };
    }
    this.#batch = {
      action: new Int32Array(batch),
      terminated: new Uint8Array(batch),
      nextValue: new Float64Array(batch),
      expectedNext: new Float64Array(batch),
    };
    this.#batches = createRng(seed, 'batches');
  }

  /** Updates made so far. */
  get updates(): number {
    return this.#update;
  }

  /** Whether as many were made as were asked for. */
  get done(): boolean {
    return this.#update >= this.#settings.updates;
  }

  /** @throws Error where the loss is not finite; then nothing was changed */
  update(): InverseSoftBellmanProgress {
    const { batch, discount, temperature, chi, averaging } = this.#settings;
    const { actionCount } = this.#steps;
    const before = this.#batches.state();
    this.#draw();
    const { outputs, outputGradient } = this.#both;
    this.#both.evaluate();
    const expected = this.#expected;
    if (expected) this.#expectNext(expected.pass);
    const half = batch * actionCount;
    const { nextValue, expectedNext, ...rows } = this.#batch;
    const { loss, perDecision, reward } = inverseSoftBellmanLoss(
      {
        ...rows,
        actionCount,
        now: outputs.subarray(0, half),
        next: outputs.subarray(half),
        expectedNext: expected ? expectedNext : null,
      },
      { discount, temperature, chi },
      { now: outputGradient.subarray(0, half), next: outputGradient.subarray(half) },
      nextValue,
    );
    const number = this.#update + 1;
    if (!Number.isFinite(loss)) {
      this.#batches = restoreRng(before);
      throw new Error(
        `Cannot go on: the inverse soft Bellman loss is ${loss} at update ${number}; the networks were left as they are (a smaller rate may help)`,
      );
    }
    if (expected) this.#learnExpected(expected.pass);
    this.#both.pullBack({ parameters: true, inputs: false });
    this.#networks.step(VALUES);
    this.#networks.follow(Math.max(averaging, 1 / number));
    this.#update = number;
    return { update: number, loss, perDecision, reward };
  }

  /** The policy of the averaged parameters, or of the last. */
  policy(which: 'averaged' | 'last'): SoftQData {
    const of = (name: string): Float32Array => {
      const { arrays } = this.#networks.state();
      return arrays[which === 'last' ? name : `${name}.target`];
    };
    return {
      ...this.#form,
      parameters: of(VALUES),
      expectedNext: this.#expected ? of(EXPECTED) : null,
    };
  }

  /** Where it stands, between two updates. */
  checkpoint(): Checkpoint {
    const { steps, arrays } = this.#networks.state();
    const state: Stored = {
      made: this.#made,
      update: this.#update,
      adam: steps,
      batches: this.#batches.state(),
    };
    return { kind: KIND, state, arrays };
  }

  /**
   * Goes on where a checkpoint was taken; only the number of updates may be another than before.
   *
   * @throws RangeError where it is of something else; nothing is changed then
   */
  restore(checkpoint: Checkpoint): void {
    if (checkpoint.kind !== KIND)
      throw new RangeError(
        `Cannot go on: the checkpoint is of "${checkpoint.kind}", wanted "${KIND}"`,
      );
    const { made, update, adam, batches } = Stored.parse(checkpoint.state);
    for (const [name, is] of Object.entries(this.#made)) {
      const [was, wanted] = [made[name], is].map((value) => JSON.stringify(value));
      if (was !== wanted)
        throw new RangeError(
          `Cannot go on: the checkpoint was made with ${name} ${was}, wanted ${wanted}`,
        );
    }
    this.#networks.restore(checkpoint, adam);
    this.#batches = restoreRng(batches);
    this.#update = update;
  }

  /** What must be the same to go on. */
  get #made(): Record<string, unknown> {
    const { updates, ...settings } = this.#settings;
    const { count, observationSize, actionCount } = this.#steps;
    return { ...settings, seed: this.#seed, steps: count, observationSize, actionCount };
  }

  /** Draws recorded steps with replacement, each alike. */
  #draw(): void {
    const { batch } = this.#settings;
    const { count, observationSize: width, observations, next, ...steps } = this.#steps;
    const { centre, spread } = this.#form;
    const { inputs } = this.#both;
    for (let i = 0; i < batch; i++) {
      const row = Math.floor(this.#batches() * count);
      this.#batch.action[i] = steps.actions[row];
      this.#batch.terminated[i] = steps.terminated[row];
      for (let j = 0; j < width; j++) {
        inputs[i * width + j] = (observations[row * width + j] - centre[j]) / spread[j];
        inputs[(batch + i) * width + j] = (next[row * width + j] - centre[j]) / spread[j];
      }
    }
  }

  /** ζ(s, a) of the batch. */
  #expectNext(pass: Pass): void {
    const { actionCount } = this.#steps;
    pass.inputs.set(this.#both.inputs.subarray(0, pass.inputs.length));
    const outputs = pass.evaluate();
    const { action, expectedNext } = this.#batch;
    for (let i = 0; i < action.length; i++) expectedNext[i] = outputs[i * actionCount + action[i]];
  }

  /** A step down mean ½ (ζ(s, a) − V(s′))². */
  #learnExpected(pass: Pass): void {
    const { actionCount } = this.#steps;
    const { outputGradient } = pass;
    const { action, expectedNext, nextValue } = this.#batch;
    outputGradient.fill(0);
    for (let i = 0; i < action.length; i++)
      outputGradient[i * actionCount + action[i]] =
        (expectedNext[i] - nextValue[i]) / action.length;
    pass.pullBack({ parameters: true, inputs: false });
    this.#networks.step(EXPECTED);
  }
}

/** Learns to the end: yields every update, and returns both policies. */
export function* inverseSoftBellman(
  engine: Engine,
  steps: RecordedSteps,
  options: InverseSoftBellmanOptions = {},
  seed: number | string = 0,
): Generator<
  InverseSoftBellmanProgress,
  { readonly averaged: SoftQData; readonly last: SoftQData }
> {
  const learning = new InverseSoftBellman(engine, steps, options, seed);
  while (!learning.done) yield learning.update();
  return { averaged: learning.policy('averaged'), last: learning.policy('last') };
}
