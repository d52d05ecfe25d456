/**
 * Derivatives by five-point central differences, error of order h⁴.
 *
 *   f′(x) ≈ ( f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h) ) / 12h
 */

const STEP = 1e-3;

/** Returns the derivative of the vector (or one-element) function at 0. */
export function differentiate(f: (t: number) => ArrayLike<number>): Float64Array {
  const [a, b, c, d] = [-2 * STEP, -STEP, STEP, 2 * STEP].map((t) => Float64Array.from(f(t)));
  return a.map((ai, i) => (ai - 8 * b[i] + 8 * c[i] - d[i]) / (12 * STEP));
}

/** Returns row k = ∂f/∂x_k of a vector function, as flat rows. */
export function jacobianRows(
  f: (x: Float64Array) => ArrayLike<number>,
  x: Float64Array,
): Float64Array {
  const rows = Array.from(x, (_, k) =>
    differentiate((t) => {
      const moved = x.slice();
      moved[k] += t;
      return f(moved);
    }),
  );
  return Float64Array.from(rows.flatMap((row) => [...row]));
}
