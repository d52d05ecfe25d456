/**
 * What a walk that never ends can gain per step, freedom of choice included: whether undiscounted
 * soft optimality exists at all.
 *
 *   g = max over policies that never end of the long-run average of  r(s, a) + τ H(π(· | s))
 *
 * Below 0 every endless walk loses, and the soft values are finite; above 0 going on for ever always
 * gains, the values have no bound and the soft-optimal walk never arrives. In each end component g
 * solves the soft average-reward equation
 *
 *   g + h(s) = τ log Σₐ exp( ( r(s, a) + Σₛ′ p(s′ | s, a) h(s′) ) / τ ) =: (Th)(s)
 *
 * by relative value iteration, h ← (h + Th) / 2, with the bounds min (Th − h) ≤ g ≤ max (Th − h) at
 * every sweep. Where moves are deterministic g = τ log ρ(M) of the move weights; where they are noisy
 * the radius overstates what luck is worth and g is the exact measure.
 *
 * Reference: Odoni (1969), On finding the maximal gain for Markov decision processes, Operations
 * Research 17, 857–860, with the soft maximum for the hard one; Puterman (1994), §8.5.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { type EndComponent, endComponents } from './endComponents.ts';
import { softMaximum } from './softValueIteration.ts';

export interface EndlessGainOptions {
  /** Stop when the bounds are this close, relative to 1 + max |r| + τ. */
  readonly tolerance?: number;
  /** Give up after this many sweeps of a component. */
  readonly maxSweeps?: number;
  /** Stop as soon as the bounds leave this value out. */
  readonly decide?: number;
}

export interface EndlessGain {
  /** Within `low` and `high`; −Infinity where no walk can go on for ever. */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  /** Where the most gainful walk stays, ascending; empty where no walk can go on for ever. */
  readonly states: readonly number[];
  /** Whether the bounds came as close as asked, or left out what was to be decided. */
  readonly converged: boolean;
}

/**
 * @param reward [pairs]
 * @param temperature τ ≥ 0; 0 asks for the best average reward
 * @param allowed [pairs] 0 for pairs that are never taken, as those out of a goal; null allows all
 */
export function endlessGain(
  mdp: Mdp,
  reward: Float64Array,
  temperature: number,
  allowed: Uint8Array | null = null,
  options: EndlessGainOptions = {},
): EndlessGain {
  if (reward.length !== mdp.pairCount)
    throw new RangeError(
      `Cannot plan: reward must have ${mdp.pairCount} entries (one per pair), got ${reward.length}`,
    );
  if (!(temperature >= 0))
    throw new RangeError(`Cannot plan: the temperature must be at least 0, got ${temperature}`);
  return gainOf(endComponents(mdp, allowed), mdp, reward, temperature, options);
}

/** The same for end components that are known already. */
export function gainOf(
  components: readonly EndComponent[],
  mdp: Mdp,
  reward: Float64Array,
  temperature: number,
  options: EndlessGainOptions = {},
): EndlessGain {
  let best: EndlessGain = {
    gain: Number.NEGATIVE_INFINITY,
    low: Number.NEGATIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    states: [],
    converged: true,
  };
  for (const component of components) {
    const own = gainWithin(component, mdp, reward, temperature, options);
    const converged = best.converged && own.converged;
    const high = Math.max(best.high, own.high);
    best = { ...(own.gain > best.gain ? own : best), high, converged };
  }
  return best;
}

function gainWithin(
  { states, pairs }: EndComponent,
  mdp: Mdp,
  reward: Float64Array,
  temperature: number,
  { tolerance = 1e-12, maxSweeps = 1_000_000, decide }: EndlessGainOptions,
): EndlessGain {
  const { transitionStart, nextState, probability } = mdp;
  const part = layOut(states, pairs, mdp);
  const h = new Float64Array(mdp.stateCount);
  const backedUp = new Float64Array(states.length);
  const actionValue = new Float64Array(pairs.length);
  let size = 0;
  for (const pair of pairs) size = Math.max(size, Math.abs(reward[pair]));
  const close = tolerance * (1 + size + temperature);
  for (let sweep = 1; ; sweep++) {
    for (let i = 0; i < pairs.length; i++) {
      let ahead = 0;
      for (let k = transitionStart[pairs[i]]; k < transitionStart[pairs[i] + 1]; k++)
        ahead += probability[k] * h[nextState[k]];
      actionValue[i] = reward[pairs[i]] + ahead;
    }
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < states.length; i++) {
      backedUp[i] = bestOf(actionValue, part[i], part[i + 1], temperature);
      const rise = backedUp[i] - h[states[i]];
      if (rise < low) low = rise;
      if (rise > high) high = rise;
    }
    const decided = decide !== undefined && (low > decide || high < decide);
    const converged = high - low <= close || decided;
    if (converged || sweep >= maxSweeps)
      return { gain: (low + high) / 2, low, high, states, converged };
    // Half a step makes periodic walks settle; taking out one state's value keeps the numbers small.
    const anchor = (h[states[0]] + backedUp[0]) / 2;
    for (let i = 0; i < states.length; i++)
      h[states[i]] = (h[states[i]] + backedUp[i]) / 2 - anchor;
  }
}

/** [states + 1] first of the component's pairs of each of its states. */
function layOut(states: readonly number[], pairs: readonly number[], mdp: Mdp): Int32Array {
  const start = new Int32Array(states.length + 1);
  let at = 0;
  states.forEach((s, i) => {
    while (at < pairs.length && pairs[at] < mdp.pairStart[s + 1]) at++;
    start[i + 1] = at;
  });
  return start;
}

function bestOf(x: Float64Array, start: number, end: number, temperature: number): number {
  if (temperature > 0) return softMaximum(x, start, end, Number.NEGATIVE_INFINITY, temperature);
  let best = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) if (x[i] > best) best = x[i];
  return best;
}
