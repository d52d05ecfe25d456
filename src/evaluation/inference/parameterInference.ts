/**
 * Wald intervals and z tests of single parameters, by each kind of standard error:
 *
 *   θ̂ ± Φ⁻¹((1 + level) / 2) · s.e.,   z = θ̂ / s.e.,   p = Pr(|Z| > |z|)
 */

import { normalQuantile, normalTwoSided } from '../../numeric/normal.ts';
import {
  type StandardErrorKind,
  type StandardErrorsOfOne,
  standardErrorKinds,
} from './standardErrors.ts';

/** The level of intervals where nobody asks for another. */
export const LEVEL = 0.95;

/** [low, high] around an estimate. */
export function waldInterval(estimate: number, error: number, level = LEVEL): [number, number] {
  const reach = normalQuantile((1 + level) / 2) * error;
  return [estimate - reach, estimate + reach];
}

type ByKind<Value> = Record<StandardErrorKind, Value | null> & {
  readonly reasons: Record<string, string>;
};

export interface ParameterInference {
  readonly intervals: ByKind<[number, number]> & { readonly level: number };
  readonly z: ByKind<number>;
  /** Two-sided, of a true value of 0. */
  readonly p: ByKind<number>;
}

/**
 * The same of a share, between 0 and 1: the interval of its log-odds, turned back, stays inside. A
 * share of 0 is at the edge, where z has no normal distribution, so there is no test against it.
 *
 *   logit π ± reach · s.e. / (π (1 − π))
 */
export function shareInference(
  share: number,
  { errors, reasons }: StandardErrorsOfOne,
  level = LEVEL,
): ParameterInference {
  const odds = Math.log(share / (1 - share));
  const at = (x: number): number => 1 / (1 + Math.exp(-x));
  const none = 'a share of 0 is at the edge of what is possible: compare numbers of classes';
  const untested = () => ({
    ...(Object.fromEntries(standardErrorKinds.map((kind) => [kind, null])) as Record<
      StandardErrorKind,
      null
    >),
    reasons: Object.fromEntries(standardErrorKinds.map((kind) => [kind, reasons[kind] ?? none])),
  });
  const ends = standardErrorKinds.map((kind): [StandardErrorKind, [number, number] | null] => {
    const error = errors[kind];
    if (error === null) return [kind, null];
    const [low, high] = waldInterval(odds, error / (share * (1 - share)), level);
    return [kind, [at(low), at(high)]];
  });
  return {
    intervals: {
      level,
      ...(Object.fromEntries(ends) as Record<StandardErrorKind, [number, number] | null>),
      reasons: { ...reasons },
    },
    z: untested(),
    p: untested(),
  };
}

/** What follows from the standard errors of one estimate; null, with its reason, where one is. */
export function parameterInference(
  estimate: number,
  { errors, reasons }: StandardErrorsOfOne,
  level = LEVEL,
): ParameterInference {
  const byKind = <Value>(of: (error: number) => Value): ByKind<Value> => {
    const entries = standardErrorKinds.map((kind) => {
      const error = errors[kind];
      return [kind, error === null ? null : of(error)] as const;
    });
    return {
      ...(Object.fromEntries(entries) as Record<StandardErrorKind, Value | null>),
      reasons: { ...reasons },
    };
  };
  return {
    intervals: { level, ...byKind((error) => waldInterval(estimate, error, level)) },
    z: byKind((error) => estimate / error),
    p: byKind((error) => normalTwoSided(estimate / error)),
  };
}
