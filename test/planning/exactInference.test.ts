/** Inference given optimality, against an independent program that enumerates every trajectory. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mdp } from '../../src/mdp/mdp.ts';
import { exactInference } from '../../src/planning/exactInference.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { mostProbableTrajectory } from '../../src/planning/mostProbableTrajectory.ts';
import { variationalGap } from '../../src/planning/variationalGap.ts';
import { arbitraryMdp, distribution, mdpOfMatrices, numbers } from '../support/arbitraryMdp.ts';
import { expectReference, flatten, type Nested, readReference } from '../support/references.ts';

interface StoredCase {
  readonly name: string;
  readonly S: number;
  readonly A: number;
  readonly T: number;
  readonly alpha: number;
  readonly p0: readonly number[];
  readonly P: readonly (readonly (readonly number[])[])[];
  readonly r: Nested;
  readonly logPartition: number;
  readonly logPartitionUniformPrior: number;
  readonly exact: {
    readonly V: Nested;
    readonly policy: Nested;
    readonly posteriorStateAction: Nested;
    readonly posteriorInitial: Nested;
    readonly posteriorDynamics: readonly Nested[];
    readonly expectedRewardUnderPosterior: number;
    readonly expectedRewardExecuted: number;
    readonly entropyExecuted: number;
    readonly objectiveExecuted: number;
  };
  readonly variational: {
    readonly expectedReward: number;
    readonly entropy: number;
    readonly elbo: number;
  };
  readonly elboGap: number;
  readonly klEnumerated: number;
  readonly trajectories: readonly {
    readonly stateActions: readonly (readonly [number, number])[];
    readonly posterior: number;
  }[];
}

const { cases } = readReference<{ readonly cases: readonly StoredCase[] }>('control_as_inference');

describe.each(cases)('$name', (stored) => {
  const { T: horizon, alpha: temperature, exact, variational } = stored;
  const mdp = mdpOfMatrices(stored.P);
  const reward = Float64Array.from(flatten(stored.r));
  const initial = Float64Array.from(stored.p0);
  const options = { horizon, temperature };
  const posterior = exactInference(mdp, reward, initial, options);
  const soft = createFiniteHorizon(mdp, horizon, 1, temperature);
  soft.plan(reward);

  test('exactInference has the messages, the evidence and the posteriors', () => {
    expectReference([posterior.logEvidence], stored.logPartition);
    const uniform = exactInference(mdp, reward, initial, { ...options, actionPrior: 'uniform' });
    expectReference([uniform.logEvidence], stored.logPartitionUniformPrior);
    expectReference(posterior.logMessage.subarray(0, horizon * mdp.stateCount), exact.V);
    expectReference(posterior.policy, exact.policy);
    expectReference(posterior.pairMarginal, exact.posteriorStateAction);
    expectReference(posterior.initial, exact.posteriorInitial);
    const expected = posterior.pairMarginal.reduce((sum, d, i) => {
      return sum + d * reward[i % mdp.pairCount];
    }, 0);
    expectReference([expected], exact.expectedRewardUnderPosterior);
  });

  test('exactInference has the posterior of the moves', () => {
    const moves = new Float64Array(mdp.nextState.length);
    exact.posteriorDynamics.forEach((theirs, t) => {
      posterior.dynamicsAt(t, moves);
      expectReference(dense(mdp, moves), theirs);
    });
  });

  test('variationalGap measures the soft-optimal plan', () => {
    const gap = variationalGap(mdp, reward, initial, options, soft.policyAt, posterior);
    expectReference([gap.elbo], variational.elbo);
    expectReference([gap.expectedReward], variational.expectedReward);
    expectReference([gap.entropy], variational.entropy);
    expectReference([gap.divergence.total], stored.elboGap);
    expectReference([gap.divergence.total], stored.klEnumerated);
    const { initial: start, policy, dynamics } = gap.divergence;
    expect(start + policy + dynamics).toBeCloseTo(gap.divergence.total, 10);
  });

  test('variationalGap measures what executing the posterior brings', () => {
    const policyAt = (t: number) =>
      posterior.policy.subarray(t * mdp.pairCount, (t + 1) * mdp.pairCount);
    const gap = variationalGap(mdp, reward, initial, options, policyAt, posterior);
    expectReference([gap.expectedReward], exact.expectedRewardExecuted);
    expectReference([gap.entropy], exact.entropyExecuted);
    expectReference([gap.elbo], exact.objectiveExecuted);
    expect(gap.divergence.policy).toBeCloseTo(0, 12);
  });

  test('mostProbableTrajectory is as probable as the most probable of all', () => {
    const { states, pairs, logJoint } = mostProbableTrajectory(mdp, reward, initial, options);
    expect([states.length, pairs.length]).toEqual([horizon + 1, horizon]);
    // The stored trajectories leave the state after the last decision open: sum over it is 1.
    const last = pairs[horizon - 1];
    let luck = 0;
    for (let k = mdp.transitionStart[last]; k < mdp.transitionStart[last + 1]; k++)
      luck = Math.max(luck, mdp.probability[k]);
    const best = Math.max(...stored.trajectories.map((x) => x.posterior));
    expect(Math.exp(logJoint - posterior.logEvidence) / luck).toBeCloseTo(best, 10);
  });
});

/** [states × actions × states], 0 where there is no transition. */
function dense(mdp: Mdp, moves: Float64Array): number[] {
  return Array.from({ length: mdp.pairCount }, (_, pair) => {
    const row = new Array<number>(mdp.stateCount).fill(0);
    for (let k = mdp.transitionStart[pair]; k < mdp.transitionStart[pair + 1]; k++)
      row[mdp.nextState[k]] += moves[k];
    return row;
  }).flat();
}

test('variationalGap is never below 0, splits into its parts, and no policy beats the soft plan', () => {
  fc.assert(
    fc.property(arbitraryMdp({ terminals: true }), fc.integer(), (mdp, seed) => {
      const reward = numbers(seed, mdp.pairCount, -2, 2);
      const initial = distribution(seed + 1, mdp.stateCount);
      const options = { horizon: 4, temperature: 0.7 };
      const posterior = exactInference(mdp, reward, initial, options);
      const soft = createFiniteHorizon(mdp, 4, 1, 0.7);
      soft.plan(reward);
      const rowOf = (t: number) =>
        posterior.policy.subarray(t * mdp.pairCount, (t + 1) * mdp.pairCount);
      const best = variationalGap(mdp, reward, initial, options, soft.policyAt, posterior);
      const executed = variationalGap(mdp, reward, initial, options, rowOf, posterior);
      for (const { divergence } of [best, executed]) {
        const { total, initial: start, policy, dynamics } = divergence;
        expect(total).toBeGreaterThan(-1e-9);
        expect(start + policy + dynamics).toBeCloseTo(total, 8);
      }
      expect(best.elbo).toBeGreaterThanOrEqual(executed.elbo - 1e-9);
    }),
    { numRuns: 50 },
  );
});

test('exactInference refuses what does not fit', () => {
  const mdp = mdpOfMatrices([[[1]]]);
  const one = new Float64Array(1);
  const options = { horizon: 2 };
  expect(() => exactInference(mdp, new Float64Array(3), one.fill(1), options)).toThrow(
    /reward must have 1 entries \(one per pair\), got 3/,
  );
  expect(() => exactInference(mdp, one, new Float64Array(1), options)).toThrow(/no start/);
  expect(() => exactInference(mdp, one, Float64Array.of(2), options)).toThrow(/sum to 1, got 2/);
  expect(() => exactInference(mdp, one, one, { horizon: 2, temperature: 0 })).toThrow();
});
