/**
 * How people choose who plan for a reward, goal by goal: π(a | s), and stopping where it is an option.
 *
 *   π(a | s) = exp((r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′) − V(s)) / τ)
 */

import { exitsOfGoals, widestChoice } from '../../algorithms/choiceSituations.ts';
import { normalizeLogs } from '../../algorithms/normalizeLogs.ts';
import { scoreMoves } from '../../algorithms/plannedChoices.ts';
import type { Problem } from '../../algorithms/problem.ts';
import { discountOf } from '../../mdp/timeStructure.ts';
import type { TaskMoments } from '../../planning/criterion.ts';
import { createFiniteHorizon } from '../../planning/finiteHorizon.ts';
import { createTaskValues } from '../../planning/taskValues.ts';

/** Where those who head for one goal set out. */
export interface TaskStarts {
  /** Index of the goal; −1 where there are none. */
  readonly goal: number;
  /** States, ascending; the plan covers what can be reached from them. */
  readonly state: Int32Array;
}

export interface TaskBehavior {
  /** V of a state at a decision time; times do not matter but for a finite horizon. */
  valueAt(time: number, state: number): number;
  /**
   * Returns the probabilities of the pairs of a state, in order, and of stopping, last, where that is
   * an option; valid until the next call. None where a task ends by itself.
   */
  choicesAt(time: number, state: number): Float64Array;
}

/**
 * Returns a function of a task that plans it; null where its values are infinite. One at a time:
 * what it returned before need not be kept.
 *
 * @param reward [pairs]
 * @param tasks all that will be asked for
 */
export function plannedBehavior(
  { world, time, goals, temperature }: Problem,
  reward: Float64Array,
  tasks: readonly TaskStarts[],
): (task: TaskStarts) => TaskBehavior | null {
  const { mdp } = world;
  const { pairStart } = mdp;
  const discount = discountOf(time);
  const scores = new Float64Array(widestChoice(mdp) + 1);

  /** @param from where in `value` the V of what follows the decision begins */
  const choices = (
    state: number,
    value: Float64Array,
    from: number,
    ending: number | undefined,
  ): Float64Array => {
    const first = pairStart[state];
    const width = pairStart[state + 1] - first;
    scoreMoves(mdp, reward, discount, temperature, state, value, from, scores);
    if (ending !== undefined) scores[width] = ending / temperature;
    const options = scores.subarray(0, ending === undefined ? width : width + 1);
    normalizeLogs(options);
    for (let i = 0; i < options.length; i++) options[i] = Math.exp(options[i]);
    return options;
  };

  if (time.kind === 'finite') {
    const planner = createFiniteHorizon(mdp, time.horizon, discount, temperature);
    planner.plan(reward);
    const behavior: TaskBehavior = {
      valueAt: (t, s) => planner.value[t * mdp.stateCount + s],
      choicesAt: (t, s) =>
        choices(s, planner.value, Math.min(t + 1, time.horizon) * mdp.stateCount, undefined),
    };
    return () => behavior;
  }

  const moments = {
    counts: new Float64Array(mdp.pairCount),
    stopReward: 0,
    tasks: [] as TaskMoments[],
  };
  const momentsOf = new Map<TaskStarts, TaskMoments>();
  for (const task of tasks) {
    const nothing = new Int32Array(0);
    const decisions = { state: nothing, time: nothing, weight: new Float64Array(0) };
    const own = { goal: task.goal, ...decisions, visited: task.state, decisions };
    moments.tasks.push(own);
    momentsOf.set(task, own);
  }
  const exits = exitsOfGoals(goals);
  const valuesOf = createTaskValues(mdp, goals, moments, reward, { discount, temperature });
  return (task) => {
    const own = momentsOf.get(task);
    if (!own) throw new RangeError('Cannot plan a task that was not announced');
    const value = valuesOf(own);
    if (!value) return null;
    const stop = exits[task.goal];
    const goal = goals[task.goal];
    const ends = new Set(goal?.absorbing ? goal.stopState : []);
    const none = scores.subarray(0, 0);
    return {
      valueAt: (_t, s) => value[s],
      choicesAt: (_t, s) => (ends.has(s) ? none : choices(s, value, 0, stop?.get(s))),
    };
  };
}
