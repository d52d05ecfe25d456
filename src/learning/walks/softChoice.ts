/**
 * Draws from the soft policy of action values, by inversion:
 *
 *   π(a) = exp(Q(a) / τ) / Σ exp(Q / τ),   a = the first with π(1) + … + π(a) > u
 *
 * The same u gives the same choice for the same values, and mostly for similar ones.
 */

/**
 * @param q values of which first … end − 1 can be chosen, at least one
 * @param u uniform on [0, 1)
 */
export function softChoice(
  q: Float64Array,
  first: number,
  end: number,
  temperature: number,
  u: number,
): number {
  let best = q[first];
  for (let i = first + 1; i < end; i++) if (q[i] > best) best = q[i];
  let sum = 0;
  for (let i = first; i < end; i++) sum += Math.exp((q[i] - best) / temperature);
  let left = u * sum;
  for (let i = first; i < end - 1; i++) {
    left -= Math.exp((q[i] - best) / temperature);
    if (left < 0) return i;
  }
  return end - 1;
}
