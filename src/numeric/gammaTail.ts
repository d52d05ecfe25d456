/**
 * The regularised incomplete gamma functions, to about 1e-13 relative in both tails.
 *
 *   P(a, x) = ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt / Γ(a),   Q = 1 − P
 *
 * P by its series where x < a + 1, Q by its continued fraction elsewhere, each times the factor
 *
 *   xᵃ e⁻ˣ / Γ(a + 1) = exp(−δ(a) − D(a, x)) / √(2πa)
 *
 * with δ Stirling's error and D(a, x) = a log(a/x) + x − a, neither of which cancels where the
 * logarithms of the three factors would.
 *
 * References: Loader (2000), Fast and accurate computation of binomial probabilities; Abramowitz &
 * Stegun, 6.1.41, 6.5.29, 6.5.31; Thompson & Barnett (1986), J. Comp. Physics 64 (Lentz's fraction).
 */

const MOST_TERMS = 100_000;
const TINY = 1e-300;

/** Both tails; the smaller one is the exact one, the other is 1 minus it. */
export interface GammaTails {
  /** P(a, x) */
  readonly lower: number;
  /** Q(a, x) */
  readonly upper: number;
}

/** @throws RangeError unless a > 0 is finite and x ≥ 0 */
export function gammaTails(a: number, x: number): GammaTails {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot integrate a gamma density: its shape must be positive, got ${a}`);
  if (!(x >= 0))
    throw new RangeError(`Cannot integrate a gamma density: wanted a limit ≥ 0, got ${x}`);
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  if (x < a + 1) {
    const lower = Math.min(1, gammaFactor(a, x) * series(a, x));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, a * gammaFactor(a, x) * fraction(a, x));
  return { lower: 1 - upper, upper };
}

/** xᵃ e⁻ˣ / Γ(a + 1), the probability of a under Poisson(x) where a is whole. */
export function gammaFactor(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** Σₙ xⁿ / ((a + 1) ⋯ (a + n)) */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < MOST_TERMS && term > sum * Number.EPSILON * 0.1; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** 1 / (x + 1 − a − 1·(1 − a) / (x + 3 − a − 2·(2 − a) / (x + 5 − a − ⋯))) */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / (b || TINY);
  let value = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b || TINY);
    c = b + step / c || TINY;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < Number.EPSILON) break;
  }
  return value;
}

/** δ(a) = log Γ(a + 1) − (a + ½) log a + a − ½ log 2π */
function stirlingError(a: number): number {
  let error = 0;
  let shifted = a;
  for (; shifted < 16; shifted++) error += (shifted + 0.5) * Math.log1p(1 / shifted) - 1;
  const inverse = 1 / (shifted * shifted);
  const tail =
    1 / 12 -
    inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse * (1 / 1188))));
  return error + tail / shifted;
}

/** D(a, x) = a log(a / x) + x − a, by a series where the two nearly cancel. */
function deviance(a: number, x: number): number {
  const gap = a - x;
  if (Math.abs(gap) > 0.1 * (a + x)) return a * Math.log(a / x) + x - a;
  const v = gap / (a + x);
  let sum = gap * v;
  let power = 2 * a * v;
  for (let n = 1; n < 1000; n++) {
    power *= v * v;
    const next = sum + power / (2 * n + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
