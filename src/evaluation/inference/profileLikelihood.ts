/**
 * Profile-likelihood intervals of parameters: the values that, all others fitted again, are not
 * significantly less likely than the estimate,
 *
 *   { v : 2 (LL(θ̂) − max_{θ_k = v} LL(θ)) ≤ χ²₁ quantile of the level }
 *
 * Unlike a Wald interval it does not depend on how θ is written; it need not be symmetric, nor end.
 *
 * Reference: Cox & Hinkley (1974), Theoretical Statistics, sec. 9.3.
 */

import type { FitOptions } from '../../algorithms/algorithm.ts';
import { finish } from '../../algorithms/algorithm.ts';
import type { LikelihoodModel } from '../../algorithms/likelihoodModel.ts';
import { chiSquareQuantile } from '../../numeric/chiSquare.ts';
import { type Profile, type ProfileEnd, profileEnd } from './profileEnd.ts';

export interface ProfileInterval {
  readonly low: ProfileEnd;
  readonly high: ProfileEnd;
  /** Every value that was tried, ascending, with the likelihood that the rest can reach there. */
  readonly points: readonly { readonly value: number; readonly logLikelihood: number }[];
}

/** A fit to profile around. */
export interface ProfiledFit {
  /** [parameters] estimates, a maximum of the likelihood */
  readonly theta: Float64Array;
  readonly logLikelihood: number;
}

/**
 * @param options what was held and bounded, as in the fit; without a penalty
 * @param k parameter; it must be identified and not held
 * @param error its standard error by the curvature: how far the first step goes
 */
export function profileInterval(
  model: LikelihoodModel,
  options: Pick<FitOptions, 'fix' | 'bounds' | 'tolerance'>,
  fit: ProfiledFit,
  k: number,
  error: number,
  level: number,
): ProfileInterval {
  const { names } = model.problem.features;
  const name = names[k];
  const own = options.bounds;
  const [lower, upper] = (own && Object.hasOwn(own, name) ? own[name] : undefined) ?? [
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  const points = new Map([[fit.theta[k], fit.logLikelihood]]);
  const quantile = chiSquareQuantile(level, 1);
  const others = Object.fromEntries(Object.entries(own ?? {}).filter(([other]) => other !== name));
  const profile: Profile = (value, from) => {
    const held = { ...options.fix, [name]: value };
    const start = from && startBeside(names, from, held);
    const found = finish(
      model.maximize({
        ...options,
        bounds: others,
        fix: held,
        ...(start ? { start } : {}),
      }),
    );
    if (found.stop === 'infeasible') return { kind: 'infeasible' };
    if (found.stop !== 'converged' || found.value === null || !found.theta)
      return { kind: 'failed', why: found.stopReason ?? found.stop };
    points.set(value, found.value);
    return { kind: 'fitted', logLikelihood: found.value, theta: found.theta };
  };
  const end = (outward: 1 | -1): ProfileEnd =>
    profileEnd(
      profile,
      {
        estimate: fit.theta[k],
        maximum: fit,
        step: outward * Math.sqrt(quantile) * error,
        limit: outward > 0 ? upper : lower,
        quantile,
      },
      {
        limit: 'the bound',
        infeasible: 'no reward is feasible with it',
      },
    );
  const low = end(-1);
  const high = end(1);
  return {
    low,
    high,
    points: [...points]
      .sort(([a], [b]) => a - b)
      .map(([value, logLikelihood]) => ({ value, logLikelihood })),
  };
}

/** θ as a start, without what is held. */
function startBeside(
  names: readonly string[],
  theta: Float64Array,
  held: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name, k) => (Object.hasOwn(held, name) ? [] : [[name, theta[k]]])),
  );
}
