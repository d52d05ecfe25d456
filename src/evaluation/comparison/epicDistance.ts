/**
 * EPIC distance: how different two rewards are in what they ask for, whatever their scale and
 * however they are shaped by a potential.
 *
 *   C(R)(s, a, s′) = R(s, a, s′) + E[γ R(s′, A, S′) − R(s, A, S′) − γ R(S, A, S′)]
 *   D(R₁, R₂)      = √((1 − ρ) / 2),  ρ the Pearson correlation of C(R₁) and C(R₂)
 *
 * Exact for tables: S and S′ are uniform over the states that offer a choice, A over the actions of
 * its state, and the correlation is over triples drawn the same way. A reward here is
 * r(s, a) + u(s′), which is closed under shaping by γ Φ(s′) − Φ(s). The canonical form is then a sum
 * of two independent parts,
 *
 *   C(R) = [r(s, a) − mean_b r(s, b)] + [c(s′) − mean c],   c(s) = u(s) + γ mean_b r(s, b)
 *
 * so its moments are sums over pairs and over states. 0: the same optimal choices in every world
 * with these states; 1: opposite ones; √½: unrelated.
 *
 * Reference: Gleave, Dennis, Legg, Russell & Leike (2021), Quantifying differences in reward
 * functions, ICLR, defs. 4.1 and 4.6.
 */

import type { Mdp } from '../../mdp/mdp.ts';

/** R(s, a, s′) = r(s, a) + u(s′). */
export interface TripleReward {
  /** [pairs] r(s, a) */
  readonly pairs: Float64Array;
  /** [states] u(s′); 0 where absent. */
  readonly arrival?: Float64Array;
}

/** Spread below this share of a reward's size is round-off: the reward asks for nothing. */
const NOTHING = 1e-12;

/** Returns the distance, 0 … 1; null where one of the rewards is trivial: shaping and no more. */
export function epicDistance(
  mdp: Mdp,
  discount: number,
  first: TripleReward,
  second: TripleReward,
): number | null {
  const a = canonicalForm(mdp, discount, first);
  const b = canonicalForm(mdp, discount, second);
  const varianceA = covariance(mdp, a, a);
  const varianceB = covariance(mdp, b, b);
  if (!(varianceA > (NOTHING * a.size) ** 2) || !(varianceB > (NOTHING * b.size) ** 2)) return null;
  // 1 − ρ as half a squared distance of unit vectors: exact where they almost agree.
  const [scaleA, scaleB] = [1 / Math.sqrt(varianceA), 1 / Math.sqrt(varianceB)];
  const gap: CanonicalForm = {
    choice: a.choice.map((x, p) => x * scaleA - b.choice[p] * scaleB),
    arrival: a.arrival.map((x, s) => x * scaleA - b.arrival[s] * scaleB),
    size: 0,
  };
  return Math.min(1, Math.sqrt(covariance(mdp, gap, gap)) / 2);
}

/** The two parts of C(R), both with mean 0. */
interface CanonicalForm {
  /** [pairs] */
  readonly choice: Float64Array;
  /** [states] 0 where nothing can be chosen. */
  readonly arrival: Float64Array;
  /** Largest number that went in. */
  readonly size: number;
}

function canonicalForm(
  { stateCount, pairCount, pairStart }: Mdp,
  discount: number,
  { pairs, arrival }: TripleReward,
): CanonicalForm {
  const choice = new Float64Array(pairCount);
  const next = new Float64Array(stateCount);
  let size = 0;
  let sum = 0;
  let states = 0;
  for (let s = 0; s < stateCount; s++) {
    const options = pairStart[s + 1] - pairStart[s];
    if (options === 0) continue;
    let mean = 0;
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++) {
      mean += pairs[p] / options;
      size = Math.max(size, Math.abs(pairs[p]), Math.abs(arrival?.[s] ?? 0));
    }
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++) choice[p] = pairs[p] - mean;
    next[s] = (arrival?.[s] ?? 0) + discount * mean;
    sum += next[s];
    states++;
  }
  for (let s = 0; s < stateCount; s++)
    next[s] = pairStart[s + 1] > pairStart[s] ? next[s] - sum / states : 0;
  return { choice, arrival: next, size };
}

/** Covariance over (s, a, s′): its two parts do not depend on each other. */
function covariance({ stateCount, pairStart }: Mdp, a: CanonicalForm, b: CanonicalForm): number {
  let sum = 0;
  let states = 0;
  for (let s = 0; s < stateCount; s++) {
    const options = pairStart[s + 1] - pairStart[s];
    if (options === 0) continue;
    states++;
    sum += a.arrival[s] * b.arrival[s];
    for (let p = pairStart[s]; p < pairStart[s + 1]; p++)
      sum += (a.choice[p] * b.choice[p]) / options;
  }
  return sum / states;
}
