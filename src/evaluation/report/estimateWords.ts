/** What an estimate says: how sure it is, and what it means for a choice. */

import { normalQuantile, normalTwoSided } from '../../numeric/normal.ts';
import type { ParameterResult } from '../resultFile.ts';
import { fixed, significant } from './words.ts';

/** Quantile of the normal distribution that leaves 2.5 % above it. */
const TWO_SIDED_95 = normalQuantile(0.975);

const PREFERRED = ['sandwich', 'hessian', 'outerProductTrajectory', 'outerProduct'] as const;
type Kind = (typeof PREFERRED)[number];

/** How the kinds of standard errors are called in tables. */
export const kindNames: Readonly<Record<Kind, string>> = {
  hessian: 'inverse curvature',
  outerProduct: 'decisions',
  outerProductTrajectory: 'trajectories',
  sandwich: 'robust',
};

export interface Certainty {
  readonly kind: Kind;
  readonly error: number;
  readonly interval: readonly [low: number, high: number];
  /** Standard errors from zero. */
  readonly z: number;
  /** Two-sided, of a true value of zero. */
  readonly p: number;
}

/** By the most robust standard error there is; null where there is none. */
export function certaintyOf({ estimate, standardErrors }: ParameterResult): Certainty | null {
  if (estimate === null || standardErrors === null) return null;
  const kind = PREFERRED.find((candidate) => (standardErrors[candidate] ?? 0) > 0);
  const error = kind && standardErrors[kind];
  if (kind === undefined || error === undefined || error === null) return null;
  const reach = TWO_SIDED_95 * error;
  const z = estimate / error;
  return { kind, error, interval: [estimate - reach, estimate + reach], z, p: normalTwoSided(z) };
}

/**
 * What a coefficient means for choices: with θ in units of reward, a choice that brings one unit more
 * of the feature, and is otherwise equal in what it brings and what follows, has exp(θ / τ) times
 * the odds.
 */
export function oddsWords(estimate: number, temperature: number): string {
  const exponent = estimate / temperature;
  if (exponent === 0) return 'it makes no difference to a choice';
  const size = Math.abs(exponent);
  // A unit that decides everything, or nothing, says little: say how much of it tips the balance.
  if (size > 5 || size < 0.05)
    return `every ${significant(Math.LN2 / size, 2)} more of it ${exponent > 0 ? 'doubles' : 'halves'} the odds of a choice`;
  return `a unit more of it ${exponent > 0 ? 'multiplies' : 'divides'} the odds of a choice by ${significant(Math.exp(size), 3)}`;
}

/** How far an estimate is from zero, in words. */
export function zeroWords(z: number): string {
  const size = Math.abs(z);
  const far = fixed(size, size >= 100 ? 0 : size >= 3 ? 1 : 2);
  if (size >= TWO_SIDED_95) return `${far} standard errors from zero`;
  return `only ${far} standard errors from zero: these data do not tell it from nothing`;
}
