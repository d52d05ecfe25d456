/**
 * The likelihood of whole trajectories given that they were optimal, over a finite horizon:
 *
 *   log p(x | s₀, O) = Σ_t [ r(s_t, a_t) / τ + log p(s_{t+1} | s_t, a_t) ] + log β_k(s_k) − log β_0(s₀)
 *
 * with β of `posteriorMessages` and k the number of decisions that were seen. Its gradient is the
 * surplus of what was seen over what the posterior expects, luck included: it credits people with
 * choosing what chance chose, where moves are not certain. There the causal likelihood does not.
 *
 *   D_t(s)    = c_t(s) + Σ D_{t−1}(s⁻) π_{t−1}(a | s⁻) p(s | s⁻, a, O)
 *   ∂ / ∂r    = ( N + Σ_t D_t π_t ) / τ
 *   ∂² / ∂θ²  = Σ_t Σₛ D_t(s) Cov_{(a, s′) ~ p(· | s, O)}( f / τ + ∂ log β_{t+1}(s′) )
 *
 * Reference: Ziebart, Maas, Bagnell & Dey (2008), Maximum entropy inverse reinforcement learning,
 * AAAI, eqs. 4 to 6.
 */

import type { FeatureMatrix } from '../features/featureMatrix.ts';
import type { Mdp } from '../mdp/mdp.ts';
import type { Trajectories } from '../mdp/trajectories.ts';
import type { Criterion } from './criterion.ts';
import { backwards, logExpected, logWeights, posteriorMoves } from './posteriorMessages.ts';

export interface PosteriorCriterion extends Criterion {
  /**
   * Overwrites `out` [(T + 1) × states × features] with ∂ log β_t(s) / ∂θ at the reward of the latest
   * `evaluate`.
   */
  messageGradients(features: FeatureMatrix, out: Float64Array): void;
  /** Overwrites `out` [transitions] with p(s_{t+1} | s_t, a_t, O) at that reward, t in [0, T). */
  movesAfter(t: number, out: Float64Array): void;
}

/** What a trajectory ends with, if that is before the horizon and it could have gone on. */
interface OpenEnd {
  /** Of the message that is still to come. */
  readonly time: number;
  /** The state reached, or −1 where it was not recorded; */
  readonly state: number;
  /** then the pair that was chosen last. */
  readonly pair: number;
  readonly weight: number;
}

/** @param temperature τ > 0 */
export function createPosteriorCriterion(
  mdp: Mdp,
  trajectories: Trajectories,
  horizon: number,
  temperature: number,
): PosteriorCriterion {
  const { stateCount, pairCount, pairStart, transitionStart, nextState } = mdp;
  const { counts, starts, ends, luck } = seen(mdp, trajectories, horizon);
  const message = new Float64Array((horizon + 1) * stateCount);
  const policy = new Float64Array(horizon * pairCount);
  const moves = new Float64Array(nextState.length);
  const weight = new Float64Array((horizon + 1) * stateCount);
  const row = (t: number): Float64Array => message.subarray(t * stateCount, (t + 1) * stateCount);
  const movesAt = (t: number): Float64Array => {
    posteriorMoves(mdp, row(t + 1), moves);
    return moves;
  };

  const criterion: PosteriorCriterion = {
    evaluate(reward, surplus) {
      const logWeight = logWeights(mdp, reward, temperature, false);
      message.fill(0);
      for (let t = horizon - 1; t >= 0; t--) backwards(mdp, logWeight, t, message, policy);
      weight.fill(0);
      let value = luck;
      for (let s = 0; s < stateCount; s++) {
        if (starts[s] === 0) continue;
        weight[s] -= starts[s];
        value -= starts[s] * message[s];
      }
      for (const { time, state, weight: w } of ends)
        if (state >= 0) {
          weight[time * stateCount + state] += w;
          value += w * message[time * stateCount + state];
        }
      for (let pair = 0; pair < pairCount; pair++) {
        surplus[pair] = counts[pair];
        if (counts[pair] !== 0) value += (counts[pair] * reward[pair]) / temperature;
      }
      for (let t = 0; t < horizon; t++) {
        movesAt(t);
        for (const end of ends)
          if (end.state < 0 && end.time === t + 1) {
            value += end.weight * logExpected(mdp, end.pair, row(t + 1));
            for (let k = transitionStart[end.pair]; k < transitionStart[end.pair + 1]; k++)
              weight[(t + 1) * stateCount + nextState[k]] += end.weight * moves[k];
          }
        for (let s = 0; s < stateCount; s++) {
          const here = weight[t * stateCount + s];
          if (here === 0) continue;
          for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
            const flow = here * policy[t * pairCount + pair];
            surplus[pair] += flow;
            for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
              weight[(t + 1) * stateCount + nextState[k]] += flow * moves[k];
          }
        }
      }
      for (let pair = 0; pair < pairCount; pair++) surplus[pair] /= temperature;
      return value;
    },

    curvature(features, out) {
      const width = features.names.length;
      const gradients = new Float64Array((horizon + 1) * stateCount * width);
      criterion.messageGradients(features, gradients);
      const own = new Float64Array(width);
      out.fill(0);
      /** Adds w (E[x xᵀ] − E[x] E[x]ᵀ) in two steps: the products, then the mean. */
      const add = (x: ArrayLike<number>, start: number, w: number): void => {
        for (let i = 0; i < width; i++)
          for (let j = 0; j < width; j++) out[i * width + j] += w * x[start + i] * x[start + j];
      };
      const at = (t: number, s: number): number => (t * stateCount + s) * width;
      for (let t = 0; t < horizon; t++) {
        movesAt(t);
        for (let s = 0; s < stateCount; s++) {
          const here = weight[t * stateCount + s];
          if (here === 0 || pairStart[s] === pairStart[s + 1]) continue;
          for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
            for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
              const next = at(t + 1, nextState[k]);
              for (let i = 0; i < width; i++)
                own[i] = featureAt(features, s, pair, i) / temperature + gradients[next + i];
              add(own, 0, here * policy[t * pairCount + pair] * moves[k]);
            }
          add(gradients, at(t, s), -here);
        }
        for (const end of ends) {
          if (end.state >= 0 || end.time !== t + 1) continue;
          own.fill(0);
          for (let k = transitionStart[end.pair]; k < transitionStart[end.pair + 1]; k++) {
            const next = at(t + 1, nextState[k]);
            for (let i = 0; i < width; i++) own[i] += moves[k] * gradients[next + i];
            add(gradients, next, end.weight * moves[k]);
          }
          add(own, 0, -end.weight);
        }
      }
    },

    movesAfter: (t, out) => posteriorMoves(mdp, row(t + 1), out),

    messageGradients(features, out) {
      const width = features.names.length;
      out.fill(0);
      for (let t = horizon - 1; t >= 0; t--) {
        movesAt(t);
        for (let s = 0; s < stateCount; s++) {
          const here = (t * stateCount + s) * width;
          for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
            const p = policy[t * pairCount + pair];
            for (let i = 0; i < width; i++)
              out[here + i] += (p * featureAt(features, s, pair, i)) / temperature;
            for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
              const next = ((t + 1) * stateCount + nextState[k]) * width;
              for (let i = 0; i < width; i++) out[here + i] += p * moves[k] * out[next + i];
            }
          }
        }
      }
    },
  };
  return criterion;
}

function featureAt({ names, per, values }: FeatureMatrix, s: number, pair: number, k: number) {
  return values[(per === 'pair' ? pair : s) * names.length + k];
}

/** What was seen: decisions [pairs], starts [states], ends, and the log-probability of the luck. */
function seen(
  { transitionStart, nextState, probability, pairStart, stateCount, pairCount }: Mdp,
  { count, rowStart, state, pair, weight }: Trajectories,
  horizon: number,
) {
  const counts = new Float64Array(pairCount);
  const starts = new Float64Array(stateCount);
  const ends: OpenEnd[] = [];
  let luck = 0;
  for (let i = 0; i < count; i++) {
    const first = rowStart[i];
    const end = rowStart[i + 1];
    if (first === end || weight[i] === 0) continue;
    starts[state[first]] += weight[i];
    for (let row = first; row < end; row++) {
      const p = pair[row];
      const time = row - first;
      if (p < 0) {
        const goesOn = time < horizon && pairStart[state[row]] < pairStart[state[row] + 1];
        if (goesOn) ends.push({ time, state: state[row], pair: -1, weight: weight[i] });
        continue;
      }
      counts[p] += weight[i];
      if (row + 1 === end) {
        if (time + 1 < horizon)
          ends.push({ time: time + 1, state: -1, pair: p, weight: weight[i] });
        continue;
      }
      let chance = 0;
      for (let k = transitionStart[p]; k < transitionStart[p + 1]; k++)
        if (nextState[k] === state[row + 1]) chance += probability[k];
      luck += weight[i] * Math.log(chance);
    }
  }
  return { counts, starts, ends, luck };
}
