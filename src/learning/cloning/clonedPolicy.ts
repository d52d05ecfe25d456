/**
 * A policy that was cloned: a network from what is seen to a distribution over actions. Its data are
 * plain, so that it can be stored and used elsewhere.
 */

import { z } from 'zod';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../../networks/checkpoint.ts';
import { parameterCount } from '../../networks/denseShape.ts';
import type { Engine, Network, Pass } from '../../networks/network.ts';
import type { Rng } from '../../numeric/rng.ts';
import type { ActionHead, HeadAt } from './actionHead.ts';
import { fromScale, logDensityChange, toScale } from './actionScale.ts';
import { categoricalHead } from './categoricalHead.ts';
import type { CloningRows } from './cloningRows.ts';
import { gaussianHead } from './gaussianHead.ts';
import { mixtureHead } from './mixtureHead.ts';

export const headNames = [
  'categorical',
  'gaussian',
  'gaussian-one-spread',
  'tanh-gaussian',
  'mixture',
] as const;
export type HeadName = (typeof headNames)[number];

const numbers = z.array(z.number()).readonly();

/** What a policy is but for its network's numbers. */
const ClonedPolicyForm = z.strictObject({
  head: z.enum(headNames),
  components: z.int().positive(),
  actions: z.union([
    z.strictObject({ kind: z.literal('discrete'), count: z.int().positive() }),
    z.strictObject({
      kind: z.literal('continuous'),
      size: z.int().positive(),
      box: z.strictObject({ low: numbers, high: numbers }).nullable(),
    }),
  ]),
  /** Null for numbered actions. */
  scale: z
    .strictObject({ kind: z.enum(['standard', 'box']), middle: numbers, reach: numbers })
    .nullable(),
  /** [observation] what inputs are centred at and divided by. */
  centre: numbers,
  spread: numbers,
  hidden: z.array(z.int().positive()),
  activation: z.enum(['relu', 'tanh']),
});
type ClonedPolicyForm = z.output<typeof ClonedPolicyForm>;

export interface ClonedPolicyData extends ClonedPolicyForm {
  /** [parameters of the network] */
  readonly parameters: Float32Array;
  /** [free parameters of the head] */
  readonly free: Float64Array;
}

export function headOf({ head, components, actions }: ClonedPolicyForm): ActionHead {
  if (actions.kind === 'discrete') return categoricalHead(actions.count);
  if (head === 'mixture') return mixtureHead(actions.size, components);
  return gaussianHead(actions.size, head === 'gaussian-one-spread' ? 'one' : 'state');
}

const KIND = 'cloned-policy';

export function saveClonedPolicy(folder: string, data: ClonedPolicyData): void {
  const { parameters, free, ...form } = data;
  saveCheckpoint(folder, { kind: KIND, state: form, arrays: { parameters, free } });
}

/** @throws SyntaxError where the folder holds no such policy */
export function loadClonedPolicy(folder: string): ClonedPolicyData {
  const { state, arrays }: Checkpoint = loadCheckpoint(folder, KIND);
  const form = ClonedPolicyForm.safeParse(state);
  const { parameters, free } = arrays;
  if (!form.success || !(parameters instanceof Float32Array) || !(free instanceof Float64Array))
    throw new SyntaxError(`Cannot load a policy from ${folder}: it does not say what it is`);
  return { ...form.data, parameters, free };
}

export class ClonedPolicy {
  readonly data: ClonedPolicyData;
  readonly #head: ActionHead;
  readonly #network: Network;
  readonly #alone: Pass;
  readonly #at: HeadAt;
  /** For rows; as many as are scored at once. */
  #many: Pass | null = null;

  /** @throws RangeError where the parameters are of a network of another shape */
  constructor(engine: Engine, data: ClonedPolicyData) {
    this.data = data;
    this.#head = headOf(data);
    const { hidden, activation, centre, parameters, free } = data;
    const shape = { inputs: centre.length, hidden, activation, outputs: this.#head.outputs };
    const wanted = parameterCount(shape);
    if (parameters.length !== wanted || free.length !== this.#head.free)
      throw new RangeError(
        `Cannot use a cloned policy: wanted ${wanted} parameters and ${this.#head.free} free ones, got ${parameters.length} and ${free.length}`,
      );
    this.#network = engine.network(shape);
    this.#network.parameters.set(parameters);
    this.#network.changed();
    this.#alone = this.#network.pass(1);
    this.#at = { outputs: this.#alone.outputs, start: 0, free };
  }

  /**
   * Writes an action: drawn, or with `rng` null the most likely one (of a tanh-Gaussian the most
   * likely before squashing).
   */
  act(observation: ArrayLike<number>, rng: Rng | null, out: Float64Array): void {
    const { centre, spread, scale } = this.data;
    if (observation.length !== centre.length)
      throw new RangeError(
        `Cannot act: an observation has ${centre.length} numbers, got ${observation.length}`,
      );
    for (let j = 0; j < centre.length; j++)
      this.#alone.inputs[j] = (observation[j] - centre[j]) / spread[j];
    this.#alone.evaluate();
    this.#head.choose(this.#at, rng, out);
    if (scale) fromScale(scale, out);
  }

  /**
   * Tells how likely every row is.
   *
   * @param visit told log π(a | s), and what the head knows of the row: its outputs and the action
   *   on its scale, both overwritten by the next
   */
  eachRow(
    rows: CloningRows,
    visit: (row: number, logDensity: number, at: HeadAt, action: Float64Array) => void,
  ): void {
    const { centre, spread, scale, free } = this.data;
    const width = centre.length;
    if (rows.observationSize !== width)
      throw new RangeError(
        `Cannot score: an observation has ${width} numbers, got ${rows.observationSize}`,
      );
    this.#many ??= this.#network.pass(ROWS_AT_ONCE);
    const { inputs, outputs } = this.#many;
    const size = rows.actions.kind === 'discrete' ? 1 : rows.actions.size;
    const action = new Float64Array(size);
    const at = { outputs, start: 0, free };
    for (let first = 0; first < rows.count; first += ROWS_AT_ONCE) {
      const end = Math.min(rows.count, first + ROWS_AT_ONCE);
      for (let i = first * width; i < end * width; i++)
        inputs[i - first * width] = (rows.observations[i] - centre[i % width]) / spread[i % width];
      this.#many.evaluate();
      for (let row = first; row < end; row++) {
        at.start = (row - first) * this.#head.outputs;
        if (scale) toScale(scale, rows.taken, row * size, action, 0);
        else action[0] = rows.taken[row];
        let log = this.#head.logDensity(at, action, 0, null);
        if (scale) log += logDensityChange(scale, action, 0);
        visit(row, log, at, action);
      }
    }
  }

  get head(): ActionHead {
    return this.#head;
  }
}

const ROWS_AT_ONCE = 256;
