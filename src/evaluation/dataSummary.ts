/** Counts what a set of trajectories holds, in the words of the result file. */

import type { z } from 'zod';
import { decisionsPerTrajectory, type Problem } from '../algorithms/problem.ts';
import { countChoices, dataHistograms } from './dataHistograms.ts';
import { isCutOff } from './prediction/observation.ts';
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
    ...(trajectories.times ? { counted: true } : {}),
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

/** [trajectories] 1 for those with decisions that are cut off. */
function cutOff(problem: Problem): Uint8Array {
  if (problem.trajectories.times) return new Uint8Array(problem.trajectories.count);
  return Uint8Array.from(decisionsPerTrajectory(problem), (decisions, i) =>
    decisions > 0 && isCutOff(problem, i) ? 1 : 0,
  );
}
