/** Maximisers against an independent program, test/references/mce_irl.json. */

import { describe, expect, test } from 'vitest';
import { finish } from '../../src/algorithms/algorithm.ts';
import { causalEntropy } from '../../src/algorithms/causalEntropy.ts';
import type { Problem } from '../../src/algorithms/problem.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { mdpOfMatrices } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import { demonstrations, featuresOf, readMceIrl } from '../support/mceIrl.ts';
import { expectReference } from '../support/references.ts';

describe.each(readMceIrl().finiteHorizon)('$name', (stored) => {
  const mdp = mdpOfMatrices(stored.P);
  const features = featuresOf(stored.features);
  const { T: horizon, gamma: discount } = stored;
  const time: TimeStructure = { kind: 'finite', horizon, discount };
  const problem: Problem = {
    world: {
      mdp,
      stateNames: stored.P.map((_, s) => `s${s}`),
      actionNames: ['x', 'y'],
      pairAction: Int32Array.from({ length: mdp.pairCount }, (_, pair) => pair % 2),
    },
    time,
    goals: [],
    features,
    trajectories: demonstrations(mdp, stored.demos),
    initial: null,
    temperature: 1,
  };
  const policiesOf = (theta: readonly number[]): Float64Array[] => {
    const reward = new Float64Array(mdp.pairCount);
    linearReward(mdp, features).evaluate(Float64Array.from(theta), reward);
    const planner = createFiniteHorizon(mdp, horizon, discount, 1);
    planner.plan(reward);
    return Array.from({ length: horizon }, (_, t) => planner.policyAt(t).slice());
  };

  test('causalEntropy with feature matching finds the same dual and policy', () => {
    const fit = finish(causalEntropy.fit(problem, { objective: 'feature-matching' }));
    expect(fit.stop).toBe('converged');
    const { theta, dual } = stored.sampleDualMLE;
    expectReference([(fit.details.dual as number) / stored.demos.length], dual);
    const found = policiesOf(fit.parameters.map(({ estimate }) => estimate));
    policiesOf(theta).forEach((policy, t) => {
      expectClose(found[t], policy, 1e-7);
    });
  });

  test('causalEntropy names the constant of one-hot features, and only that', () => {
    const fit = finish(causalEntropy.fit(problem, { objective: 'feature-matching' }));
    const oneHot = features.names.length === mdp.stateCount;
    expect(fit.unidentified.length).toBe(oneHot ? 1 : 0);
    if (!oneHot) return;
    const coefficients = Object.values(fit.unidentified[0].direction);
    expectClose(coefficients, new Array<number>(mdp.stateCount).fill(1), 1e-6);
  });
});
