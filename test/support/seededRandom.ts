/** A small seeded random stream for test problems (mulberry32), apart from the program's own. */

export interface SeededRandom {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** An integer from low to high, both included. */
  integer(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Standard normal, by Box and Muller. */
  normal(): number;
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy. */
  shuffle<T>(items: readonly T[]): T[];
  /** An index drawn in proportion to the weights. */
  index(weights: readonly number[]): number;
}

/** Returns the stream of one seed; two seeds give unrelated streams. */
export function seededRandom(seed: number): SeededRandom {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;

  function uniform(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  function integer(low: number, high: number): number {
    return low + Math.floor(uniform() * (high - low + 1));
  }

  return {
    uniform,
    integer,
    between: (low, high) => low + (high - low) * uniform(),
    chance: (probability) => uniform() < probability,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    pick: (items) => items[integer(0, items.length - 1)],
    shuffle(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
    index(weights) {
      let left = uniform() * weights.reduce((sum, weight) => sum + weight, 0);
      const found = weights.findIndex((weight) => {
        left -= weight;
        return left < 0;
      });
      // Rounding can leave a last crumb of probability: it belongs to the last possible index.
      return found >= 0 ? found : weights.findLastIndex((weight) => weight > 0);
    },
  };
}
