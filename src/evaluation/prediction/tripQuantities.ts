/** What is predicted of trips to goals: arrivals, flows, lengths and sums of features per M trips. */

import type { Problem } from '../../algorithms/problem.ts';
import { expectedTrips } from './expectedTrips.ts';
import {
  actionCounts,
  featureSums,
  type PredictionSize,
  pairNames,
  type QuantityList,
  scaled,
  single,
} from './quantitySections.ts';
import type { WeightedStarts } from './recordedStarts.ts';

/** The quantities of trips; of the size only M matters. */
export function tripQuantities(
  problem: Problem,
  starts: readonly WeightedStarts[],
  { agents }: PredictionSize,
): QuantityList {
  const { mdp } = problem.world;
  const trips = expectedTrips(problem, starts);
  const totals = {
    value: 0,
    stopReward: 0,
    visits: new Float64Array(mdp.stateCount),
    flow: new Float64Array(mdp.pairCount),
  };
  let latest = new Float64Array(0);
  const sum = (x: Float64Array): number => x.reduce((a, b) => a + b, 0);
  const paid = (): number =>
    totals.flow.reduce((a, n, pair) => (n === 0 ? a : a + n * latest[pair]), totals.stopReward);
  return {
    cost: starts.length * (10 * mdp.pairCount + mdp.nextState.length),
    plan(reward) {
      latest = reward as Float64Array<ArrayBuffer>;
      Object.assign(totals, { value: 0, stopReward: 0 });
      totals.visits.fill(0);
      totals.flow.fill(0);
      return trips(reward, totals);
    },
    sections: [
      single('value at the start', () => totals.value),
      single('moves per trip', () => sum(totals.flow)),
      single('reward per trip', paid),
      featureSums(problem, totals.flow, agents),
      actionCounts(problem, totals.flow, agents),
      {
        kind: 'state',
        names: problem.world.stateNames.map((name) => `visits to: ${name}`),
        write: (out) => scaled(totals.visits, agents, out),
      },
      {
        kind: 'pair',
        names: pairNames(problem, 'flow'),
        write: (out) => scaled(totals.flow, agents, out),
      },
    ],
  };
}
