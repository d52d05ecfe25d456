/**
 * The temperature from which undiscounted soft optimality does not end any more.
 *
 * What an endless walk gains per step, g(τ) of `endlessGain`, is a maximum of functions linear in τ
 * (average reward + τ · entropy), so it is convex and rises. Where it passes through 0 the freedom of
 * wandering about pays for its cost: below, the soft-optimal walk arrives; above, it never does. The
 * zero is found by bisection, each side certified by the bounds on g.
 */

import type { Goal } from '../mdp/goal.ts';
import { type Mdp, statesOfPairs } from '../mdp/mdp.ts';
import { reachableFrom, taskSupport } from '../mdp/reachability.ts';
import { endComponents } from './endComponents.ts';
import { type EndlessGain, gainOf } from './endlessGain.ts';

export interface CriticalTemperature {
  /** Infinity where every temperature ends, 0 where none does. */
  readonly temperature: number;
  /** Ends for certain at `low` (unless 0), never at `high` (unless infinite). */
  readonly low: number;
  readonly high: number;
  /** Where the endless walk stays that breaks even first; empty where every temperature ends. */
  readonly states: readonly number[];
}

export interface CriticalTemperatureOptions {
  /** States where walks begin; all where absent. */
  readonly from?: Int32Array;
  /** How far apart the two sides may be, relative to them. */
  readonly accuracy?: number;
  /** Give up after this many sweeps at one temperature. */
  readonly maxSweeps?: number;
}

/**
 * @param reward [pairs]
 * @throws RangeError where the world mixes so slowly that the sign of an endless gain stays open
 */
export function criticalTemperature(
  mdp: Mdp,
  goal: Goal,
  reward: Float64Array,
  { from, accuracy = 1e-9, maxSweeps = 1_000_000 }: CriticalTemperatureOptions = {},
): CriticalTemperature {
  if (reward.length !== mdp.pairCount)
    throw new RangeError(
      `Cannot plan: reward must have ${mdp.pairCount} entries (one per pair), got ${reward.length}`,
    );
  const components = endComponents(mdp, pairsOfWalks(mdp, goal, from));
  const gainAt = (temperature: number): EndlessGain => {
    const gain = gainOf(components, mdp, reward, temperature, { decide: 0, maxSweeps });
    if (gain.converged) return gain;
    throw new RangeError(
      `Cannot find the critical temperature: what endless walks gain at τ = ${temperature} is still between ${gain.low} and ${gain.high} after ${maxSweeps} sweeps`,
    );
  };

  const hard = gainAt(0);
  if (hard.high >= 0) return { temperature: 0, low: 0, high: 0, states: hard.states };
  const isFree = components.some(({ states, pairs }) => pairs.length > states.length);
  if (!isFree) return { temperature: Infinity, low: Infinity, high: Infinity, states: [] };

  let high = largest(reward);
  while (!(gainAt(high).low > 0)) high *= 2;
  let low = high / 2;
  while (!(gainAt(low).high < 0)) low /= 2;
  while (high - low > accuracy * high) {
    const middle = (low + high) / 2;
    const { low: least, high: most } = gainAt(middle);
    if (least > 0) high = middle;
    else if (most < 0) low = middle;
    else break;
  }
  return { temperature: (low + high) / 2, low, high, states: gainAt(high).states };
}

/**
 * [pairs] 1 for those that soft-optimal walks may take. Where the goal can be missed the value is −∞,
 * so none leads there.
 */
function pairsOfWalks(mdp: Mdp, goal: Goal, from: Int32Array | undefined): Uint8Array {
  const { allowed } = taskSupport(mdp, goal);
  if (!from) return allowed;
  const reached = reachableFrom(mdp, from, allowed);
  const stateOfPair = statesOfPairs(mdp);
  return allowed.map((on, pair) => on & reached[stateOfPair[pair]]);
}

function largest(reward: Float64Array): number {
  return reward.reduce((size, r) => Math.max(size, Math.abs(r)), 0);
}
