/**
 * Deep Q-learning: one update of a network Q(s, ·) from a batch of transitions.
 *
 *   y = r + γ (1 − terminated) W(s′)
 *   temperature 0    W(s′) = Q̄(s′, argmaxₐ Q(s′, a)), double; or maxₐ Q̄(s′, a)
 *   temperature τ    W(s′) = τ log Σₐ p(a) exp(Q̄(s′, a) / τ): soft Q-learning
 *   L = mean h(Q(s, a) − y),  h′(e) = clip(e, ±1) (Huber) or e;  ∂L/∂Q(s, a) = h′(e) / rows
 *
 * and the target follows, Q̄ ← Q̄ + smoothing (Q − Q̄). One acts greedily, or with temperature by
 * π(a | s) ∝ exp(Q(s, a) / τ).
 *
 * References: Mnih et al. (2015), Nature 518; van Hasselt, Guez & Silver (2016), AAAI (double);
 * Haarnoja et al. (2017), ICML (soft Q-learning).
 */

import { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import { drawAction, EntropyPrior, greedyAction, softRowValue } from './actionScores.ts';
import type { Player, PolicyArrays } from './controlLearner.ts';
import { greedyPlayer } from './networkPlayer.ts';
import { NetworkSet } from './networkSet.ts';
import {
  AgentNumbers,
  type AgentState,
  checkBatch,
  checkLoss,
  checkObservation,
  keptIndex,
  type ReplayAgent,
} from './replayAgent.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export const DeepQOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  batch: z.int().positive().default(128).describe('Transitions of an update'),
  rate: z.number().positive().default(5e-4).describe('Learning rate'),
  discount: z.number().min(0).max(1).default(0.99).describe('γ; 1 only where every episode ends'),
  smoothing: z.number().positive().max(1).default(0.005).describe('Of the target network'),
  clipNorm: z.number().positive().default(10).describe('Largest norm of a gradient'),
  temperature: z.number().min(0).default(0).describe('τ of soft Q-learning; 0: greedy'),
  prior: EntropyPrior,
  double: z
    .boolean()
    .default(true)
    .describe('At temperature 0: Q chooses, its target says its worth'),
  loss: z.enum(['huber', 'squared']).default('huber').describe('h'),
});
export type DeepQOptions = z.input<typeof DeepQOptions>;

export interface DiscreteSizes {
  readonly observationSize: number;
  readonly actionCount: number;
}

export class DeepQLearning implements ReplayAgent {
  readonly kind = 'deep-q-learning';
  readonly columns = ['loss', 'value'];
  readonly policy: Network;
  readonly batch: number;
  readonly sizes: DiscreteSizes;
  readonly settings: z.output<typeof DeepQOptions>;
  readonly #networks: NetworkSet;
  readonly #now: Pass;
  readonly #next: Pass | null;
  readonly #target: Pass;
  readonly #alone: Pass;

  /** @param rng draws the first parameters */
  constructor(engine: Engine, sizes: DiscreteSizes, given: DeepQOptions, rng: Rng) {
    const options = DeepQOptions.parse(given);
    const { hidden, batch, rate, clipNorm, temperature, double } = options;
    this.settings = options;
    this.sizes = sizes;
    this.batch = batch;
    this.#networks = new NetworkSet(engine);
    this.policy = this.#networks.add(
      'q',
      { inputs: sizes.observationSize, hidden, outputs: sizes.actionCount, activation: 'relu' },
      { rate, clipNorm, target: true },
      rng,
    );
    this.#now = this.policy.pass(batch);
    this.#next = temperature === 0 && double ? this.policy.pass(batch) : null;
    this.#target = this.#networks.target('q').pass(batch);
    this.#alone = this.policy.pass(1);
  }

  /** Writes the index of an action: with `rng` null the best action, else one that the policy draws. */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    const { temperature } = this.settings;
    const { actionCount } = this.sizes;
    checkObservation(observation, this.sizes.observationSize);
    this.#alone.inputs.set(observation);
    const scores = this.#alone.evaluate();
    out[0] =
      rng === null || temperature === 0
        ? greedyAction(scores, 0, actionCount)
        : drawAction(scores, 0, actionCount, temperature, rng);
  }

  /**
   * Returns the mean loss before the update and the mean of Q(s, a).
   *
   * @param share of the learning rate
   * @param offered [rows] how many actions, the first ones, can be taken after each transition; all
   *   where absent
   */
  update(
    batch: TransitionBatch,
    share = 1,
    offered: ArrayLike<number> | null = null,
  ): { readonly loss: number; readonly value: number } {
    checkBatch(batch, this.batch, this.sizes.observationSize);
    const { discount, loss: kind, smoothing, rate } = this.settings;
    const { actionCount } = this.sizes;
    const { rows, action, reward, terminated } = batch;
    this.#target.inputs.set(batch.nextObservation);
    this.#target.evaluate();
    this.#next?.inputs.set(batch.nextObservation);
    this.#next?.evaluate();
    this.#now.inputs.set(batch.observation);
    const q = this.#now.evaluate();
    const slope = this.#now.outputGradient;
    slope.fill(0);
    let [loss, value] = [0, 0];
    for (let i = 0; i < rows; i++) {
      const at = i * actionCount + action[i];
      const next = terminated[i] === 1 ? 0 : this.#worth(i, offered?.[i] ?? actionCount);
      const error = q[at] - (reward[i] + discount * next);
      const inside = kind === 'squared' || Math.abs(error) <= 1;
      loss += (inside ? 0.5 * error * error : Math.abs(error) - 0.5) / rows;
      value += q[at] / rows;
      slope[at] = (inside ? error : Math.sign(error)) / rows;
    }
    checkLoss('Q', loss);
    this.#now.pullBack({ parameters: true, inputs: false });
    this.#networks.step('q', rate * share);
    this.#networks.follow(smoothing);
    return { loss, value };
  }

  learn(batch: TransitionBatch): CurveRow {
    return this.update(batch);
  }

  learned(): PolicyArrays {
    return { q: this.policy.parameters.slice() };
  }

  player(engine: Engine, rows: number): Player<Float64Array> {
    return keptIndex(greedyPlayer(engine, this.policy.shape, rows, 'q'));
  }

  state(): AgentState {
    const { steps, arrays } = this.#networks.state();
    return { numbers: { steps }, arrays };
  }

  restore(checkpoint: Checkpoint, numbers: unknown): void {
    const { steps } = AgentNumbers.parse(numbers);
    this.#networks.restore(checkpoint, steps);
  }

  /** W(s′) of a row where so many actions are offered. */
  #worth(row: number, offered: number): number {
    const { temperature, prior } = this.settings;
    const start = row * this.sizes.actionCount;
    const target = this.#target.outputs;
    if (temperature > 0) return softRowValue(target, start, offered, temperature, prior);
    return target[start + greedyAction(this.#next?.outputs ?? target, start, offered)];
  }
}
