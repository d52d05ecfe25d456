/** The behaviour of somebody who plans for a reward: soft-optimal choices, goal by goal. */

import { discountOf } from '../mdp/timeStructure.ts';
import type { ChoiceProbabilities, TimedChoices } from '../planning/choiceProbabilities.ts';
import { createFiniteHorizon } from '../planning/finiteHorizon.ts';
import { likelihoodMoments } from '../planning/moments.ts';
import { createTaskValues } from '../planning/taskValues.ts';
import type { Behavior } from './behavior.ts';
import { exitsOfGoals, widestChoice } from './choiceSituations.ts';
import { normalizeLogs } from './normalizeLogs.ts';
import { plannedChoices, scoreMoves } from './plannedChoices.ts';
import type { Problem } from './problem.ts';

/** @param reward [pairs] of the problem's world */
export function plannedBehavior(problem: Problem, reward: Float64Array): Behavior {
  const { time } = problem;
  const towards =
    time.kind === 'finite' ? untilHorizon(problem, reward) : untilGoal(problem, reward);
  return {
    reward,
    choices: (visit) => plannedChoices(problem, reward, visit),
    towards,
  };
}

/** Policies that change as the horizon comes closer; after it nothing is chosen. */
function untilHorizon(
  { world: { mdp }, time, temperature }: Problem,
  reward: Float64Array,
): Behavior['towards'] {
  const horizon = time.kind === 'finite' ? time.horizon : 0;
  const planner = createFiniteHorizon(mdp, horizon, discountOf(time), temperature);
  planner.plan(reward);
  const stop = new Float64Array(mdp.stateCount);
  const none: ChoiceProbabilities = { pairs: new Float64Array(mdp.pairCount), stop };
  return () => (t) => (t < horizon ? { pairs: planner.policyAt(t), stop } : none);
}

function untilGoal(problem: Problem, reward: Float64Array): Behavior['towards'] {
  const { world, goals, trajectories, time, temperature } = problem;
  const { mdp } = world;
  const discount = discountOf(time);
  const moments = likelihoodMoments(mdp, goals, trajectories, time);
  const exits = exitsOfGoals(goals);
  const valuesOf = createTaskValues(mdp, goals, moments, reward, { discount, temperature });
  const scores = new Float64Array(widestChoice(mdp) + 1);

  return (goal) => {
    const task = moments.tasks.find((candidate) => candidate.goal === goal);
    const value = task && valuesOf(task);
    if (!value) return null;
    const pairs = new Float64Array(mdp.pairCount);
    const stop = new Float64Array(mdp.stateCount);
    for (let s = 0; s < mdp.stateCount; s++) {
      if (value[s] === Number.NEGATIVE_INFINITY) continue;
      const first = mdp.pairStart[s];
      const width = mdp.pairStart[s + 1] - first;
      scoreMoves(mdp, reward, discount, temperature, s, value, 0, scores);
      const ending = exits[goal]?.get(s);
      if (ending !== undefined) scores[width] = ending / temperature;
      const options = scores.subarray(0, ending === undefined ? width : width + 1);
      normalizeLogs(options);
      for (let a = 0; a < width; a++) pairs[first + a] = Math.exp(options[a]);
      if (ending !== undefined) stop[s] = Math.exp(options[width]);
    }
    const always = { pairs, stop };
    const timed: TimedChoices = () => always;
    return timed;
  };
}
