/**
 * Trips on a road grid to many goals, by people who mind the length of a street only beyond a point: no
 * line in what a reward is shown says that.
 */

import type { Problem } from '../../src/algorithms/problem.ts';
import { roadGrid } from '../../src/environments/roadGrid.ts';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Trajectories } from '../../src/mdp/trajectories.ts';
import { createRng } from '../../src/numeric/rng.ts';
import { goalState } from './randomRoutes.ts';
import { seededRandom } from './seededRandom.ts';
import { simulateClasses } from './simulateClasses.ts';

const LONG = 1;

export interface BentRoads {
  readonly problem: Problem;
  /** More trips of the same people. */
  readonly others: Trajectories;
  /** [pairs] what they were drawn from. */
  readonly reward: Float64Array;
}

export function bentRoads(size: number, goalCount: number, count: number, seed = 5): BentRoads {
  const { world, features } = roadGrid({ size, drop: 0 }, createRng(1, 'roads'));
  const { mdp } = world;
  const width = features.names.length;
  const values = new Float64Array(mdp.pairCount * (width + 1));
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    const own = features.values.subarray(pair * width, (pair + 1) * width);
    values.set(own, pair * (width + 1));
    values[pair * (width + 1) + width] = Math.max(0, own[0] - LONG);
  }
  const true_: FeatureMatrix = { names: [...features.names, 'beyond'], per: 'pair', values };
  const theta = [-0.3, -0.3, -1.2, -3, -6];
  const goals = Array.from({ length: goalCount }, (_, i) =>
    goalState(Math.floor(((i + 0.5) * mdp.stateCount) / goalCount)),
  );
  const draw = (trips: number, own: number): Trajectories =>
    simulateClasses(
      { mdp, features: true_, goals, discount: 1, count: trips, patience: 300 },
      { theta: [theta], share: [1] },
      seededRandom(own),
    ).trajectories;
  const reward = new Float64Array(mdp.pairCount);
  for (let pair = 0; pair < mdp.pairCount; pair++)
    for (let k = 0; k <= width; k++) reward[pair] += theta[k] * values[pair * (width + 1) + k];
  return {
    problem: {
      world,
      features,
      goals,
      trajectories: draw(count, seed),
      time: { kind: 'undiscounted' },
      initial: null,
      temperature: 1,
    },
    others: draw(count, seed + 1),
    reward,
  };
}
