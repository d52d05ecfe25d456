/**
 * Prioritised value iteration: always the state next whose value may be furthest from right.
 *
 *   V(s) ← TV(s),  e(s) ← 0,  then  e(x) ← e(x) + γ maxₐ p(s | x, a) |ΔV(s)|  for all x that lead to s
 *
 * T moves by no more than the values it sees, hard or soft, so e(x) ≥ |TV(x) − V(x)| throughout: when the
 * largest e is within the tolerance, so is the Bellman error of every state.
 *
 * Reference: Moore & Atkeson (1993), Prioritized sweeping, Machine Learning 13; with the bound of Peng &
 * Williams (1993), Adaptive Behavior 1.
 */

import { type Mdp, statesOfPairs } from '../mdp/mdp.ts';
import { predecessors } from '../mdp/reachability.ts';
import { createIndexedHeap } from '../numeric/indexedHeap.ts';
import {
  backUpState,
  type DynamicPlan,
  type DynamicProgramOptions,
  dynamicProgram,
  planOf,
} from './dynamicProgram.ts';

/**
 * Plans for `reward` [pairs] from V = 0.
 *
 * @param stop [states] reward of ending at once, −Infinity where impossible; where it is absent,
 *   states without pairs end with value 0 and no others can end
 */
export function prioritizedValueIteration(
  mdp: Mdp,
  reward: Float64Array,
  options: DynamicProgramOptions,
  stop?: Float64Array,
): DynamicPlan {
  const program = dynamicProgram(mdp, reward, options, stop);
  const { stateCount } = mdp;
  const value = new Float64Array(stateCount);
  const actionValue = new Float64Array(mdp.pairCount);
  const errors = value.map((v, s) => Math.abs(backUpState(program, value, s, actionValue) - v));
  const heap = createIndexedHeap(errors);
  const { start, from, weight } = influence(mdp);
  for (let backUps = stateCount; ; backUps++) {
    const s = heap.top();
    const largest = stateCount > 0 ? heap.key(s) : 0;
    const converged = largest <= program.tolerance;
    if (converged || !Number.isFinite(largest) || backUps >= program.maxBackUps)
      return planOf(program, value, converged, backUps);
    const next = backUpState(program, value, s, actionValue);
    const moved = program.discount * Math.abs(next - value[s]);
    value[s] = next;
    heap.set(s, 0);
    if (moved === 0) continue;
    for (let k = start[s]; k < start[s + 1]; k++)
      heap.set(from[k], heap.key(from[k]) + weight[k] * moved);
  }
}

/** Per state, those that lead to it and with what probability at most, in compressed rows. */
function influence(mdp: Mdp): { start: Int32Array; from: Int32Array; weight: Float64Array } {
  const { stateCount, transitionStart, nextState, probability } = mdp;
  const stateOfPair = statesOfPairs(mdp);
  const incoming = predecessors(mdp);
  const start = new Int32Array(stateCount + 1);
  const from: number[] = [];
  const weight: number[] = [];
  for (let s = 0; s < stateCount; s++) {
    const most = new Map<number, number>();
    for (let i = incoming.start[s]; i < incoming.start[s + 1]; i++) {
      const pair = incoming.pair[i];
      let chance = 0;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        if (nextState[k] === s) chance += probability[k];
      const x = stateOfPair[pair];
      most.set(x, Math.max(most.get(x) ?? 0, chance));
    }
    for (const [x, chance] of most) {
      from.push(x);
      weight.push(chance);
    }
    start[s + 1] = from.length;
  }
  return { start, from: Int32Array.from(from), weight: Float64Array.from(weight) };
}
