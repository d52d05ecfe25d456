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
import { SparseTotals } from '../numeric/sparseTotals.ts';
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
  const { rowStart, state, pair, stopped, goal } = trajectories;
  const horizon = time.kind === 'finite' ? time.horizon : 1;
  const counts = new Float64Array(mdp.pairCount);
  let stopReward = 0;
  // By time · states + state, one goal after the other.
  const weights = new SparseTotals(horizon * stateCount);
  const decisions = new SparseTotals(horizon * stateCount);
  const visited = new SparseTotals(stateCount);
  const addTo = (totals: SparseTotals, t: number, s: number, weight: number): void => {
    const when = time.kind === 'finite' ? t : 0;
    if (when < horizon) totals.add(when * stateCount + s, weight);
  };
  const task: TaskSum = {
    add(t, s, weight) {
      addTo(weights, t, s, weight);
      visited.add(s, 1);
    },
  };

  // Where nothing was decided there is nothing to explain, not even the start.
  const decided = Array.from({ length: trajectories.count }, (_, i) => i)
    .filter((i) => pair[rowStart[i]] >= 0 || stopped[i])
    .sort((i, j) => goal[i] - goal[j] || i - j);
  const tasks: TaskMoments[] = [];
  decided.forEach((i, place) => {
    const weight = trajectories.weight[i];
    const endWorth = addTrajectory(task, i, counts, weight);
    const last = rowStart[i + 1] - 1;
    for (let row = rowStart[i]; row <= last; row++) {
      visited.add(state[row], 1);
      if (pair[row] >= 0 || stopped[i]) addTo(decisions, row - rowStart[i], state[row], weight);
    }
    if (stopped[i]) stopReward += endWorth * stopRewardAt(goals[goal[i]], state[last]);
    if (goal[decided[place + 1]] === goal[i]) return;
    tasks.push({
      goal: goal[i],
      ...byTimeAndState(weights, stateCount),
      visited: visited.take().index,
      decisions: byTimeAndState(decisions, stateCount),
    });
  });
  return { counts, stopReward, tasks };
}

/** Takes totals by time · states + state as parallel arrays in that order, zeros left out. */
function byTimeAndState(totals: SparseTotals, stateCount: number): TaskMoments['decisions'] {
  const { index, value } = totals.take();
  const keys = index.filter((_, i) => value[i] !== 0);
  return {
    state: keys.map((key) => key % stateCount),
    time: keys.map((key) => Math.floor(key / stateCount)),
    weight: value.filter((x) => x !== 0),
  };
}

function stopRewardAt(goal: Goal, state: number): number {
  return goal.stopReward[goal.stopState.indexOf(state)];
}
