/**
 * The likelihood as a function of one number that is not a parameter of the reward (a discount, a
 * temperature), everything else fitted again at each value: where it is largest, which values are
 * not significantly less likely, and whether the data can tell at all.
 *
 * The maximum is sought by golden sections and parabolas (Brent 1973, Algorithms for Minimization
 * without Derivatives, ch. 5) between the neighbours of the best of the values asked for.
 */

import { chiSquareQuantile } from '../../numeric/chiSquare.ts';
import { type Profile, type ProfileEnd, type ProfilePoint, profileEnd } from './profileEnd.ts';

export interface CurvePoint {
  readonly value: number;
  /** Null where nothing could be fitted. */
  readonly logLikelihood: number | null;
  readonly theta: Float64Array | null;
  readonly reason: string | null;
}

export interface ProfileCurve {
  /** At the values asked for. */
  readonly points: readonly CurvePoint[];
  /** The most likely value, within the range asked for; null where nothing could be fitted. */
  readonly maximum: CurvePoint | null;
  /** Set where the most likely value is an end of the range. */
  readonly atEnd: 'low' | 'high' | null;
  /** Largest difference of twice the log-likelihood between values asked for. */
  readonly range: number;
  /** Whether the likelihood is the same everywhere. */
  readonly flat: boolean;
  readonly low: ProfileEnd;
  readonly high: ProfileEnd;
}

/** Difference of twice the log-likelihood, relative to its size, that counts as none. */
const SAME = 1e-9;
/** Where the maximum is sought no further, as a share of the distance of neighbours. */
const NEAR = 1e-6;
const GOLDEN = (3 - Math.sqrt(5)) / 2;

/**
 * @param values ascending, at least two
 * @param profile told the value, and where a search may begin
 * @param start [parameters] where the first search may begin
 */
export function profileCurve(
  profile: Profile,
  values: readonly number[],
  level: number,
  what: string,
  start: Float64Array | null = null,
): ProfileCurve {
  const quantile = chiSquareQuantile(level, 1);
  let near = start;
  const look = (value: number, from: Float64Array | null): CurvePoint => {
    let found: ProfilePoint = profile(value, from);
    if (found.kind !== 'fitted' && from) found = profile(value, null);
    if (found.kind === 'fitted')
      return { value, logLikelihood: found.logLikelihood, theta: found.theta, reason: null };
    const reason =
      found.kind === 'infeasible' ? `no reward is feasible at this ${what}` : found.why;
    return { value, logLikelihood: null, theta: null, reason };
  };
  const points = values.map((value) => {
    const point = look(value, near);
    near = point.theta ?? near;
    return point;
  });
  const best = points.reduce<number>(
    (top, point, i) => (isHigher(point, points[top]) ? i : top),
    0,
  );
  const known = points.flatMap(({ logLikelihood }) =>
    logLikelihood === null ? [] : [logLikelihood],
  );
  const nothing: ProfileEnd = { value: null, reason: 'no value could be fitted' };
  if (known.length === 0)
    return {
      points,
      maximum: null,
      atEnd: null,
      range: 0,
      flat: false,
      low: nothing,
      high: nothing,
    };
  const range = 2 * (Math.max(...known) - Math.min(...known));
  const flat = known.length > 1 && range <= SAME * Math.max(1, Math.abs(known[0]));
  if (flat) {
    const end: ProfileEnd = { value: null, reason: `every ${what} is as likely as any other` };
    return { points, maximum: null, atEnd: null, range, flat, low: end, high: end };
  }
  const maximum = refine(points, best, look);
  const atEnd =
    maximum.value === values[0]
      ? 'low'
      : maximum.value === values[values.length - 1]
        ? 'high'
        : null;
  const end = (outward: 1 | -1): ProfileEnd => {
    const limit = outward > 0 ? values[values.length - 1] : values[0];
    if (maximum.value === limit || maximum.logLikelihood === null || !maximum.theta)
      return { value: null, reason: `the most likely ${what} is the end of the range looked at` };
    const beyond = (outward > 0 ? points : [...points].reverse()).find(
      ({ value, logLikelihood }) =>
        outward * (value - maximum.value) > 0 &&
        logLikelihood !== null &&
        2 * ((maximum.logLikelihood as number) - logLikelihood) >= quantile,
    );
    return profileEnd(
      profile,
      {
        estimate: maximum.value,
        maximum: { logLikelihood: maximum.logLikelihood, theta: maximum.theta },
        step: (beyond?.value ?? limit) - maximum.value,
        limit,
        quantile,
      },
      { limit: 'the end of the range', infeasible: 'no reward is feasible' },
    );
  };
  return { points, maximum, atEnd, range, flat, low: end(-1), high: end(1) };
}

function isHigher(a: CurvePoint, b: CurvePoint): boolean {
  if (a.logLikelihood === null) return false;
  return b.logLikelihood === null || a.logLikelihood > b.logLikelihood;
}

/** Brent's search between the neighbours of the best point. */
function refine(
  points: readonly CurvePoint[],
  best: number,
  look: (value: number, from: Float64Array | null) => CurvePoint,
): CurvePoint {
  let low = points[Math.max(0, best - 1)].value;
  let high = points[Math.min(points.length - 1, best + 1)].value;
  const width = high - low;
  let [x, w, v] = [points[best], points[best], points[best]];
  const height = (point: CurvePoint): number => -(point.logLikelihood ?? Number.NEGATIVE_INFINITY);
  let step = 0;
  let before = 0;
  for (let tries = 0; tries < 60; tries++) {
    const middle = (low + high) / 2;
    const tolerance = NEAR * width;
    if (Math.abs(x.value - middle) <= 2 * tolerance - (high - low) / 2) break;
    // A parabola through the three best, where it steps less than half of the step before last.
    const r = (x.value - w.value) * (height(x) - height(v));
    const q0 = (x.value - v.value) * (height(x) - height(w));
    let p = (x.value - v.value) * q0 - (x.value - w.value) * r;
    let q = 2 * (q0 - r);
    if (q > 0) p = -p;
    q = Math.abs(q);
    const fits =
      Math.abs(p) < Math.abs((q * before) / 2) &&
      p > q * (low - x.value) &&
      p < q * (high - x.value);
    before = fits ? step : (x.value < middle ? high : low) - x.value;
    step = fits ? p / q : GOLDEN * before;
    if (!Number.isFinite(step)) break;
    const value = Math.min(
      high,
      Math.max(
        low,
        x.value + (Math.abs(step) < tolerance ? Math.sign(step || 1) * tolerance : step),
      ),
    );
    const found = look(value, x.theta);
    if (height(found) <= height(x)) {
      if (found.value < x.value) high = x.value;
      else low = x.value;
      [v, w, x] = [w, x, found];
    } else {
      if (found.value < x.value) low = found.value;
      else high = found.value;
      if (height(found) <= height(w) || w === x) [v, w] = [w, found];
      else if (height(found) <= height(v) || v === x || v === w) v = found;
    }
  }
  return x;
}
