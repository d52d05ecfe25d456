/**
 * A stationary problem as the classical algorithms of dynamic programming see it, hard or soft.
 *
 *   Q(s, a) = r(s, a) + γ Σₛ′ p(s′ | s, a) V(s′)
 *   TV(s)   = max( maxₐ Q(s, a), stop(s) )                                τ = 0
 *           = τ log( Σₐ exp(Q(s, a) / τ) + exp(stop(s) / τ) )               τ > 0
 *
 * Both T shrink distances by γ, so that all the algorithms that follow from that serve both.
 *
 * Reference: Puterman (1994), Markov Decision Processes, chapter 6.
 */

import { z } from 'zod';
import type { Mdp } from '../mdp/mdp.ts';
import { backUp, softMaximum, terminalStop } from './softValueIteration.ts';
import { greedyStep } from './valueIteration.ts';

export const DynamicProgramOptions = z.strictObject({
  discount: z.number().min(0).max(1).describe('Worth of the next step γ; 1 needs states that stop'),
  temperature: z.number().min(0).default(0).describe('τ of soft optimality; 0 for hard'),
  tolerance: z
    .number()
    .positive()
    .default(1e-10)
    .describe('Stop when max |TV − V| is at most this'),
  maxBackUps: z
    .number()
    .positive()
    .default(1e9)
    .describe('Give up after so many values of states have been computed'),
});
/** What a caller may write. */
export type DynamicProgramOptions = z.input<typeof DynamicProgramOptions>;

export interface DynamicProgram {
  readonly mdp: Mdp;
  /** [pairs] */
  readonly reward: Float64Array;
  readonly discount: number;
  readonly temperature: number;
  readonly tolerance: number;
  readonly maxBackUps: number;
  /** [states] reward of ending at once, −Infinity where impossible. */
  readonly stop: Float64Array;
}

export interface DynamicPlan {
  /** [states] V(s). */
  readonly value: Float64Array;
  /** [pairs] r + γ P V. */
  readonly actionValue: Float64Array;
  /** [pairs] the greedy choice, or the soft policy; what is missing to 1 in a state is ending there. */
  readonly policy: Float64Array;
  /** [states] the best pair, the first among equals; −1 where ending at once is best. */
  readonly greedy: Int32Array;
  readonly converged: boolean;
  /** How many values of states were computed. */
  readonly backUps: number;
}

/** Checks what was given and fills in what was not. */
export function dynamicProgram(
  mdp: Mdp,
  reward: Float64Array,
  options: DynamicProgramOptions,
  stop: Float64Array = terminalStop(mdp),
): DynamicProgram {
  const settings = DynamicProgramOptions.parse(options);
  if (reward.length !== mdp.pairCount)
    throw new RangeError(
      `Cannot plan: reward must have ${mdp.pairCount} entries (one per pair), got ${reward.length}`,
    );
  if (stop.length !== mdp.stateCount)
    throw new RangeError(
      `Cannot plan: stop must have ${mdp.stateCount} entries (one per state), got ${stop.length}`,
    );
  return { mdp, reward, stop, ...settings };
}

/**
 * Returns TV(s).
 *
 * @param actionValue [pairs] scratch; Q(s, ·) on return
 */
export function backUpState(
  { mdp, reward, discount, temperature, stop }: DynamicProgram,
  value: Float64Array,
  s: number,
  actionValue: Float64Array,
): number {
  const { pairStart, transitionStart, nextState, probability } = mdp;
  const [first, end] = [pairStart[s], pairStart[s + 1]];
  let best = stop[s];
  for (let pair = first; pair < end; pair++) {
    let ahead = 0;
    for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
      ahead += probability[k] * value[nextState[k]];
    const q = reward[pair] + discount * ahead;
    actionValue[pair] = q;
    if (q > best) best = q;
  }
  return temperature === 0 ? best : softMaximum(actionValue, first, end, stop[s], temperature);
}

/** Overwrites `policy` [pairs] with what is optimal for Q: greedy, or soft. */
export function writePolicy(
  { mdp, temperature, stop }: DynamicProgram,
  actionValue: Float64Array,
  policy: Float64Array,
): void {
  const { stateCount, pairStart } = mdp;
  for (let s = 0; s < stateCount; s++) {
    const [first, end] = [pairStart[s], pairStart[s + 1]];
    if (temperature > 0) {
      const value = softMaximum(actionValue, first, end, stop[s], temperature);
      for (let pair = first; pair < end; pair++)
        policy[pair] = Math.exp((actionValue[pair] - value) / temperature);
      continue;
    }
    let [best, choice] = [stop[s], -1];
    for (let pair = first; pair < end; pair++) {
      policy[pair] = 0;
      if (actionValue[pair] > best) {
        best = actionValue[pair];
        choice = pair;
      }
    }
    if (choice >= 0) policy[choice] = 1;
  }
}

/** What `value` [states] comes to: Q, and what is optimal for it. */
export function planOf(
  program: DynamicProgram,
  value: Float64Array,
  converged: boolean,
  backUps: number,
): DynamicPlan {
  const { mdp, reward, discount, stop } = program;
  const actionValue = new Float64Array(mdp.pairCount);
  const policy = new Float64Array(mdp.pairCount);
  const greedy = new Int32Array(mdp.stateCount);
  backUp(mdp, reward, value, discount, actionValue);
  writePolicy(program, actionValue, policy);
  greedyStep(mdp, actionValue, stop, greedy, value.slice());
  return { value, actionValue, policy, greedy, converged, backUps };
}
