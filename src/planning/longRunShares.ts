/**
 * Where a policy spends its time in the long run, from a given start:
 *
 *   share = lim_{N→∞} 1/N Σ_{t<N} start P_πᵗ       (Cesàro; it exists for every finite chain)
 *
 * The chain is taken apart into the classes that nobody leaves and the transient rest. Who ends where
 * is one solve on the rest, (I − P_TT)ᵀ D = start; the time within a class is its stationary
 * distribution, the expected visits between two returns to one of its states,
 *
 *   (I − P_{−r,−r})ᵀ x = P_{r,−r}ᵀ,  x_r = 1.
 *
 * Both matrices are M-matrices, so periodic and nearly decomposable chains need no special care. A
 * state without pairs is stayed in for ever.
 *
 * Reference: Kemeny & Snell (1960), Finite Markov Chains, ch. 3 and 5.
 */

import type { Mdp } from '../mdp/mdp.ts';
import type { Csr } from '../numeric/csr.ts';
import { strongComponents } from '../numeric/strongComponents.ts';
import { createPolicySolver } from './policySolver.ts';

/** Residual allowed, relative to what enters. */
const ACCURACY = 1e-13;

/**
 * Returns [states] the share of time spent in each state, summing to 1; null where the chain is so
 * nearly decomposable, or so large, that the equations could not be solved.
 *
 * @param policy [pairs] π(a | s), summing to 1 over the pairs of each state that has some
 * @param start [states] summing to 1
 */
export function longRunShares(
  mdp: Mdp,
  policy: Float64Array,
  start: Float64Array,
): Float64Array | null {
  const { stateCount } = mdp;
  const chain = chainOf(mdp, policy);
  const { componentOf, components } = strongComponents(chain, start);
  const isClosed = components.map((states, c) =>
    states.every((s) => {
      for (let k = chain.rowStart[s]; k < chain.rowStart[s + 1]; k++)
        if (componentOf[chain.column[k]] !== c) return false;
      return true;
    }),
  );

  const entering = start.slice();
  const transient = components.flatMap((states, c) => (isClosed[c] ? [] : states));
  if (transient.length > 0) {
    const visits = solveVisits(chain, transient, (s) => start[s]);
    if (!visits) return null;
    transient.forEach((s, i) => {
      entering[s] = 0;
      for (let k = chain.rowStart[s]; k < chain.rowStart[s + 1]; k++) {
        const to = chain.column[k];
        if (isClosed[componentOf[to]]) entering[to] += visits[i] * chain.value[k];
      }
    });
  }

  const shares = new Float64Array(stateCount);
  for (const [c, states] of components.entries()) {
    if (!isClosed[c]) continue;
    const mass = states.reduce((sum, s) => sum + entering[s], 0);
    const own = stationary(chain, states);
    if (!own) return null;
    states.forEach((s, i) => {
      shares[s] = mass * own[i];
    });
  }
  const total = shares.reduce((sum, x) => sum + x, 0);
  return Math.abs(total - 1) < 1e-6 ? shares.map((x) => x / total) : null;
}

interface Chain {
  /** [states + 1] */
  readonly rowStart: Int32Array;
  readonly column: Int32Array;
  /** p(s′ | s) > 0; the same s′ may come up more than once. */
  readonly value: Float64Array;
}

function chainOf(
  { stateCount, pairStart, transitionStart, nextState, probability }: Mdp,
  policy: Float64Array,
): Chain {
  const rowStart = new Int32Array(stateCount + 1);
  const column = new Int32Array(nextState.length + stateCount);
  const value = new Float64Array(nextState.length + stateCount);
  let free = 0;
  for (let s = 0; s < stateCount; s++) {
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      if (!(policy[pair] > 0)) continue;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++) {
        column[free] = nextState[k];
        value[free++] = policy[pair] * probability[k];
      }
    }
    if (free === rowStart[s]) {
      column[free] = s;
      value[free++] = 1;
    }
    rowStart[s + 1] = free;
  }
  return { rowStart, column: column.subarray(0, free), value: value.subarray(0, free) };
}

/** [states of the class] the stationary distribution of a class that nobody leaves. */
function stationary(chain: Chain, states: readonly number[]): Float64Array | null {
  if (states.length === 1) return Float64Array.of(1);
  // Between returns to a state that is rarely seen all others are seen very often, and digits are
  // lost; so the state that turns out to be the busiest is taken the second time.
  let anchor = 0;
  let shares: Float64Array | null = null;
  for (let round = 0; round < 2; round++) {
    shares = betweenReturns(chain, states, anchor);
    if (!shares) return null;
    const busiest = shares.indexOf(shares.reduce((a, b) => Math.max(a, b)));
    if (busiest === anchor) break;
    anchor = busiest;
  }
  return shares;
}

function betweenReturns(
  chain: Chain,
  states: readonly number[],
  anchor: number,
): Float64Array | null {
  const { rowStart, column, value } = chain;
  const first = new Map<number, number>();
  for (let k = rowStart[states[anchor]]; k < rowStart[states[anchor] + 1]; k++)
    first.set(column[k], (first.get(column[k]) ?? 0) + value[k]);
  const others = states.filter((_, i) => i !== anchor);
  const visits = solveVisits(chain, others, (s) => first.get(s) ?? 0);
  if (!visits) return null;
  const shares = new Float64Array(states.length);
  let total = 1;
  for (const x of visits) total += x;
  for (let i = 0; i < states.length; i++)
    shares[i] = (i === anchor ? 1 : visits[i < anchor ? i : i - 1]) / total;
  return shares;
}

/** Solves (I − P)ᵀ x = b on some states; null where that failed. */
function solveVisits(
  chain: Chain,
  states: readonly number[],
  b: (state: number) => number,
): Float64Array | null {
  const solver = createPolicySolver(within(chain, states));
  const right = Float64Array.from(states, b);
  const visits = new Float64Array(states.length);
  const tolerance = ACCURACY * right.reduce((sum, x) => sum + x, 0);
  if (!solver.refresh() || !solver.solveTransposed(right, visits, tolerance)) return null;
  for (let i = 0; i < visits.length; i++) {
    if (!Number.isFinite(visits[i])) return null;
    visits[i] = Math.max(0, visits[i]);
  }
  return visits;
}

/** P between some of its states, entries added up and ordered, diagonals present. */
function within({ rowStart, column, value }: Chain, states: readonly number[]): Csr {
  const place = new Map(states.map((s, i) => [s, i]));
  const start = new Int32Array(states.length + 1);
  const diagonal = new Int32Array(states.length);
  const columns: number[] = [];
  const values: number[] = [];
  states.forEach((s, i) => {
    const row = new Map([[i, 0]]);
    for (let k = rowStart[s]; k < rowStart[s + 1]; k++) {
      const j = place.get(column[k]);
      if (j !== undefined) row.set(j, (row.get(j) ?? 0) + value[k]);
    }
    for (const j of [...row.keys()].sort((a, b) => a - b)) {
      if (j === i) diagonal[i] = columns.length;
      columns.push(j);
      values.push(row.get(j) as number);
    }
    start[i + 1] = columns.length;
  });
  return {
    size: states.length,
    rowStart: start,
    column: Int32Array.from(columns),
    diagonal,
    value: Float64Array.from(values),
  };
}
