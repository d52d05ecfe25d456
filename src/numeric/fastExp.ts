/**
 * exp and log for the soft Bellman kernels.
 *
 *   exp(x) = 2^(n/16) · exp(r),  n = round(16 x / ln 2),  |r| ≤ ln 2 / 32
 *
 * with 2^(n/16) from a table and exp(r) by a degree-6 polynomial: relative error below 1e-15, about
 * a third of the time of Math.exp. The table is an argument because V8 re-checks a module-level
 * typed array on every access.
 */

const STEPS = 16;
const OFFSET = STEPS * 1022;
const STEPS_PER_UNIT = STEPS / Math.LN2;
// ln 2 / 16 in two parts, the first exact in the product with an integer below 2^15.
const STEP_HIGH = 0.6931471803691238 / STEPS;
const STEP_LOW = 1.9082149292705877e-10 / STEPS;
// Adding and subtracting 1.5 · 2^52 rounds to the nearest integer.
const ROUND = 6755399441055744;

/** [2 · 16 · 1022 + 16] the powers 2^((i − 16 · 1022) / 16). */
export const EXP_TABLE: Float64Array = Float64Array.from(
  { length: 2 * OFFSET + STEPS },
  (_, i) => 2 ** ((i - OFFSET) / STEPS),
);

/**
 * Returns exp(x).
 *
 * @param x between −700 and 700; the caller sees to it
 * @param table `EXP_TABLE`
 */
export function fastExp(x: number, table: Float64Array): number {
  const n = x * STEPS_PER_UNIT + ROUND - ROUND;
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const r2 = r * r;
  const tail = r + r2 * 0.5 + r2 * r * (1 / 6 + r * (1 / 24) + r2 * (1 / 120 + r * (1 / 720)));
  const power = table[(n + OFFSET) | 0];
  return power + power * tail;
}

/** Returns log(x) for x > 0, by its series where x is within 1e-3 of 1. */
export function fastLog(x: number): number {
  const y = x - 1;
  if (y > -1e-3 && y < 1e-3) return y - y * y * (0.5 - y * (1 / 3 - y * (0.25 - y * 0.2)));
  return Math.log(x);
}
