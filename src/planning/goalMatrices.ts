/**
 * The matrices of move weights behind the goals of an undiscounted problem.
 *
 * Each goal has its own: on the states that its trajectories can come to and from which it is
 * reached for certain, without the moves out of it where it absorbs. All of them are parts of one
 * shared matrix, so they have one pattern, and a radius below 1 of the shared one is enough for all.
 */

import type { Goal } from '../mdp/goal.ts';
import { type Mdp, statesOfPairs } from '../mdp/mdp.ts';
import { reachableFrom, taskSupport } from '../mdp/reachability.ts';
import { analyzeLu, type LuPattern } from '../numeric/luPattern.ts';
import type { Moments, TaskMoments } from './criterion.ts';
import { createMoveWeights, type MoveWeights } from './moveWeights.ts';

export interface GoalMatrices {
  readonly pairCount: number;
  /** The shared matrix. */
  readonly moves: MoveWeights;
  readonly pattern: LuPattern;
  /** τ */
  readonly temperature: number;
  readonly taskCount: number;
  /** [pairs] 1 for the pairs that make up the matrix of one task; worked out when first asked for. */
  usable(task: number): Uint8Array;
}

/** Lays out the matrices of all tasks; every goal index of `moments` must be one of `goals`. */
export function createGoalMatrices(
  mdp: Mdp,
  goals: readonly Goal[],
  moments: Moments,
  temperature: number,
): GoalMatrices {
  const { tasks } = moments;
  for (const { goal } of tasks)
    if (!goals[goal])
      throw new RangeError(
        `Cannot lay out goals: a task heads for goal ${goal} of ${goals.length}`,
      );

  const anyGoal = unionOf([...new Set(tasks.map(({ goal }) => goal))].map((g) => goals[g]));
  const support = taskSupport(mdp, anyGoal);
  const isSource = new Uint8Array(mdp.stateCount);
  for (const task of tasks) for (const s of sourcesOf(task)) isSource[s] = 1;
  const sources = Int32Array.from(isSource.keys()).filter((s) => isSource[s] === 1);
  const states = reachableFrom(mdp, sources, support.allowed);
  for (let s = 0; s < mdp.stateCount; s++) states[s] &= support.live[s];
  const moves = createMoveWeights(mdp, states, support.allowed);

  const stateOfPair = statesOfPairs(mdp);
  const known: Uint8Array[] = [];
  return {
    pairCount: mdp.pairCount,
    moves,
    pattern: analyzeLu(moves.state.length, moves.rowStart, moves.column),
    temperature,
    taskCount: tasks.length,
    usable(task) {
      if (known[task]) return known[task];
      const { allowed } = taskSupport(mdp, goals[tasks[task].goal]);
      const reached = reachableFrom(mdp, sourcesOf(tasks[task]), allowed);
      known[task] = allowed.map((usable, pair) => usable & reached[stateOfPair[pair]]);
      return known[task];
    },
  };
}

/** States whose value a task is about. */
function sourcesOf({ state, visited }: TaskMoments): Int32Array {
  const sources = new Int32Array(state.length + visited.length);
  sources.set(state);
  sources.set(visited, state.length);
  return sources;
}

/** A goal that is reached where any of them is; its matrix has all of theirs as parts. */
function unionOf(goals: readonly Goal[]): Goal {
  if (goals.length === 1) return goals[0];
  const stopState = Int32Array.from(new Set(goals.flatMap((goal) => [...goal.stopState]))).sort();
  const stopReward = new Float64Array(stopState.length);
  return { name: 'any', absorbing: false, stopState, stopReward };
}

/**
 * The matrix of one goal by itself, for walks that begin in given states; nothing need have been
 * recorded.
 */
export function goalMatrixFrom(
  mdp: Mdp,
  goal: Goal,
  from: Int32Array,
  temperature: number,
): GoalMatrices {
  const none = { state: new Int32Array(0), time: new Int32Array(0), weight: new Float64Array(0) };
  const task: TaskMoments = { ...none, goal: 0, visited: from, decisions: none };
  const moments = { counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks: [task] };
  return createGoalMatrices(mdp, [goal], moments, temperature);
}
