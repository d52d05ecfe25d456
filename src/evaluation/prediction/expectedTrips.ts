/** What trips to undiscounted goals add up to: their value, their arrivals and their moves. */

import type { Problem } from '../../algorithms/problem.ts';
import { isDeterministic } from '../../mdp/mdp.ts';
import type { TaskMoments } from '../../planning/criterion.ts';
import { createRouteFlows, type TripTotals } from '../../planning/routeFlows.ts';
import { shortestPathGuess } from '../../planning/shortestPathGuess.ts';
import { SoftPolicyIteration } from '../../planning/softPolicyIteration.ts';
import { stationaryTask } from '../../planning/stationaryTask.ts';
import type { WeightedStarts } from './recordedStarts.ts';

/** Adds the trips under a reward [pairs] to the totals; false where a value is infinite. */
export type ExpectedTrips = (reward: Float64Array, totals: TripTotals) => boolean;

export function expectedTrips(problem: Problem, starts: readonly WeightedStarts[]): ExpectedTrips {
  const { world, goals, temperature } = problem;
  const { mdp } = world;
  const nothing = new Int32Array(0);
  const decisions = { state: nothing, time: nothing, weight: new Float64Array(0) };
  const tasks = starts.map(({ goal, state, weight }): TaskMoments => {
    return { goal, state, time: nothing, weight, visited: state, decisions };
  });
  const moments = { counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks };
  const routes = isDeterministic(mdp) ? createRouteFlows(mdp, goals, moments, temperature) : null;
  const planned: ExpectedTrips[] = [];
  return (reward, totals) => {
    const solvable = routes?.refresh(reward) ?? false;
    return starts.every((task, i) => {
      if (solvable && routes?.add(i, task.weight, totals)) return true;
      planned[i] ??= plannedTrips(problem, task);
      return planned[i](reward, totals);
    });
  };
}

/** The trips of one goal by planning for it: D = (I − P_π)⁻ᵀ start. */
function plannedTrips(
  { world: { mdp }, goals, temperature }: Problem,
  { goal, state, weight }: WeightedStarts,
): ExpectedTrips {
  const task = stationaryTask(mdp, goals[goal], state, 1);
  const { stop, worldPair, worldState, taskState } = task;
  const guess = shortestPathGuess(task);
  const planner = new SoftPolicyIteration(
    { mdp: task.mdp, stop, discount: 1, temperature },
    guess ? { firstGuess: guess } : {},
  );
  const reward = new Float64Array(worldPair.length);
  const begin = new Float64Array(worldState.length);
  const visits = new Float64Array(worldState.length);
  state.forEach((s, i) => {
    begin[taskState[s]] += weight[i];
  });
  return (worldReward, totals) => {
    for (let p = 0; p < reward.length; p++) reward[p] = worldReward[worldPair[p]];
    if (planner.plan(reward) !== 'converged') return false;
    const { value, policy } = planner;
    planner.solveTransposed(begin, visits);
    for (let s = 0; s < visits.length; s++) {
      totals.value += begin[s] * value[s];
      totals.visits[worldState[s]] += visits[s];
      if (stop[s] > Number.NEGATIVE_INFINITY)
        totals.stopReward += visits[s] * stop[s] * Math.exp((stop[s] - value[s]) / temperature);
      for (let p = task.mdp.pairStart[s]; p < task.mdp.pairStart[s + 1]; p++)
        totals.flow[worldPair[p]] += visits[s] * policy[p];
    }
    return true;
  };
}
