/**
 * The most likely whole route of any behaviour: the one with the largest Π π(a | s), found as the
 * shortest path with costs −log π. For who plans without discounting it is the route of the best
 * total reward. Behaviour that takes no notice of the goal has a likeliest route there too: among
 * all that arrive, stop included.
 */

import type { Problem } from '../../algorithms/problem.ts';
import type { ChoiceProbabilities } from '../../planning/choiceProbabilities.ts';
import { type MostLikelyRoutes, mostLikelyRoutes } from '../../planning/mostLikelyRoutes.ts';

/** @param reward [pairs] what is planned for; null where choices only imitate */
export function likeliestRoutes(
  { world: { mdp }, goals, time }: Problem,
  goal: number,
  reward: Float64Array | null,
  { pairs, stop }: ChoiceProbabilities,
): MostLikelyRoutes {
  const heading = goals[goal];
  if (reward && time.kind === 'undiscounted') return mostLikelyRoutes(mdp, heading, reward);
  const stopReward = heading.absorbing
    ? heading.stopReward
    : Float64Array.from(heading.stopState, (s) => Math.min(0, Math.log(stop[s])));
  const logs = pairs.map((p) => Math.min(0, Math.log(p)));
  return mostLikelyRoutes(mdp, { ...heading, stopReward }, logs);
}
