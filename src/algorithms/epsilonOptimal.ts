/**
 * People as optimal choosers who now and then do anything: of A options, k of them optimal,
 *
 *   π(a) = (1 − ε) [a optimal] / k + ε / A
 *
 * Given which options are optimal the log-likelihood of ε is concave. With h hits and m misses
 *
 *   LL(ε) = Σ_hits log( 1/k − ε (1/k − 1/A) ) + Σ_misses log( ε / A )
 *   0 = m / ε − Σ_hits c / (1 − ε c),   c = 1 − k / A
 *
 * so that where all decisions share one c > 0, ε̂ = m / ((h + m) c), at most 1; else it is the one root.
 */

import type { JudgedChoices } from './optimalChoices.ts';

/** What of decisions the likelihood of ε needs. */
export interface SlipCounts extends JudgedChoices {
  /** [decisions] A */
  readonly options: Int32Array;
}

/** Returns log π of what was taken at a decision; −Infinity for a miss where ε is 0. */
export function epsilonOptimalLog(
  { options, optimal, hit }: SlipCounts,
  decision: number,
  epsilon: number,
): number {
  const all = options[decision];
  const k = optimal[decision];
  return Math.log((hit[decision] ? (1 - epsilon) / k : 0) + epsilon / all);
}

export interface LikeliestEpsilon {
  /** Null where no decision says anything of it: every option was always optimal, or there is none. */
  readonly epsilon: number | null;
  readonly logLikelihood: number;
}

/** Returns the likeliest ε of the decisions that `keep` accepts, and their log-likelihood. */
export function likeliestEpsilon(
  counts: SlipCounts,
  keep: (decision: number) => boolean = () => true,
): LikeliestEpsilon {
  const { options, optimal, hit } = counts;
  const hitsOf = new Map<number, number>();
  let misses = 0;
  let hitLogs = 0;
  let missLogs = 0;
  for (let d = 0; d < options.length; d++) {
    if (!keep(d)) continue;
    if (hit[d]) {
      const c = 1 - optimal[d] / options[d];
      hitsOf.set(c, (hitsOf.get(c) ?? 0) + 1);
      hitLogs -= Math.log(optimal[d]);
    } else {
      misses++;
      missLogs -= Math.log(options[d]);
    }
  }
  hitsOf.delete(0);
  const groups = [...hitsOf];
  const atEpsilon = (epsilon: number): number =>
    hitLogs +
    missLogs +
    (misses > 0 ? misses * Math.log(epsilon) : 0) +
    groups.reduce((sum, [c, n]) => sum + n * Math.log1p(-epsilon * c), 0);
  if (misses === 0) return { epsilon: groups.length > 0 ? 0 : null, logLikelihood: atEpsilon(0) };
  const epsilon = rootOf(misses, groups);
  return { epsilon, logLikelihood: atEpsilon(epsilon) };
}

/** @param groups of hits: c in (0, 1), and how many */
function rootOf(misses: number, groups: readonly (readonly [number, number])[]): number {
  if (groups.length === 0) return 1;
  if (groups.length === 1) {
    const [[c, hits]] = groups;
    return Math.min(1, misses / ((hits + misses) * c));
  }
  // the score falls from +∞ to its value at 1
  const slope = (epsilon: number): number =>
    misses / epsilon - groups.reduce((sum, [c, n]) => sum + (n * c) / (1 - epsilon * c), 0);
  if (slope(1) >= 0) return 1;
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
}
