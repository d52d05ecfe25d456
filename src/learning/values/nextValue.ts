/**
 * What a state is worth by the values of its actions: the one thing in which methods of temporal
 * differences differ.
 *
 *   Q-learning       maxₐ Q(a)
 *   expected SARSA   (1 − ε) maxₐ Q(a) + ε meanₐ Q(a)
 *   of any policy    Σₐ π(a) Q(a)
 *   soft Q-learning  τ log Σₐ p(a) exp(Q(a) / τ)
 *
 * A state without actions is worth 0. Among equals the first action is the best.
 *
 * References: Sutton & Barto (2018), §6.4–6.6; Haarnoja et al. (2017), ICML, eq. 3.
 */

/** The first best of `q[first … end − 1]`; −1 where there is none. */
export function greedyIndex(q: Float64Array, first: number, end: number): number {
  let best = first < end ? first : -1;
  for (let i = first + 1; i < end; i++) if (q[i] > q[best]) best = i;
  return best;
}

export function greedyValue(q: Float64Array, first: number, end: number): number {
  return first < end ? q[greedyIndex(q, first, end)] : 0;
}

/** @param epsilon probability of an action at random, the best one included */
export function epsilonGreedyValue(
  q: Float64Array,
  first: number,
  end: number,
  epsilon: number,
): number {
  if (first === end) return 0;
  let sum = 0;
  for (let i = first; i < end; i++) sum += q[i];
  return (1 - epsilon) * greedyValue(q, first, end) + (epsilon * sum) / (end - first);
}

/** @param policy aligned with `q`: π(a) of the same entries */
export function expectedValue(
  q: Float64Array,
  first: number,
  end: number,
  policy: Float64Array,
): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += policy[i] * q[i];
  return sum;
}

/**
 * @param temperature τ > 0
 * @param prior p(a): `one` counts entropy in nats as the planners do, `uniform` relative to choosing
 *   at random
 */
export function softValue(
  q: Float64Array,
  first: number,
  end: number,
  temperature: number,
  prior: 'one' | 'uniform',
): number {
  if (first === end) return 0;
  const best = greedyValue(q, first, end);
  let sum = 0;
  for (let i = first; i < end; i++) sum += Math.exp((q[i] - best) / temperature);
  return best + temperature * Math.log(prior === 'one' ? sum : sum / (end - first));
}
