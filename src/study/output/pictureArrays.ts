/**
 * What pictures of a world need beside the fits, as flat arrays: where states lie, which choices
 * there are, and what was recorded. Only of worlds whose states are known to lie somewhere.
 */

import { eachDecision } from '../../algorithms/eachDecision.ts';
import type { Problem } from '../../algorithms/problem.ts';
import { layoutOfNames } from '../../environments/layoutOfNames.ts';
import { statesOfPairs } from '../../mdp/mdp.ts';
import { expectedVisits } from './expectedVisits.ts';

type Arrays = Readonly<Record<string, Float64Array>>;

/** Worlds beyond so many pairs are not drawn. */
const MOST_PAIRS = 400_000;

/**
 * Returns the arrays of the methods with `visits` [pairs] added where they are known, and under
 * `world`: where states lie (`line`, `cells` or `segments`), `pair-state`, `pair-action`,
 * `pair-next` (the likeliest successor) and `recorded` [pairs], weighted. As they are where nothing
 * is known of where states lie.
 */
export function withPictureArrays(
  problem: Problem,
  arrays: Readonly<Record<string, Arrays>>,
): Readonly<Record<string, Arrays>> {
  const { world } = problem;
  if (world.mdp.pairCount > MOST_PAIRS) return arrays;
  const layout = world.layout ?? layoutOfNames(world);
  if (!layout) return arrays;
  const all: Record<string, Arrays> = {};
  for (const [method, { ...kept }] of Object.entries(arrays)) {
    const visits = expectedVisits(problem, kept.reward, kept.policy);
    all[method] = visits ? { ...kept, visits } : kept;
  }
  all.world = {
    [layout.kind]: layout.position,
    'pair-state': Float64Array.from(statesOfPairs(world.mdp)),
    'pair-action': Float64Array.from(world.pairAction),
    'pair-next': likeliestSuccessors(problem),
    recorded: recordedCounts(problem),
  };
  return all;
}

function likeliestSuccessors({ world: { mdp } }: Problem): Float64Array {
  const next = new Float64Array(mdp.pairCount);
  for (let pair = 0; pair < mdp.pairCount; pair++) {
    let best = mdp.transitionStart[pair];
    for (let k = best + 1; k < mdp.transitionStart[pair + 1]; k++)
      if (mdp.probability[k] > mdp.probability[best]) best = k;
    next[pair] = mdp.nextState[best];
  }
  return next;
}

function recordedCounts({ world, trajectories }: Problem): Float64Array {
  const counts = new Float64Array(world.mdp.pairCount);
  eachDecision(trajectories, (i, row) => {
    const pair = trajectories.pair[row];
    if (pair >= 0) counts[pair] += trajectories.weight[i];
  });
  return counts;
}
