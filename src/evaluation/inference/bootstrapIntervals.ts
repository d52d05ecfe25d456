/**
 * What refits to drawn data say about estimates θ̂, parameter by parameter. Of B draws θ*:
 *
 *   standard error   √( Σ (θ* − θ̄*)² / (n − 1) ),  bias = θ̄* − θ̂,  over the n draws that converged
 *   percentile       [ q_α, q_{1−α} ] of θ*                          α = (1 − level) / 2
 *   basic            [ 2 θ̂ − q_{1−α}, 2 θ̂ − q_α ]
 *   studentised      [ θ̂ − t_{1−α} s, θ̂ − t_α s ]   of t* = (θ* − θ̂) / s*
 *
 * A draw whose refit failed may lie anywhere, so for the lower end it counts as −∞ and for the upper
 * as +∞: it can make an interval wider, and where more failed than an end leaves out, there is none.
 *
 * Reference: Davison & Hinkley (1997), Bootstrap Methods and their Application, ch. 5.
 */

/** A refit; null where it failed. */
export interface Refit {
  readonly estimate: number;
  /** Its own standard error; null where it has none. */
  readonly error: number | null;
}

type Ends = readonly [low: number, high: number];

export interface BootstrapNumbers {
  readonly standardError: number | null;
  readonly bias: number | null;
  readonly intervals: {
    readonly percentile: Ends | null;
    readonly basic: Ends | null;
    readonly studentised: Ends | null;
  };
  /** Why what is null does not exist, by key. */
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * @param estimate θ̂
 * @param error its standard error by the formula that refits use too; null where there is none
 */
export function bootstrapNumbers(
  estimate: number,
  error: number | null,
  refits: readonly (Refit | null)[],
  level: number,
): BootstrapNumbers {
  const reasons: Record<string, string> = {};
  const values = refits.flatMap((refit) => (refit ? [refit.estimate] : []));
  const mean = values.reduce((sum, x) => sum + x / values.length, 0);
  const spread = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const enough = values.length > 1;
  if (!enough) reasons.standardError = `wanted two draws that converged, got ${values.length}`;
  if (values.length === 0) reasons.bias = 'no draw converged';

  const ends = quantiles(values, refits.length, level);
  if (typeof ends === 'string') Object.assign(reasons, { percentile: ends, basic: ends });
  let studentised: Ends | string = 'the estimate has no standard error of its own';
  if (error !== null) {
    const scaled = refits.flatMap((refit) =>
      refit?.error ? [(refit.estimate - estimate) / refit.error] : [],
    );
    studentised = quantiles(scaled, refits.length, level);
  }
  if (typeof studentised === 'string') reasons.studentised = studentised;
  const known = typeof ends !== 'string';
  return {
    standardError: enough ? Math.sqrt(spread / (values.length - 1)) : null,
    bias: values.length > 0 ? mean - estimate : null,
    intervals: {
      percentile: known ? ends : null,
      basic: known ? [2 * estimate - ends[1], 2 * estimate - ends[0]] : null,
      studentised:
        typeof studentised === 'string' || error === null
          ? null
          : [estimate - studentised[1] * error, estimate - studentised[0] * error],
    },
    reasons,
  };
}

/**
 * The (1 ∓ level) / 2 quantiles of `draws` values of which only some are known, interpolated
 * linearly; the unknown ones lie beyond either end. Or why there are none.
 */
function quantiles(known: readonly number[], draws: number, level: number): Ends | string {
  const share = (1 - level) / 2;
  if (share * (draws + 1) < 1)
    return `${draws} draws have no tail of ${Number((100 * share).toPrecision(3))} %: at least ${Math.ceil(1 / share) - 1} are needed`;
  const missing = draws - known.length;
  const at = share * (draws - 1);
  const below = Math.floor(at) - missing;
  if (below < 0)
    return `${missing} of ${draws} draws failed, more than an end of the interval leaves out`;
  const ascending = Float64Array.from(known).sort();
  const last = ascending.length - 1;
  const between = (i: number, j: number): number =>
    ascending[i] + (at - Math.floor(at)) * (ascending[j] - ascending[i]);
  return [
    between(below, Math.min(below + 1, last)),
    between(last - below, Math.max(last - below - 1, 0)),
  ];
}
