/**
 * The soft values of a reward, one task after another: what is needed to say how likely every
 * choice was, not only how likely all of them together.
 *
 * Where moves are deterministic and nothing is discounted, z = exp(V / τ) solves (I − M) z = b with
 * one M for all goals: it is factored once, and every goal is one solve for all states. Moves out of
 * an absorbing goal stay in M; they scale all z alike, so V(s) = τ log(z(s) / z(goal)). Where the
 * numbers leave their range, or the shared M has no finite solution, the task is planned by itself.
 */

import type { Goal } from '../mdp/goal.ts';
import { isDeterministic, type Mdp } from '../mdp/mdp.ts';
import { createFactors, factorize, type LuFactors, solveLu } from '../numeric/sparseLu.ts';
import type { Moments, TaskMoments } from './criterion.ts';
import { createGoalMatrices, type GoalMatrices } from './goalMatrices.ts';
import { fillMoveWeights } from './moveWeights.ts';
import { shortestPathGuess } from './shortestPathGuess.ts';
import { SoftPolicyIteration } from './softPolicyIteration.ts';
import { stationaryTask } from './stationaryTask.ts';

export interface TaskValuesOptions {
  /** γ, 0 ≤ γ ≤ 1; 1 needs goals. */
  readonly discount: number;
  /** τ > 0 */
  readonly temperature: number;
}

/** A state whose z is smaller than this is not trusted, nor one whose equation is off by more. */
const SMALLEST = 1e-250;
const TOLERANCE = 1e-9;

/**
 * Returns a function of a task that gives [states] V(s), −∞ where its goal is out of reach; null
 * where no finite values exist. Nothing is kept from task to task but the shared factors.
 *
 * @param reward [pairs]
 */
export function createTaskValues(
  mdp: Mdp,
  goals: readonly Goal[],
  moments: Moments,
  reward: Float64Array,
  options: TaskValuesOptions,
): (task: TaskMoments) => Float64Array | null {
  const solver =
    options.discount === 1 && isDeterministic(mdp) && moments.tasks.length > 0
      ? routeSolver(createGoalMatrices(mdp, goals, moments, options.temperature), mdp, reward)
      : null;
  return (task) => {
    const goal = goals[task.goal] ?? null;
    const quick = solver && goal ? solver(goal, task.visited) : null;
    return quick ?? plannedValues(mdp, goal, task.visited, reward, options);
  };
}

/** Plans a task by itself. */
function plannedValues(
  mdp: Mdp,
  goal: Goal | null,
  visited: Int32Array,
  reward: Float64Array,
  { discount, temperature }: TaskValuesOptions,
): Float64Array | null {
  const task = stationaryTask(mdp, goal, visited, discount);
  const guess = discount === 1 ? shortestPathGuess(task) : null;
  const planner = new SoftPolicyIteration(
    { mdp: task.mdp, stop: task.stop, discount, temperature },
    guess ? { firstGuess: guess } : {},
  );
  const taskReward = Float64Array.from(task.worldPair, (pair) => reward[pair]);
  if (planner.plan(taskReward) !== 'converged') return null;
  const value = new Float64Array(mdp.stateCount).fill(Number.NEGATIVE_INFINITY);
  task.worldState.forEach((s, i) => {
    value[s] = planner.value[i];
  });
  return value;
}

/** Solves goals on the shared factors; null where there are none, and of a goal they cannot serve. */
function routeSolver(
  { moves, pattern, temperature }: GoalMatrices,
  { stateCount }: Mdp,
  reward: Float64Array,
): ((goal: Goal, visited: Int32Array) => Float64Array | null) | null {
  const m = new Float64Array(moves.column.length);
  fillMoveWeights(moves, reward, temperature, null, m);
  const factors: LuFactors = createFactors(pattern);
  if (m.includes(Number.POSITIVE_INFINITY) || factorize(factors, m) >= 0) return null;
  const b = new Float64Array(moves.state.length);
  const z = new Float64Array(moves.state.length);

  return ({ absorbing, stopState, stopReward }, visited) => {
    // Several states that absorb need a matrix without the moves out of them.
    if (absorbing && stopState.length !== 1) return null;
    const level = stopReward.reduce((a, r) => Math.max(a, r), Number.NEGATIVE_INFINITY);
    b.fill(0);
    stopState.forEach((s, i) => {
      const row = moves.rowOfState[s];
      if (row >= 0) b[row] = Math.exp((stopReward[i] - level) / temperature);
    });
    solveLu(factors, b, z);
    const rowOf = (s: number): number => moves.rowOfState[s];
    if (!visited.every((s) => rowOf(s) >= 0 && z[rowOf(s)] >= SMALLEST)) return null;
    if (!isSolved(moves, m, b, z)) return null;
    const scale = absorbing ? Math.log(z[rowOf(stopState[0])]) : 0;
    const value = new Float64Array(stateCount).fill(Number.NEGATIVE_INFINITY);
    moves.state.forEach((s, row) => {
      if (z[row] > 0) value[s] = level + temperature * (Math.log(z[row]) - scale);
    });
    return value;
  };
}

/** Whether every z that is large enough to matter solves its equation, z = M z + b. */
function isSolved(
  { rowStart, column }: GoalMatrices['moves'],
  m: Float64Array,
  b: Float64Array,
  z: Float64Array,
): boolean {
  for (let row = 0; row < z.length; row++) {
    let sum = b[row];
    for (let e = rowStart[row]; e < rowStart[row + 1]; e++) sum += m[e] * z[column[e]];
    if (Number.isNaN(sum) || !Number.isFinite(z[row])) return false;
    if (z[row] >= SMALLEST && Math.abs(sum - z[row]) > TOLERANCE * z[row]) return false;
  }
  return true;
}
