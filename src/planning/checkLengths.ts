/** What planners ask of what they are given, before they compute with it. */

import type { Mdp } from '../mdp/mdp.ts';

/** @throws RangeError where `values` are not one per pair */
export function checkPerPair(
  doing: string,
  name: string,
  values: Float64Array,
  { pairCount }: Mdp,
): void {
  if (values.length !== pairCount)
    throw new RangeError(
      `Cannot ${doing}: ${name} must have ${pairCount} entries (one per pair), got ${values.length}`,
    );
}

/** @throws RangeError where `values` are not one per state */
export function checkPerState(
  doing: string,
  name: string,
  values: Float64Array,
  { stateCount }: Mdp,
): void {
  if (values.length !== stateCount)
    throw new RangeError(
      `Cannot ${doing}: ${name} must have ${stateCount} entries (one per state), got ${values.length}`,
    );
}
