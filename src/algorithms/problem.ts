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

/** Number of decisions per trajectory, [trajectories]; a stop by an exit is one. */
export function decisionsPerTrajectory({ trajectories }: Problem): Int32Array {
  const { count, rowStart, pair, stopped } = trajectories;
  return Int32Array.from({ length: count }, (_, i) => {
    let decisions = stopped[i];
    for (let row = rowStart[i]; row < rowStart[i + 1]; row++) if (pair[row] >= 0) decisions++;
    return decisions;
  });
}

/** Decisions multiplied by their trajectories' weights, summed: the unit of "per decision". */
export function weightedDecisions(problem: Problem): number {
  const { weight } = problem.trajectories;
  return decisionsPerTrajectory(problem).reduce((sum, n, i) => sum + n * weight[i], 0);
}
