/**
 * Student's t distribution with a whole number ν of degrees of freedom, in closed form.
 *
 *   Pr(|T| ≤ t) = sin θ · Σ_{k=0}^{(ν−2)/2} c_k cos²ᵏ θ                        ν even
 *               = (2/π) ( θ + sin θ · Σ_{k=0}^{(ν−3)/2} d_k cos²ᵏ⁺¹ θ )         ν odd
 *
 * with θ = arctan(t / √ν), c_k = Π (2i − 1)/(2i) and d_k = Π 2i/(2i + 1), i = 1 … k.
 *
 * Reference: Abramowitz & Stegun (1964), eqs. 26.7.3 and 26.7.4.
 */

/** Beyond so many degrees of freedom the sums are long, and no different in the first seven digits. */
const MOST = 10_000_000;

/** Returns the t > 0 with Pr(|T| ≤ t) = level: 12.7 for 1 degree of freedom and 0.95, 1.96 for many. */
export function studentTwoSided(level: number, degrees: number): number {
  if (!(level > 0 && level < 1))
    throw new RangeError(`Cannot find a quantile: the level must be in (0, 1), got ${level}`);
  if (!(Number.isInteger(degrees) && degrees >= 1 && degrees <= MOST))
    throw new RangeError(
      `Cannot find a quantile: degrees of freedom must be whole, from 1 to ${MOST}, got ${degrees}`,
    );
  let [low, high] = [0, Math.PI / 2];
  for (;;) {
    const middle = (low + high) / 2;
    if (!(middle > low && middle < high)) return Math.sqrt(degrees) * Math.tan(middle);
    if (within(middle, degrees) < level) low = middle;
    else high = middle;
  }
}

/** Pr(|T| ≤ √ν tan θ). */
function within(theta: number, degrees: number): number {
  const odd = degrees % 2 === 1;
  const square = Math.cos(theta) ** 2;
  let sum = 0;
  let term = odd ? Math.cos(theta) : 1;
  for (let k = 1; 2 * k + (odd ? 1 : 0) <= degrees; k++) {
    sum += term;
    if (term < 1e-18 * sum) break;
    term *= square * (odd ? (2 * k) / (2 * k + 1) : (2 * k - 1) / (2 * k));
  }
  const inside = Math.sin(theta) * sum;
  return odd ? (2 / Math.PI) * (theta + inside) : inside;
}
