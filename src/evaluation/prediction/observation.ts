/** Whether a recorded trajectory was watched to its end. */

import type { Problem } from '../../algorithms/problem.ts';

/**
 * Whether a trajectory ends elsewhere than its goal, or before the horizon in a state that still
 * offers a choice. Without goal or horizon there is no end to miss.
 */
export function isCutOff(
  {
    world: { mdp },
    goals,
    time,
    trajectories,
  }: Pick<Problem, 'world' | 'goals' | 'time' | 'trajectories'>,
  i: number,
): boolean {
  const { rowStart, state, pair, goal, stopped } = trajectories;
  const last = rowStart[i + 1] - 1;
  const taken = pair[last];
  const first = mdp.transitionStart[taken];
  const isCertain = taken >= 0 && mdp.transitionStart[taken + 1] - first === 1;
  /** Where it certainly is after its last row; −1 where that was not recorded. */
  const end = taken < 0 ? state[last] : isCertain ? mdp.nextState[first] : -1;
  const heading = goals[goal[i]];
  if (heading) return heading.absorbing ? !heading.stopState.includes(end) : stopped[i] === 0;
  if (time.kind !== 'finite') return false;
  const decisions = last - rowStart[i] + (taken >= 0 ? 1 : 0);
  return decisions < time.horizon && (end < 0 || mdp.pairStart[end] < mdp.pairStart[end + 1]);
}
