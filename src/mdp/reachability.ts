/**
 * Which states and pairs matter for a goal.
 *
 * A soft-optimal traveller gives positive probability to every pair of finite value, so a state has
 * a finite value only if the goal is reached *for certain* from it under such a policy: no usable
 * pair may have a successor from which the goal is out of reach. The set is the largest fixed point
 * of "drop pairs that may leave the set; drop states that cannot reach the goal by what is left"
 * (almost-sure reachability; Baier & Katoen 2008, Principles of Model Checking, alg. 45). Where
 * moves are deterministic it is plain backward reachability.
 */

import type { Goal } from './goal.ts';
import { type Mdp, statesOfPairs } from './mdp.ts';

export interface TaskSupport {
  /** [states] 1 where the goal can be reached for certain. */
  readonly live: Uint8Array;
  /** [pairs] 1 where the pair is usable: its state is live and not an absorbing goal, all its successors are live. */
  readonly allowed: Uint8Array;
}

export function taskSupport(mdp: Mdp, goal: Goal): TaskSupport {
  const { stateCount, pairCount, pairStart, transitionStart, nextState } = mdp;
  const stateOfPair = statesOfPairs(mdp);
  const incoming = predecessors(mdp);
  const allowed = new Uint8Array(pairCount).fill(1);
  if (goal.absorbing)
    for (const s of goal.stopState) allowed.fill(0, pairStart[s], pairStart[s + 1]);

  for (;;) {
    const live = new Uint8Array(stateCount);
    const queue = new Int32Array(stateCount);
    let tail = 0;
    for (const s of goal.stopState) {
      if (live[s]) continue;
      live[s] = 1;
      queue[tail++] = s;
    }
    for (let head = 0; head < tail; head++) {
      const to = queue[head];
      for (let k = incoming.start[to]; k < incoming.start[to + 1]; k++) {
        const pair = incoming.pair[k];
        const s = stateOfPair[pair];
        if (allowed[pair] === 0 || live[s]) continue;
        live[s] = 1;
        queue[tail++] = s;
      }
    }
    let dropped = false;
    for (let pair = 0; pair < pairCount; pair++) {
      if (allowed[pair] === 0) continue;
      let safe = live[stateOfPair[pair]];
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        safe &= live[nextState[k]];
      if (safe) continue;
      allowed[pair] = 0;
      // A dropped pair of a live state may have been what kept others live: look again.
      if (live[stateOfPair[pair]]) dropped = true;
    }
    if (!dropped) return { live, allowed };
  }
}

/**
 * Returns [states] 1 where a state can be entered from `states` (which are included) by the pairs
 * that are `allowed`; null allows all.
 */
export function reachableFrom(
  mdp: Mdp,
  states: Int32Array,
  allowed: Uint8Array | null,
): Uint8Array {
  const { pairStart, transitionStart, nextState } = mdp;
  const reached = new Uint8Array(mdp.stateCount);
  const stack = [...states];
  for (const s of stack) reached[s] = 1;
  for (let s = stack.pop(); s !== undefined; s = stack.pop())
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      if (allowed?.[pair] === 0) continue;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
        const to = nextState[k];
        if (reached[to]) continue;
        reached[to] = 1;
        stack.push(to);
      }
    }
  return reached;
}

/**
 * Returns all states by the number of moves to the nearest of `targets`, nearest first; those that
 * cannot reach any come last.
 */
export function distanceOrder(mdp: Mdp, targets: Int32Array): Int32Array {
  const stateOfPair = statesOfPairs(mdp);
  const incoming = predecessors(mdp);
  const order = new Int32Array(mdp.stateCount);
  const seen = new Uint8Array(mdp.stateCount);
  let tail = 0;
  const visit = (s: number): void => {
    if (seen[s]) return;
    seen[s] = 1;
    order[tail++] = s;
  };
  targets.forEach(visit);
  for (let head = 0; head < tail; head++) {
    const to = order[head];
    for (let k = incoming.start[to]; k < incoming.start[to + 1]; k++)
      visit(stateOfPair[incoming.pair[k]]);
  }
  for (let s = 0; s < mdp.stateCount; s++) visit(s);
  return order;
}

/** The pairs that may lead into each state, in compressed rows by state. */
export function predecessors(mdp: Mdp): { start: Int32Array; pair: Int32Array } {
  const { stateCount, pairCount, transitionStart, nextState } = mdp;
  const start = new Int32Array(stateCount + 1);
  for (const to of nextState) start[to + 1]++;
  for (let s = 0; s < stateCount; s++) start[s + 1] += start[s];
  const pair = new Int32Array(nextState.length);
  const free = start.slice(0, stateCount);
  for (let p = 0; p < pairCount; p++)
    for (let k = transitionStart[p]; k < transitionStart[p + 1]; k++)
      pair[free[nextState[k]]++] = p;
  return { start, pair };
}
