/**
 * Undiscounted goal problems have no finite value where moving about for ever pays. This finds a
 * reward to start from, and explains why a given one is refused.
 */

import type { Moments } from '../planning/criterion.ts';
import { createFeasibility } from '../planning/feasibility.ts';
import { type FeasibleStart, feasibleStart } from '../planning/feasibleStart.ts';
import { createGoalMatrices, type GoalMatrices } from '../planning/goalMatrices.ts';
import { linearReward } from '../rewards/linearReward.ts';
import type { ParameterSpace } from './parameters.ts';
import type { Problem } from './problem.ts';

export interface FeasibleRegion {
  /** Returns θ where every goal has a finite value, or null where none was found. */
  findStart(space: ParameterSpace): Float64Array | null;
  /** What the result says of a refused start: the spectral radius there, and a start that works. */
  explain(space: ParameterSpace): {
    readonly spectralRadius: number | null;
    readonly feasibleStart: Readonly<Record<string, number>> | null;
  };
}

export function feasibleRegion(problem: Problem, moments: Moments): FeasibleRegion {
  const { world, goals, features, temperature } = problem;
  const reward = linearReward(world.mdp, features);
  // Laid out only when something is infeasible, and then once.
  let known: GoalMatrices | undefined;
  const matrices = (): GoalMatrices => {
    known ??= createGoalMatrices(world.mdp, goals, moments, temperature);
    return known;
  };
  let found: FeasibleStart | undefined;
  const search = (space: ParameterSpace): FeasibleStart => {
    found ??= feasibleStart(matrices(), reward, space.start, boundsOf(space));
    return found;
  };
  return {
    findStart: (space) => search(space).theta,
    explain(space) {
      const rewards = new Float64Array(world.mdp.pairCount);
      reward.evaluate(space.start, rewards);
      const radius = Math.exp(createFeasibility(matrices()).logRadius(rewards).logRadius);
      const { theta } = search(space);
      return {
        spectralRadius: Number.isFinite(radius) ? radius : null,
        feasibleStart: theta
          ? Object.fromEntries(space.names.map((name, k) => [name, theta[k]]))
          : null,
      };
    },
  };
}

/** Bounds on θ; a fixed parameter has equal ones. */
function boundsOf({ free, spread, start, lower, upper }: ParameterSpace): {
  lower: Float64Array;
  upper: Float64Array;
} {
  const bounds = { lower: start.slice(), upper: start.slice() };
  free.forEach((k, i) => {
    bounds.lower[k] = lower[i] / spread[i];
    bounds.upper[k] = upper[i] / spread[i];
  });
  return bounds;
}
