/**
 * Refuses features about which demonstrations can say nothing. One that is the same number wherever
 * one goes is the price of going on: it says something only where episodes can end, and only once.
 */

import type { SimulatedPlanner } from './simulatedPlanner.ts';
import type { SimulatedProblem } from './simulatedProblem.ts';

/** @throws RangeError naming the features */
export function checkFeatures(
  { features: { names } }: SimulatedProblem,
  { constant, endsSeen }: Pick<SimulatedPlanner, 'constant' | 'endsSeen'>,
): void {
  const zero = names.filter((_, k) => constant[k] === 0);
  const same = names.filter((_, k) => constant[k] !== null && constant[k] !== 0);
  const listed = (some: readonly string[]): string => some.map((name) => `"${name}"`).join(', ');
  if (zero.length > 0)
    throw new RangeError(
      `Cannot fit: ${listed(zero)} is 0 in every demonstrated step, so that nothing is known of what it is worth`,
    );
  if (same.length > 1)
    throw new RangeError(
      `Cannot fit: ${listed(same)} are constant in all demonstrated steps and cannot be told apart; leave one at most`,
    );
  if (same.length === 1 && !endsSeen)
    throw new RangeError(
      `Cannot fit: ${listed(same)} is constant in all demonstrated steps, and no episode ended before its time; it changes nothing that is done`,
    );
}
