/**
 * Soft actor-critic with discrete actions: expectations over actions are sums, nothing is sampled.
 *
 *   V̄(s′) = Σₐ π(a | s′) [ min Q̄(s′, a) − α (log π(a | s′) − log p(a)) ]
 *   Q(s, a) ← y = r + γ (1 − terminated) V̄(s′), twice;  ∂L/∂Q(s, a) = clip(Q − y, ±1) / rows
 *   π: minimise J = mean Σₐ π(a | s) k(a),  k(a) = α log π(a | s) − min Q(s, a)
 *      ∂J/∂x(a) = π(a | s) (k(a) − Σ_b π(b | s) k(b)) / rows   for the logits x
 *
 * p(a) = 1 counts entropy in nats, 1 / |A| relative to choosing at random. The temperature α may be
 * tuned so that the entropy is on average `targetEntropy`.
 *
 * Reference: Christodoulou (2019), Soft actor-critic for discrete action settings, arXiv 1910.07207;
 * with Huber's loss for the critics.
 */

import { z } from 'zod';
import type { Checkpoint } from '../../networks/checkpoint.ts';
import type { DenseShape } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { CurveRow } from '../log/trainingLog.ts';
import { drawAction, EntropyPrior, greedyAction, logSoftmaxRow } from './actionScores.ts';
import type { Player, PolicyArrays } from './controlLearner.ts';
import type { DiscreteSizes } from './deepQLearning.ts';
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
import { ScalarAdam } from './scalarAdam.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export const DiscreteSacOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  batch: z.int().positive().default(64).describe('Transitions of an update'),
  rate: z.number().positive().default(1e-3).describe('Learning rate of every network'),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  smoothing: z.number().positive().max(1).default(0.01).describe('Of target networks'),
  clipNorm: z.number().positive().default(10).describe('Largest norm of a critic’s gradient'),
  temperature: z
    .union([z.number().positive(), z.literal('tuned')])
    .default(0.01)
    .describe('α, or `tuned` to the target entropy'),
  targetEntropy: z
    .number()
    .positive()
    .optional()
    .describe('Of a tuned temperature, in nats; 0.3 log |A|'),
  prior: EntropyPrior,
});
export type DiscreteSacOptions = z.input<typeof DiscreteSacOptions>;

/** What an update came to, means over the batch. */
export interface DiscreteSacLosses {
  readonly firstCritic: number;
  readonly secondCritic: number;
  /** J. */
  readonly actor: number;
  /** In nats. */
  readonly entropy: number;
  /** After the update. */
  readonly temperature: number;
}

export class DiscreteSoftActorCritic implements ReplayAgent {
  readonly kind = 'discrete-soft-actor-critic';
  readonly columns = ['firstCritic', 'secondCritic', 'actor', 'entropy', 'temperature'];
  readonly policy: Network;
  readonly batch: number;
  readonly sizes: DiscreteSizes;
  readonly settings: z.output<typeof DiscreteSacOptions>;
  readonly #networks: NetworkSet;
  readonly #logTemperature: ScalarAdam;
  readonly #actor: Pass;
  readonly #actorNext: Pass;
  readonly #critics: readonly Pass[];
  readonly #targets: readonly Pass[];
  readonly #alone: Pass;
  readonly #logPolicy: Float64Array;

  /** @param rng draws the first parameters */
  constructor(engine: Engine, sizes: DiscreteSizes, given: DiscreteSacOptions, rng: Rng) {
    const options = DiscreteSacOptions.parse(given);
    const { hidden, batch, rate, clipNorm, temperature } = options;
    this.settings = options;
    this.sizes = sizes;
    this.batch = batch;
    const shape: DenseShape = {
      inputs: sizes.observationSize,
      hidden,
      outputs: sizes.actionCount,
      activation: 'relu',
    };
    this.#networks = new NetworkSet(engine);
    const critics = ['first', 'second'].map((name) =>
      this.#networks.add(name, shape, { rate, clipNorm, target: true }, rng),
    );
    this.policy = this.#networks.add('actor', shape, { rate }, rng);
    this.#critics = critics.map((critic) => critic.pass(batch));
    this.#targets = ['first', 'second'].map((name) => this.#networks.target(name).pass(batch));
    this.#actor = this.policy.pass(batch);
    this.#actorNext = this.policy.pass(batch);
    this.#alone = this.policy.pass(1);
    this.#logTemperature = new ScalarAdam(
      temperature === 'tuned' ? 0 : Math.log(temperature),
      rate,
    );
    this.#logPolicy = new Float64Array(sizes.actionCount);
  }

  get temperature(): number {
    const { temperature } = this.settings;
    return temperature === 'tuned' ? Math.exp(this.#logTemperature.value) : temperature;
  }

  /** Writes the index of an action: with `rng` null the most likely action, else one that the actor draws. */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    const { actionCount } = this.sizes;
    checkObservation(observation, this.sizes.observationSize);
    this.#alone.inputs.set(observation);
    const logits = this.#alone.evaluate();
    out[0] = rng
      ? drawAction(logits, 0, actionCount, 1, rng)
      : greedyAction(logits, 0, actionCount);
  }

  update(batch: TransitionBatch): { [K in keyof DiscreteSacLosses]: number } {
    checkBatch(batch, this.batch, this.sizes.observationSize);
    const alpha = this.temperature;
    for (const pass of [this.#actorNext, ...this.#targets]) {
      pass.inputs.set(batch.nextObservation);
      pass.evaluate();
    }
    for (const pass of [this.#actor, ...this.#critics]) {
      pass.inputs.set(batch.observation);
      pass.evaluate();
    }
    const { actor, entropy } = this.#actorLoss(alpha);
    const [firstCritic, secondCritic] = this.#criticLosses(batch, alpha);
    checkLoss('the critics and the actor', firstCritic + secondCritic + actor);
    for (const pass of [this.#actor, ...this.#critics])
      pass.pullBack({ parameters: true, inputs: false });
    for (const name of ['first', 'second', 'actor']) this.#networks.step(name);
    this.#networks.follow(this.settings.smoothing);
    if (this.settings.temperature === 'tuned')
      this.#logTemperature.step(
        entropy - (this.settings.targetEntropy ?? 0.3 * Math.log(this.sizes.actionCount)),
      );
    return { firstCritic, secondCritic, actor, entropy, temperature: this.temperature };
  }

  learn(batch: TransitionBatch): CurveRow {
    return this.update(batch);
  }

  learned(): PolicyArrays {
    return { actor: this.policy.parameters.slice() };
  }

  player(engine: Engine, rows: number): Player<Float64Array> {
    return keptIndex(greedyPlayer(engine, this.policy.shape, rows, 'actor'));
  }

  state(): AgentState {
    const { steps, arrays } = this.#networks.state();
    return { numbers: { steps, logTemperature: this.#logTemperature.state() }, arrays };
  }

  restore(checkpoint: Checkpoint, numbers: unknown): void {
    const { steps, logTemperature } = AgentNumbers.parse(numbers);
    this.#networks.restore(checkpoint, steps);
    if (logTemperature) this.#logTemperature.restore(logTemperature);
  }

  /** Writes ∂J/∂x; returns J and the mean entropy. */
  #actorLoss(alpha: number): { readonly actor: number; readonly entropy: number } {
    const { actionCount } = this.sizes;
    const logPolicy = this.#logPolicy;
    const [first, second] = this.#critics.map(({ outputs }) => outputs);
    const { rows, outputs, outputGradient } = this.#actor;
    let [actor, entropy] = [0, 0];
    for (let i = 0; i < rows; i++) {
      const start = i * actionCount;
      logSoftmaxRow(outputs, start, actionCount, 1, logPolicy);
      let mean = 0;
      for (let a = 0; a < actionCount; a++) {
        const least = Math.min(first[start + a], second[start + a]);
        mean += Math.exp(logPolicy[a]) * (alpha * logPolicy[a] - least);
        entropy -= (Math.exp(logPolicy[a]) * logPolicy[a]) / rows;
      }
      actor += mean / rows;
      for (let a = 0; a < actionCount; a++) {
        const least = Math.min(first[start + a], second[start + a]);
        outputGradient[start + a] =
          (Math.exp(logPolicy[a]) * (alpha * logPolicy[a] - least - mean)) / rows;
      }
    }
    return { actor, entropy };
  }

  /** Writes ∂L/∂Q of both; returns their losses. */
  #criticLosses({ rows, action, reward, terminated }: TransitionBatch, alpha: number): number[] {
    const { actionCount } = this.sizes;
    const { discount, prior } = this.settings;
    const logPolicy = this.#logPolicy;
    const [first, second] = this.#targets.map(({ outputs }) => outputs);
    const logPrior = prior === 'uniform' ? -Math.log(actionCount) : 0;
    const losses = [0, 0];
    for (const { outputGradient } of this.#critics) outputGradient.fill(0);
    for (let i = 0; i < rows; i++) {
      const start = i * actionCount;
      logSoftmaxRow(this.#actorNext.outputs, start, actionCount, 1, logPolicy);
      let worth = 0;
      for (let a = 0; a < actionCount; a++) {
        const least = Math.min(first[start + a], second[start + a]);
        worth += Math.exp(logPolicy[a]) * (least - alpha * (logPolicy[a] - logPrior));
      }
      const target = reward[i] + discount * (1 - terminated[i]) * worth;
      const at = start + action[i];
      this.#critics.forEach(({ outputs, outputGradient }, k) => {
        const error = outputs[at] - target;
        const size = Math.abs(error);
        losses[k] += (size <= 1 ? 0.5 * error * error : size - 0.5) / rows;
        outputGradient[at] = (size <= 1 ? error : Math.sign(error)) / rows;
      });
    }
    return losses;
  }
}
