/**
 * Control as exact inference: what a trajectory of T decisions looked like, given that it was optimal.
 *
 *   p(x, O)   = p(s₀) Π_t p(a_t | s_t) exp(r(s_t, a_t) / τ) p(s_{t+1} | s_t, a_t)
 *   β_t(s, a) = p(a | s) exp(r(s, a) / τ) Σₛ′ p(s′ | s, a) β_{t+1}(s′),   β_T = 1
 *   β_t(s)    = Σₐ β_t(s, a),   p(O) = Σₛ p(s₀ = s) β_0(s)
 *
 * The posterior over actions is β_t(s, a) / β_t(s); over moves p(s′ | s, a) β_{t+1}(s′) / Σ, which is
 * optimistic about luck: an agent that acts by this posterior counts on moves that it does not choose.
 * Where moves are deterministic it is the soft-optimal plan; elsewhere that plan is the variational
 * answer, which leaves the moves as they are.
 *
 * Reference: Levine (2018), arXiv:1805.00909, sections 2.2 to 2.4.
 */

import { z } from 'zod';
import type { Mdp } from '../mdp/mdp.ts';
import { backwards, logSumExp, logWeights, posteriorMoves } from './posteriorMessages.ts';

export const ExactInferenceOptions = z.strictObject({
  horizon: z.int().positive().describe('Number of decisions T'),
  temperature: z.number().positive().default(1).describe('τ: reward is paid in units of it'),
  actionPrior: z
    .enum(['one', 'uniform'])
    .default('one')
    .describe('p(a | s): one counts entropy in nats as the planners do, uniform is 1 / |A(s)|'),
});
/** What a caller may write. */
export type ExactInferenceOptions = z.input<typeof ExactInferenceOptions>;

export interface ExactInference {
  readonly horizon: number;
  /** log p(O), in nats. */
  readonly logEvidence: number;
  /** [(T + 1) × states] log β_t(s); 0 where nothing is left to decide. */
  readonly logMessage: Float64Array;
  /** [T × pairs] p(a_t | s_t, O). */
  readonly policy: Float64Array;
  /** [states] p(s₀ | O). */
  readonly initial: Float64Array;
  /** [T × pairs] p(s_t, a_t | O). */
  readonly pairMarginal: Float64Array;
  /** [(T + 1) × states] p(s_t | O), of trajectories that have not ended before t. */
  readonly stateMarginal: Float64Array;
  /** Writes p(s_{t+1} | s_t, a_t, O) [transitions], for t in [0, T). */
  dynamicsAt(t: number, out: Float64Array): void;
}

/**
 * Infers the posterior over trajectories; throws a RangeError where lengths do not fit or no start
 * has a positive probability.
 *
 * @param reward [pairs]
 * @param initial [states] p(s₀)
 */
export function exactInference(
  mdp: Mdp,
  reward: Float64Array,
  initial: Float64Array,
  options: ExactInferenceOptions,
): ExactInference {
  const { horizon, temperature, actionPrior } = ExactInferenceOptions.parse(options);
  const { stateCount, pairCount } = mdp;
  if (reward.length !== pairCount)
    throw new RangeError(
      `Cannot infer: reward must have ${pairCount} entries (one per pair), got ${reward.length}`,
    );
  if (initial.length !== stateCount)
    throw new RangeError(
      `Cannot infer: the start distribution must have ${stateCount} entries, got ${initial.length}`,
    );
  const mass = initial.reduce((sum, p) => sum + (p >= 0 ? p : Number.NaN), 0);
  if (!(mass === 0 || Math.abs(mass - 1) < 1e-9))
    throw new RangeError(
      `Cannot infer: the probabilities of starts must be ≥ 0 and sum to 1, got ${mass}`,
    );
  const logWeight = logWeights(mdp, reward, temperature, actionPrior === 'uniform');
  const logMessage = new Float64Array((horizon + 1) * stateCount);
  const policy = new Float64Array(horizon * pairCount);
  for (let t = horizon - 1; t >= 0; t--) backwards(mdp, logWeight, t, logMessage, policy);

  const first = logMessage.subarray(0, stateCount);
  const logJoint = initial.map((p, s) => (p > 0 ? Math.log(p) + first[s] : -Infinity));
  const logEvidence = logSumExp(logJoint);
  if (logEvidence === -Infinity)
    throw new RangeError('Cannot infer: no start has a positive probability');
  const posteriorInitial = logJoint.map((x) => Math.exp(x - logEvidence));

  const dynamicsAt = (t: number, out: Float64Array): void =>
    posteriorMoves(mdp, logMessage.subarray((t + 1) * stateCount, (t + 2) * stateCount), out);
  const stateMarginal = new Float64Array((horizon + 1) * stateCount);
  const pairMarginal = new Float64Array(horizon * pairCount);
  stateMarginal.set(posteriorInitial);
  const moves = new Float64Array(mdp.nextState.length);
  for (let t = 0; t < horizon; t++) {
    dynamicsAt(t, moves);
    forwards(mdp, t, policy, moves, stateMarginal, pairMarginal);
  }
  return {
    horizon,
    logEvidence,
    logMessage,
    policy,
    initial: posteriorInitial,
    pairMarginal,
    stateMarginal,
    dynamicsAt,
  };
}

/** Pushes p(s_t | O) through the posterior policy and moves of time t. */
function forwards(
  mdp: Mdp,
  t: number,
  policy: Float64Array,
  moves: Float64Array,
  stateMarginal: Float64Array,
  pairMarginal: Float64Array,
): void {
  const { stateCount, pairCount, pairStart, transitionStart, nextState } = mdp;
  const next = (t + 1) * stateCount;
  for (let s = 0; s < stateCount; s++) {
    const mass = stateMarginal[t * stateCount + s];
    for (let pair = pairStart[s]; pair < pairStart[s + 1]; pair++) {
      const flow = mass * policy[t * pairCount + pair];
      pairMarginal[t * pairCount + pair] = flow;
      for (let k = transitionStart[pair]; k < transitionStart[pair + 1]; k++)
        stateMarginal[next + nextState[k]] += flow * moves[k];
    }
  }
}
