/**
 * Where a profile likelihood falls significantly below its maximum, walking outward:
 *
 *   2 (LL̂ − LL_p(v)) = q,   LL_p(v) = the maximum over everything else with v held
 *
 * The first crossing that is met, found on the root r(v) = √(2 (LL̂ − LL_p(v))), nearly a straight
 * line: steps outward along it, then regula falsi (Illinois) between what lies within and without.
 *
 * References: Venzon & Moolgavkar (1988), Applied Statistics 37, 87–94; Dowell & Jarratt (1971),
 * BIT 11, 168–174.
 */

/** A maximum with one number held. */
export type ProfilePoint =
  | {
      readonly kind: 'fitted';
      readonly logLikelihood: number;
      /** [parameters] where it is. */
      readonly theta: Float64Array;
    }
  | { readonly kind: 'infeasible' }
  | { readonly kind: 'failed'; readonly why: string };

/** @param from [parameters] where a search may begin; null for nowhere in particular */
export type Profile = (value: number, from: Float64Array | null) => ProfilePoint;

export interface ProfileEnd {
  /** Null where the side is open, or where it could not be followed. */
  readonly value: number | null;
  readonly reason: string | null;
}

/** How exactly a crossing is met: r within this of √q, or the ends within this share of their reach. */
const EXACT = 1e-7;
/** How exactly likelihoods are known, relative to their size: what planners leave of rounding. */
const ROUND_OFF = 1e-9;
const MOST_STEPS = 60;
const MOST_BISECTIONS = 80;
/** So many times the first step from the estimate is as good as infinity. */
const FAR = 1e6;

export interface ProfileStart {
  readonly estimate: number;
  readonly maximum: { readonly logLikelihood: number; readonly theta: Float64Array };
  /** Signed length of the first step: about where a crossing is expected. */
  readonly step: number;
  /** The value beyond which nobody may go; infinite where there is none. */
  readonly limit: number;
  /** q, the quantile that twice the fall in likelihood must reach. */
  readonly quantile: number;
}

/** What an open side is called, and what it is that is held. */
export interface ProfileWords {
  readonly limit: string;
  readonly infeasible: string;
}

interface Met {
  readonly value: number;
  /** r − √q: negative within. */
  readonly beyond: number;
  readonly theta: Float64Array;
}

export function profileEnd(
  profile: Profile,
  { estimate, maximum, step, limit, quantile }: ProfileStart,
  words: ProfileWords,
): ProfileEnd {
  const root = Math.sqrt(quantile);
  const rounding = 2 * ROUND_OFF * Math.max(1, Math.abs(maximum.logLikelihood));
  const exact = Math.max(EXACT, rounding / (2 * root));
  const outward = Math.sign(step);
  const clipped = (value: number): number =>
    outward > 0 ? Math.min(value, limit) : Math.max(value, limit);
  const open = (reason: string): ProfileEnd => ({ value: null, reason });

  /** Looks at a value; the reason where it cannot be judged. */
  const look = (value: number, near: Float64Array): Met | 'infeasible' | string => {
    let point = profile(value, near);
    if (point.kind !== 'fitted') {
      const again = profile(value, null);
      if (again.kind === 'fitted') point = again;
    }
    if (point.kind === 'infeasible') return 'infeasible';
    if (point.kind === 'failed')
      return `at ${shown(value)} the rest could not be fitted: ${point.why}`;
    const fall = 2 * (maximum.logLikelihood - point.logLikelihood);
    if (fall < -rounding)
      return `at ${shown(value)} the rest fits better than at the estimate, which is no maximum`;
    return { value, beyond: Math.sqrt(Math.max(0, fall)) - root, theta: point.theta };
  };

  let within: Met = { value: estimate, beyond: -root, theta: maximum.theta };
  let without: Met | null = null;
  /** The nearest value that is known to be infeasible. */
  let edge: number | null = null;
  let next = clipped(estimate + step);
  for (let steps = 0; !without; steps++) {
    if (steps >= MOST_STEPS) return open(falls(within, root, quantile));
    if (next === within.value) {
      if (within.value === limit)
        return open(
          `${words.limit} ${shown(limit)} is met first: there ${fallen(within, root, quantile)}`,
        );
      if (edge !== null)
        return open(
          `${words.infeasible} beyond ${shown(edge)}: there ${fallen(within, root, quantile)}`,
        );
      return open(falls(within, root, quantile));
    }
    const met = look(next, within.theta);
    if (met === 'infeasible') {
      edge = next;
      const middle = (within.value + next) / 2;
      const isThin =
        Math.abs(next - within.value) <= 1e-9 * Math.max(Math.abs(next), Math.abs(step));
      next = isThin ? within.value : middle;
      continue;
    }
    if (typeof met === 'string') return open(met);
    if (met.beyond >= 0) {
      without = met;
      break;
    }
    const rise = met.beyond - within.beyond;
    const gone = met.value - within.value;
    within = met;
    if (Math.abs(met.value - estimate) > FAR * Math.abs(step))
      return open(falls(within, root, quantile));
    // Where the line through the last two would cross, at most four times as far out.
    const wanted = rise > 0 ? (1.1 * gone * -met.beyond) / rise : Number.POSITIVE_INFINITY;
    const most = 3 * Math.abs(met.value - estimate);
    next = clipped(met.value + outward * Math.min(Math.abs(wanted), most));
    if (edge !== null && outward * (next - edge) >= 0) next = (met.value + edge) / 2;
  }

  let low: Met = within;
  let high: Met = without;
  let stayed: 'low' | 'high' | null = null;
  // An end that stays twice running counts half, lest it stay for ever.
  let lowWeight = 1;
  let highWeight = 1;
  const isNarrow = (): boolean =>
    Math.abs(high.value - low.value) <= 0.01 * EXACT * Math.abs(high.value - estimate);
  for (let steps = 0; steps < MOST_BISECTIONS; steps++) {
    const best = Math.abs(low.beyond) < Math.abs(high.beyond) ? low : high;
    if (Math.abs(best.beyond) <= exact || isNarrow()) return { value: best.value, reason: null };
    const a = low.beyond * lowWeight;
    const b = high.beyond * highWeight;
    let value = (low.value * b - high.value * a) / (b - a);
    const isBetween = (value - low.value) * (value - high.value) < 0;
    if (!isBetween || steps > 40) value = (low.value + high.value) / 2;
    if (value === low.value || value === high.value) return { value: best.value, reason: null };
    const met = look(value, low.theta);
    if (typeof met === 'string')
      return open(met === 'infeasible' ? `${words.infeasible} at ${shown(value)}` : met);
    if (met.beyond < 0) {
      low = met;
      highWeight = stayed === 'high' ? highWeight / 2 : 1;
      lowWeight = 1;
      stayed = 'high';
    } else {
      high = met;
      lowWeight = stayed === 'low' ? lowWeight / 2 : 1;
      highWeight = 1;
      stayed = 'low';
    }
  }
  return {
    value: Math.abs(low.beyond) < Math.abs(high.beyond) ? low.value : high.value,
    reason: null,
  };
}

function fallen({ beyond }: Met, root: number, quantile: number): string {
  const fall = (beyond + root) ** 2;
  return `twice the log-likelihood has fallen by ${shown(fall)} only, of ${shown(quantile)}`;
}

function falls(within: Met, root: number, quantile: number): string {
  return `it runs to infinity: as far out as ${shown(within.value)} ${fallen(within, root, quantile)}`;
}

function shown(x: number): string {
  return String(Number(x.toPrecision(5)));
}
