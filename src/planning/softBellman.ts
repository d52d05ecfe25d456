/**
 * One pass of the soft Bellman operator, and with it the policy and its transition matrix.
 *
 *   Q(s, a)  = r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′)
 *   TV(s)    = τ log( Σₐ exp(Q(s, a) / τ) + exp(stop(s) / τ) )
 *   π(a | s) = exp((Q(s, a) − TV(s)) / τ)
 *
 * Exponents are taken relative to the V(s) of before, so near the fixed point they are moderate,
 * there is no search for the largest, and the Bellman residual is τ |log Σ| for free. A state where
 * that shift would overflow or underflow is redone relative to its largest exponent.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { fastExp, fastLog } from '../numeric/fastExp.ts';
import type { CollapsedPattern } from './collapsedPattern.ts';

/** Beyond this many τ from the old value an exponent is not trusted to the unshifted sum. */
const LIMIT = 690;

/** A stationary problem in the form the kernels use. */
export interface SoftBellman {
  readonly mdp: Mdp;
  /** γ, 0 ≤ γ ≤ 1 */
  readonly discount: number;
  /** τ > 0 */
  readonly temperature: number;
  /** [states] reward of ending at once, −Infinity where that is impossible. */
  readonly stop: Float64Array;
}

/**
 * Overwrites `policy` [pairs] with π, `residual` [states] with TV − V, and the collapsed matrix
 * with γ P_π. Returns the largest |TV − V|.
 *
 * @param value [states] finite
 * @param table `EXP_TABLE`
 */
export function softBellmanPass(
  { mdp, discount, temperature, stop }: SoftBellman,
  reward: Float64Array,
  value: Float64Array,
  pattern: CollapsedPattern,
  policy: Float64Array,
  residual: Float64Array,
  table: Float64Array,
): number {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const { slot } = pattern;
  const { value: entry, rowStart } = pattern.matrix;
  const perTemperature = 1 / temperature;
  let largest = 0;
  let pair = 0;
  let k = 0;
  for (let s = 0; s < stateCount; s++) {
    const firstPair = pair;
    const lastPair = pairStart[s + 1];
    const firstEntry = rowStart[s];
    const lastEntry = rowStart[s + 1];
    for (let e = firstEntry; e < lastEntry; e++) entry[e] = 0;
    const old = value[s];
    let sum = 0;
    let far = false;
    const stopping = (stop[s] - old) * perTemperature;
    if (stopping > LIMIT) far = true;
    else if (stopping > -LIMIT) sum = fastExp(stopping, table);
    for (; pair < lastPair; pair++) {
      const start = k;
      const end = transitionStart[pair + 1];
      let next = 0;
      for (; k < end; k++) next += probability[k] * value[nextState[k]];
      const exponent = (reward[pair] + discount * next - old) * perTemperature;
      if (exponent > -LIMIT && exponent < LIMIT) {
        const weight = fastExp(exponent, table);
        policy[pair] = weight;
        sum += weight;
        for (let j = start; j < end; j++) entry[slot[j]] += weight * probability[j];
      } else if (exponent <= -LIMIT) policy[pair] = 0;
      else far = true;
    }
    let change: number;
    if (far || sum === 0) {
      change = shiftedState(mdp, reward, value, discount, temperature, stop[s], s, policy);
      sum = 1;
      for (let e = firstEntry; e < lastEntry; e++) entry[e] = 0;
      for (let p = firstPair; p < lastPair; p++)
        for (let j = transitionStart[p]; j < transitionStart[p + 1]; j++)
          entry[slot[j]] += policy[p] * probability[j];
    } else change = temperature * fastLog(sum);
    residual[s] = change;
    const size = Math.abs(change);
    if (!(size <= largest)) largest = size;

    // What was gathered are weights; their sum makes probabilities of them.
    const scale = 1 / sum;
    for (let p = firstPair; p < lastPair; p++) policy[p] *= scale;
    const discounted = discount * scale;
    for (let e = firstEntry; e < lastEntry; e++) entry[e] *= discounted;
  }
  return largest;
}

/** The same for one state relative to its largest exponent. Writes π; returns TV(s) − V(s). */
function shiftedState(
  { pairStart, transitionStart, nextState, probability }: Mdp,
  reward: Float64Array,
  value: Float64Array,
  discount: number,
  temperature: number,
  stop: number,
  s: number,
  policy: Float64Array,
): number {
  let largest = stop;
  for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
    let next = 0;
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      next += probability[k] * value[nextState[k]];
    const actionValue = reward[pair] + discount * next;
    policy[pair] = actionValue;
    if (!(actionValue <= largest)) largest = actionValue;
  }
  let sum = Math.exp((stop - largest) / temperature);
  for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
    policy[pair] = Math.exp((policy[pair] - largest) / temperature);
    sum += policy[pair];
  }
  for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) policy[pair] /= sum;
  return largest + temperature * Math.log(sum) - value[s];
}

/**
 * The same for the policy that chooses uniformly among a state's pairs and stopping: fills the
 * collapsed matrix and overwrites `gain` [states] with Σₐ π r + π_stop stop + τ H(π), so that its
 * value solves (I − γ P_π) V = gain.
 */
export function uniformPolicyPass(
  { mdp, discount, temperature, stop }: SoftBellman,
  reward: Float64Array,
  pattern: CollapsedPattern,
  gain: Float64Array,
): void {
  const { stateCount, pairStart, transitionStart, probability } = mdp;
  const { slot } = pattern;
  const entry = pattern.matrix.value;
  entry.fill(0);
  for (let s = 0; s < stateCount; s++) {
    const stops = stop[s] > Number.NEGATIVE_INFINITY;
    const choices = pairStart[s + 1] - pairStart[s] + (stops ? 1 : 0);
    let sum = stops ? stop[s] : 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      sum += reward[pair];
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        entry[slot[k]] += (discount * probability[k]) / choices;
    }
    gain[s] = sum / choices + temperature * Math.log(choices);
  }
}
