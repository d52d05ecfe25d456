/**
 * The inverse soft Bellman loss: the values of actions are the model, and the reward is what they imply.
 *
 *   δ = Q(s, a) − γ (1 − terminated) V(s′),   V(s) = τ log Σ_b exp(Q(s, b) / τ) / |A|
 *   L = mean [ V(s) − Q(s, a) + (δ² − γ² (V(s′) − ζ)²) / 4χ ]
 *
 * The first part is −τ log(|A| π(a | s)): likelihood. The second is the penalty on rewards that makes
 * the divergence of visits that is minimised a chi-square one; written as −mean (δ − δ²/4χ) +
 * mean (V(s) − γ V(s′)), the last mean is (1 − γ) V at the start where steps are visited as often as a
 * discounted policy would. ζ(s, a) estimates E V(s′): it takes out of the penalty what is luck in s′.
 * Where every (s, a) leads to one s′, or luck is left in, ζ = V(s′).
 *
 *   ∂L/∂Q(s, b)  = (π(b | s) − [b = a] (1 − δ/2χ)) / steps
 *   ∂L/∂Q(s′, b) = −γ (1 − terminated) π(b | s′) (Q(s, a) − γ ζ)/2χ / steps
 *
 * References: Garg, Chakraborty, Cundy, Song & Ermon (2021), IQ-Learn, NeurIPS, eqs. 9–11; Kang, Yoganarasimhan
 * & Jain (2025), GLADIUS, arXiv:2502.14131 (ζ).
 */

/** Rows of Q, [steps × actions]; in single precision they come from a network. */
export type ValueRows = Float32Array | Float64Array;

export interface InverseBellmanBatch {
  /** [steps] */
  readonly action: Int32Array;
  /** [steps] 1 where nothing more could come. */
  readonly terminated: Uint8Array;
  readonly actionCount: number;
  /** Q(s, ·) */
  readonly now: ValueRows;
  /** Q(s′, ·) */
  readonly next: ValueRows;
  /** [steps] ζ(s, a); null: V(s′). */
  readonly expectedNext: Float64Array | null;
}

export interface InverseBellmanTerms {
  readonly discount: number;
  readonly temperature: number;
  /** χ > 0: a larger one lets rewards grow; infinite: likelihood alone. */
  readonly chi: number;
}

export interface InverseBellmanSlopes {
  /** ∂L/∂Q(s, ·), overwritten. */
  readonly now: ValueRows;
  /** ∂L/∂Q(s′, ·), overwritten. */
  readonly next: ValueRows;
}

export interface InverseBellmanLoss {
  readonly loss: number;
  /** mean log π(a | s) */
  readonly perDecision: number;
  /** mean δ */
  readonly reward: number;
}

/** @param nextValue [steps] overwritten with (1 − terminated) V(s′) */
export function inverseSoftBellmanLoss(
  { action, terminated, actionCount, now, next, expectedNext }: InverseBellmanBatch,
  { discount, temperature, chi }: InverseBellmanTerms,
  slopes: InverseBellmanSlopes,
  nextValue: Float64Array,
): InverseBellmanLoss {
  const steps = action.length;
  let [loss, likelihood, reward] = [0, 0, 0];
  for (let i = 0; i < steps; i++) {
    const start = i * actionCount;
    const value = softRow(now, start, actionCount, temperature, slopes.now);
    const after = softRow(next, start, actionCount, temperature, slopes.next);
    const goesOn = 1 - terminated[i];
    nextValue[i] = goesOn * after;
    const taken = now[start + action[i]];
    const delta = taken - discount * nextValue[i];
    const luck = expectedNext ? nextValue[i] - expectedNext[i] : 0;
    loss += value - taken + (delta * delta - discount * discount * luck * luck) / (4 * chi);
    likelihood += (taken - value) / temperature - Math.log(actionCount);
    reward += delta;
    const pull = (delta + discount * luck) / (2 * chi);
    for (let b = start; b < start + actionCount; b++) {
      slopes.now[b] /= steps;
      slopes.next[b] *= (-discount * goesOn * pull) / steps;
    }
    slopes.now[start + action[i]] -= (1 - delta / (2 * chi)) / steps;
  }
  return { loss: loss / steps, perDecision: likelihood / steps, reward: reward / steps };
}

/**
 * Returns V of a row, and overwrites the same row of `policy` with π.
 *
 * @param start where the row begins
 */
export function softRow(
  values: ValueRows,
  start: number,
  actionCount: number,
  temperature: number,
  policy: ValueRows,
): number {
  let largest = values[start];
  for (let b = 1; b < actionCount; b++) largest = Math.max(largest, values[start + b]);
  let sum = 0;
  for (let b = start; b < start + actionCount; b++) {
    policy[b] = Math.exp((values[b] - largest) / temperature);
    sum += policy[b];
  }
  for (let b = start; b < start + actionCount; b++) policy[b] /= sum;
  return largest + temperature * Math.log(sum / actionCount);
}
