/**
 * The demonstrations as choices without a future: in which state, among what, what was taken.
 *
 * A situation is a state and, where the goal is a destination with an exit there, the option to
 * stop and its reward.
 */

import type { Goal } from '../mdp/goal.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { Problem } from './problem.ts';

export interface ChoiceSituations {
  readonly count: number;
  /** [situations] */
  readonly state: Int32Array;
  /** [situations] reward of stopping; −Infinity where it is no option. */
  readonly stopReward: Float64Array;
  /** [situations] weighted number of decisions. */
  readonly decisions: Float64Array;
  /** [situations] weighted number of stops among them. */
  readonly stops: Float64Array;
  /** [pairs] weighted number of times each pair was chosen, all situations together. */
  readonly counts: Float64Array;
}

export function choiceSituations({ world, goals, trajectories }: Problem): ChoiceSituations {
  const { rowStart, state, pair, goal, weight, stopped } = trajectories;
  const exits = exitsOfGoals(goals);
  const place = new Map<string, number>();
  const states: number[] = [];
  const stopReward: number[] = [];
  const decisions: number[] = [];
  const stops: number[] = [];
  const counts = new Float64Array(world.mdp.pairCount);
  for (let i = 0; i < trajectories.count; i++)
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) {
      const isStop = pair[row] < 0;
      if (isStop && !stopped[i]) continue;
      const s = state[row];
      const exit = exits[goal[i]]?.get(s) ?? Number.NEGATIVE_INFINITY;
      const key = `${s}/${exit}`;
      const at = place.get(key) ?? states.length;
      if (at === states.length) {
        place.set(key, at);
        states.push(s);
        stopReward.push(exit);
        decisions.push(0);
        stops.push(0);
      }
      decisions[at] += weight[i];
      if (isStop) stops[at] += weight[i];
      else counts[pair[row]] += weight[i];
    }
  return {
    count: states.length,
    state: Int32Array.from(states),
    stopReward: Float64Array.from(stopReward),
    decisions: Float64Array.from(decisions),
    stops: Float64Array.from(stops),
    counts,
  };
}

/** Per goal, the states from which stopping is an option and what it pays. */
export function exitsOfGoals(goals: readonly Goal[]): ReadonlyMap<number, number>[] {
  return goals.map(
    (g) => new Map(g.absorbing ? [] : [...g.stopState].map((s, i) => [s, g.stopReward[i]])),
  );
}

/** Most pairs that any state offers. */
export function widestChoice({ stateCount, pairStart }: Mdp): number {
  let most = 0;
  for (let s = 0; s < stateCount; s++) most = Math.max(most, pairStart[s + 1] - pairStart[s]);
  return most;
}
