/**
 * A Markov decision process without its reward: states, the actions each state offers, and where
 * they lead. Everything is flat and sparse: a (state, action) is one index, the *pair*, and pairs
 * of a state lie side by side, as do transitions of a pair.
 *
 *   state s ── pairs pairStart[s] … pairStart[s+1]−1
 *   pair  p ── transitions transitionStart[p] … transitionStart[p+1]−1
 */
export interface Mdp {
  readonly stateCount: number;
  readonly pairCount: number;
  /** [states + 1] first pair of each state; a state without pairs offers no choice. */
  readonly pairStart: Int32Array;
  /** [pairs + 1] first transition of each pair. */
  readonly transitionStart: Int32Array;
  /** [transitions] successor state. */
  readonly nextState: Int32Array;
  /** [transitions] p(s′ | s, a), positive, summing to 1 over the transitions of a pair. */
  readonly probability: Float64Array;
}

/** Returns [pairs] the state each pair belongs to. */
export function statesOfPairs(mdp: Mdp): Int32Array {
  const { stateCount, pairStart } = mdp;
  const stateOfPair = new Int32Array(mdp.pairCount);
  for (let s = 0; s < stateCount; s++) stateOfPair.fill(s, pairStart[s], pairStart[s + 1]);
  return stateOfPair;
}

/** Whether every pair has exactly one successor, reached with probability 1. */
export function isDeterministic(mdp: Mdp): boolean {
  return mdp.nextState.length === mdp.pairCount && mdp.probability.every((p) => p === 1);
}
