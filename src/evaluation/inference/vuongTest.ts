/**
 * Vuong's test of two models that need not be nested, nor true: which is nearer to what people do?
 *
 *   m_i = l_i(first) − l_i(second),  z = (Σ m_i − K) / (√n ω),  ω² = Var(m_i)
 *
 * over trajectories, standard normal where the two are equally near. K is 0, the difference k₁ − k₂
 * of their free parameters (as AIC counts them), or (k₁ − k₂) log(decisions) / 2 (as BIC does).
 *
 * Where the models say the same of every trajectory ω = 0 and z is no number. Where they coincide at
 * their best ω tends to 0 and z is not normal: `vuongVariance` looks at that first.
 *
 * Reference: Vuong (1989), Econometrica 57, 307–333, eqs. 4.2, 5.6 and 5.9.
 */

import { normalTwoSided } from '../../numeric/normal.ts';
import type { TestOutcome } from './testOutcome.ts';
import { noOutcome } from './testOutcome.ts';

/** What is needed of a fitted model. */
export interface VuongSide {
  /** [trajectories] log-likelihood of each, its weight included. */
  readonly logLikelihoods: Float64Array;
  /** Free parameters. */
  readonly freedom: number;
}

export const corrections = ['none', 'aic', 'bic'] as const;
export type Correction = (typeof corrections)[number];

/** Spread of differences, as a share of the likelihoods' own, that rounding alone makes. */
const ROUND_OFF = 1e-9;

/**
 * A positive statistic speaks for the first.
 *
 * @param counted [trajectories] whether each one counts (it has decisions and a weight above 0)
 * @throws RangeError where the two are not of the same trajectories
 */
export function vuongTest(
  first: VuongSide,
  second: VuongSide,
  counted: (trajectory: number) => boolean,
  decisions: number,
  correction: Correction,
): TestOutcome {
  const a = first.logLikelihoods;
  const b = second.logLikelihoods;
  if (a.length !== b.length)
    throw new RangeError(
      `Cannot compare models: one was fitted to ${a.length} trajectories, the other to ${b.length}`,
    );
  const told = { test: 'vuong', by: correction } as const;
  const differences: number[] = [];
  let squares = 0;
  a.forEach((value, i) => {
    if (!counted(i)) return;
    differences.push(value - b[i]);
    squares += value * value + b[i] * b[i];
  });
  const n = differences.length;
  if (n < 2)
    return noOutcome(
      told,
      'normal',
      'a single trajectory cannot show how much trajectories differ',
    );
  if (!differences.every(Number.isFinite))
    return noOutcome(told, 'normal', 'one of the models gives a trajectory probability zero');
  const total = differences.reduce((sum, m) => sum + m, 0);
  const variance = differences.reduce((sum, m) => sum + (m - total / n) ** 2, 0) / n;
  if (variance * n <= ROUND_OFF ** 2 * squares)
    return noOutcome(
      told,
      'normal',
      'the two models say the same of every trajectory: they cannot be told apart (ω² = 0)',
    );
  const more = first.freedom - second.freedom;
  const penalty = { none: 0, aic: more, bic: (more / 2) * Math.log(decisions) }[correction];
  const z = (total - penalty) / Math.sqrt(n * variance);
  return { ...told, statistic: z, distribution: 'normal', p: normalTwoSided(z) };
}
