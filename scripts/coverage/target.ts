/**
 * What a fit estimates: θ* = argmax E[ log-likelihood ], the truth where the model holds and its best
 * approximation where it does not. Exact, from the expected number of times each choice is made.
 */

import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import { expectedSteps } from '../../src/evaluation/prediction/expectedSteps.ts';
import { selectFeatures } from '../../src/features/selectFeatures.ts';
import { statesOfPairs } from '../../src/mdp/mdp.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import type { CoverageCase } from './cases.ts';

/** The problem with the features that the model sees. */
export function modelOf(problem: Problem, { seen }: CoverageCase): Problem {
  return seen ? { ...problem, features: selectFeatures(problem.features, seen) } : problem;
}

/** Returns θ* [features seen] of a case, for its problem as `build` makes it. */
export function targetOf(problem: Problem, study: CoverageCase): Float64Array {
  const counts = new Float64Array(problem.world.mdp.pairCount);
  for (const { share, theta } of study.people)
    expectedFlow(problem, Float64Array.from(theta)).forEach((flow, pair) => {
      counts[pair] += share * flow;
    });
  const fit = finish(
    causalEntropy.fit(
      { ...modelOf(problem, study), trajectories: asDecisions(problem, counts) },
      {},
    ),
  );
  if (fit.stop !== 'converged')
    throw new Error(`Cannot find what "${study.name}" estimates: ${fit.stop} (${fit.stopReason})`);
  return Float64Array.from(fit.parameters, ({ estimate }) => estimate);
}

/** [pairs] how often each is chosen in a trajectory, on average. */
function expectedFlow(problem: Problem, theta: Float64Array): Float64Array {
  const { world, features, trajectories, initial } = problem;
  const { stateCount, pairCount } = world.mdp;
  const state = Int32Array.from({ length: stateCount }, (_, s) => s);
  const steps = trajectories.rowStart[1];
  const starts = [{ goal: -1, state, weight: initial as Float64Array }];
  const totals = {
    value: 0,
    visits: new Float64Array(stateCount),
    flow: new Float64Array(pairCount),
    flowAt: new Float64Array(0),
    policy: new Float64Array(pairCount),
  };
  const reward = new Float64Array(pairCount);
  linearReward(world.mdp, features).evaluate(theta, reward);
  if (!expectedSteps(problem, starts, steps)(reward, totals))
    throw new Error('Cannot plan for the true reward');
  return totals.flow;
}

/** Trajectories of one decision each, weighted by how often it is made. */
function asDecisions({ world }: Problem, counts: Float64Array): Problem['trajectories'] {
  const pairs = Int32Array.from(counts.keys()).filter((pair) => counts[pair] > 0);
  const states = statesOfPairs(world.mdp);
  return {
    count: pairs.length,
    rowStart: Int32Array.from({ length: pairs.length + 1 }, (_, i) => i),
    state: pairs.map((pair) => states[pair]),
    pair: pairs,
    goal: new Int32Array(pairs.length).fill(-1),
    weight: Float64Array.from(pairs, (pair) => counts[pair]),
    stopped: new Uint8Array(pairs.length),
    names: Array.from(pairs, String),
    folds: null,
  };
}
