/** Everything a method needs to know: who did what in which world, and what a reward may look at. */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Goal } from '../mdp/goal.ts';
import type { TimeStructure } from '../mdp/timeStructure.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import type { World } from '../mdp/world.ts';

export interface Problem {
  readonly world: World;
  readonly time: TimeStructure;
  readonly goals: readonly Goal[];
  readonly features: FeatureMatrix;
  readonly trajectories: Trajectories;
  /** [states] start distribution, or null for the empirical one. */
  readonly initial: Float64Array | null;
  /** τ > 0, in units of reward. */
  readonly temperature: number;
}

/**
 * Number of decisions per trajectory, [trajectories]; a stop by an exit is one. Where decisions were
 * counted, a row stands for many.
 */
export function decisionsPerTrajectory({ trajectories }: Problem): Float64Array {
  const { times } = trajectories;
  const decisions = decisionRows(trajectories);
  return times ? decisions.map((n, i) => n * times[i]) : decisions;
}

function decisionRows({ count, rowStart, pair, stopped }: Trajectories): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    let decisions = stopped[i];
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) if (pair[row] >= 0) decisions++;
    return decisions;
  });
}

/** Decisions multiplied by their trajectories' weights, summed: the unit of "per decision". */
export function weightedDecisions(problem: Problem): number {
  const { weight } = problem.trajectories;
  return decisionRows(problem.trajectories).reduce((sum, n, i) => sum + n * weight[i], 0);
}
