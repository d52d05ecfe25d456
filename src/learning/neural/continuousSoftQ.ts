/**
 * Soft Q-learning where actions fill a box, one update from a batch of transitions:
 *
 *   V(s) = τ log meanₖ exp(Q̄(s, aₖ)/τ) [+ τ d log 2],  aₖ uniform in (−1, 1)ᵈ
 *   Q(s, a) ← r + γ (1 − terminated) V(s′),   Q̄ ← Q̄ + ρ (Q − Q̄)
 *   π(a | s) ∝ exp(Q(s, a)/τ)
 *
 * V counts entropy relative to the uniform policy, so that living on is worth nothing by itself; or,
 * with the term in brackets, in nats of actions in (−1, 1)ᵈ, as the authors do: then each step pays up
 * to τ d log 2, and a policy stays undecided for longer. Of finitely many aₖ V is a little low. At
 * τ = 0, V is the best of them and π takes it: hard Q-learning. Actions are resampled from uniform
 * candidates, or come from a Stein sampler.
 *
 * Reference: Haarnoja, Tang, Abbeel & Levine (2017), Reinforcement learning with deep energy-based
 * policies, ICML.
 */

import { z } from 'zod';
import { Adam } from '../../networks/adam.ts';
import { type Checkpoint, restoreArray } from '../../networks/checkpoint.ts';
import { drawParameters } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import { Schedule, scheduled } from '../schedule.ts';
import type { Player, PolicyArrays } from './controlLearner.ts';
import type { AgentState, ReplayAgent } from './replayAgent.ts';
import { ResampledActions } from './resampledActions.ts';
import type { SacSizes } from './softActorCriticOptions.ts';
import { writePairs } from './statePairs.ts';
import { SteinSampler } from './steinSampler.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export const ContinuousSoftQOptions = z.strictObject({
  temperature: z.number().min(0).default(1).describe('τ, in units of reward; 0: hard'),
  unit: z
    .number()
    .positive()
    .optional()
    .describe('Reward that the network takes for 1; τ, or 1 where that is 0'),
  entropy: z
    .enum(['relative', 'nats'])
    .default('relative')
    .describe('Relative to the uniform policy, or in nats of actions in (−1, 1)'),
  sampler: z.enum(['resampled', 'stein']).default('resampled').describe('Where actions come from'),
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  batch: z.int().positive().default(64).describe('Transitions of an update'),
  rate: Schedule.default({ kind: 'linear', from: 1e-3, to: 1e-5, over: 10_000 }).describe(
    'Learning rate, by updates',
  ),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  smoothing: z.number().positive().max(1).default(0.01).describe('ρ, of the target network'),
  valueSamples: z.int().positive().default(32).describe('Actions that V is estimated from'),
  candidates: z.int().positive().default(64).describe('Actions that are resampled from'),
  particles: z.int().min(2).default(16).describe('Actions to a state that the Stein sampler moves'),
});
export type ContinuousSoftQOptions = z.input<typeof ContinuousSoftQOptions>;

/** What an update came to, means over the batch. */
type ContinuousSoftQLosses = {
  /** ½ (Q − y)², in squared units. */
  readonly critic: number;
  /** E[y], in units of reward. */
  readonly target: number;
  /** Length of the Stein directions: 0 where draws are as they should be; null when resampled. */
  readonly direction: number | null;
};

const Numbers = z.strictObject({ updates: z.int().min(0) });

export class ContinuousSoftQ implements ReplayAgent {
  readonly kind = 'continuous-soft-q-learning';
  readonly columns = ['critic', 'target', 'direction'];
  readonly settings: z.output<typeof ContinuousSoftQOptions>;
  readonly sizes: SacSizes;
  readonly batch: number;
  readonly #engine: Engine;
  /** τ in units of the network; 0: hard. */
  readonly #temperature: number;
  readonly #unit: number;
  /** What entropy's zero adds to V, in units of the network. */
  readonly #bonus: number;
  readonly #critic: Network;
  readonly #target: Network;
  readonly #adam: Adam;
  readonly #now: Pass;
  readonly #next: Pass;
  readonly #resampled: ResampledActions;
  readonly #sampler: { readonly sampler: SteinSampler; readonly critic: Pass } | null;
  #updates = 0;

  /** @param rng draws the first parameters */
  constructor(engine: Engine, sizes: SacSizes, given: ContinuousSoftQOptions, rng: Rng) {
    const options = ContinuousSoftQOptions.parse(given);
    const { temperature, hidden, batch, valueSamples, candidates, particles } = options;
    if (temperature === 0 && options.sampler === 'stein')
      throw new RangeError(
        'Cannot learn: a Stein sampler draws from a density, and at temperature 0 there is none; use "resampled"',
      );
    this.#engine = engine;
    this.settings = options;
    this.sizes = sizes;
    this.batch = batch;
    this.#unit = options.unit ?? (temperature > 0 ? temperature : 1);
    this.#temperature = temperature / this.#unit;
    const { observationSize, actionSize } = sizes;
    this.#bonus = options.entropy === 'nats' ? this.#temperature * actionSize * Math.LN2 : 0;
    const inputs = observationSize + actionSize;
    const shape = { inputs, hidden, outputs: 1, activation: 'relu' } as const;
    this.#critic = engine.network(shape);
    this.#critic.parameters.set(drawParameters(shape, rng));
    this.#critic.changed();
    this.#target = engine.network(shape);
    this.#target.parameters.set(this.#critic.parameters);
    this.#target.changed();
    const rate = scheduled(options.rate, 0);
    this.#adam = new Adam(engine, this.#critic, { rate });
    this.#now = this.#critic.pass(batch);
    this.#next = this.#target.pass(batch * valueSamples);
    this.#resampled = new ResampledActions(this.#critic, sizes, candidates, this.#temperature);
    this.#sampler =
      options.sampler === 'stein'
        ? {
            sampler: new SteinSampler(engine, { ...sizes, hidden, batch, particles }, rate, rng),
            critic: this.#critic.pass(batch * particles),
          }
        : null;
  }

  /** Writes an action in (−1, 1): drawn, or with `rng` null the best of fixed candidates. */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    if (this.#sampler) this.#sampler.sampler.act(observation, rng, out);
    else this.#resampled.act(observation, rng, out);
  }

  /** Writes Q(s, a) in units of reward, at actions in (−1, 1) [rows × actionSize] in one state. */
  actionValue(observation: ArrayLike<number>, actions: ArrayLike<number>, out: Float64Array): void {
    this.#resampled.actionValue(observation, actions, out);
    for (let i = 0; i < out.length; i++) out[i] *= this.#unit;
  }

  learn(batch: TransitionBatch, noise: Rng): ContinuousSoftQLosses {
    const { rate, smoothing, batch: rows } = this.settings;
    if (batch.rows !== rows)
      throw new RangeError(`Cannot update: wanted a batch of ${rows}, got ${batch.rows}`);
    const { critic, target } = this.#fit(batch, noise);
    this.#adam.rate = scheduled(rate, this.#updates);
    this.#adam.step();
    let direction: number | null = null;
    if (this.#sampler) {
      this.#sampler.sampler.adam.rate = this.#adam.rate;
      direction = this.#sampler.sampler.update(batch.observation, this.#slope, noise);
    }
    this.#engine.blend(this.#target.parameters, this.#critic.parameters, smoothing);
    this.#target.changed();
    this.#updates++;
    return { critic, target, direction };
  }

  learned(): PolicyArrays {
    const stein = this.#sampler?.sampler;
    return stein
      ? { sampler: stein.network.parameters.slice() }
      : { critic: this.#critic.parameters.slice() };
  }

  player(engine: Engine, rows: number): Player<Float64Array> {
    return (this.#sampler?.sampler ?? this.#resampled).player(engine, rows);
  }

  state(): AgentState {
    const arrays: Record<string, Float32Array> = { target: this.#target.parameters.slice() };
    for (const [name, network, adam] of this.#learned()) {
      const { first, second } = adam.state();
      arrays[name] = network.parameters.slice();
      arrays[`${name}.first`] = first;
      arrays[`${name}.second`] = second;
    }
    return { numbers: { updates: this.#updates }, arrays };
  }

  restore(checkpoint: Checkpoint, numbers: unknown): void {
    const { updates } = Numbers.parse(numbers);
    restoreArray(checkpoint, 'target', this.#target.parameters);
    this.#target.changed();
    for (const [name, network, adam] of this.#learned()) {
      restoreArray(checkpoint, name, network.parameters);
      network.changed();
      const { first, second } = adam.state();
      restoreArray(checkpoint, `${name}.first`, first);
      restoreArray(checkpoint, `${name}.second`, second);
      adam.restore({ steps: updates, first, second });
    }
    this.#updates = updates;
  }

  #learned(): (readonly [string, Network, Adam])[] {
    const stein = this.#sampler?.sampler;
    return [
      ['critic', this.#critic, this.#adam],
      ...(stein ? [['sampler', stein.network, stein.adam] as const] : []),
    ];
  }

  /** Leaves the gradient of ½ E[(Q − y)²] with the critic. */
  #fit(batch: TransitionBatch, noise: Rng): { critic: number; target: number } {
    const { observationSize, actionSize } = this.sizes;
    const { valueSamples, discount } = this.settings;
    const width = observationSize + actionSize;
    const { inputs } = this.#next;
    for (let row = 0; row < this.#next.rows; row++) {
      const from = Math.floor(row / valueSamples) * observationSize;
      for (let j = 0; j < observationSize; j++)
        inputs[row * width + j] = batch.nextObservation[from + j];
      for (let j = observationSize; j < width; j++) inputs[row * width + j] = 2 * noise() - 1;
    }
    const next = this.#next.evaluate();
    writePairs(this.#now, batch.observation, batch.action, observationSize, actionSize);
    const value = this.#now.evaluate();
    let loss = 0;
    let mean = 0;
    for (let i = 0; i < batch.rows; i++) {
      const soft = softMean(next, i * valueSamples, (i + 1) * valueSamples, this.#temperature);
      const worth = soft + this.#bonus;
      const target = batch.reward[i] / this.#unit + discount * (1 - batch.terminated[i]) * worth;
      const error = value[i] - target;
      loss += (0.5 * error * error) / batch.rows;
      mean += target / batch.rows;
      this.#now.outputGradient[i] = error / batch.rows;
    }
    this.#now.pullBack({ parameters: true, inputs: false });
    return { critic: loss, target: this.#unit * mean };
  }

  /** ∂(Q/τ)/∂a, for the Stein sampler. */
  readonly #slope = (observation: Float32Array, action: Float32Array, out: Float64Array): void => {
    if (!this.#sampler) return;
    const { critic } = this.#sampler;
    const { observationSize, actionSize } = this.sizes;
    writePairs(critic, observation, action, observationSize, actionSize);
    critic.evaluate();
    critic.outputGradient.fill(1 / this.#temperature);
    critic.pullBack({ parameters: false, inputs: true });
    const width = observationSize + actionSize;
    for (let row = 0; row < critic.rows; row++)
      for (let j = 0; j < actionSize; j++)
        out[row * actionSize + j] = critic.inputGradient[row * width + observationSize + j];
  };
}

/** τ log mean exp(x/τ) of x from `start` to `end`; at τ = 0 the largest. */
function softMean(x: Float32Array, start: number, end: number, temperature: number): number {
  let most = -Infinity;
  for (let i = start; i < end; i++) most = Math.max(most, x[i]);
  if (temperature === 0) return most;
  let sum = 0;
  for (let i = start; i < end; i++) sum += Math.exp((x[i] - most) / temperature);
  return most + temperature * Math.log(sum / (end - start));
}
