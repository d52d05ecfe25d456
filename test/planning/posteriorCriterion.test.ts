/** The likelihood of whole trajectories, against enumeration and central differences. */

import fc from 'fast-check';
import { test } from 'vitest';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { createPosteriorCriterion } from '../../src/planning/posteriorCriterion.ts';
import { rewardAt } from '../../src/rewards/linearReward.ts';
import { arbitraryProblem, type DrawnProblem } from '../support/arbitraryProblem.ts';
import { expectClose } from '../support/closeness.ts';
import { expectCurvature, expectSurplus } from '../support/criterionChecks.ts';

/** Σ over all that may follow from `state` at `time`, of exp(reward / τ) and chance. */
function mass(mdp: Mdp, reward: Float64Array, tau: number, state: number, left: number): number {
  const { pairStart, transitionStart, nextState, probability } = mdp;
  if (left === 0 || pairStart[state] === pairStart[state + 1]) return 1;
  let sum = 0;
  for (let pair = pairStart[state]; pair < pairStart[state + 1]; pair++)
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      sum +=
        Math.exp(reward[pair] / tau) *
        probability[k] *
        mass(mdp, reward, tau, nextState[k], left - 1);
  return sum;
}

function enumerated(problem: DrawnProblem, reward: Float64Array, horizon: number): number {
  const { world, trajectories, temperature } = problem;
  const { mdp } = world;
  const { count, rowStart, state, pair, weight } = trajectories;
  const after = (s: number, left: number): number => mass(mdp, reward, temperature, s, left);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const first = rowStart[i];
    const end = rowStart[i + 1];
    if (first === end || weight[i] === 0) continue;
    let joint = 1;
    for (let row = first; row < end; row++) {
      const p = pair[row];
      const left = horizon - (row - first);
      if (p < 0) joint *= after(state[row], left);
      else {
        joint *= Math.exp(reward[p] / temperature);
        let chance = 0;
        for (let k = mdp.transitionStart[p]; k < mdp.transitionStart[p + 1]; k++) {
          const to = mdp.nextState[k];
          if (row + 1 === end) chance += mdp.probability[k] * after(to, left - 1);
          else if (to === state[row + 1]) chance += mdp.probability[k];
        }
        joint *= chance;
      }
    }
    total += weight[i] * Math.log(joint / after(state[first], horizon));
  }
  return total;
}

const problems = arbitraryProblem('finite');

function criterionOf(problem: DrawnProblem) {
  const { world, trajectories, time, temperature } = problem;
  if (time.kind !== 'finite') throw new TypeError('wanted a finite horizon');
  const { horizon } = time;
  return {
    horizon,
    criterion: createPosteriorCriterion(world.mdp, trajectories, horizon, temperature),
  };
}

test('posteriorCriterion is the likelihood that enumeration gives', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { criterion, horizon } = criterionOf(problem);
      const reward = rewardAt(problem, problem.theta);
      const value = criterion.evaluate(reward, new Float64Array(reward.length));
      expectClose([value], [enumerated(problem, reward, horizon)], 1e-9);
    }),
    { numRuns: 30 },
  );
});

test('posteriorCriterion has the surplus and the curvature of central differences', () => {
  fc.assert(
    fc.property(problems, (problem) => {
      const { criterion } = criterionOf(problem);
      expectSurplus(criterion, problem);
      expectCurvature(criterion, problem);
    }),
    { numRuns: 30 },
  );
});
