/**
 * One decision problem at one temperature, as inference sees it and as a planner does.
 *
 * Actions have the uniform prior 1 / |A(s)|, so that a state with many choices is not better for
 * having them. The planner counts entropy in nats; with the prior in its reward,
 *
 *   r(s, a) − τ log |A(s)|,
 *
 * its soft-optimal plan is the variational answer to the same question.
 */

import {
  createFiniteHorizon,
  type ExactInference,
  exactInference,
  type Mdp,
  type VariationalGap,
  variationalGap,
} from 'revealed';

export interface ControlTask {
  readonly mdp: Mdp;
  /** [pairs] */
  readonly reward: Float64Array;
  /** [states] where it begins. */
  readonly initial: Float64Array;
  /** Number of decisions. */
  readonly horizon: number;
}

/** Returns [pairs] π_t(a | s). */
export type PolicyAt = (t: number) => Float64Array;

export interface InferenceAt {
  readonly temperature: number;
  readonly posterior: ExactInference;
  /** E[Σ r | O]: what the posterior expects, luck included. */
  readonly expected: number;
  /** What acting by the posterior's policy comes to, moves being what they are. */
  readonly executed: VariationalGap;
  /** The maximum-entropy plan, and what it comes to. */
  readonly plan: PolicyAt;
  readonly maxEnt: VariationalGap;
  /** Measures any other policy. */
  readonly measure: (policyAt: PolicyAt) => VariationalGap;
}

export function inferenceAt(task: ControlTask, temperature: number): InferenceAt {
  const { mdp, reward, initial, horizon } = task;
  const options = { horizon, temperature, actionPrior: 'uniform' } as const;
  const posterior = exactInference(mdp, reward, initial, options);
  const planner = createFiniteHorizon(mdp, horizon, 1, temperature);
  planner.plan(reward.map((r, pair) => r - temperature * Math.log(choicesBeside(mdp, pair))));
  const measure = (policyAt: PolicyAt): VariationalGap =>
    variationalGap(mdp, reward, initial, options, policyAt, posterior);
  const rowAt = (t: number) =>
    posterior.policy.subarray(t * mdp.pairCount, (t + 1) * mdp.pairCount);
  return {
    temperature,
    posterior,
    expected: posterior.pairMarginal.reduce((sum, p, i) => sum + p * reward[i % mdp.pairCount], 0),
    executed: measure(rowAt),
    plan: planner.policyAt,
    maxEnt: measure(planner.policyAt),
    measure,
  };
}

/** How many actions the state of a pair has. */
function choicesBeside({ pairStart }: Mdp, pair: number): number {
  const after = pairStart.findIndex((start) => start > pair);
  return pairStart[after] - pairStart[after - 1];
}

/** The plan that is best without any entropy; among equals the first action. */
export function hardPlan({ mdp, reward, horizon }: ControlTask): PolicyAt {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  const policy = new Float64Array(horizon * pairCount);
  let ahead = new Float64Array(stateCount);
  for (let t = horizon - 1; t >= 0; t--) {
    const value = new Float64Array(stateCount);
    for (let s = 0; s < stateCount; s++) {
      let [best, most] = [-1, Number.NEGATIVE_INFINITY];
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        let q = reward[pair];
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          q += probability[k] * ahead[nextState[k]];
        if (q > most) [best, most] = [pair, q];
      }
      if (best < 0) continue;
      policy[t * pairCount + best] = 1;
      value[s] = most;
    }
    ahead = value;
  }
  return (t) => policy.subarray(t * pairCount, (t + 1) * pairCount);
}
