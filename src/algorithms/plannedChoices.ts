/**
 * How likely every recorded choice was to somebody who plans for a reward, goal by goal:
 *
 *   log π(a | s) = (r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′) − V(s)) / τ
 */

import type { Mdp } from '../mdp/mdp.ts';
import { discountOf } from '../mdp/timeStructure.ts';
import { createFiniteHorizon } from '../planning/finiteHorizon.ts';
import { likelihoodMoments } from '../planning/moments.ts';
import { createTaskValues } from '../planning/taskValues.ts';
import type { VisitChoice } from './behavior.ts';
import { exitsOfGoals, widestChoice } from './choiceSituations.ts';
import { normalizeLogs } from './normalizeLogs.ts';
import type { Problem } from './problem.ts';

/**
 * Tells `visit` about every decision of the problem's trajectories. Returns false, having told
 * perhaps some, where the reward has no finite value for one of the goals.
 *
 * @param reward [pairs]
 */
export function plannedChoices(
  problem: Problem,
  reward: Float64Array,
  visit: VisitChoice,
): boolean {
  const { world, goals, trajectories, time, temperature } = problem;
  const { mdp } = world;
  const discount = discountOf(time);
  const { rowStart, state, pair, stopped } = trajectories;
  const scores = new Float64Array(widestChoice(mdp) + 1);
  const headingFor = new Map<number, number[]>();
  trajectories.goal.forEach((goal, i) => {
    const others = headingFor.get(goal);
    if (others) others.push(i);
    else headingFor.set(goal, [i]);
  });

  /** @param valueAt where in `value` the V of what follows a decision at step t begins */
  const tell = (
    goal: number,
    stop: ReadonlyMap<number, number>,
    value: Float64Array,
    valueAt: (t: number) => number,
  ): void => {
    for (const i of headingFor.get(goal) ?? [])
      for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
        if (pair[row] < 0 && !stopped[i]) continue;
        const first = mdp.pairStart[state[row]];
        const width = mdp.pairStart[state[row] + 1] - first;
        const from = valueAt(row - rowStart[i]);
        scoreMoves(mdp, reward, discount, temperature, state[row], value, from, scores);
        const ending = stop.get(state[row]);
        if (ending !== undefined) scores[width] = ending / temperature;
        const options = scores.subarray(0, ending === undefined ? width : width + 1);
        normalizeLogs(options);
        visit(row, options, pair[row] < 0 ? width : pair[row] - first);
      }
  };

  if (time.kind === 'finite') {
    const planner = createFiniteHorizon(mdp, time.horizon, discount, temperature);
    planner.plan(reward);
    tell(-1, new Map(), planner.value, (t) => (t + 1) * mdp.stateCount);
    return true;
  }
  const moments = likelihoodMoments(mdp, goals, trajectories, time);
  const exits = exitsOfGoals(goals);
  const valuesOf = createTaskValues(mdp, goals, moments, reward, { discount, temperature });
  for (const task of moments.tasks) {
    const value = valuesOf(task);
    if (!value) return false;
    tell(task.goal, exits[task.goal] ?? new Map(), value, () => 0);
  }
  return true;
}

/** Writes Q(s, a) / τ of the pairs of a state; `from` is where V begins in `value`. */
export function scoreMoves(
  { pairStart, transitionStart, nextState, probability }: Mdp,
  reward: Float64Array,
  discount: number,
  temperature: number,
  state: number,
  value: Float64Array,
  from: number,
  out: Float64Array,
): void {
  const first = pairStart[state];
  for (let pair = first; pair < pairStart[state + 1]; pair++) {
    let next = 0;
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      next += probability[k] * value[from + nextState[k]];
    // Nothing ahead counts where the discount is 0, not even what is out of reach.
    out[pair - first] = (reward[pair] + (discount === 0 ? 0 : discount * next)) / temperature;
  }
}
