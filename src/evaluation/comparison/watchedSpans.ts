/**
 * How long each trajectory was watched, so that what is expected of the same trip is watched as long.
 *
 * One that came to its end (the goal, the horizon, a state without choices) is held against walks
 * that come to theirs; one that was cut off, against as many decisions. Where nothing but a state
 * without choices ends a trip of an endless task, nobody says how much longer it would have been
 * watched: as long as the longest one is assumed.
 */

import { decisionsPerTrajectory, type Problem } from '../../algorithms/problem.ts';

/** Returns [trajectories] the number of decisions to watch; −1: until the walk ends. */
export function watchedSpans(problem: Problem): Int32Array {
  const { world, goals, time, trajectories } = problem;
  const { mdp } = world;
  const { rowStart, state, pair, goal, stopped } = trajectories;
  const decisions = Int32Array.from(decisionsPerTrajectory(problem));
  const longest = decisions.reduce((a, b) => Math.max(a, b), 0);
  /** Where a trajectory certainly is after its last row; −1 where that was not recorded. */
  const end = (i: number): number => {
    const last = rowStart[i + 1] - 1;
    const p = pair[last];
    if (p < 0) return state[last];
    const first = mdp.transitionStart[p];
    return mdp.transitionStart[p + 1] - first === 1 ? mdp.nextState[first] : -1;
  };
  const isTerminal = (s: number): boolean => s >= 0 && mdp.pairStart[s] === mdp.pairStart[s + 1];
  return decisions.map((n, i) => {
    if (n === 0) return 0;
    const heading = goals[goal[i]];
    if (heading) {
      const arrived = heading.absorbing ? heading.stopState.includes(end(i)) : stopped[i] === 1;
      return arrived ? -1 : n;
    }
    if (!isTerminal(end(i))) return n;
    return time.kind === 'finite' ? time.horizon : longest;
  });
}
