/**
 * The finite-horizon gradient on dense arrays, as libraries for small worlds write it: transitions
 * in [states × actions × states], one pass backwards over all of them, one forwards.
 *
 *   Q_t(s, a) = r(s, a) + Σₛ′ P[s, a, s′] V_{t+1}(s′),   V_t = log Σₐ exp Q_t,   D_{t+1} = Σ D_t π_t P
 *
 * A yardstick, and an independent answer to compare with.
 */

import type { Mdp } from '../mdp/mdp.ts';

export interface DenseHorizon {
  /** [states] V_0. */
  readonly value: Float64Array;
  /** [pairs] Σ_t D_t(s) π_t(a | s). */
  readonly visits: Float64Array;
  /** Computes both for `reward` [pairs] and `start` [states]. */
  run(reward: Float64Array, start: Float64Array): void;
}

/** Every state must offer the same number of actions. */
export function denseHorizon(mdp: Mdp, horizon: number): DenseHorizon {
  const { stateCount, pairCount, transitionStart, nextState, probability } = mdp;
  const actionCount = pairCount / stateCount;
  const dense = new Float64Array(pairCount * stateCount);
  for (let pair = 0; pair < pairCount; pair++)
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      dense[pair * stateCount + nextState[k]] += probability[k];
  const policy = new Float64Array(horizon * pairCount);
  const value = new Float64Array(stateCount);
  const visits = new Float64Array(pairCount);
  const later = new Float64Array(stateCount);

  function backward(reward: Float64Array): void {
    value.fill(0);
    for (let t = horizon - 1; t >= 0; t--) {
      const now = t * pairCount;
      later.set(value);
      for (let s = 0; s < stateCount; s++) {
        let largest = Number.NEGATIVE_INFINITY;
        for (let pair = s * actionCount; pair < (s + 1) * actionCount; pair++) {
          let sum = 0;
          for (let to = 0; to < stateCount; to++) sum += dense[pair * stateCount + to] * later[to];
          policy[now + pair] = reward[pair] + sum;
          largest = Math.max(largest, policy[now + pair]);
        }
        let sum = 0;
        for (let pair = s * actionCount; pair < (s + 1) * actionCount; pair++)
          sum += Math.exp(policy[now + pair] - largest);
        value[s] = largest + Math.log(sum);
        for (let pair = s * actionCount; pair < (s + 1) * actionCount; pair++)
          policy[now + pair] = Math.exp(policy[now + pair] - value[s]);
      }
    }
  }

  function forward(start: Float64Array): void {
    let here = start.slice();
    let next = new Float64Array(stateCount);
    visits.fill(0);
    for (let t = 0; t < horizon; t++) {
      next.fill(0);
      for (let pair = 0; pair < pairCount; pair++) {
        const flow = here[Math.floor(pair / actionCount)] * policy[t * pairCount + pair];
        visits[pair] += flow;
        for (let to = 0; to < stateCount; to++) next[to] += flow * dense[pair * stateCount + to];
      }
      [here, next] = [next, here];
    }
  }

  return {
    value,
    visits,
    run(reward, start) {
      backward(reward);
      forward(start);
    },
  };
}
