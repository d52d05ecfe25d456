/** The behaviour of a conditional logit: choices by their own utilities, wherever they lead. */

import type { ChoiceProbabilities } from '../planning/choiceProbabilities.ts';
import type { Behavior, VisitChoice } from './behavior.ts';
import { exitsOfGoals, widestChoice } from './choiceSituations.ts';
import { eachDecision } from './eachDecision.ts';
import { normalizeLogs } from './normalizeLogs.ts';
import type { Problem } from './problem.ts';

/** @param utility [pairs] of the problem's world */
export function logitBehavior(problem: Problem, utility: Float64Array): Behavior {
  const { world, goals } = problem;
  const { mdp } = world;
  const exits = exitsOfGoals(goals);
  const logs = new Float64Array(widestChoice(mdp) + 1);
  let withoutExits: ChoiceProbabilities | null = null;

  function choicesOf(exit: ReadonlyMap<number, number> | undefined): ChoiceProbabilities {
    const pairs = new Float64Array(mdp.pairCount);
    const stop = new Float64Array(mdp.stateCount);
    for (let s = 0; s < mdp.stateCount; s++) {
      const first = mdp.pairStart[s];
      const options = scoreOptions(problem, utility, s, exit?.get(s), logs);
      const width = mdp.pairStart[s + 1] - first;
      for (let a = 0; a < width; a++) pairs[first + a] = Math.exp(options[a]);
      if (options.length > width) stop[s] = Math.exp(options[width]);
    }
    return { pairs, stop };
  }

  return {
    reward: null,
    choices(visit) {
      visitLogitChoices(problem, utility, visit);
      return true;
    },
    towards(goal) {
      const exit = exits[goal];
      if (exit?.size) {
        const always = choicesOf(exit);
        return () => always;
      }
      const always = withoutExits ?? choicesOf(undefined);
      withoutExits = always;
      return () => always;
    },
  };
}

/** Tells how likely every choice of the problem's trajectories is, by the utilities of its pairs. */
export function visitLogitChoices(
  problem: Problem,
  utility: Float64Array,
  visit: VisitChoice,
): void {
  const { world, goals, trajectories } = problem;
  const { state, pair, goal } = trajectories;
  const exits = exitsOfGoals(goals);
  const logs = new Float64Array(widestChoice(world.mdp) + 1);
  eachDecision(trajectories, (i, row) => {
    const s = state[row];
    const options = scoreOptions(problem, utility, s, exits[goal[i]]?.get(s), logs);
    const first = world.mdp.pairStart[s];
    visit(row, options, pair[row] < 0 ? world.mdp.pairStart[s + 1] - first : pair[row] - first);
  });
}

/** Log-probabilities of the pairs of a state and, last, of stopping where that pays `exit`. */
function scoreOptions(
  { world: { mdp }, temperature }: Problem,
  utility: Float64Array,
  s: number,
  exit: number | undefined,
  out: Float64Array,
): Float64Array {
  const first = mdp.pairStart[s];
  const width = mdp.pairStart[s + 1] - first;
  for (let a = 0; a < width; a++) out[a] = utility[first + a] / temperature;
  if (exit !== undefined) out[width] = exit / temperature;
  const options = out.subarray(0, exit === undefined ? width : width + 1);
  normalizeLogs(options);
  return options;
}
