/**
 * Neural fitted Q-iteration: learning to act from a log alone, by one regression after another.
 *
 *   y_i = r_i + γ (1 − terminated_i) W(s′_i; θ̄),  W = maxₐ Q(s′, a), or τ log Σₐ p(a) exp(Q(s′, a) / τ)
 *   θ   ← some steps of Adam on mean ½ (Q(s_i, a_i; θ) − y_i)² from where it was;  θ̄ ← θ
 *
 * Targets hold still during a regression, which is what sets it apart from deep Q-learning. Where the
 * log has no step of an action, nothing but the network's shape says what that is worth. The Bellman
 * error of the result, mean (Q − y(Q))², is 0 only where Q is optimal on the log.
 *
 * Reference: Riedmiller (2005), Neural fitted Q iteration, ECML.
 */

import { z } from 'zod';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import { createRng } from '../../numeric/rng.ts';
import { EntropyPrior, greedyAction, softRowValue } from './actionScores.ts';
import { NetworkSet } from './networkSet.ts';
import { checkLoss } from './replayAgent.ts';
import type { TransitionBatch } from './transitionBuffer.ts';

export const NeuralFittedQOptions = z.strictObject({
  hidden: z.array(z.int().positive()).default([64, 64]).describe('Widths of hidden layers'),
  iterations: z.int().positive().default(100).describe('Regressions'),
  updates: z.int().positive().default(200).describe('Steps of Adam in a regression'),
  batch: z.int().positive().default(128).describe('Steps of the log in each'),
  rate: z.number().positive().default(1e-3).describe('Learning rate'),
  discount: z.number().min(0).lt(1).default(0.99).describe('γ'),
  temperature: z.number().min(0).default(0).describe('τ of soft optimality; 0 for the maximum'),
  prior: EntropyPrior,
  seed: z.union([z.number(), z.string()]).default(0).describe('Seed of every random draw'),
});
export type NeuralFittedQOptions = z.input<typeof NeuralFittedQOptions>;
type Settings = z.output<typeof NeuralFittedQOptions>;

export interface NeuralFittedQProgress {
  /** From 1. */
  readonly iteration: number;
  /** √ mean (Q − y)² after the regression. */
  readonly misfit: number;
  /** Q; its parameters change as fitting goes on. */
  readonly network: Network;
}

export interface NeuralFittedQ {
  /** Its outputs are Q(s, ·). */
  readonly network: Network;
  /** mean (Q − y(Q))² on the log. */
  readonly bellmanError: number;
}

/** Rows that are evaluated at once. */
const CHUNK = 512;

/**
 * @param log steps side by side, actions as indices
 * @throws RangeError where the log is empty, or a step of it is not one
 */
export function* neuralFittedQ(
  engine: Engine,
  log: TransitionBatch,
  actionCount: number,
  given: NeuralFittedQOptions = {},
): Generator<NeuralFittedQProgress, NeuralFittedQ> {
  const settings = NeuralFittedQOptions.parse(given);
  const { hidden, iterations, updates, batch, rate, seed } = settings;
  checkLog(log, actionCount);
  const size = log.observation.length / log.rows;
  const networks = new NetworkSet(engine);
  const network = networks.add(
    'q',
    { inputs: size, hidden, outputs: actionCount, activation: 'relu' },
    { rate },
    createRng(seed, 'networks'),
  );
  const rng = createRng(seed, 'batches');
  const pass = network.pass(batch);
  const all = network.pass(Math.min(CHUNK, log.rows));
  const target = new Float64Array(log.rows);
  for (let iteration = 1; iteration <= iterations; iteration++) {
    writeTargets(all, log, actionCount, settings, target);
    for (let k = 0; k < updates; k++) {
      const rows = Int32Array.from({ length: batch }, () => Math.floor(rng() * log.rows));
      checkLoss('Q', regress(pass, log, rows, actionCount, target));
      networks.step('q');
    }
    yield { iteration, misfit: Math.sqrt(meanSquare(all, log, actionCount, target)), network };
  }
  writeTargets(all, log, actionCount, settings, target);
  return { network, bellmanError: meanSquare(all, log, actionCount, target) };
}

/** Leaves the gradient of mean ½ (Q − y)² over some rows with the network; returns that mean. */
function regress(
  pass: Pass,
  { observation, action, rows: count }: TransitionBatch,
  rows: Int32Array,
  actionCount: number,
  target: Float64Array,
): number {
  const size = observation.length / count;
  rows.forEach((row, i) => {
    for (let j = 0; j < size; j++) pass.inputs[i * size + j] = observation[row * size + j];
  });
  const q = pass.evaluate();
  pass.outputGradient.fill(0);
  let loss = 0;
  rows.forEach((row, i) => {
    const at = i * actionCount + action[row];
    const error = q[at] - target[row];
    loss += (0.5 * error * error) / rows.length;
    pass.outputGradient[at] = error / rows.length;
  });
  pass.pullBack({ parameters: true, inputs: false });
  return loss;
}

/** Overwrites `out` [rows] with y. */
function writeTargets(
  pass: Pass,
  { rows, nextObservation, reward, terminated }: TransitionBatch,
  actionCount: number,
  { discount, temperature, prior }: Settings,
  out: Float64Array,
): void {
  for (let first = 0; first < rows; first += pass.rows) {
    const q = evaluateFrom(pass, nextObservation, first);
    for (let i = 0; i < pass.rows && first + i < rows; i++) {
      const start = i * actionCount;
      const worth =
        temperature > 0
          ? softRowValue(q, start, actionCount, temperature, prior)
          : q[start + greedyAction(q, start, actionCount)];
      out[first + i] = reward[first + i] + discount * (1 - terminated[first + i]) * worth;
    }
  }
}

/** Returns mean (Q − y)² over the log. */
function meanSquare(
  pass: Pass,
  { rows, observation, action }: TransitionBatch,
  actionCount: number,
  target: Float64Array,
): number {
  let sum = 0;
  for (let first = 0; first < rows; first += pass.rows) {
    const q = evaluateFrom(pass, observation, first);
    for (let i = 0; i < pass.rows && first + i < rows; i++)
      sum += (q[i * actionCount + action[first + i]] - target[first + i]) ** 2;
  }
  return sum / rows;
}

/** Evaluates the rows from `first` on; beyond the last row the outputs mean nothing. */
function evaluateFrom(pass: Pass, seen: Float32Array, first: number): Float32Array {
  const size = pass.inputs.length / pass.rows;
  pass.inputs.set(seen.subarray(first * size, (first + pass.rows) * size));
  return pass.evaluate();
}

function checkLog({ rows, action, reward, ...seen }: TransitionBatch, actionCount: number): void {
  if (rows === 0) throw new RangeError('Cannot fit values: the log has no steps');
  const size = seen.observation.length / rows;
  for (let i = 0; i < rows; i++) {
    if (!(action[i] >= 0 && action[i] < actionCount && Number.isInteger(action[i])))
      throw new RangeError(
        `Cannot fit values: the action of step ${i} must be one of 0 … ${actionCount - 1}, got ${action[i]}`,
      );
    let finite = Number.isFinite(reward[i]);
    for (let j = i * size; j < (i + 1) * size; j++)
      finite &&= Number.isFinite(seen.observation[j]) && Number.isFinite(seen.nextObservation[j]);
    if (!finite)
      throw new RangeError(
        `Cannot fit values: step ${i} of the log has numbers that are not finite (reward ${reward[i]})`,
      );
  }
}
