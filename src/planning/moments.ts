/**
 * What a criterion needs to know of the demonstrations: pair counts and the weights on soft values.
 *
 * Likelihood: N counts decisions, c(s′) = γ Σ N(s,a) p(s′|s,a) − N(s′), per goal (and per time
 * where the horizon is finite). Feature matching: N counts with weight γᵗ, c = − start weights.
 */

import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';
import { discountOf, type TimeStructure } from '../mdp/timeStructure.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import type { Moments, TaskMoments } from './criterion.ts';

/** Moments of the exact causal likelihood of the decisions. */
export function likelihoodMoments(
  mdp: Mdp,
  goals: readonly Goal[],
  trajectories: Trajectories,
  time: TimeStructure,
): Moments {
  const discount = discountOf(time);
  return collect(mdp, goals, trajectories, time, (task, trajectory, counts, weight) => {
    const { rowStart, state, pair, stopped } = trajectories;
    for (let row = rowStart[trajectory]; row < rowStart[trajectory + 1]; row++) {
      const t = row - rowStart[trajectory];
      const p = pair[row];
      if (p < 0) {
        if (stopped[trajectory]) task.add(t, state[row], -weight);
        continue;
      }
      counts[p] += weight;
      task.add(t, state[row], -weight);
      for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++)
        task.add(t + 1, mdp.nextState[k], weight * discount * mdp.probability[k]);
    }
    return weight;
  });
}

/**
 * Moments of the max-ent dual Σ γᵗ r − Σ V(start).
 *
 * @param initial [states] start distribution; null takes the states that trajectories start from
 */
export function featureMatchingMoments(
  mdp: Mdp,
  goals: readonly Goal[],
  trajectories: Trajectories,
  time: TimeStructure,
  initial: Float64Array | null,
): Moments {
  const discount = discountOf(time);
  return collect(mdp, goals, trajectories, time, (task, trajectory, counts, weight) => {
    const { rowStart, state, pair } = trajectories;
    const first = rowStart[trajectory];
    if (initial) {
      for (let s = 0; s < initial.length; s++)
        if (initial[s] > 0) task.add(0, s, -weight * initial[s]);
    } else task.add(0, state[first], -weight);
    let worth = weight;
    for (let row = first; row < rowStart[trajectory + 1]; row++) {
      if (pair[row] < 0) return worth;
      counts[pair[row]] += worth;
      worth *= discount;
    }
    return worth;
  });
}

/** The weights of one goal while they are being summed. */
interface TaskSum {
  add(time: number, state: number, weight: number): void;
}

/** Totals of one goal, by time · states + state. */
interface TaskSums {
  readonly weights: Map<number, number>;
  readonly decisions: Map<number, number>;
  readonly visited: Set<number>;
}

/** Adds what one trajectory weighs; returns what a reward at its end is worth. */
type AddTrajectory = (
  task: TaskSum,
  trajectory: number,
  counts: Float64Array,
  weight: number,
) => number;

function collect(
  mdp: Mdp,
  goals: readonly Goal[],
  trajectories: Trajectories,
  time: TimeStructure,
  addTrajectory: AddTrajectory,
): Moments {
  const { stateCount } = mdp;
  const horizon = time.kind === 'finite' ? time.horizon : 1;
  const counts = new Float64Array(mdp.pairCount);
  let stopReward = 0;
  const sums = new Map<number, TaskSums>();
  for (let i = 0; i < trajectories.count; i++) {
    const first = trajectories.rowStart[i];
    // Where nothing was decided there is nothing to explain, not even the start.
    if (trajectories.pair[first] < 0 && !trajectories.stopped[i]) continue;
    const goal = trajectories.goal[i];
    const sum = sums.get(goal) ?? { weights: new Map(), decisions: new Map(), visited: new Set() };
    sums.set(goal, sum);
    const addTo = (total: Map<number, number>, t: number, s: number, weight: number): void => {
      const when = time.kind === 'finite' ? t : 0;
      if (when >= horizon) return;
      const key = when * stateCount + s;
      total.set(key, (total.get(key) ?? 0) + weight);
    };
    const task: TaskSum = {
      add(t, s, weight) {
        addTo(sum.weights, t, s, weight);
        sum.visited.add(s);
      },
    };
    const weight = trajectories.weight[i];
    const endWorth = addTrajectory(task, i, counts, weight);
    const last = trajectories.rowStart[i + 1] - 1;
    for (let row = first; row <= last; row++) {
      sum.visited.add(trajectories.state[row]);
      if (trajectories.pair[row] >= 0 || trajectories.stopped[i])
        addTo(sum.decisions, row - first, trajectories.state[row], weight);
    }
    if (trajectories.stopped[i])
      stopReward += endWorth * stopRewardAt(goals[goal], trajectories.state[last]);
  }

  const tasks = [...sums]
    .sort(([a], [b]) => a - b)
    .map(
      ([goal, { weights, decisions, visited }]): TaskMoments => ({
        goal,
        ...sparse(weights, stateCount),
        visited: Int32Array.from(visited).sort(),
        decisions: sparse(decisions, stateCount),
      }),
    );
  return { counts, stopReward, tasks };
}

/** Totals by time · states + state, as parallel arrays in that order, zeros left out. */
function sparse(totals: Map<number, number>, stateCount: number): TaskMoments['decisions'] {
  const keys = [...totals.keys()].filter((key) => totals.get(key) !== 0).sort((a, b) => a - b);
  return {
    state: Int32Array.from(keys, (key) => key % stateCount),
    time: Int32Array.from(keys, (key) => Math.floor(key / stateCount)),
    weight: Float64Array.from(keys, (key) => totals.get(key) ?? 0),
  };
}

function stopRewardAt(goal: Goal, state: number): number {
  return goal.stopReward[goal.stopState.indexOf(state)];
}
