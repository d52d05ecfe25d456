/**
 * The behaviour that a table of counted choices says, in the world it was counted in or in another.
 *
 *   π_α(a | s) = (N(s, a) + α) / Σ_b (N(s, b) + α),  b over what is offered there now
 *
 * Counts are carried over by the names of state and action (and of the goal, in a table per goal).
 * So an action that no longer exists leaves its share to the others in proportion, one that is new
 * was never seen, and a state that was never seen is uniform.
 *
 * A table for all goals together counts stops wherever some goal has an exit. On the way to a goal
 * that has none there, nobody can stop: what is left is renormalised.
 */

import { namesakes } from '../mdp/sameNames.ts';
import type { ChoiceProbabilities } from '../planning/choiceProbabilities.ts';
import type { Behavior } from './behavior.ts';
import { exitsOfGoals, widestChoice } from './choiceSituations.ts';
import { type ChoiceTable, logShare, type TableLayout, tableLayout } from './choiceTable.ts';
import { eachDecision } from './eachDecision.ts';
import type { Problem } from './problem.ts';

export interface CountedChoices {
  readonly table: ChoiceTable;
  readonly layout: TableLayout;
  readonly perGoal: boolean;
  /** α that predictions add to every count. */
  readonly alpha: number;
}

/**
 * @param home where the choices were counted
 * @param there where they are to be made
 */
export function tabularBehavior(home: Problem, counted: CountedChoices, there: Problem): Behavior {
  const { perGoal, alpha } = counted;
  const { world, goals, trajectories } = there;
  const { mdp } = world;
  const layout =
    home.world === world && home.goals === goals ? counted.layout : tableLayout(there, perGoal);
  const table = layout === counted.layout ? counted.table : carryOver(home, counted, there, layout);
  const exits = exitsOfGoals(goals);
  let alike: ChoiceProbabilities | null = null;

  function choicesOf(goal: number): ChoiceProbabilities {
    const pairs = new Float64Array(mdp.pairCount);
    const stop = new Float64Array(mdp.stateCount);
    for (let s = 0; s < mdp.stateCount; s++) {
      const key = layout.keyOf(goal, s);
      const options = layout.optionsOf(key, s);
      const first = mdp.pairStart[s];
      const width = mdp.pairStart[s + 1] - first;
      const share = (a: number): number => Math.exp(logShare(table.get(key), a, options, alpha));
      const canStop = options > width && exits[goal]?.has(s) === true;
      const possible = options > width && !canStop ? 1 - share(width) : 1;
      for (let a = 0; a < width; a++) pairs[first + a] = share(a) / possible;
      if (canStop) stop[s] = share(width);
    }
    return { pairs, stop };
  }

  return {
    reward: null,
    choices(visit) {
      const { state, pair, goal } = trajectories;
      const logs = new Float64Array(widestChoice(mdp) + 1);
      eachDecision(trajectories, (i, row) => {
        const s = state[row];
        const key = layout.keyOf(goal[i], s);
        const options = layout.optionsOf(key, s);
        for (let a = 0; a < options; a++) logs[a] = logShare(table.get(key), a, options, alpha);
        visit(row, logs.subarray(0, options), layout.choiceOf(s, pair[row]));
      });
      return true;
    },
    towards(goal) {
      // Without exits all goals are alike to a table for all of them.
      const shared = !perGoal && !exits[goal]?.size;
      const found = (shared && alike) || choicesOf(goal);
      if (shared) alike = found;
      return () => found;
    },
  };
}

/** The counts under the names of another world. */
function carryOver(
  home: Problem,
  { table, layout, perGoal }: CountedChoices,
  there: Problem,
  to: TableLayout,
): ChoiceTable {
  const { mdp } = there.world;
  const same = namesakes(there.world, home.world);
  const goalNumber = new Map(home.goals.map(({ name }, g) => [name, g]));
  const carried = new Map<number, { state: number; counts: Float64Array; total: number }>();
  const goals = perGoal ? there.goals.map((_, g) => g) : [-1];
  for (const goal of perGoal && goals.length === 0 ? [-1] : goals) {
    const goalAtHome = goal < 0 ? -1 : (goalNumber.get(there.goals[goal].name) ?? -2);
    if (goalAtHome === -2) continue;
    for (let s = 0; s < mdp.stateCount; s++) {
      const before = same.state[s] < 0 ? -1 : same.state[s];
      const seen = before < 0 ? undefined : table.get(layout.keyOf(goalAtHome, before));
      if (!seen) continue;
      const key = to.keyOf(goal, s);
      const counts = new Float64Array(to.optionsOf(key, s));
      const first = mdp.pairStart[s];
      const width = mdp.pairStart[s + 1] - first;
      for (let a = 0; a < width; a++) {
        const pair = same.pair[first + a];
        if (pair >= 0) counts[a] = seen.counts[layout.choiceOf(before, pair)];
      }
      const stopAtHome = layout.choiceOf(before, -1);
      if (counts.length > width && stopAtHome < seen.counts.length)
        counts[width] = seen.counts[stopAtHome];
      carried.set(key, { state: s, counts, total: counts.reduce((a, b) => a + b, 0) });
    }
  }
  return carried;
}
