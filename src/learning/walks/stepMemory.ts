/**
 * Every step that was taken in a simulator, kept as counts: replayed until nothing changes any more,
 * soft Q-learning on them ends at the exact plan in the dynamics that they show.
 *
 * The outcomes of a choice are dealt to BLOCKS in turn, so that each block is as good a sample as any
 * other, and what is worked out without one of them tells how far luck in the steps reaches.
 *
 * References: Lin (1992), Machine Learning 8 (replay); Kleywegt, Shapiro & Homem-de-Mello (2002),
 * SIAM J. Optim. 12 (sample average approximation).
 */

import type { Mdp } from '../../mdp/mdp.ts';
import { outcomeShares } from '../models/outcomeShares.ts';

/** So many parts; their spread is then known to about a sixth. */
export const BLOCKS = 20;

/** By pair, in rows: the state that followed, and how often it did in each block. */
export type StepMemoryState = readonly (readonly (readonly number[])[])[];

export interface StepMemory {
  /** [pairs] outcomes kept of each. */
  readonly outcomes: Float64Array;
  remember(pair: number, next: number): void;
  /**
   * Returns the dynamics that the steps show. Choices never tried lead back to where they are made.
   *
   * @param without a block that is left out, where the rest of a choice still has an outcome
   */
  dynamics(mdp: Mdp, without?: number): Mdp;
  /** Plain JSON. */
  state(): StepMemoryState;
}

export function createStepMemory(pairCount: number, resume?: StepMemoryState): StepMemory {
  const outcomes = new Float64Array(pairCount);
  const blocks = Array.from(
    { length: pairCount },
    (_, pair) =>
      new Map(resume?.[pair].map(([next, ...dealt]) => [next, Float64Array.from(dealt)])),
  );
  blocks.forEach((seen, pair) => {
    for (const dealt of seen.values()) outcomes[pair] += sumOf(dealt);
  });

  const countsOf = (pair: number, without: number): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const [next, dealt] of blocks[pair]) {
      const n = sumOf(dealt) - (dealt[without] ?? 0);
      if (n > 0) counts.set(next, n);
    }
    return counts;
  };

  return {
    outcomes,
    remember(pair, next) {
      let dealt = blocks[pair].get(next);
      if (!dealt) {
        dealt = new Float64Array(BLOCKS);
        blocks[pair].set(next, dealt);
      }
      // choices begin with different blocks, so that rare ones fill all alike
      dealt[(pair + outcomes[pair]++) % BLOCKS]++;
    },
    dynamics(mdp, without = -1) {
      const counts: ReadonlyMap<number, number>[] = [];
      for (let s = 0; s < mdp.stateCount; s++)
        for (let pair = mdp.pairStart[s]; pair < mdp.pairStart[s + 1]; pair++) {
          const some = countsOf(pair, without);
          const shown = some.size > 0 ? some : countsOf(pair, -1);
          counts.push(shown.size > 0 ? shown : new Map([[s, 1]]));
        }
      return { ...mdp, ...outcomeShares(counts) };
    },
    state: () => blocks.map((seen) => [...seen].map(([next, dealt]) => [next, ...dealt])),
  };
}

function sumOf(dealt: Float64Array): number {
  let sum = 0;
  for (const n of dealt) sum += n;
  return sum;
}
