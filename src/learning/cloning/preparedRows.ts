/** Decisions as a network is trained on them: standardised, on the head's scale, and weighted. */

import type { z } from 'zod';
import { type ActionScale, toScale } from './actionScale.ts';
import type { ClonedPolicyData, HeadName } from './clonedPolicy.ts';
import type { CloningOptions } from './cloningOptions.ts';
import type { CloningRows } from './cloningRows.ts';

type Options = z.output<typeof CloningOptions>;

export interface PreparedRows {
  /** The policy, but for its numbers. */
  readonly form: Omit<ClonedPolicyData, 'parameters' | 'free'>;
  /** [rows × observation] */
  readonly inputs: Float32Array;
  readonly actionSize: number;
  /** [rows × actionSize] */
  readonly actions: Float64Array;
  /** [rows] */
  readonly weight: Float64Array;
  /** Actions at the edge of their box that had to be moved inwards. */
  readonly movedFromEdge: number;
}

/**
 * @param training the rows from which means, spreads and weights are taken
 * @throws RangeError for a head, a box or weights that do not go with the actions
 */
export function prepareRows(
  rows: CloningRows,
  options: Options,
  training: Int32Array,
): PreparedRows {
  const { actions: kind, observationSize: width } = rows;
  const head = options.head ?? (kind.kind === 'discrete' ? 'categorical' : 'gaussian-one-spread');
  if ((head === 'categorical') !== (kind.kind === 'discrete'))
    throw new RangeError(
      `Cannot clone ${kind.kind} actions with a ${head} head: use ${kind.kind === 'discrete' ? 'categorical' : 'one of the others'}`,
    );
  const seen = momentsOf(rows.observations, width, training);
  const scale = scaleOf(rows, head, training);
  const actionSize = kind.kind === 'discrete' ? 1 : kind.size;
  const actions = rows.taken.slice();
  let movedFromEdge = 0;
  for (let row = 0; scale && row < rows.count; row++) {
    const at = row * actionSize;
    if (toScale(scale, rows.taken, at, actions, at)) movedFromEdge++;
  }
  const { components, hidden, activation } = options;
  return {
    form: {
      head,
      components,
      actions: kind,
      scale,
      centre: seen.middle,
      spread: seen.reach,
      hidden,
      activation,
    },
    inputs: Float32Array.from(
      rows.observations,
      (x, i) => (x - seen.middle[i % width]) / seen.reach[i % width],
    ),
    actionSize,
    actions,
    weight: weightsOf(rows, options.classWeights, training),
    movedFromEdge,
  };
}

/** Mean and standard deviation of each column over some rows; 1 where it never varies. */
function momentsOf(
  values: Float64Array,
  width: number,
  rows: Int32Array,
): { middle: number[]; reach: number[] } {
  const middle = new Array<number>(width).fill(0);
  const reach = new Array<number>(width).fill(0);
  for (const row of rows)
    for (let j = 0; j < width; j++) middle[j] += values[row * width + j] / rows.length;
  for (const row of rows)
    for (let j = 0; j < width; j++)
      reach[j] += (values[row * width + j] - middle[j]) ** 2 / rows.length;
  return {
    middle,
    reach: reach.map((variance, j) => {
      const deviation = Math.sqrt(variance);
      return deviation > 1e-9 * Math.max(1, Math.abs(middle[j])) ? deviation : 1;
    }),
  };
}

function scaleOf(rows: CloningRows, head: HeadName, training: Int32Array): ActionScale | null {
  const { actions, taken } = rows;
  if (actions.kind === 'discrete') return null;
  if (head !== 'tanh-gaussian')
    return { kind: 'standard', ...momentsOf(taken, actions.size, training) };
  const { box } = actions;
  if (!box) throw new RangeError('Cannot clone with a tanh-gaussian head: the actions have no box');
  return {
    kind: 'box',
    middle: box.low.map((low, j) => (low + box.high[j]) / 2),
    reach: box.low.map((low, j) => (box.high[j] - low) / 2),
  };
}

function weightsOf(
  { count, actions, taken }: CloningRows,
  weights: Options['classWeights'],
  training: Int32Array,
): Float64Array {
  if (weights === 'none') return new Float64Array(count).fill(1);
  if (actions.kind !== 'discrete')
    throw new RangeError('Cannot weigh classes: the actions are not numbered');
  if (weights !== 'balanced') {
    if (weights.length !== actions.count)
      throw new RangeError(
        `Cannot weigh classes: wanted ${actions.count} weights, one per action, got ${weights.length}`,
      );
    return Float64Array.from(taken, (action) => weights[action]);
  }
  const times = new Float64Array(actions.count);
  for (const row of training) times[taken[row]]++;
  // an action that only held-out decisions show counts as if it had been seen once
  return Float64Array.from(
    taken,
    (action) => training.length / (actions.count * Math.max(1, times[action])),
  );
}
