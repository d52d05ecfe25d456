/** Plans and criteria against an independent dense program, test/references/mce_irl.json. */

import { describe, expect, test } from 'vitest';
import type { FeatureMatrix } from '../../src/features/featureMatrix.ts';
import type { Mdp } from '../../src/mdp/mdp.ts';
import type { TimeStructure } from '../../src/mdp/timeStructure.ts';
import type { Criterion, Moments } from '../../src/planning/criterion.ts';
import { createFiniteCriterion } from '../../src/planning/finiteCriterion.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { featureMatchingMoments, likelihoodMoments } from '../../src/planning/moments.ts';
import { occupancy } from '../../src/planning/occupancy.ts';
import { SoftPolicyIteration } from '../../src/planning/softPolicyIteration.ts';
import { backUp, softValueIteration, terminalStop } from '../../src/planning/softValueIteration.ts';
import { createStationaryCriterion } from '../../src/planning/stationaryCriterion.ts';
import { linearReward } from '../../src/rewards/linearReward.ts';
import { mdpOfMatrices } from '../support/arbitraryMdp.ts';
import { expectClose } from '../support/closeness.ts';
import {
  demonstrations,
  featuresOf,
  type MceIrl,
  readMceIrl,
  startsOf,
} from '../support/mceIrl.ts';
import { expectReference, type Nested } from '../support/references.ts';

const { finiteHorizon, discounted, adversarialIdentities }: MceIrl = readMceIrl();

interface Derivatives {
  readonly value: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

function derivatives(
  criterion: Criterion,
  mdp: Mdp,
  features: FeatureMatrix,
  theta: Float64Array,
): Derivatives {
  const linear = linearReward(mdp, features);
  const reward = new Float64Array(mdp.pairCount);
  const surplus = new Float64Array(mdp.pairCount);
  const gradient = new Float64Array(theta.length);
  const curvature = new Float64Array(theta.length ** 2);
  linear.evaluate(theta, reward);
  const value = criterion.evaluate(reward, surplus);
  linear.pullBack(theta, surplus, gradient);
  criterion.curvature(features, curvature);
  return { value, gradient, curvature };
}

/** The demonstrations of a population that visits pairs so often and starts from `initial`. */
function populationMoments(visits: Float64Array, initial: readonly number[]): Moments {
  const state = startsOf(initial);
  return {
    counts: visits,
    stopReward: 0,
    tasks: [
      {
        goal: -1,
        state,
        time: new Int32Array(state.length),
        weight: Float64Array.from(state, (s) => -initial[s]),
        visited: state,
        decisions: {
          state: new Int32Array(0),
          time: new Int32Array(0),
          weight: new Float64Array(0),
        },
      },
    ],
  };
}

function perTrajectory(x: ArrayLike<number>, count: number): number[] {
  return Array.from(x, (xi) => xi / count);
}

describe.each(finiteHorizon)('finite horizon, $name', (stored) => {
  const { T: horizon, gamma: discount, p0 } = stored;
  const mdp = mdpOfMatrices(stored.P);
  const features = featuresOf(stored.features);
  const linear = linearReward(mdp, features);
  const time: TimeStructure = { kind: 'finite', horizon, discount };
  const trajectories = demonstrations(mdp, stored.demos);
  const planFor = (theta: readonly number[]) => {
    const reward = new Float64Array(mdp.pairCount);
    linear.evaluate(Float64Array.from(theta), reward);
    const planner = createFiniteHorizon(mdp, horizon, discount, 1);
    planner.plan(reward);
    return { planner, reward };
  };
  const visitsFrom = (theta: readonly number[], initial: readonly number[]) => {
    const arriving = new Float64Array(horizon * mdp.stateCount);
    arriving.set(initial);
    const visits = new Float64Array(mdp.pairCount);
    planFor(theta).planner.push(arriving, visits);
    return { arriving, visits };
  };
  const criterionOf = (moments: Moments) =>
    createFiniteCriterion(mdp, moments, { horizon, discount, temperature: 1 });

  test('the demonstrator visits what the reference says', () => {
    const { visits } = visitsFrom(stored.thetaTrue, p0);
    const expected = new Float64Array(linear.size);
    linear.pullBack(expected, visits, expected);
    expectReference(expected, stored.expertFeatureExpectation);
  });

  test('featureMatchingMoments count the features and starts of the demonstrations', () => {
    const { counts, tasks } = featureMatchingMoments(mdp, [], trajectories, time, null);
    const empirical = new Float64Array(linear.size);
    linear.pullBack(empirical, counts, empirical);
    const count = stored.demos.length;
    expectReference(perTrajectory(empirical, count), stored.empiricalFeatureExpectation);
    const starts = new Float64Array(mdp.stateCount);
    tasks[0].state.forEach((s, i) => {
      starts[s] = -tasks[0].weight[i] / count;
    });
    expectReference(starts, stored.empiricalInitial);
  });

  describe.each(stored.evaluations)('θ = $theta', (wanted) => {
    const theta = Float64Array.from(wanted.theta);
    const count = stored.demos.length;

    test('reward, V, Q, policy, visits and expected features', () => {
      const { planner, reward } = planFor(wanted.theta);
      expectReference(reward, wanted.reward);
      expectReference(planner.value.subarray(0, horizon * mdp.stateCount), wanted.V);
      for (let t = 0; t < horizon; t++) {
        const later = planner.value.subarray((t + 1) * mdp.stateCount, (t + 2) * mdp.stateCount);
        const actionValue = new Float64Array(mdp.pairCount);
        backUp(mdp, reward, later, discount, actionValue);
        expectReference(actionValue, wanted.Q[t]);
        expectReference(planner.policyAt(t), wanted.policy[t]);
      }
      const { arriving, visits } = visitsFrom(wanted.theta, p0);
      // the reference goes on to the state after the last decision, which the library does not count
      expectReference(arriving, wanted.stateOccupancy.slice(0, horizon));
      const expected = new Float64Array(linear.size);
      linear.pullBack(theta, visits, expected);
      expectReference(expected, wanted.expectedFeatures);
    });

    test('likelihood of the demonstrations, and its gradient', () => {
      const moments = likelihoodMoments(mdp, [], trajectories, time);
      const { value, gradient } = derivatives(criterionOf(moments), mdp, features, theta);
      expectReference([value / count], wanted.sampleLLunweighted);
      // without discounting the weighted likelihood is the same
      expect(discount).toBe(1);
      expectReference([value / count], wanted.sampleLL);
      expectReference(perTrajectory(gradient, count), wanted.gradSampleLLunweighted);
      expectReference(perTrajectory(gradient, count), wanted.gradSampleLL);
      expectReference(perTrajectory(gradient, count), wanted.gradSampleLL_FD, 1e-6);
    });

    test('max-ent dual, its gradient and Hessian', () => {
      const moments = featureMatchingMoments(mdp, [], trajectories, time, null);
      const { value, gradient, curvature } = derivatives(
        criterionOf(moments),
        mdp,
        features,
        theta,
      );
      expectReference([value / count], wanted.dual);
      expectReference(perTrajectory(gradient, count), wanted.gradDual);
      expectReference(perTrajectory(gradient, count), wanted.gradDual_FD, 1e-6);
      expectReference(perTrajectory(curvature, count), wanted.hessDual);
      expectReference(perTrajectory(curvature, count), wanted.hessDual_FD, 1e-6);
    });

    test('likelihood of the population, its gradient and Hessian', () => {
      const { visits } = visitsFrom(stored.thetaTrue, p0);
      const criterion = criterionOf(populationMoments(visits, p0));
      const { value, gradient, curvature } = derivatives(criterion, mdp, features, theta);
      expectReference([value], wanted.populationLL);
      expectReference(gradient, wanted.gradPopulationLL);
      expectReference(gradient, wanted.gradPopulationLL_FD, 1e-6);
      expectReference(curvature, wanted.hessPopulationLL);
    });
  });

  test('the maximisers of the reference have no gradient', () => {
    const sample = featureMatchingMoments(mdp, [], trajectories, time, null);
    const { theta, dual } = stored.sampleDualMLE;
    const atSample = derivatives(criterionOf(sample), mdp, features, Float64Array.from(theta));
    expectReference([atSample.value / stored.demos.length], dual);
    expectClose(atSample.gradient, new Float64Array(linear.size), 1e-8);
    const { visits } = visitsFrom(stored.thetaTrue, p0);
    const population = criterionOf(populationMoments(visits, p0));
    const best = Float64Array.from(stored.populationMLE.theta);
    const atPopulation = derivatives(population, mdp, features, best);
    expectClose(atPopulation.gradient, new Float64Array(linear.size), 1e-8);
    for (let t = 0; t < horizon; t++)
      expectClose(
        planFor(stored.populationMLE.theta).planner.policyAt(t),
        planFor(stored.thetaTrue).planner.policyAt(t),
        1e-8,
      );
  });
});

describe.each(discounted)('discounted, $name', (stored) => {
  const { gamma: discount, p0 } = stored;
  const mdp = mdpOfMatrices(stored.P);
  const features = featuresOf(stored.features);
  const linear = linearReward(mdp, features);
  const time: TimeStructure = { kind: 'discounted', discount };
  const planFor = (theta: readonly number[]) => {
    const reward = new Float64Array(mdp.pairCount);
    linear.evaluate(Float64Array.from(theta), reward);
    const bellman = { mdp, discount, temperature: 1, stop: terminalStop(mdp) };
    const planner = new SoftPolicyIteration(bellman);
    expect(planner.plan(reward)).toBe('converged');
    return { planner, reward };
  };
  const visitsOf = (theta: readonly number[]) =>
    occupancy(mdp, planFor(theta).planner.policy, Float64Array.from(p0), { discount });
  const criterionOf = (moments: Moments) =>
    createStationaryCriterion(mdp, [], moments, { discount, temperature: 1 });

  test('the demonstrator visits what the reference says', () => {
    const visits = visitsOf(stored.thetaTrue);
    const expected = new Float64Array(linear.size);
    linear.pullBack(expected, visits, expected);
    expectReference(expected, stored.expertDiscountedFeatures);
    const states = Float64Array.from({ length: mdp.stateCount }, (_, s) =>
      visits.subarray(mdp.pairStart[s], mdp.pairStart[s + 1]).reduce((sum, d) => sum + d, 0),
    );
    expectReference(states, stored.expertDiscountedStateVisitation);
  });

  describe.each(stored.evaluations)('θ = $theta', (wanted) => {
    const theta = Float64Array.from(wanted.theta);

    test('V, Q, policy and expected features', () => {
      const { planner, reward } = planFor(wanted.theta);
      const actionValue = new Float64Array(mdp.pairCount);
      backUp(mdp, reward, planner.value, discount, actionValue);
      expectReference(planner.value, wanted.V);
      expectReference(actionValue, wanted.Q);
      expectReference(planner.policy, wanted.policy);
      expectReference(softValueIteration(mdp, reward, { discount }).value, wanted.V);
      const expected = new Float64Array(linear.size);
      linear.pullBack(theta, visitsOf(wanted.theta), expected);
      expectReference(expected, wanted.expectedDiscountedFeatures);
    });

    test('likelihood of the population, its gradient and Hessian', () => {
      const moments = populationMoments(visitsOf(stored.thetaTrue), p0);
      const { value, gradient, curvature } = derivatives(
        criterionOf(moments),
        mdp,
        features,
        theta,
      );
      expectReference([value], wanted.populationLL);
      expectReference(gradient, wanted.gradPopulationLL);
      expectReference(gradient, wanted.gradPopulationLL_FD, 1e-6);
      expectReference(curvature, wanted.hessPopulationLL);
      expectReference(curvature, wanted.hess_FD, 1e-6);
    });

    test('likelihood of the demonstrations, and its gradient', () => {
      const trajectories = demonstrations(mdp, stored.demos);
      const moments = likelihoodMoments(mdp, [], trajectories, time);
      const { value, gradient } = derivatives(criterionOf(moments), mdp, features, theta);
      const count = stored.demos.length;
      expectReference([value / count], wanted.sampleLLunweighted);
      expectReference(perTrajectory(gradient, count), wanted.gradSampleLLunweighted);
      expectReference(perTrajectory(gradient, count), wanted.gradSampleLL_FD, 1e-6);
    });
  });

  test('the maximiser of the reference has no gradient and the policy of the demonstrator', () => {
    const moments = populationMoments(visitsOf(stored.thetaTrue), p0);
    const best = Float64Array.from(stored.populationMLE.theta);
    const { gradient } = derivatives(criterionOf(moments), mdp, features, best);
    expectClose(gradient, new Float64Array(linear.size), 1e-8);
    expectClose(
      planFor(stored.populationMLE.theta).planner.policy,
      planFor(stored.thetaTrue).planner.policy,
      1e-8,
    );
  });

  test('soft values and visits of the adversarial identities', () => {
    const { gamma, reward, softQ, softV, expertPolicy, rhoExpert, rhoUniform, sqil } =
      adversarialIdentities;
    const plan = (nested: Nested) => {
      const rewards = Float64Array.from([nested].flat(9) as number[]);
      const bellman = { mdp, discount: gamma, temperature: 1, stop: terminalStop(mdp) };
      const planner = new SoftPolicyIteration(bellman);
      expect(planner.plan(rewards)).toBe('converged');
      const actionValue = new Float64Array(mdp.pairCount);
      backUp(mdp, rewards, planner.value, gamma, actionValue);
      return { value: planner.value, policy: planner.policy, actionValue };
    };
    // shares of visits: they sum to one
    const shares = (policy: Float64Array) =>
      occupancy(mdp, policy, Float64Array.from(p0), { discount: gamma }).map(
        (d) => d * (1 - gamma),
      );
    const expert = plan(reward);
    expectReference(expert.value, softV);
    expectReference(expert.actionValue, softQ);
    expectReference(expert.policy, expertPolicy);
    expectReference(shares(expert.policy), rhoExpert);
    expectReference(shares(new Float64Array(mdp.pairCount).fill(0.5)), rhoUniform);
    const imitator = plan(stored.P.map(() => [0, 1]));
    expectReference(imitator.value, sqil.softV);
    expectReference(imitator.actionValue, sqil.softQ);
    expectReference(imitator.policy, sqil.policy);
  });
});
