/**
 * A policy of whatever origin as held-out decisions see it: actions are written as they were recorded.
 * Clones, agents of fitted rewards and policies of values all become one.
 */

import type { SoftAgent } from '../../algorithms/simulated/softAgent.ts';
import type { ClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import type { CloningActions, CloningRows } from '../../learning/cloning/cloningRows.ts';
import type { Rng } from '../../numeric/rng.ts';

export interface Imitator {
  readonly name: string;
  /**
   * Acts in several worlds at once.
   *
   * @param observations [rows × observationSize]
   * @param rng draws the actions; null: the likeliest, or middle, ones
   * @param out [rows × size] coordinates, or [rows] numbers of actions
   */
  act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array): void;
  /** Overwrites `out` [rows] with log π of what was done: probabilities, or densities as recorded. */
  logLikelihood(rows: CloningRows, out: Float64Array): void;
  /** By coordinate, [rows] Pr(A ≤ a); absent where only draws can tell. */
  readonly below?: (rows: CloningRows) => readonly Float64Array[];
}

export function imitatorOfClone(name: string, policy: ClonedPolicy): Imitator {
  const { centre, actions } = policy.data;
  const size = sizeOf(actions);
  return {
    name,
    act(observations, rows, rng, out) {
      for (let i = 0; i < rows; i++)
        policy.act(
          observations.subarray(i * centre.length, (i + 1) * centre.length),
          rng,
          out.subarray(i * size, (i + 1) * size),
        );
    },
    logLikelihood(rows, out) {
      policy.eachRow(rows, (row, log) => {
        out[row] = log;
      });
    },
    below(rows) {
      const out = Array.from({ length: size }, () => new Float64Array(rows.count));
      policy.eachRow(rows, (row, _, at, action) => {
        for (let j = 0; j < size; j++) out[j][row] = policy.head.below(at, action, 0, j) ?? 0;
      });
      return out;
    },
  };
}

/**
 * @param agent who writes actions as numbers, or as coordinates in [−1, 1] of the box
 * @throws RangeError where actions are continuous and have no box
 */
export function imitatorOf(
  name: string,
  agent: Pick<SoftAgent, 'act' | 'logLikelihood'>,
  actions: CloningActions,
): Imitator {
  if (actions.kind === 'discrete')
    return {
      name,
      act: (observations, rows, rng, out) => agent.act(observations, rows, rng, out),
      logLikelihood: (rows, out) =>
        agent.logLikelihood(rows.observations, rows.taken, rows.count, out),
    };
  const { box, size } = actions;
  if (!box)
    throw new RangeError(`Cannot score "${name}": it acts in a box, and the actions have none`);
  const reach = box.low.map((low, j) => (box.high[j] - low) / 2);
  const change = reach.reduce((sum, half) => sum - Math.log(half), 0);
  return {
    name,
    act(observations, rows, rng, out) {
      agent.act(observations, rows, rng, out);
      for (let i = 0; i < rows * size; i++)
        out[i] = box.low[i % size] + (out[i] + 1) * reach[i % size];
    },
    logLikelihood(rows, out) {
      const inside = rows.taken.map((a, i) => (a - box.low[i % size]) / reach[i % size] - 1);
      agent.logLikelihood(rows.observations, inside, rows.count, out);
      for (let i = 0; i < rows.count; i++) out[i] += change;
    },
  };
}

/** The same as those who step through worlds see it: coordinates of the box in [−1, 1]. */
export function asAgent(
  imitator: Imitator,
  actions: CloningActions,
): Pick<SoftAgent, 'act' | 'actionSize'> {
  const size = sizeOf(actions);
  const box = actions.kind === 'discrete' ? null : actions.box;
  return {
    actionSize: size,
    act(observations, rows, rng, out) {
      imitator.act(observations, rows, rng, out);
      if (!box) return;
      for (let i = 0; i < rows * size; i++) {
        const [low, high] = [box.low[i % size], box.high[i % size]];
        out[i] = (2 * (out[i] - low)) / (high - low) - 1;
      }
    },
  };
}

function sizeOf(actions: CloningActions): number {
  return actions.kind === 'discrete' ? 1 : actions.size;
}
