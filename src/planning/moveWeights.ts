/**
 * Moves as weights: the matrix behind undiscounted goal problems.
 *
 *   M(s, s′) = Σₐ exp(r(s, a) / τ) p(s′ | s, a)
 *
 * Where moves are deterministic, z = exp(V / τ) satisfies z = M z + b, linear in z. Several pairs
 * between the same two states add up in one entry. The sum runs over the pairs that are in use.
 */

import { type Mdp, statesOfPairs } from '../mdp/mdp.ts';

export interface MoveWeights {
  /** [rows] the state of each row, ascending; rows and columns are the same states. */
  readonly state: Int32Array;
  /** [states] the row of each state; −1 where it has none. */
  readonly rowOfState: Int32Array;
  /** [rows + 1] the pattern of M in compressed rows, no entry twice. */
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
  /** [pairs in use] ascending; and the state of each. */
  readonly pair: Int32Array;
  readonly pairState: Int32Array;
  /** [pairs in use + 1] first term of each pair: one term per transition. */
  readonly termStart: Int32Array;
  /** [terms] the entry of M that the term is part of, and its p(s′ | s, a). */
  readonly entry: Int32Array;
  readonly probability: Float64Array;
  /** [pairs in use] exp(r / τ) as last filled. */
  readonly pairWeight: Float64Array;
}

/**
 * Lays out M on a set of states.
 *
 * @param states [states] 1 where a state has a row
 * @param usable [pairs] 1 where a pair is used, if its state has a row; its successors must have one
 */
export function createMoveWeights(mdp: Mdp, states: Uint8Array, usable: Uint8Array): MoveWeights {
  const { transitionStart, nextState, probability } = mdp;
  const rowOfState = new Int32Array(mdp.stateCount).fill(-1);
  const state = indicesOf(states);
  state.forEach((s, row) => {
    rowOfState[s] = row;
  });
  const stateOfPair = statesOfPairs(mdp);
  const pair = indicesOf(usable).filter((p) => states[stateOfPair[p]] === 1);
  const pairState = pair.map((p) => stateOfPair[p]);
  const terms = pair.reduce((sum, p) => sum + transitionStart[p + 1] - transitionStart[p], 0);

  const rowStart = new Int32Array(state.length + 1);
  const termStart = new Int32Array(pair.length + 1);
  const entry = new Int32Array(terms);
  const termProbability = new Float64Array(terms);
  const column = new Int32Array(terms);
  // Where the row under construction has its entry in a column.
  const entryAt = new Int32Array(state.length).fill(-1);
  let entries = 0;
  let term = 0;
  let next = 0;
  for (let row = 0; row < state.length; row++) {
    for (; next < pair.length && pairState[next] === state[row]; next++) {
      for (let k = transitionStart[pair[next]]; k < transitionStart[pair[next] + 1]; k++) {
        const j = rowOfState[nextState[k]];
        if (entryAt[j] < rowStart[row]) {
          entryAt[j] = entries;
          column[entries++] = j;
        }
        termProbability[term] = probability[k];
        entry[term++] = entryAt[j];
      }
      termStart[next + 1] = term;
    }
    rowStart[row + 1] = entries;
  }
  return {
    state,
    rowOfState,
    rowStart,
    column: column.slice(0, entries),
    pair,
    pairState,
    termStart,
    entry,
    probability: termProbability,
    pairWeight: new Float64Array(pair.length),
  };
}

/**
 * Fills M, and keeps the weights of the pairs.
 *
 * @param reward [pairs]
 * @param usable [pairs] 0 where a pair is left out this time; null leaves none out
 * @param m [entries], overwritten
 */
export function fillMoveWeights(
  moves: MoveWeights,
  reward: Float64Array,
  temperature: number,
  usable: Uint8Array | null,
  m: Float64Array,
): void {
  const { pair, termStart, entry, probability, pairWeight } = moves;
  m.fill(0);
  for (let i = 0; i < pair.length; i++) {
    const weight = usable?.[pair[i]] === 0 ? 0 : Math.exp(reward[pair[i]] / temperature);
    pairWeight[i] = weight;
    for (let t = termStart[i]; t < termStart[i + 1]; t++) m[entry[t]] += weight * probability[t];
  }
}

/**
 * Adds to `surplus` the gradient in the reward of what has the gradient `mBar` in M.
 *
 * @param mBar [entries]
 * @param surplus [pairs]
 */
export function pullBackMoveWeights(
  moves: MoveWeights,
  mBar: Float64Array,
  temperature: number,
  surplus: Float64Array,
): void {
  const { pair, termStart, entry, probability, pairWeight } = moves;
  for (let i = 0; i < pair.length; i++) {
    const weight = pairWeight[i];
    if (weight === 0) continue;
    let sum = 0;
    for (let t = termStart[i]; t < termStart[i + 1]; t++) sum += mBar[entry[t]] * probability[t];
    surplus[pair[i]] += (weight * sum) / temperature;
  }
}

/** The indices where `flags` is set, ascending. */
function indicesOf(flags: Uint8Array): Int32Array {
  const indices = new Int32Array(flags.length);
  let count = 0;
  for (let i = 0; i < flags.length; i++) if (flags[i]) indices[count++] = i;
  return indices.slice(0, count);
}
