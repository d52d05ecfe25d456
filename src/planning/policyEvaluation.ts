/**
 * What a policy is worth, without improving it.
 *
 *   V(s) = Σₐ π(a | s) [ r(s, a) + τ H + γ Σₛ′ p(s′ | s, a) V(s′) ],   τ H = −τ log π(a | s)
 *
 * by one sparse solve, or sweep by sweep. With a temperature the entropy of the choices is paid too,
 * as soft planning pays it.
 *
 * Reference: Puterman (1994), Markov Decision Processes, §6.1; Sutton & Barto (2018), §4.1.
 */

import type { Mdp } from '../mdp/mdp.ts';
import { maxNorm } from '../numeric/csr.ts';
import { checkPerPair } from './checkLengths.ts';
import { collapsedPattern } from './collapsedPattern.ts';
import { createPolicySolver } from './policySolver.ts';

export interface PolicyEvaluationOptions {
  /** γ, 0 ≤ γ ≤ 1; with 1 the policy must end with certainty. */
  readonly discount: number;
  /** τ ≥ 0 of the entropy that is paid; 0 where absent. */
  readonly temperature?: number;
}

/**
 * Returns [states] V by a sparse solve.
 *
 * @param policy [pairs] π(a | s), summing to 1 over the pairs of each state that has any
 * @throws RangeError where the policy has no finite value: undiscounted, and it may go on for ever
 */
export function evaluatePolicy(
  mdp: Mdp,
  reward: Float64Array,
  policy: Float64Array,
  { discount, temperature = 0 }: PolicyEvaluationOptions,
): Float64Array {
  if (!(discount >= 0 && discount <= 1))
    throw new RangeError(`Cannot evaluate: the discount must be in [0, 1], got ${discount}`);
  if (!(temperature >= 0 && temperature < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot evaluate: the temperature must be ≥ 0, got ${temperature}`);
  checkPerPair('evaluate', 'reward', reward, mdp);
  if (!reward.every((r, pair) => Number.isFinite(r) || policy[pair] === 0))
    throw new RangeError('Cannot evaluate: the rewards of what the policy does must be finite');
  checkPolicy(mdp, policy);
  const { stateCount, pairStart, transitionStart, probability } = mdp;
  const { matrix, slot } = collapsedPattern(mdp);
  const gain = new Float64Array(stateCount);
  matrix.value.fill(0);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const p = policy[pair];
      if (p === 0) continue;
      gain[s] += p * (reward[pair] - temperature * Math.log(p));
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        matrix.value[slot[k]] += discount * p * probability[k];
    }
  const solver = createPolicySolver(matrix);
  const value = new Float64Array(stateCount);
  const accurate = 1e-13 * (1 + maxNorm(gain));
  const solved = endsSomewhere(mdp, policy, discount) && solver.refresh(true);
  if (!solved || !solver.solve(gain, value, accurate) || !value.every(Number.isFinite))
    throw new RangeError(
      'Cannot evaluate: without a discount the policy must end with certainty, and from some state it does not',
    );
  return value;
}

/**
 * One synchronous sweep: writes what following the policy for one step and then having `value` is
 * worth, [states], and returns the largest change.
 *
 * @param out [states], overwritten; must not alias `value`
 */
export function evaluationSweep(
  mdp: Mdp,
  reward: Float64Array,
  policy: Float64Array,
  { discount, temperature = 0 }: PolicyEvaluationOptions,
  value: Float64Array,
  out: Float64Array,
): number {
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  let largest = 0;
  for (let s = 0; s < stateCount; s++) {
    let sum = 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const p = policy[pair];
      if (p === 0) continue;
      let ahead = 0;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        ahead += probability[k] * value[nextState[k]];
      sum += p * (reward[pair] - temperature * Math.log(p) + discount * ahead);
    }
    out[s] = sum;
    const change = Math.abs(sum - value[s]);
    if (!(change <= largest)) largest = change;
  }
  return largest;
}

/** [pairs] every action of a state alike. */
export function uniformPolicy({ stateCount, pairCount, pairStart }: Mdp): Float64Array {
  const policy = new Float64Array(pairCount);
  for (let s = 0; s < stateCount; s++)
    policy.fill(1 / (pairStart[s + 1] - pairStart[s]), pairStart[s], pairStart[s + 1]);
  return policy;
}

function checkPolicy({ stateCount, pairCount, pairStart }: Mdp, policy: Float64Array): void {
  if (policy.length !== pairCount)
    throw new RangeError(
      `Cannot evaluate: a policy has ${pairCount} entries (one per pair), got ${policy.length}`,
    );
  for (let s = 0; s < stateCount; s++) {
    if (pairStart[s] === pairStart[s + 1]) continue;
    let sum = 0;
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      sum += policy[pair] >= 0 ? policy[pair] : Number.NaN;
    if (!(Math.abs(sum - 1) < 1e-9))
      throw new RangeError(
        `Cannot evaluate: the probabilities of state ${s} must be ≥ 0 and sum to 1, got ${sum}`,
      );
  }
}

/** Whether, undiscounted, every state leads to one without actions with positive probability. */
function endsSomewhere(mdp: Mdp, policy: Float64Array, discount: number): boolean {
  if (discount < 1) return true;
  const { stateCount, pairStart, transitionStart, nextState, probability } = mdp;
  const ends = Uint8Array.from({ length: stateCount }, (_, s) =>
    pairStart[s] === pairStart[s + 1] ? 1 : 0,
  );
  const predecessors = Array.from({ length: stateCount }, (): number[] => []);
  for (let s = 0; s < stateCount; s++)
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++)
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        if (policy[pair] * probability[k] > 0) predecessors[nextState[k]].push(s);
  const queue = [...ends.keys()].filter((s) => ends[s] === 1);
  for (let state = queue.pop(); state !== undefined; state = queue.pop())
    for (const s of predecessors[state])
      if (ends[s] === 0) {
        ends[s] = 1;
        queue.push(s);
      }
  return ends.every((end) => end === 1);
}
