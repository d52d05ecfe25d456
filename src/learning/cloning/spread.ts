/**
 * The spread of a Gaussian from a number x that may be anything, with a floor:
 *
 *   σ = e⁻⁵ + eˣ,   ∂log σ/∂x = eˣ / σ
 *
 * Actions that are copies of each other would else have a density without bound. The floor is small
 * beside the actions' own spread, which their scale makes 1.
 */

const FLOOR = Math.exp(-5);
/** Beyond it a spread is as good as infinite, and its square a number still. */
const MOST = 50;

export function spreadOf(x: number): number {
  return FLOOR + Math.exp(Math.min(x, MOST));
}

/** ∂log σ/∂x where σ = spreadOf(x). */
export function logSpreadSlope(x: number, spread: number): number {
  return x > MOST ? 0 : (spread - FLOOR) / spread;
}
