/**
 * Soft actor-critic: one update of all networks from a batch of transitions.
 *
 *   y   = r + γ (1 − terminated) V̄(s′)                       Q(s, a) ← y, twice
 *   V(s) ← min Q(s, ã) − α log π(ã | s),  ã ~ π(· | s)
 *   π   ← minimise α log π(ã | s) − min Q(s, ã) through ã = tanh(μ + σ ε)
 *   V̄  ← V̄ + τ (V − V̄)
 *
 * This is algorithm 1 as printed (`valueNetwork`: ψ, ψ̄, θ₁, θ₂, φ). Without the value network the
 * target is V̄(s′) = min Q̄(s′, ã′) − α log π(ã′ | s′) with two target critics, and the temperature α
 * may be tuned so that the entropy is on average `targetEntropy`. All gradients are taken at the
 * parameters before the update.
 *
 * References: Haarnoja, Zhou, Abbeel & Levine (2018), Soft actor-critic, ICML, algorithm 1;
 * Haarnoja et al. (2018), Soft actor-critic algorithms and applications, arXiv 1812.05905.
 */

import { z } from 'zod';
import { Adam } from '../../networks/adam.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import { type DenseShape, drawParameters } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import { ScalarAdam, type ScalarAdamState } from './scalarAdam.ts';
import {
  clampedLogStd,
  pullBackTanhGaussian,
  sampleTanhGaussian,
  type TanhGaussianSample,
  tanhGaussianSample,
} from './tanhGaussian.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export const SoftActorCriticOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  batch: z.int().positive().default(256).describe('Transitions of an update'),
  rate: z.number().positive().default(1e-3).describe('Learning rate of every network'),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  smoothing: z.number().positive().max(1).default(0.005).describe('τ, of target networks'),
  valueNetwork: z.boolean().default(true).describe('Algorithm 1, with a value network'),
  temperature: z
    .union([z.number().positive(), z.literal('tuned')])
    .default(0.2)
    .describe('α, or `tuned` to the target entropy (without value network)'),
  targetEntropy: z.number().optional().describe('Of a tuned temperature; −(action numbers)'),
  actorObjective: z
    .enum(['least', 'first'])
    .default('least')
    .describe('Which critic the actor climbs: the least of both, or the first'),
});
export type SoftActorCriticOptions = z.input<typeof SoftActorCriticOptions>;

export interface SacSizes {
  readonly observationSize: number;
  readonly actionSize: number;
}

/** What an update came to, means over the batch. */
export interface SacLosses {
  readonly critics: readonly [number, number];
  readonly actor: number;
  /** Of the value network; null where there is none. */
  readonly value: number | null;
  /** E[−log π]. */
  readonly entropy: number;
  /** After the update. */
  readonly temperature: number;
}

/** Standard normal draws of an update. */
export interface SacNoise {
  readonly now: ArrayLike<number>;
  readonly next?: ArrayLike<number>;
}

/** The plain numbers of its state. */
export interface SacNumbers {
  /** Of each optimiser. */
  readonly steps: Readonly<Record<string, number>>;
  readonly logTemperature: ScalarAdamState;
}

/** The networks by what they are; `value` and `valueTarget` only with a value network. */
type Networks = Readonly<Record<string, Network>>;

export class SoftActorCritic {
  readonly networks: Networks;
  readonly #engine: Engine;
  readonly #options: z.output<typeof SoftActorCriticOptions>;
  readonly #sizes: SacSizes;
  readonly #adams: Readonly<Record<string, Adam>>;
  readonly #logTemperature: ScalarAdam;
  readonly #now: TanhGaussianSample;
  readonly #next: TanhGaussianSample;
  readonly #passes: Readonly<Record<string, Pass>>;
  readonly #alone: Pass;
  readonly #target: Float32Array;
  readonly #actionSlope: Float32Array;

  /** @param rng draws the first parameters */
  constructor(engine: Engine, sizes: SacSizes, given: SoftActorCriticOptions, rng: Rng) {
    const options = SoftActorCriticOptions.parse(given);
    if (options.valueNetwork && options.temperature === 'tuned')
      throw new RangeError(
        'Cannot tune the temperature with a value network: give a number, or valueNetwork: false',
      );
    this.#engine = engine;
    this.#options = options;
    this.#sizes = sizes;
    const { observationSize, actionSize } = sizes;
    const { hidden, batch, rate, valueNetwork } = options;
    const shape = (inputs: number, outputs: number): DenseShape => ({
      inputs,
      hidden,
      outputs,
      activation: 'relu',
    });
    const drawn = (network: DenseShape): Network => {
      const built = engine.network(network);
      built.parameters.set(drawParameters(network, rng));
      built.changed();
      return built;
    };
    const copyOf = (network: Network): Network => {
      const built = engine.network(network.shape);
      built.parameters.set(network.parameters);
      built.changed();
      return built;
    };
    const learned: Record<string, Network> = {
      first: drawn(shape(observationSize + actionSize, 1)),
      second: drawn(shape(observationSize + actionSize, 1)),
      actor: drawn(shape(observationSize, 2 * actionSize)),
      ...(valueNetwork ? { value: drawn(shape(observationSize, 1)) } : {}),
    };
    const targets: Record<string, Network> = valueNetwork
      ? { valueTarget: copyOf(learned.value) }
      : { firstTarget: copyOf(learned.first), secondTarget: copyOf(learned.second) };
    this.networks = { ...learned, ...targets };
    this.#adams = Object.fromEntries(
      Object.entries(learned).map(([name, network]) => [name, new Adam(engine, network, { rate })]),
    );
    const { temperature } = options;
    this.#logTemperature = new ScalarAdam(
      temperature === 'tuned' ? 0 : Math.log(temperature),
      rate,
    );
    const pass = (name: string): Pass => this.networks[name].pass(batch);
    this.#passes = {
      actor: pass('actor'),
      firstNow: pass('first'),
      secondNow: pass('second'),
      first: pass('first'),
      second: pass('second'),
      ...(valueNetwork
        ? { value: pass('value'), valueTarget: pass('valueTarget') }
        : {
            actorNext: pass('actor'),
            firstTarget: pass('firstTarget'),
            secondTarget: pass('secondTarget'),
          }),
    };
    this.#alone = learned.actor.pass(1);
    this.#now = tanhGaussianSample(batch, actionSize);
    this.#next = tanhGaussianSample(batch, actionSize);
    this.#target = new Float32Array(batch);
    this.#actionSlope = new Float32Array(batch * actionSize);
  }

  get temperature(): number {
    const { temperature } = this.#options;
    return temperature === 'tuned' ? Math.exp(this.#logTemperature.value) : temperature;
  }

  /**
   * Writes an action in (−1, 1) [actionSize]: drawn, or with `rng` null the most likely before
   * squashing, tanh μ.
   */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    this.#alone.inputs.set(observation);
    const outputs = this.#alone.evaluate();
    const { actionSize } = this.#sizes;
    for (let j = 0; j < actionSize; j++) {
      const noise = rng
        ? Math.exp(clampedLogStd(outputs[actionSize + j])) * standardNormal(rng)
        : 0;
      out[j] = Math.tanh(outputs[j] + noise);
    }
  }

  /**
   * Updates every network once.
   *
   * @param batch actions in (−1, 1)
   * @param noise where standard normal draws come from: a stream, or [rows × actionSize] of them
   *   for the actions now and (without value network) next
   */
  update(batch: TransitionBatch, noise: Rng | SacNoise): SacLosses {
    const { valueNetwork, batch: rows } = this.#options;
    if (batch.rows !== rows)
      throw new RangeError(`Cannot update: wanted a batch of ${rows}, got ${batch.rows}`);
    const alpha = this.temperature;
    const now = this.#now;
    this.#sample('actor', batch.observation, now, typeof noise === 'function' ? noise : noise.now);
    this.#evaluateCritics('firstNow', 'secondNow', batch.observation, now.action);
    const value = valueNetwork ? this.#learnValue(batch, alpha) : null;
    if (!valueNetwork) {
      const drawn = typeof noise === 'function' ? noise : (noise.next ?? []);
      this.#targetOfCritics(batch, alpha, drawn);
    }
    const actor = this.#learnActor(alpha);
    const critics = this.#learnCritics(batch);
    for (const adam of Object.values(this.#adams)) adam.step();
    const entropy = -now.logDensity.reduce((sum, log) => sum + log, 0) / rows;
    if (this.#options.temperature === 'tuned') this.#tune(entropy);
    this.#moveTargets();
    return { critics, actor, value, entropy, temperature: this.temperature };
  }

  /** What a checkpoint needs to go on from here. */
  state(): { readonly numbers: SacNumbers; readonly arrays: Record<string, Float32Array> } {
    const arrays: Record<string, Float32Array> = {};
    const steps: Record<string, number> = {};
    for (const [name, { parameters }] of Object.entries(this.networks))
      arrays[name] = parameters.slice();
    for (const [name, adam] of Object.entries(this.#adams)) {
      const { first, second, ...rest } = adam.state();
      steps[name] = rest.steps;
      arrays[`${name}.first`] = first;
      arrays[`${name}.second`] = second;
    }
    return { numbers: { steps, logTemperature: this.#logTemperature.state() }, arrays };
  }

  /** @throws RangeError where the checkpoint is of networks of another shape */
  restore(checkpoint: Checkpoint, { steps, logTemperature }: SacNumbers): void {
    for (const [name, network] of Object.entries(this.networks)) {
      restoreArray(checkpoint, name, network.parameters);
      network.changed();
    }
    for (const [name, adam] of Object.entries(this.#adams)) {
      const { first, second } = adam.state();
      restoreArray(checkpoint, `${name}.first`, first);
      restoreArray(checkpoint, `${name}.second`, second);
      adam.restore({ steps: steps[name], first, second });
    }
    this.#logTemperature.restore(logTemperature);
  }

  /** Actions that a policy draws in some states. */
  #sample(
    pass: string,
    observation: Float32Array,
    sample: TanhGaussianSample,
    noise: Rng | ArrayLike<number>,
  ): void {
    const { inputs, outputs } = this.#passes[pass];
    inputs.set(observation);
    this.#passes[pass].evaluate();
    if (typeof noise === 'function')
      for (let i = 0; i < sample.noise.length; i++) sample.noise[i] = standardNormal(noise);
    else sample.noise.set(noise);
    sampleTanhGaussian(outputs, this.#sizes.actionSize, sample);
  }

  #evaluateCritics(
    first: string,
    second: string,
    observation: Float32Array,
    action: Float32Array,
  ): void {
    const { observationSize, actionSize } = this.#sizes;
    const { inputs, rows } = this.#passes[first];
    const width = observationSize + actionSize;
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < observationSize; j++)
        inputs[row * width + j] = observation[row * observationSize + j];
      for (let j = 0; j < actionSize; j++)
        inputs[row * width + observationSize + j] = action[row * actionSize + j];
    }
    this.#passes[second].inputs.set(inputs);
    this.#passes[first].evaluate();
    this.#passes[second].evaluate();
  }

  /** V(s) ← min Q(s, ã) − α log π, and y = r + γ V̄(s′); returns ½ E[(V − target)²]. */
  #learnValue({ observation, nextObservation, ...batch }: TransitionBatch, alpha: number): number {
    const { value, valueTarget, firstNow, secondNow } = this.#passes;
    value.inputs.set(observation);
    value.evaluate();
    let loss = 0;
    for (let i = 0; i < batch.rows; i++) {
      const least = Math.min(firstNow.outputs[i], secondNow.outputs[i]);
      const error = value.outputs[i] - (least - alpha * this.#now.logDensity[i]);
      loss += (0.5 * error * error) / batch.rows;
      value.outputGradient[i] = error / batch.rows;
    }
    value.pullBack({ parameters: true, inputs: false });
    valueTarget.inputs.set(nextObservation);
    const next = valueTarget.evaluate();
    for (let i = 0; i < batch.rows; i++)
      this.#target[i] =
        batch.reward[i] + this.#options.discount * (1 - batch.terminated[i]) * next[i];
    return loss;
  }

  /** y = r + γ (min Q̄(s′, ã′) − α log π(ã′ | s′)). */
  #targetOfCritics(
    { nextObservation, reward, terminated, rows }: TransitionBatch,
    alpha: number,
    noise: Rng | ArrayLike<number>,
  ): void {
    const { firstTarget, secondTarget } = this.#passes;
    this.#sample('actorNext', nextObservation, this.#next, noise);
    this.#evaluateCritics('firstTarget', 'secondTarget', nextObservation, this.#next.action);
    for (let i = 0; i < rows; i++) {
      const least = Math.min(firstTarget.outputs[i], secondTarget.outputs[i]);
      const next = least - alpha * this.#next.logDensity[i];
      this.#target[i] = reward[i] + this.#options.discount * (1 - terminated[i]) * next;
    }
  }

  /** Returns E[α log π − Q], and leaves its gradient with the actor. */
  #learnActor(alpha: number): number {
    const { actor, firstNow, secondNow } = this.#passes;
    const { observationSize, actionSize } = this.#sizes;
    const { rows } = actor;
    const width = observationSize + actionSize;
    let loss = 0;
    for (let i = 0; i < rows; i++) {
      const climbsFirst =
        this.#options.actorObjective === 'first' || firstNow.outputs[i] <= secondNow.outputs[i];
      const worth = climbsFirst ? firstNow.outputs[i] : secondNow.outputs[i];
      loss += (alpha * this.#now.logDensity[i] - worth) / rows;
      firstNow.outputGradient[i] = climbsFirst ? -1 / rows : 0;
      secondNow.outputGradient[i] = climbsFirst ? 0 : -1 / rows;
    }
    firstNow.pullBack({ parameters: false, inputs: true });
    secondNow.pullBack({ parameters: false, inputs: true });
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < actionSize; j++) {
        const at = i * width + observationSize + j;
        this.#actionSlope[i * actionSize + j] =
          firstNow.inputGradient[at] + secondNow.inputGradient[at];
      }
    pullBackTanhGaussian(
      actor.outputs,
      actionSize,
      this.#now,
      this.#actionSlope,
      alpha / rows,
      actor.outputGradient,
    );
    actor.pullBack({ parameters: true, inputs: false });
    return loss;
  }

  /** Returns ½ E[(Q − y)²] of both, and leaves their gradients with the critics. */
  #learnCritics({ observation, action, rows }: TransitionBatch): [number, number] {
    this.#evaluateCritics('first', 'second', observation, action);
    const lossOf = (pass: Pass): number => {
      let loss = 0;
      for (let i = 0; i < rows; i++) {
        const error = pass.outputs[i] - this.#target[i];
        loss += (0.5 * error * error) / rows;
        pass.outputGradient[i] = error / rows;
      }
      pass.pullBack({ parameters: true, inputs: false });
      return loss;
    };
    return [lossOf(this.#passes.first), lossOf(this.#passes.second)];
  }

  /** Raises the temperature where the entropy is below its target: d/d log α of log α (H − H̄). */
  #tune(entropy: number): void {
    const target = this.#options.targetEntropy ?? -this.#sizes.actionSize;
    this.#logTemperature.step(entropy - target);
  }

  #moveTargets(): void {
    for (const [name, target] of Object.entries(this.networks)) {
      if (!name.endsWith('Target')) continue;
      const source = this.networks[name.slice(0, -'Target'.length)];
      this.#engine.blend(target.parameters, source.parameters, this.#options.smoothing);
      target.changed();
    }
  }
}
