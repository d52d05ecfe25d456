/** Counts what a set of trajectories holds, in the words of the result file. */

import type { z } from 'zod';
import { decisionsPerTrajectory, type Problem } from '../algorithms/problem.ts';
import { countChoices, dataHistograms } from './dataHistograms.ts';
import type { DataSummary, FileSummary } from './resultFile.ts';

export function summarizeData(
  problem: Problem,
  files: readonly z.infer<typeof FileSummary>[],
  warnings: readonly string[],
): DataSummary {
  const { world, goals, trajectories } = problem;
  const decisions = decisionsPerTrajectory(problem);
  const cut = cutOff(problem);
  const choices = countChoices(problem);
  return {
    trajectories: trajectories.count,
    decisions: decisions.reduce((a, b) => a + b, 0),
    states: world.mdp.stateCount,
    actions: new Set(world.pairAction).size,
    goals: goals.length === 0 ? 0 : new Set(trajectories.goal).size,
    cutOff: sum(cut),
    empty: decisions.reduce((n, d) => n + (d === 0 ? 1 : 0), 0),
    files: files.map((file) => ({ ...file })),
    ...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
    histograms: dataHistograms(problem, (i) => cut[i] === 1),
    ...(choices ? { choices } : {}),
  };
}

/** How many trajectories are cut off. */
export function countCutOff(problem: Problem): number {
  return sum(cutOff(problem));
}

function sum(flags: Uint8Array): number {
  return flags.reduce((total, flag) => total + flag, 0);
}

/**
 * [trajectories] 1 for those with decisions that end elsewhere than their goal, or before the horizon in a state
 * that still offers a choice. Without goal or horizon there is no end to miss.
 */
function cutOff(problem: Problem): Uint8Array {
  const { world, goals, time, trajectories } = problem;
  const decisions = decisionsPerTrajectory(problem);
  const { mdp } = world;
  const { count, rowStart, state, pair, goal, stopped } = trajectories;
  const offersChoice = (s: number): boolean => mdp.pairStart[s] < mdp.pairStart[s + 1];
  /** Where a trajectory certainly is after its last row; −1 where that was not recorded. */
  const end = (i: number): number => {
    const last = rowStart[i + 1] - 1;
    const p = pair[last];
    if (p < 0) return state[last];
    const first = mdp.transitionStart[p];
    return mdp.transitionStart[p + 1] - first === 1 ? mdp.nextState[first] : -1;
  };
  const cut = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    if (decisions[i] === 0) continue;
    const heading = goals[goal[i]];
    if (heading) {
      const arrived = heading.absorbing ? heading.stopState.includes(end(i)) : stopped[i] === 1;
      if (!arrived) cut[i] = 1;
    } else if (time.kind === 'finite') {
      const s = end(i);
      if (decisions[i] < time.horizon && (s < 0 || offersChoice(s))) cut[i] = 1;
    }
  }
  return cut;
}
