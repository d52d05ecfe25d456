/** Chooses the engine that answers for a time structure; they all keep one contract. */

import { isDeterministic } from '../mdp/mdp.ts';
import type { Criterion, Moments } from '../planning/criterion.ts';
import { createFiniteCriterion } from '../planning/finiteCriterion.ts';
import { createRouteCriterion } from '../planning/routeCriterion.ts';
import { createStationaryCriterion } from '../planning/stationaryCriterion.ts';
import type { Problem } from './problem.ts';

export function createCriterion(problem: Problem, moments: Moments): Criterion {
  const { time, goals, temperature } = problem;
  const { mdp } = problem.world;
  if (time.kind === 'finite') return createFiniteCriterion(mdp, moments, { ...time, temperature });
  if (time.kind === 'discounted')
    return createStationaryCriterion(mdp, goals, moments, { discount: time.discount, temperature });

  const stationary = (part: Moments): Criterion =>
    createStationaryCriterion(mdp, goals, part, { discount: 1, temperature });
  if (!isDeterministic(mdp)) return stationary(moments);
  return createRouteCriterion(mdp, goals, moments, {
    temperature,
    handOver: (task) =>
      stationary({ counts: new Float64Array(mdp.pairCount), stopReward: 0, tasks: [task] }),
  });
}
