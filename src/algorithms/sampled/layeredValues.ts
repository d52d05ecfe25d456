/**
 * The soft action values of a known world, in the layers of a walk through it:
 *
 *   Q_l(s, a) = r(s, a) + γ Σₛ′ p(s′ | s, a) V_l′(s′)
 *
 * a layer being a decision time of a finite horizon, or a goal.
 */

import { discountOf } from '../../mdp/timeStructure.ts';
import { createFiniteHorizon } from '../../planning/finiteHorizon.ts';
import { likelihoodMoments } from '../../planning/moments.ts';
import { createTaskValues } from '../../planning/taskValues.ts';
import type { Problem } from '../problem.ts';

/**
 * Overwrites `out` [layers × pairs].
 *
 * @param reward [pairs]
 */
export function layeredValues(problem: Problem, reward: Float64Array, out: Float64Array): void {
  const { world, goals, time, temperature, trajectories } = problem;
  const { mdp } = world;
  const discount = discountOf(time);
  const fill = (layer: number, value: Float64Array, from: number): void => {
    const { pairCount, transitionStart, nextState, probability } = mdp;
    for (let pair = 0; pair < pairCount; pair++) {
      let ahead = 0;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        ahead += probability[k] * value[from + nextState[k]];
      out[layer * pairCount + pair] = reward[pair] + (discount === 0 ? 0 : discount * ahead);
    }
  };
  if (time.kind === 'finite') {
    const planner = createFiniteHorizon(mdp, time.horizon, discount, temperature);
    planner.plan(reward);
    for (let t = 0; t < time.horizon; t++) fill(t, planner.value, (t + 1) * mdp.stateCount);
    return;
  }
  const moments = likelihoodMoments(mdp, goals, trajectories, time);
  const valuesOf = createTaskValues(mdp, goals, moments, reward, { discount, temperature });
  for (const task of moments.tasks) {
    const value = valuesOf(task);
    if (!value) throw new RangeError('Cannot plan: the soft value is not finite at this reward');
    fill(Math.max(task.goal, 0), value, 0);
  }
}
