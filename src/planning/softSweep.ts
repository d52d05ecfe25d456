/**
 * One sweep of soft value iteration, values only, as fast as plain typed arrays allow.
 *
 *   TV(s) = V(s) + τ log( Σₐ exp((Q(s, a) − V(s)) / τ) + exp((stop(s) − V(s)) / τ) )
 *
 * The shift by the old value instead of the largest Q needs one pass over the pairs, no buffer and
 * no unpredictable branch. A state where it would overflow or underflow is redone with the largest.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { fastExp, fastLog } from '../numeric/fastExp.ts';
import type { SoftBellman } from './softBellman.ts';

/** Beyond this many τ from the old value an exponent is not trusted to the unshifted sum. */
const LIMIT = 690;

/**
 * Overwrites `out` [states] with TV. Returns the largest |TV − V|; NaN where a value is.
 *
 * @param value [states] finite; must not alias `out`
 * @param table `EXP_TABLE`
 */
export function softSweep(
  { mdp, discount, temperature, stop }: SoftBellman,
  reward: Float64Array,
  value: Float64Array,
  out: Float64Array,
  table: Float64Array,
): number {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const perTemperature = 1 / temperature;
  let largest = 0;
  let pair = 0;
  let k = 0;
  for (let s = 0; s < stateCount; s++) {
    const lastPair = pairStart[s + 1];
    const old = value[s];
    const stopping = (stop[s] - old) * perTemperature;
    let far = stopping > LIMIT;
    let sum = stopping > -LIMIT && !far ? fastExp(stopping, table) : 0;
    for (; pair < lastPair; pair++) {
      const end = transitionStart[pair + 1];
      let next = 0;
      for (; k < end; k++) next += probability[k] * value[nextState[k]];
      const exponent = (reward[pair] + discount * next - old) * perTemperature;
      if (exponent > -LIMIT && exponent < LIMIT) sum += fastExp(exponent, table);
      else if (!(exponent <= -LIMIT)) far = true;
    }
    let change = temperature * fastLog(sum);
    if (far || sum === 0)
      change = shiftedValue(mdp, reward, value, discount, temperature, stop[s], s) - old;
    out[s] = old + change;
    const size = Math.abs(change);
    if (!(size <= largest)) largest = size;
  }
  return largest;
}

/** TV(s) relative to the largest exponent, which may be far from the old value. */
function shiftedValue(
  { pairStart, transitionStart, nextState, probability }: Mdp,
  reward: Float64Array,
  value: Float64Array,
  discount: number,
  temperature: number,
  stop: number,
  s: number,
): number {
  let largest = stop;
  let sum = stop > Number.NEGATIVE_INFINITY ? 1 : 0;
  for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
    let next = 0;
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      next += probability[k] * value[nextState[k]];
    const actionValue = reward[pair] + discount * next;
    if (actionValue === Number.NEGATIVE_INFINITY) continue;
    if (actionValue <= largest) sum += Math.exp((actionValue - largest) / temperature);
    else {
      sum = sum * Math.exp((largest - actionValue) / temperature) + 1;
      largest = actionValue;
    }
  }
  return largest + temperature * Math.log(sum);
}
