/** States that lie at the same place: a cell entered from different sides is one square of a map. */

import type { Places } from './figures/stateMap.ts';

export interface DistinctPlaces {
  readonly places: Places;
  readonly placeCount: number;
  /** [states] */
  readonly placeOf: Int32Array;
}

export function distinctPlaces(places: Places): DistinctPlaces {
  const width = places.kind === 'cells' ? 2 : 4;
  const count = places.position.length / width;
  const numbers = new Map<string, number>();
  const kept: number[] = [];
  const placeOf = Int32Array.from({ length: count }, (_, s) => {
    const at = places.position.subarray(s * width, (s + 1) * width);
    const key = at.join(' ');
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(key, number);
    kept.push(...at);
    return number;
  });
  return {
    places: { kind: places.kind, position: Float64Array.from(kept) },
    placeCount: numbers.size,
    placeOf,
  };
}
