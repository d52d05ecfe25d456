/**
 * Returns of an episode, from its end backwards.
 *
 *   Gₜ    = r_t + γ_t G_{t+1}                                           discounted
 *   G^λ_t = r_t + γ_t [ (1 − λ) v_{t+1} + λ G^λ_{t+1} ]                   λ-return
 *   A_t   = δ_t + γ_t λ A_{t+1},  δ_t = r_t + γ_t v_{t+1} − v_t           generalised advantage
 *
 * γ_t is the discount between step t and the next: 0 where the task was over. λ = 1 is Monte Carlo,
 * λ = 0 one step.
 *
 * References: Sutton & Barto (2018), §12.1; Schulman et al. (2016), ICLR, eq. 16.
 */

/**
 * Overwrites `out` [steps] with discounted returns.
 *
 * @param reward [steps]
 * @param discount [steps]
 * @param bootstrap worth of the state after the last step
 */
export function discountedReturns(
  reward: ArrayLike<number>,
  discount: ArrayLike<number>,
  bootstrap: number,
  out: Float64Array,
): void {
  let after = bootstrap;
  for (let t = reward.length - 1; t >= 0; t--) {
    after = reward[t] + discount[t] * after;
    out[t] = after;
  }
}

/**
 * Overwrites `out` [steps] with λ-returns.
 *
 * @param nextValue [steps] worth of the state that each step reached
 */
export function lambdaReturns(
  reward: ArrayLike<number>,
  discount: ArrayLike<number>,
  nextValue: ArrayLike<number>,
  lambda: number,
  out: Float64Array,
): void {
  const last = reward.length - 1;
  let after = nextValue[last];
  for (let t = last; t >= 0; t--) {
    after = reward[t] + discount[t] * ((1 - lambda) * nextValue[t] + lambda * after);
    out[t] = after;
  }
}

/**
 * Overwrites `out` [steps] with generalised advantages: λ-returns less the value at hand.
 *
 * @param value [steps] worth of the state that each step left
 */
export function generalizedAdvantages(
  reward: ArrayLike<number>,
  discount: ArrayLike<number>,
  value: ArrayLike<number>,
  nextValue: ArrayLike<number>,
  lambda: number,
  out: Float64Array,
): void {
  let after = 0;
  for (let t = reward.length - 1; t >= 0; t--) {
    const error = reward[t] + discount[t] * nextValue[t] - value[t];
    after = error + discount[t] * lambda * after;
    out[t] = after;
  }
}
