/**
 * A policy that is a network of values, and the reward that these values imply. Its data are plain, so
 * that it can be stored and used elsewhere.
 *
 *   π(a | o) ∝ exp(Q(o, a) / τ),   V(o) = τ log Σ_b exp(Q(o, b) / τ) / |A|
 *   r = Q(o, a) − γ (1 − terminated) V(o′),   or Q(o, a) − γ ζ(o, a) where ζ estimates E V(o′)
 *
 * The reward is one of many that explain the same play: r + γ E h(o′) − h(o) does so for any h (Ng,
 * Harada & Russell 1999), and Q is of the world that was recorded, so it need not serve in another.
 */

import { z } from 'zod';
import { loadCheckpoint, saveCheckpoint } from '../../networks/checkpoint.ts';
import { type DenseShape, parameterCount } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import { type Rng, sampleIndex } from '../../numeric/rng.ts';
import { softRow } from './inverseSoftBellmanLoss.ts';
import type { RecordedSteps } from './recordedSteps.ts';

const numbers = z.array(z.number()).readonly();

const SoftQForm = z.strictObject({
  /** [observation] what inputs are centred at and divided by. */
  centre: numbers,
  spread: numbers,
  hidden: z.array(z.int().positive()).readonly(),
  activation: z.enum(['relu', 'tanh']),
  actionCount: z.int().positive(),
  temperature: z.number().positive(),
  discount: z.number().min(0).lt(1),
});

export interface SoftQData extends z.output<typeof SoftQForm> {
  /** Of the network whose outputs are Q(o, ·). */
  readonly parameters: Float32Array;
  /** Of the one whose outputs are ζ(o, ·); null where the reward takes the o′ that came. */
  readonly expectedNext: Float32Array | null;
}

const KIND = 'soft-q-policy';

export function saveSoftQPolicy(folder: string, data: SoftQData): void {
  const { parameters, expectedNext, ...form } = data;
  const arrays = expectedNext ? { parameters, expectedNext } : { parameters };
  saveCheckpoint(folder, { kind: KIND, state: form, arrays });
}

/** @throws SyntaxError where the folder holds no such policy */
export function loadSoftQPolicy(folder: string): SoftQData {
  const { state, arrays } = loadCheckpoint(folder, KIND);
  const form = SoftQForm.safeParse(state);
  const { parameters, expectedNext = null } = arrays;
  const isOne =
    parameters instanceof Float32Array &&
    (expectedNext === null || expectedNext instanceof Float32Array);
  if (!form.success || !isOne)
    throw new SyntaxError(`Cannot load a policy from ${folder}: it does not say what it is`);
  return { ...form.data, parameters, expectedNext };
}

export function shapeOfValues({
  centre,
  hidden,
  activation,
  actionCount,
}: Pick<SoftQData, 'centre' | 'hidden' | 'activation' | 'actionCount'>): DenseShape {
  return { inputs: centre.length, hidden, activation, outputs: actionCount };
}

/** So many observations are evaluated at once. */
const ROWS_AT_ONCE = 256;

export class SoftQPolicy {
  readonly data: SoftQData;
  readonly #values: Network;
  readonly #expected: Network | null;
  /** By rows. */
  readonly #passes = new Map<Network, Map<number, Pass>>();
  readonly #policy: Float64Array;

  /** @throws RangeError where the parameters are of a network of another shape */
  constructor(engine: Engine, data: SoftQData) {
    this.data = data;
    const shape = shapeOfValues(data);
    const build = (parameters: Float32Array): Network => {
      const wanted = parameterCount(shape);
      if (parameters.length !== wanted)
        throw new RangeError(
          `Cannot use a policy of values: wanted ${wanted} parameters, got ${parameters.length}`,
        );
      const network = engine.network(shape);
      network.parameters.set(parameters);
      network.changed();
      return network;
    };
    this.#values = build(data.parameters);
    this.#expected = data.expectedNext ? build(data.expectedNext) : null;
    this.#policy = new Float64Array(data.actionCount);
  }

  /**
   * Acts in several worlds at once.
   *
   * @param observations [rows × observationSize]
   * @param rng draws the actions; null: the likeliest
   * @param out [rows] numbers of actions
   */
  act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array): void {
    this.#eachRow(this.#values, observations, rows, (row, values) => {
      let likeliest = 0;
      values.forEach((x, b) => {
        if (x > values[likeliest]) likeliest = b;
      });
      softRow(values, 0, values.length, this.data.temperature, this.#policy);
      out[row] = rng ? sampleIndex(this.#policy, rng) : likeliest;
    });
  }

  /** Overwrites `out` [rows] with log π(a | o). */
  logLikelihood(
    observations: Float64Array,
    actions: Float64Array,
    rows: number,
    out: Float64Array,
  ): void {
    const { temperature, actionCount } = this.data;
    this.#eachRow(this.#values, observations, rows, (row, values) => {
      const value = softRow(values, 0, actionCount, temperature, this.#policy);
      out[row] = (values[actions[row]] - value) / temperature - Math.log(actionCount);
    });
  }

  /** Returns the reward that is implied by each step [steps]. */
  rewards(steps: RecordedSteps): Float64Array {
    const { discount, temperature, actionCount } = this.data;
    if (steps.actionCount !== actionCount)
      throw new RangeError(
        `Cannot recover rewards: the values are of ${actionCount} actions, the steps of ${steps.actionCount}`,
      );
    const { count, actions, terminated } = steps;
    const rewards = new Float64Array(count);
    this.#eachRow(this.#values, steps.observations, count, (row, values) => {
      rewards[row] = values[actions[row]];
    });
    if (this.#expected)
      this.#eachRow(this.#expected, steps.observations, count, (row, expected) => {
        rewards[row] -= discount * expected[actions[row]];
      });
    else
      this.#eachRow(this.#values, steps.next, count, (row, values) => {
        if (terminated[row] === 1) return;
        rewards[row] -= discount * softRow(values, 0, actionCount, temperature, this.#policy);
      });
    return rewards;
  }

  /** @param visit is told the outputs of each row, overwritten by the next */
  #eachRow(
    network: Network,
    observations: Float64Array,
    rows: number,
    visit: (row: number, outputs: Float64Array) => void,
  ): void {
    const { centre, spread, actionCount } = this.data;
    const width = centre.length;
    if (observations.length < rows * width || observations.length % width !== 0)
      throw new RangeError(
        `Cannot act: wanted ${rows} observations of ${width} numbers, got ${observations.length} numbers`,
      );
    const pass = this.#passFor(network, rows);
    const { inputs, outputs } = pass;
    const own = new Float64Array(actionCount);
    for (let first = 0; first < rows; first += pass.rows) {
      const end = Math.min(rows, first + pass.rows);
      for (let i = first * width; i < end * width; i++)
        inputs[i - first * width] = (observations[i] - centre[i % width]) / spread[i % width];
      pass.evaluate();
      for (let row = first; row < end; row++) {
        for (let b = 0; b < actionCount; b++) own[b] = outputs[(row - first) * actionCount + b];
        visit(row, own);
      }
    }
  }

  #passFor(network: Network, rows: number): Pass {
    const size = Math.min(ROWS_AT_ONCE, 2 ** Math.ceil(Math.log2(rows)));
    const passes = this.#passes.get(network) ?? new Map<number, Pass>();
    this.#passes.set(network, passes);
    const pass = passes.get(size) ?? network.pass(size);
    passes.set(size, pass);
    return pass;
  }
}
