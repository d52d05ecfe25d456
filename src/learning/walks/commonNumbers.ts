/**
 * One stream of chance for two walks: in every step both meet the same random numbers, so that where
 * they stand alike they do alike, and what differs between them is not luck.
 *
 * Reference: Glasserman & Yao (1992), Management Science 38 (common random numbers).
 */

import type { Rng } from '../../numeric/rng.ts';

export interface CommonNumbers {
  /** A stream for one of the walks. */
  reader(): Rng;
  /** Begins a step: all readers continue with the same fresh numbers. */
  advance(): void;
}

export function createCommonNumbers(source: Rng): CommonNumbers {
  const drawn: number[] = [];
  const places: { at: number }[] = [];
  return {
    reader() {
      const place = { at: 0 };
      places.push(place);
      const read = (): number => {
        if (place.at === drawn.length) drawn.push(source());
        return drawn[place.at++];
      };
      return Object.assign(read, { state: () => source.state() });
    },
    advance() {
      drawn.length = 0;
      for (const place of places) place.at = 0;
    },
  };
}
