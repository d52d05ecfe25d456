/**
 * Everything that a reward predicts of people's behaviour, as one vector of named quantities.
 *
 * Over N periods from the start, for M agents: periods begun in each state, decisions by action (also
 * by period) and by state and action, sums of the features; where the future is endless, the shares of
 * time in the long run; the value at the start; each action's probability in each state. For trips to
 * goals, per M trips: arrivals at each state, moves, feature sums, reward, and the value at the start.
 */

import type { Problem } from '../../algorithms/problem.ts';
import { linearReward } from '../../rewards/linearReward.ts';
import type { PredictionSize, QuantityKind } from './quantitySections.ts';
import type { WeightedStarts } from './recordedStarts.ts';
import { stepQuantities } from './stepQuantities.ts';
import { tripQuantities } from './tripQuantities.ts';

export interface QuantityName {
  readonly name: string;
  readonly kind: QuantityKind;
}

export interface Predictor {
  readonly names: readonly QuantityName[];
  /** Multiply-adds of one evaluation, roughly. */
  readonly cost: number;
  /**
   * Returns the quantities at θ [features], NaN for those that could not be worked out; null where
   * the reward has no finite value.
   */
  evaluate(theta: Float64Array): Float64Array | null;
}

/** Lays out the quantities of a problem for these starts; what it allocates is used at every θ. */
export function createPredictor(
  problem: Problem,
  starts: readonly WeightedStarts[],
  size: PredictionSize,
): Predictor {
  const { world, features } = problem;
  const { pairCount } = world.mdp;
  const reward = new Float64Array(pairCount);
  const linear = linearReward(world.mdp, features);
  const list =
    problem.time.kind === 'undiscounted'
      ? tripQuantities(problem, starts, size)
      : stepQuantities(problem, starts, size);
  const used = list.sections.filter(({ names }) => names.length > 0);
  const names = used.flatMap((section) =>
    section.names.map((name) => ({ name, kind: section.kind })),
  );
  return {
    names,
    cost: list.cost,
    evaluate(theta) {
      linear.evaluate(theta, reward);
      if (!reward.every(Number.isFinite) || !list.plan(reward)) return null;
      const out = new Float64Array(names.length);
      let place = 0;
      for (const section of used) {
        section.write(out.subarray(place, place + section.names.length));
        place += section.names.length;
      }
      return out;
    },
  };
}
