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
 * With the uniform prior u = 2⁻ᵈ every log π above is log π/u = log π + d log 2: choosing at random is
 * worth nothing, and so is living on, where nothing is paid.
 *
 * References: Haarnoja, Zhou, Abbeel & Levine (2018), Soft actor-critic, ICML, algorithm 1;
 * Haarnoja et al. (2018), Soft actor-critic algorithms and applications, arXiv 1812.05905.
 */

import type { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import { standardNormal } from '../../numeric/standardNormal.ts';
import { BoxActor } from './boxActor.ts';
import { NetworkSet } from './networkSet.ts';
import { checkObservation } from './replayAgent.ts';
import { ScalarAdam, type ScalarAdamState } from './scalarAdam.ts';
import {
  type SacLosses,
  type SacNoise,
  type SacSizes,
  SoftActorCriticOptions,
} from './softActorCriticOptions.ts';
import {
  pullBackTanhGaussian,
  sampleTanhGaussian,
  type TanhGaussianSample,
  tanhGaussianSample,
} from './tanhGaussian.ts';
import type { TransitionBatch } from './transitionBuffer.ts';
import { TwinCritics } from './twinCritics.ts';

/** The plain numbers of its state. */
export interface SacNumbers {
  /** Of each optimiser. */
  readonly steps: Readonly<Record<string, number>>;
  readonly logTemperature: ScalarAdamState;
}

/** What V and V̄ are told by. */
type Backup =
  | { readonly kind: 'value'; readonly now: Pass; readonly next: Pass }
  | { readonly kind: 'critics'; readonly actor: Pass; readonly next: TwinCritics };

export class SoftActorCritic {
  /** By what they are; `value` and `valueTarget` only with a value network. */
  readonly networks: Readonly<Record<string, Network>>;
  readonly #options: z.output<typeof SoftActorCriticOptions>;
  readonly #sizes: SacSizes;
  readonly #set: NetworkSet;
  readonly #logTemperature: ScalarAdam;
  readonly #policy: BoxActor;
  readonly #actor: Pass;
  readonly #backup: Backup;
  /** Of the actions of the batch, and of those drawn now. */
  readonly #taken: TwinCritics;
  readonly #drawn: TwinCritics;
  readonly #now: TanhGaussianSample;
  readonly #next: TanhGaussianSample;
  readonly #target: Float32Array;
  readonly #actionSlope: Float32Array;
  /** −log u */
  readonly #width: number;

  /** @param rng draws the first parameters */
  constructor(engine: Engine, sizes: SacSizes, given: SoftActorCriticOptions, rng: Rng) {
    const options = SoftActorCriticOptions.parse(given);
    const { hidden, batch, rate, valueNetwork, temperature } = options;
    if (valueNetwork && temperature === 'tuned')
      throw new RangeError(
        'Cannot tune the temperature with a value network: give a number, or valueNetwork: false',
      );
    this.#options = options;
    this.#sizes = sizes;
    const { observationSize, actionSize } = sizes;
    this.#width = options.prior === 'uniform' ? actionSize * Math.LN2 : 0;
    const set = new NetworkSet(engine);
    this.#set = set;
    const add = (name: string, inputs: number, outputs: number, target: boolean): Network =>
      set.add(name, { inputs, hidden, outputs, activation: 'relu' }, { rate, target }, rng);
    const both = observationSize + actionSize;
    const first = add('first', both, 1, !valueNetwork);
    const second = add('second', both, 1, !valueNetwork);
    const actor = add('actor', observationSize, 2 * actionSize, false);
    const learned = { first, second, actor };
    if (valueNetwork) {
      const value = add('value', observationSize, 1, true);
      const valueTarget = set.target('value');
      this.networks = { ...learned, value, valueTarget };
      this.#backup = { kind: 'value', now: value.pass(batch), next: valueTarget.pass(batch) };
    } else {
      const [firstTarget, secondTarget] = [set.target('first'), set.target('second')];
      this.networks = { ...learned, firstTarget, secondTarget };
      this.#backup = {
        kind: 'critics',
        actor: actor.pass(batch),
        next: new TwinCritics([firstTarget, secondTarget], batch, sizes),
      };
    }
    this.#logTemperature = new ScalarAdam(
      temperature === 'tuned' ? 0 : Math.log(temperature),
      rate,
    );
    this.#policy = new BoxActor(actor, actionSize);
    this.#actor = actor.pass(batch);
    this.#taken = new TwinCritics([first, second], batch, sizes);
    this.#drawn = new TwinCritics([first, second], batch, sizes);
    this.#now = tanhGaussianSample(batch, actionSize);
    this.#next = tanhGaussianSample(batch, actionSize);
    this.#target = new Float32Array(batch);
    this.#actionSlope = new Float32Array(batch * actionSize);
  }

  /** With all that was left out. */
  get settings(): z.output<typeof SoftActorCriticOptions> {
    return this.#options;
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
    checkObservation(observation, this.#sizes.observationSize);
    this.#policy.act(observation, 1, rng, out);
  }

  /** For many states at once. */
  get policy(): BoxActor {
    return this.#policy;
  }

  /**
   * Updates every network once. Where a loss is not finite nothing is changed.
   *
   * @param batch actions in (−1, 1)
   * @param noise where standard normal draws come from: a stream, or [rows × actionSize] of them
   *   for the actions now and (without value network) next
   * @param rate of learning, as a share of the one it was built with
   */
  update(batch: TransitionBatch, noise: Rng | SacNoise, rate = 1): SacLosses {
    const { batch: rows, temperature, rate: whole } = this.#options;
    if (batch.rows !== rows)
      throw new RangeError(`Cannot update: wanted a batch of ${rows}, got ${batch.rows}`);
    const alpha = this.temperature;
    const now = this.#now;
    const isDrawn = typeof noise === 'function';
    this.#sample(this.#actor, batch.observation, now, isDrawn ? noise : noise.now);
    this.#drawn.evaluate(batch.observation, now.action);
    const value = this.#learnValue(batch, alpha, isDrawn ? noise : (noise.next ?? []));
    const actor = this.#learnActor(alpha);
    this.#taken.evaluate(batch.observation, batch.action);
    const critics = this.#taken.learn(this.#target);
    const entropy = -now.logDensity.reduce((sum, log) => sum + log, 0) / rows;
    if (Number.isFinite(critics[0] + critics[1] + actor + (value ?? 0))) {
      for (const name of ['first', 'second', 'actor']) this.#set.step(name, whole * rate);
      if (value !== null) this.#set.step('value', whole * rate);
      if (temperature === 'tuned')
        this.#logTemperature.step(
          entropy - (this.#options.targetEntropy ?? -this.#sizes.actionSize),
        );
      this.#set.follow(this.#options.smoothing);
    }
    return { critics, actor, value, entropy, temperature: this.temperature };
  }

  /** What a checkpoint needs to go on from here. */
  state(): { readonly numbers: SacNumbers; readonly arrays: Record<string, Float32Array> } {
    const { steps, arrays } = this.#set.state();
    return { numbers: { steps, logTemperature: this.#logTemperature.state() }, arrays };
  }

  /** @throws RangeError where the checkpoint is of networks of another shape */
  restore(checkpoint: Checkpoint, { steps, logTemperature }: SacNumbers): void {
    this.#set.restore(checkpoint, steps);
    this.#logTemperature.restore(logTemperature);
  }

  /** Actions that a policy draws in some states. */
  #sample(
    pass: Pass,
    observation: Float32Array,
    sample: TanhGaussianSample,
    noise: Rng | ArrayLike<number>,
  ): void {
    pass.inputs.set(observation);
    pass.evaluate();
    if (typeof noise === 'function')
      for (let i = 0; i < sample.noise.length; i++) sample.noise[i] = standardNormal(noise);
    else sample.noise.set(noise);
    sampleTanhGaussian(pass.outputs, this.#sizes.actionSize, sample);
  }

  /** Writes y; returns ½ E[(V − target)²] of the value network, null where there is none. */
  #learnValue(
    { observation, nextObservation, reward, terminated, rows }: TransitionBatch,
    alpha: number,
    noise: Rng | ArrayLike<number>,
  ): number | null {
    const { discount } = this.#options;
    const backup = this.#backup;
    const soft = (critics: TwinCritics, { logDensity }: TanhGaussianSample, i: number): number =>
      critics.least(i) - alpha * (logDensity[i] + this.#width);
    let loss: number | null = null;
    if (backup.kind === 'value') {
      const { now, next } = backup;
      loss = 0;
      now.inputs.set(observation);
      now.evaluate();
      for (let i = 0; i < rows; i++) {
        const error = now.outputs[i] - soft(this.#drawn, this.#now, i);
        loss += (0.5 * error * error) / rows;
        now.outputGradient[i] = error / rows;
      }
      now.pullBack({ parameters: true, inputs: false });
      next.inputs.set(nextObservation);
      next.evaluate();
    } else {
      this.#sample(backup.actor, nextObservation, this.#next, noise);
      backup.next.evaluate(nextObservation, this.#next.action);
    }
    for (let i = 0; i < rows; i++) {
      const next =
        backup.kind === 'value' ? backup.next.outputs[i] : soft(backup.next, this.#next, i);
      this.#target[i] = reward[i] + discount * (1 - terminated[i]) * next;
    }
    return loss;
  }

  /** Returns E[α log π − Q], and leaves its gradient with the actor. */
  #learnActor(alpha: number): number {
    const { rows, outputs, outputGradient } = this.#actor;
    let loss = this.#drawn.climb(this.#options.actorObjective, this.#actionSlope);
    for (let i = 0; i < rows; i++) loss += (alpha * (this.#now.logDensity[i] + this.#width)) / rows;
    pullBackTanhGaussian(
      outputs,
      this.#sizes.actionSize,
      this.#now,
      this.#actionSlope,
      alpha / rows,
      outputGradient,
    );
    this.#actor.pullBack({ parameters: true, inputs: false });
    return loss;
  }
}
