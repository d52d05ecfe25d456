/** Finite plans against an independent program that enumerates, control_as_inference.json. */

import { describe, expect, test } from 'vitest';
import { createFiniteCriterion } from '../../src/planning/finiteCriterion.ts';
import { createFiniteHorizon } from '../../src/planning/finiteHorizon.ts';
import { likelihoodMoments } from '../../src/planning/moments.ts';
import { backUp } from '../../src/planning/softValueIteration.ts';
import { mdpOfMatrices } from '../support/arbitraryMdp.ts';
import { demonstrations } from '../support/mceIrl.ts';
import { expectReference, flatten, type Nested, readReference } from '../support/references.ts';

interface StoredCase {
  readonly name: string;
  readonly T: number;
  readonly alpha: number;
  readonly p0: readonly number[];
  readonly P: readonly (readonly (readonly number[])[])[];
  readonly r: Nested;
  readonly exact: { readonly posteriorInitial: readonly number[] };
  readonly variational: {
    readonly Q: readonly Nested[];
    readonly V: Nested;
    readonly policy: readonly Nested[];
    readonly stateMarginals: Nested;
    readonly expectedReward: number;
    readonly entropy: number;
    readonly elbo: number;
  };
  readonly hard: { readonly Q: readonly Nested[]; readonly V: Nested; readonly value: number };
  readonly trajectories: readonly {
    readonly stateActions: readonly (readonly [number, number])[];
    readonly posterior: number;
  }[];
}

const { cases } = readReference<{ readonly cases: readonly StoredCase[] }>('control_as_inference');

describe.each(cases)('$name', (stored) => {
  const { T: horizon, alpha: temperature, p0, variational, hard } = stored;
  const mdp = mdpOfMatrices(stored.P);
  const reward = Float64Array.from(flatten(stored.r));
  const planAt = (tau: number) => {
    const planner = createFiniteHorizon(mdp, horizon, 1, tau);
    planner.plan(reward);
    return planner;
  };
  const row = (x: Float64Array, t: number) =>
    x.subarray(t * mdp.stateCount, (t + 1) * mdp.stateCount);

  test('createFiniteHorizon has the values, policies and visits of the variational answer', () => {
    const planner = planAt(temperature);
    const inNats = planner.value.map((v) => v / temperature);
    expectReference(inNats.subarray(0, horizon * mdp.stateCount), variational.V);
    for (let t = 0; t < horizon; t++) {
      const actionValue = new Float64Array(mdp.pairCount);
      backUp(mdp, reward, row(planner.value, t + 1), 1, actionValue);
      expectReference(
        actionValue.map((q) => q / temperature),
        variational.Q[t],
      );
      expectReference(planner.policyAt(t), variational.policy[t]);
    }
    const arriving = new Float64Array(horizon * mdp.stateCount);
    arriving.set(p0);
    const visits = new Float64Array(mdp.pairCount);
    planner.push(arriving, visits);
    expectReference(arriving, variational.stateMarginals);

    const expectedReward = visits.reduce((sum, d, pair) => sum + d * reward[pair], 0);
    expectReference([expectedReward], variational.expectedReward);
    let entropy = 0;
    for (let t = 0; t < horizon; t++) {
      const policy = planner.policyAt(t);
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++)
          entropy -= arriving[t * mdp.stateCount + s] * policy[pair] * Math.log(policy[pair]);
    }
    expectReference([entropy], variational.entropy);
    const startValue = p0.reduce((sum, p, s) => sum + p * inNats[s], 0);
    expectReference([startValue], variational.elbo);
    expectReference([expectedReward / temperature + entropy], variational.elbo);
  });

  test('createFiniteHorizon tends to the hard plan as τ → 0', () => {
    // the gap is at most τ T log(actions)
    const tau = 1e-9;
    const planner = planAt(tau);
    expectReference(planner.value.subarray(0, horizon * mdp.stateCount), hard.V);
    for (let t = 0; t < horizon; t++) {
      const actionValue = new Float64Array(mdp.pairCount);
      backUp(mdp, reward, row(planner.value, t + 1), 1, actionValue);
      expectReference(actionValue, hard.Q[t]);
    }
    expectReference([p0.reduce((sum, p, s) => sum + p * planner.value[s], 0)], hard.value);
  });
});

/** Deterministic moves: the soft-optimal plan is the posterior given optimality. */
describe.each(cases.filter(({ P }) => flatten(P).every((p) => p === 0 || p === 1)))(
  '$name',
  (stored) => {
    test('createFiniteCriterion gives every trajectory its posterior probability', () => {
      const mdp = mdpOfMatrices(stored.P);
      const reward = Float64Array.from(flatten(stored.r));
      const time = { kind: 'finite', horizon: stored.T, discount: 1 } as const;
      for (const { stateActions, posterior } of stored.trajectories) {
        const [lastState, lastAction] = stateActions[stateActions.length - 1];
        const finalState = mdp.nextState[mdp.pairStart[lastState] + lastAction];
        const trajectories = demonstrations(mdp, [{ stateActions, finalState }]);
        const criterion = createFiniteCriterion(
          mdp,
          likelihoodMoments(mdp, [], trajectories, time),
          { horizon: stored.T, discount: 1, temperature: stored.alpha },
        );
        const logLikelihood = criterion.evaluate(reward, reward.slice());
        const start = stored.exact.posteriorInitial[stateActions[0][0]];
        expect(Math.exp(logLikelihood) * start).toBeCloseTo(posterior, 10);
      }
    });
  },
);
