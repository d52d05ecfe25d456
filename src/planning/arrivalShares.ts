/**
 * How likely a walk has arrived by each time, exactly: the start distribution is pushed through the
 * policy step by step and what arrives is taken out.
 *
 *   d₀ = start,   d_{t+1}(s′) = Σ d_t(s) π(a | s) p(s′ | s, a)   over s that are no target
 *   out[t] = Σ_{u ≤ t} d_u(targets)
 *
 * Nothing is sampled, so shares as rare as 1e-12 are right.
 */

import type { Mdp } from '../mdp/mdp.ts';

/**
 * Returns [steps + 1] the probability of having come to a target within 0, 1, … decisions.
 *
 * @param policy [pairs] π(a | s); what is missing to 1 in a state is the probability of giving up there
 * @param start [states] where walks begin
 * @param targets states where they have arrived
 */
export function arrivalShares(
  mdp: Mdp,
  policy: Float64Array,
  start: Float64Array,
  targets: Iterable<number>,
  steps: number,
): Float64Array {
  const { stateCount, pairCount, pairStart, transitionStart, nextState, probability } = mdp;
  if (policy.length !== pairCount)
    throw new RangeError(
      `Cannot follow a policy: it must have ${pairCount} entries (one per pair), got ${policy.length}`,
    );
  if (start.length !== stateCount)
    throw new RangeError(
      `Cannot follow a policy: the start must have ${stateCount} entries (one per state), got ${start.length}`,
    );
  const isTarget = new Uint8Array(stateCount);
  for (const s of targets) isTarget[s] = 1;
  const out = new Float64Array(steps + 1);
  let here = start.slice();
  let next = new Float64Array(stateCount);
  let arrived = 0;
  for (let t = 0; ; t++) {
    for (let s = 0; s < stateCount; s++) if (isTarget[s]) arrived += here[s];
    out[t] = arrived;
    if (t === steps) return out;
    next.fill(0);
    for (let s = 0; s < stateCount; s++) {
      const mass = here[s];
      if (mass === 0 || isTarget[s]) continue;
      for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
        const flow = mass * policy[pair];
        if (flow === 0) continue;
        for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
          next[nextState[k]] += flow * probability[k];
      }
    }
    [here, next] = [next, here];
  }
}
