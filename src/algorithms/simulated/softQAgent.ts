/**
 * Soft Q-learning by a network as the agent of a planner: numbered actions, entropy relative to
 * choosing at random.
 *
 *   y = r + γ (1 − terminated) τ log meanₐ exp(Q̄(o′, a) / τ),   π(a | o) ∝ exp(Q(o, a) / τ)
 *
 * The network puts out Q / scale: values are about r / (1 − γ), far from where a network begins.
 * Learning it from r / scale at the temperature τ / scale is the same problem in other units.
 *
 * Reference: Haarnoja et al. (2017), ICML.
 */

import { z } from 'zod';
import { drawAction, greedyAction, logSoftmaxRow } from '../../learning/neural/actionScores.ts';
import {
  DeepQLearning,
  DeepQOptions,
  type DiscreteSizes,
} from '../../learning/neural/deepQLearning.ts';
import { type TransitionBatch, transitionBatch } from '../../learning/neural/transitionBuffer.ts';
import { AnyRows } from '../../networks/anyRows.ts';
import type { Engine } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import type { OfferedActions } from './simulatedProblem.ts';
import type { SoftAgent } from './softAgent.ts';

const { hidden, batch } = DeepQOptions.shape;

export const SoftQAgentOptions = z.strictObject({
  hidden,
  batch,
  discount: z.number().min(0).max(1).describe('γ; 1 only where every episode ends'),
  temperature: z.number().positive().describe('τ, in units of reward'),
  rate: z.number().positive().default(1e-3).describe('Learning rate'),
  smoothing: z.number().positive().max(1).default(0.02).describe('Of the target network'),
  clipNorm: z.number().positive().default(10).describe('Largest norm of a gradient'),
  scale: z.number().positive().default(10).describe('The network puts out Q / scale'),
});
export type SoftQAgentOptions = z.input<typeof SoftQAgentOptions>;

const Numbers = z.object({ steps: z.record(z.string(), z.int().min(0)) });

/**
 * @param seed draws the first parameters
 * @param offered where observations do not all offer every action
 */
export function createSoftQAgent(
  engine: Engine,
  sizes: DiscreteSizes,
  given: SoftQAgentOptions,
  seed: number | string,
  offered: OfferedActions | null = null,
): SoftAgent {
  const settings = SoftQAgentOptions.parse(given);
  const { scale, temperature, ...rest } = settings;
  const { observationSize, actionCount } = sizes;
  const inUnits = temperature / scale;
  const q = new DeepQLearning(
    engine,
    sizes,
    { ...rest, temperature: inUnits, prior: 'uniform', loss: 'squared' },
    createRng(seed, 'soft-q parameters'),
  );
  const scaled = transitionBatch(settings.batch, { observationSize, actionSize: 1 });
  const after = offered && new Int32Array(settings.batch);
  const policy = new AnyRows(q.policy);
  const logs = new Float64Array(actionCount);

  /** Calls back with the scores of every row, where they begin, and how many count. */
  const eachRow = (
    observations: Float64Array,
    rows: number,
    visit: (row: number, scores: Float32Array, start: number, count: number) => void,
  ): void => {
    if (observations.length < rows * observationSize)
      throw new RangeError(
        `Cannot act: wanted ${rows} observations of ${observationSize} numbers, got ${observations.length} numbers`,
      );
    policy.evaluate(observations, rows, (row, scores, start) => {
      const at = row * observationSize;
      const count = offered?.(observations.subarray(at, at + observationSize)) ?? actionCount;
      visit(row, scores, start, count);
    });
  };

  return {
    kind: 'soft-q',
    settings,
    batch: settings.batch,
    actionSize: 1,
    act(observations, rows, rng, out) {
      eachRow(observations, rows, (row, scores, start, count) => {
        out[row] = rng
          ? drawAction(scores, start, count, inUnits, rng)
          : greedyAction(scores, start, count);
      });
    },
    logLikelihood(observations, actions, rows, out) {
      eachRow(observations, rows, (row, scores, start, count) => {
        logSoftmaxRow(scores, start, count, inUnits, logs);
        out[row] = actions[row] < count ? logs[actions[row]] : Number.NEGATIVE_INFINITY;
      });
    },
    update(transitions, _noise, rate) {
      return q.update(inScale(transitions), rate, countsAfter(transitions));
    },
    state: () => q.state(),
    restore: (checkpoint, numbers) => q.restore(checkpoint, Numbers.parse(numbers)),
  };

  function inScale(transitions: TransitionBatch): TransitionBatch {
    for (let i = 0; i < transitions.rows; i++) scaled.reward[i] = transitions.reward[i] / scale;
    return { ...transitions, reward: scaled.reward };
  }

  function countsAfter({ rows, nextObservation, terminated }: TransitionBatch): Int32Array | null {
    if (!offered || !after) return null;
    for (let i = 0; i < rows; i++) {
      const at = i * observationSize;
      after[i] =
        terminated[i] === 1 ? 1 : offered(nextObservation.subarray(at, at + observationSize));
    }
    return after;
  }
}
