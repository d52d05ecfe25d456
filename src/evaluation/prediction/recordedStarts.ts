/** Where people set out, and for what: the recorded starts of each goal with their shares. */

import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';

export interface WeightedStarts {
  /** Index of the goal; −1 where there are none. */
  readonly goal: number;
  /** States, ascending. */
  readonly state: Int32Array;
  /** Shares; those of all goals together sum to 1. */
  readonly weight: Float64Array;
}

/**
 * Returns the starts of all trajectories with a decision, by weight. A start distribution of the
 * problem takes their place but for trips to undiscounted goals, which come with their starts.
 */
export function recordedStarts(problem: Problem): WeightedStarts[] {
  const { trajectories, initial, time } = problem;
  const { count, rowStart, state, goal, weight } = trajectories;
  const decisions = decisionsPerTrajectory(problem);
  const byGoal = new Map<number, Map<number, number>>();
  let total = 0;
  const add = (g: number, s: number, share: number): void => {
    const starts = byGoal.get(g) ?? new Map<number, number>();
    byGoal.set(g, starts.set(s, (starts.get(s) ?? 0) + share));
  };
  for (let i = 0; i < count; i++) {
    if (decisions[i] === 0 || weight[i] === 0) continue;
    total += weight[i];
    if (!initial || time.kind === 'undiscounted') add(goal[i], state[rowStart[i]], weight[i]);
    else
      for (let s = 0; s < initial.length; s++)
        if (initial[s] > 0) add(goal[i], s, weight[i] * initial[s]);
  }
  if (total === 0)
    throw new RangeError('Cannot predict: no trajectory with a decision shows where people start');
  return [...byGoal]
    .sort(([a], [b]) => a - b)
    .map(([g, starts]) => {
      const ascending = [...starts].sort(([a], [b]) => a - b);
      return {
        goal: g,
        state: Int32Array.from(ascending, ([s]) => s),
        weight: Float64Array.from(ascending, ([, share]) => share / total),
      };
    });
}

/** How many decisions people were watched for, on average and rounded; at least 1. */
export function usualLength(problem: Problem): number {
  const { weight } = problem.trajectories;
  let sum = 0;
  let total = 0;
  decisionsPerTrajectory(problem).forEach((decisions, i) => {
    if (decisions === 0) return;
    sum += weight[i] * decisions;
    total += weight[i];
  });
  return Math.max(1, Math.round(sum / total));
}
