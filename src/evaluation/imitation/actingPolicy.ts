/**
 * A policy as a world meets it, whoever learned it: actions and densities are in the world's own
 * units, so that policies that were learned in other units can be compared.
 *
 *   a_j = low_j + (x_j + 1) (high_j − low_j) / 2,   log π(a | o) = log π(x | o) − Σ_j log((high_j − low_j) / 2)
 */

import type { SoftAgent } from '../../algorithms/simulated/softAgent.ts';
import type { BoxActions, DiscreteActions } from '../../environments/simulator.ts';
import type { ClonedPolicy } from '../../learning/cloning/clonedPolicy.ts';
import type { CloningActions } from '../../learning/cloning/cloningRows.ts';
import type { Rng } from '../../numeric/rng.ts';

export interface ActingPolicy {
  /**
   * Acts in several worlds at once.
   *
   * @param observations [rows × observationSize]
   * @param rng draws the actions; null: the likeliest
   * @param out [rows × actionSize] numbers of actions, or points of the box
   */
  act(observations: Float64Array, rows: number, rng: Rng | null, out: Float64Array): void;
  /** Overwrites `out` [rows] with log π(a | o): probabilities, or densities. */
  logLikelihood(
    observations: Float64Array,
    actions: Float64Array,
    rows: number,
    out: Float64Array,
  ): void;
}

/** An agent that learned in (−1, 1), in the box of a world. */
export function agentPolicy(
  agent: Pick<SoftAgent, 'act' | 'logLikelihood'>,
  actions: DiscreteActions | BoxActions,
): ActingPolicy {
  if (actions.kind === 'discrete') return agent;
  const { low, high } = actions;
  const size = low.length;
  const half = low.map((least, j) => (high[j] - least) / 2);
  const change = half.reduce((sum, h) => sum + Math.log(h), 0);
  return {
    act(observations, rows, rng, out) {
      agent.act(observations, rows, rng, out);
      for (let i = 0; i < rows * size; i++) out[i] = low[i % size] + half[i % size] * (out[i] + 1);
    },
    logLikelihood(observations, taken, rows, out) {
      const inside = Float64Array.from(
        { length: rows * size },
        (_, i) => (taken[i] - low[i % size]) / half[i % size] - 1,
      );
      agent.logLikelihood(observations, inside, rows, out);
      for (let i = 0; i < rows; i++) out[i] -= change;
    },
  };
}

/** A clone; what it would do outside the box of a world is done at its edge. */
export function clonePolicy(
  policy: ClonedPolicy,
  actions: DiscreteActions | BoxActions,
): ActingPolicy {
  const { centre } = policy.data;
  const observationSize = centre.length;
  const size = actions.kind === 'discrete' ? 1 : actions.low.length;
  const one = new Float64Array(size);
  return {
    act(observations, rows, rng, out) {
      for (let row = 0; row < rows; row++) {
        const at = row * observationSize;
        policy.act(observations.subarray(at, at + observationSize), rng, one);
        for (let j = 0; j < size; j++)
          out[row * size + j] =
            actions.kind === 'discrete'
              ? one[j]
              : Math.min(Math.max(one[j], actions.low[j]), actions.high[j]);
      }
    },
    logLikelihood(observations, taken, rows, out) {
      const none = new Int32Array(rows);
      policy.eachRow(
        {
          count: rows,
          observationSize,
          observations,
          actions: cloningActions(actions),
          taken,
          trajectories: [],
          trajectory: none,
          step: none,
        },
        (row, log) => {
          out[row] = log;
        },
      );
    },
  };
}

/** The actions of a world as a clone is told them. */
export function cloningActions(actions: DiscreteActions | BoxActions): CloningActions {
  if (actions.kind === 'discrete') return { kind: 'discrete', count: actions.count };
  const { low, high } = actions;
  return { kind: 'continuous', size: low.length, box: { low: [...low], high: [...high] } };
}
