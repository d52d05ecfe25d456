/**
 * A function of θ that is linear in values where they are read, Σ c(i, a) Q(oᵢ, a) + Σ d(i) V(oᵢ) + θ · f,
 * as the objectives of a fit from a log are:
 *
 *   likelihood          Σ_decisions Q(o, a) − V(o)
 *   feature-matching    Σ_episodes ( Σ γᵗ r_t + γᵀ V(o_T) − V(o₀) ),   V(o_T) = 0 where it terminated
 *
 * The second compares what was demonstrated with what is expected from the demonstrations' own first
 * states; an episode that did not terminate goes on as the policy would, on both sides.
 */

import type { FittedSoftQ } from '../../learning/offline/fittedSoftQ.ts';
import type { OfflineLog } from './offlineProblem.ts';

export interface ValueReadings {
  /** [rows × basis] what is seen where values are read. */
  readonly encoded: Float64Array;
  /** [rows × actions] c */
  readonly onAction: Float64Array;
  /** [rows] d */
  readonly onValue: Float64Array;
  /** [features] f */
  readonly paid: Float64Array;
}

export function likelihoodReadings(
  { steps, decisions }: OfflineLog,
  { encoded, basis }: FittedSoftQ,
  featureCount: number,
): ValueReadings {
  const onAction = new Float64Array(decisions * steps.actionCount);
  for (let i = 0; i < decisions; i++) onAction[i * steps.actionCount + steps.actions[i]] = 1;
  return {
    encoded: encoded.now.subarray(0, decisions * basis.size),
    onAction,
    onValue: new Float64Array(decisions).fill(-1),
    paid: new Float64Array(featureCount),
  };
}

export function matchingReadings(
  { steps, start, features }: OfflineLog,
  { encoded, basis }: FittedSoftQ,
  featureCount: number,
  discount: number,
): ValueReadings {
  const episodes = start.length - 1;
  const rows = new Float64Array(2 * episodes * basis.size);
  const onValue = new Float64Array(2 * episodes);
  const paid = new Float64Array(featureCount);
  const copy = (from: Float64Array, row: number, to: number): void =>
    rows.set(from.subarray(row * basis.size, (row + 1) * basis.size), to * basis.size);
  for (let e = 0; e < episodes; e++) {
    let worth = 1;
    for (let i = start[e]; i < start[e + 1]; i++) {
      for (let k = 0; k < featureCount; k++) paid[k] += worth * features[i * featureCount + k];
      worth *= discount;
    }
    const last = start[e + 1] - 1;
    copy(encoded.now, start[e], 2 * e);
    onValue[2 * e] = -1;
    copy(encoded.next, last, 2 * e + 1);
    onValue[2 * e + 1] = worth * (1 - steps.terminated[last]);
  }
  return {
    encoded: rows,
    onAction: new Float64Array(2 * episodes * steps.actionCount),
    onValue,
    paid,
  };
}
