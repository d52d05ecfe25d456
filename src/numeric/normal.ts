/**
 * The standard normal distribution Φ.
 *
 *   Pr(Z > z) = ½ erfc(z / √2) = ½ Q(½, z² / 2)   for z ≥ 0
 *
 * Reference for quantiles: Wichura (1988), Algorithm AS 241, Applied Statistics 37, 477–484.
 */

import { gammaTails } from './gammaTail.ts';

/** Φ(z) = Pr(Z ≤ z), exact also far to the left. */
export function normalCdf(z: number): number {
  const { lower, upper } = gammaTails(0.5, (z * z) / 2);
  return z < 0 ? upper / 2 : 0.5 + lower / 2;
}

/** Pr(|Z| > |z|): the two-sided p-value of a z statistic. */
export function normalTwoSided(z: number): number {
  return gammaTails(0.5, (z * z) / 2).upper;
}

/** The z with Φ(z) = probability. */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`Cannot find a quantile: a probability is in [0, 1], got ${probability}`);
  const q = probability - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, CENTRE);
  const root = Math.sqrt(-Math.log(q < 0 ? probability : 1 - probability));
  if (root === Number.POSITIVE_INFINITY) return Math.sign(q) * root;
  const size = root <= 5 ? ratio(root - 1.6, SIDE) : ratio(root - 5, TAIL);
  return q < 0 ? -size : size;
}

/** Numerator and denominator, from the constant up. */
type Rational = readonly [readonly number[], readonly number[]];

function ratio(r: number, [above, below]: Rational): number {
  return polynomial(above, r) / polynomial(below, r);
}

function polynomial(coefficients: readonly number[], r: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * r + coefficients[k];
  return value;
}

const CENTRE: Rational = [
  [
    3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
    45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227,
  ],
  [
    1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597,
    39307.89580009271, 28729.085735721943, 5226.495278852546,
  ],
];
const SIDE: Rational = [
  [
    1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
    1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
  ],
  [
    1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
    0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
  ],
];
const TAIL: Rational = [
  [
    6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
    0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
  ],
  [
    1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
    1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
  ],
];
